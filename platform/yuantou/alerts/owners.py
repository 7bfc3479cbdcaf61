"""Who answers for a warning: the nearest agency of the kinds that its level names."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.alerts.levels import HANDLER, Level
from yuantou.coordination.dispatching.models import Duty
from yuantou.disputes.models import Dispute
from yuantou.territory.models import Area

DEPARTMENTS = ("department", "police", "petition", "justice")


@dataclass(frozen=True, slots=True)
class Owner:
    """An agency and perhaps one account of it; neither where no agency stands over the place."""

    agency_id: int | None
    account_id: int | None = None


def owner_of(session: Session, level: Level, path: str, dispute: Dispute | None) -> Owner:
    """The owner of a warning; of a restricted matter always the county, whose people are named."""
    if dispute is not None and not dispute.restricted and HANDLER in level.owners:
        return Owner(dispute.handler_agency_id, dispute.mediator_id)
    kinds = [kind for kind in level.owners if kind != HANDLER]
    if dispute is not None and dispute.restricted:
        kinds = [kind for kind in kinds if kind != "township_centre"]
    asked = select(Agency.kind, Agency.id).where(
        Agency.area_code.in_(path.strip("/").split("/")), Agency.kind.in_(kinds), Agency.active
    )
    standing = {row.kind: row.id for row in session.execute(asked.order_by(Agency.id.desc()))}
    return Owner(next((standing[kind] for kind in kinds if kind in standing), None))


def department_of(session: Session, area_code: str, kind: str | None, on: date) -> int | None:
    """The department whose duty a type of dispute is in a place, the nearest first."""
    path = select(Area.path).where(Area.code == area_code).scalar_subquery()
    asked = (
        select(Duty.agency_id)
        .join(Agency, Agency.id == Duty.agency_id)
        .where(
            Agency.active,
            Agency.kind.in_(DEPARTMENTS),
            Duty.type == kind,
            func.starts_with(path, Duty.area_path),
            Duty.valid_from <= on,
            or_(Duty.valid_to.is_(None), Duty.valid_to >= on),
        )
        .order_by(Duty.area_path.desc(), Duty.gb31000.is_not(None), Duty.id)
    )
    return session.scalar(asked.limit(1))
