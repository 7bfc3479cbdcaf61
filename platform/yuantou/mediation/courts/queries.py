"""What the courts' pages read: courts and mediators to choose from, what lies before a court."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.disputes.models import Dispute
from yuantou.mediation.courts.models import Confirmation, Entrustment
from yuantou.territory.models import Court

MEDIATING = (
    AgencyKind.COMMITTEE,
    AgencyKind.INDUSTRY_COMMITTEE,
    AgencyKind.TOWNSHIP_CENTRE,
    AgencyKind.COUNTY_CENTRE,
)
MOST = 200


def courts_near(session: Session, dispute: Dispute) -> list[tuple[int, str]]:
    """Courts of the matter's county, then those of its city and province."""
    steps = dispute.area_path.strip("/").split("/")[:3]
    asked = select(Agency.id, Agency.name).where(
        Agency.kind == AgencyKind.COURT, Agency.active, Agency.area_code.in_(steps)
    )
    order = (Agency.area_path.desc(), Agency.id)
    return [(row.id, row.name) for row in session.execute(asked.order_by(*order))]


def courts_elsewhere(session: Session, dispute: Dispute) -> list[tuple[str, str]]:
    """Courts of the same areas by the table of courts that do not use the platform."""
    steps = dispute.area_path.strip("/").split("/")[:3]
    here = select(Agency.court_code).where(
        Agency.kind == AgencyKind.COURT, Agency.active, Agency.court_code.is_not(None)
    )
    asked = select(Court.code, Court.name).where(
        Court.area_code.in_(steps), Court.valid_to.is_(None), Court.code.not_in(here)
    )
    rows = session.execute(asked.order_by(Court.area_code.desc(), Court.code))
    return [(row.code, row.name) for row in rows]


def court_name(session: Session, code: str | None) -> str:
    """What a court of the table is called; '' where it is none."""
    court = session.get(Court, code) if code else None
    return court.name if court else ""


def people_of_courts(session: Session, courts: Sequence[int]) -> list[tuple[int, str]]:
    """Who of these courts can be let in on a restricted matter."""
    asked = (
        select(Account.id, Account.display_name, Agency.name)
        .join(Agency, Agency.id == Account.agency_id)
        .where(
            Account.agency_id.in_(courts),
            Account.role == "court_reviewer",
            Account.disabled_at.is_(None),
        )
        .order_by(Account.agency_id, Account.id)
    )
    return [(row.id, f"{row.name} · {row.display_name}") for row in session.execute(asked)]


def mediators_of(session: Session, viewer: Viewer) -> list[Agency]:
    """Whom a court may ask: committees and centres of the area that it serves."""
    asked = select(Agency).where(
        within(Agency.area_path, Range.below(viewer.agency.area_path)),
        Agency.kind.in_(MEDIATING),
        Agency.active,
    )
    return list(session.scalars(asked.order_by(Agency.area_path, Agency.kind, Agency.id)))


def entrusted(session: Session, viewer: Viewer) -> list[Any]:
    """What this court entrusted, the newest first."""
    asked = (
        select(Dispute, Entrustment, Agency.name)
        .join(Entrustment, Entrustment.dispute_id == Dispute.id)
        .join(Agency, Agency.id == Dispute.handler_agency_id)
        .where(Entrustment.court_agency_id == viewer.agency.id, viewer.scope.visible(Dispute))
        .order_by(Entrustment.id.desc())
        .limit(MOST)
    )
    return list(session.execute(asked).all())


def confirmations(session: Session, viewer: Viewer) -> list[Any]:
    """What lies before this court for confirmation, the newest first."""
    asked = (
        select(Dispute, Confirmation, Agency.name)
        .join(Confirmation, Confirmation.dispute_id == Dispute.id)
        .join(Agency, Agency.id == Dispute.handler_agency_id)
        .where(Confirmation.court_agency_id == viewer.agency.id, viewer.scope.visible(Dispute))
        .order_by(Confirmation.id.desc())
        .limit(MOST)
    )
    return list(session.execute(asked).all())
