"""A warning that nobody acknowledged in time is told again, and to the office above its owner."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.alerts.models import Alert
from yuantou.alerts.service import note, tell
from yuantou.calendar import clock
from yuantou.notices.service import notify

OFFICES = ("county_centre", "city_coordination", "province_coordination")
MOST = 500


def any_lapsed(session: Session) -> bool:
    """Whether a limit has passed of which nobody was told."""
    return session.scalar(_late(clock.now()).with_only_columns(Alert.id).limit(1)) is not None


def lapse(session: Session, *, now: datetime) -> int:
    """Use case of the worker: each once; returns how many."""
    rows = session.scalars(_late(now).order_by(Alert.due_at).limit(MOST).with_for_update()).all()
    for alert in rows:
        alert.lapsed_at = now
        note(session, alert, "lapsed", at=now)
        tell(session, alert, "预警逾期未确认，请尽快处置", now, kind="alert_late")
        above = office_above(session, alert)
        if above is not None:
            notify(
                session,
                agency_id=above,
                kind="alert_late",
                title="下级逾期未确认的预警",
                link=f"/warnings/{alert.id}",
                dispute_id=alert.dispute_id,
                urgent=alert.level == "red",
                now=now,
            )
    return len(rows)


def _late(now: datetime) -> Select[Alert]:
    return select(Alert).where(Alert.state == "open", Alert.lapsed_at.is_(None), Alert.due_at < now)


def office_above(session: Session, alert: Alert) -> int | None:
    """The next office over the owner: the nearest of a wider area."""
    own = session.get(Agency, alert.owner_agency_id) if alert.owner_agency_id else None
    if own is None:
        return None
    asked = select(Agency.id).where(
        Agency.kind.in_(OFFICES),
        Agency.active,
        Agency.area_code.in_(alert.area_path.strip("/").split("/")),
        Agency.id != own.id,
    )
    if own.kind in OFFICES:
        asked = asked.where(Agency.area_code != own.area_code)
        asked = asked.where(Agency.area_path < own.area_path)
    return session.scalars(asked.order_by(Agency.area_path.desc(), Agency.id).limit(1)).first()
