"""What the page of a matter and its forms read, always through the viewer's scope."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.roles import ROLES
from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.database.text import whole_number
from yuantou.disputes.models import Dispute, DisputeEvent, Participation, Party
from yuantou.disputes.queries import account_names
from yuantou.disputes.workflow import ENDS
from yuantou.limits.models import Deadline
from yuantou.territory.models import Area

_K = AgencyKind
HANDLING_KINDS = (
    _K.COMMITTEE,
    _K.INDUSTRY_COMMITTEE,
    _K.TOWNSHIP_CENTRE,
    _K.COUNTY_CENTRE,
    _K.DEPARTMENT,
    _K.POLICE,
    _K.PETITION,
    _K.JUSTICE,
    _K.ASSOCIATION,
)
HANDLING_ROLES = tuple(code for code, role in ROLES.items() if "dispute:handle" in role.permissions)
_AGENCIES = ("handler_agency_id", "suggested_owner", "from_agency_id", "to_agency_id", "partners")


@dataclass(frozen=True)
class Names:
    """Names behind the references of one page."""

    agencies: dict[int, str]
    accounts: dict[int, str]


def find(session: Session, viewer: Viewer, dispute_id: int) -> Dispute | None:
    """The matter, or None where it is not there or not for this viewer."""
    asked = select(Dispute).where(Dispute.id == dispute_id, viewer.scope.opens(Dispute))
    return session.scalars(asked).first()


def parties(session: Session, dispute_id: int) -> list[Any]:
    """Parties as they are shown to everybody: masked."""
    asked = select(
        Party.id,
        Party.side,
        Party.kind,
        Party.name_mask,
        Party.id_mask,
        Party.phone_mask,
        Party.consent,
        Party.minor,
    )
    rows = session.execute(
        asked.where(Party.dispute_id == dispute_id).order_by(Party.position)
    ).all()
    return list(rows)


def holdings(session: Session, dispute_id: int) -> Sequence[Participation]:
    """Which agency took the matter over, and when."""
    asked = select(Participation).where(
        Participation.dispute_id == dispute_id, Participation.part == "handling"
    )
    return session.scalars(asked.order_by(Participation.since, Participation.id)).all()


def deadlines(session: Session, dispute_id: int) -> Sequence[Deadline]:
    """Deadlines that still run."""
    asked = select(Deadline).where(
        Deadline.dispute_id == dispute_id, Deadline.met_at.is_(None), Deadline.lapsed_at.is_(None)
    )
    return session.scalars(asked.order_by(Deadline.due_at)).all()


def names(session: Session, dispute: Dispute, events: Iterable[DisputeEvent]) -> Names:
    """Names of all agencies and persons that the history speaks of."""
    agencies: set[int | None] = {dispute.handler_agency_id, dispute.reporting_agency_id}
    accounts: set[int | None] = {dispute.reporter_id, dispute.mediator_id}
    for event in events:
        agencies |= {event.agency_id, *_numbers(event, *_AGENCIES)}
        accounts |= {event.actor_id, *_numbers(event, "mediator_id", "officer_id", "account_id")}
    return Names(agency_names(session, agencies), account_names(session, accounts))


def agency_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Names of these agencies."""
    asked = select(Agency.id, Agency.name).where(Agency.id.in_([i for i in ids if i]))
    return {row.id: row.name for row in session.execute(asked)}


def agencies_of_county(session: Session, dispute: Dispute) -> list[tuple[int, str]]:
    """Agencies of the county that can take a matter: the township's, the county's, others."""
    county = "/".join(dispute.area_path.split("/")[:3]) + "/"
    asked = select(Agency.id, Agency.name).where(
        within(Agency.area_path, Range.below(county)),
        Agency.kind.in_(HANDLING_KINDS),
        Agency.active,
    )
    nearest = (Agency.area_path != dispute.area_path, Agency.area_path != county)
    order = (*nearest, Agency.area_path, Agency.kind, Agency.id)
    return [(row.id, row.name) for row in session.execute(asked.order_by(*order))]


def people_of(session: Session, agency_id: int) -> list[tuple[int, str]]:
    """Persons of an agency who can have a matter in hand."""
    asked = select(Account.id, Account.display_name).where(
        Account.agency_id == agency_id,
        Account.role.in_(HANDLING_ROLES),
        Account.disabled_at.is_(None),
    )
    return [(row.id, row.display_name) for row in session.execute(asked.order_by(Account.id))]


def people_of_county(session: Session, dispute: Dispute) -> list[tuple[int, str]]:
    """Persons of the county who can be let in on a restricted matter: agency and name."""
    known = dict(agencies_of_county(session, dispute))
    asked = select(Account.id, Account.display_name, Account.agency_id).where(
        Account.agency_id.in_(known),
        Account.role.in_(HANDLING_ROLES),
        Account.disabled_at.is_(None),
    )
    rows = session.execute(asked.order_by(Account.agency_id, Account.id))
    return [(row.id, f"{known[row.agency_id]} · {row.display_name}") for row in rows]


def by_number(session: Session, viewer: Viewer, number: str) -> Dispute | None:
    """A matter in scope by its number, or by its last digits where one alone fits."""
    seen = viewer.scope.visible(Dispute)
    exact = session.scalars(select(Dispute).where(Dispute.number == number, seen)).first()
    serial = whole_number(number)
    if exact is not None or serial is None:
        return exact
    ending = f"第{serial:06d}号"
    asked = select(Dispute).where(Dispute.number.endswith(ending, autoescape=True), seen).limit(2)
    found = session.scalars(asked).all()
    return found[0] if len(found) == 1 else None


def merged_into(session: Session, viewer: Viewer, dispute_id: int) -> Sequence[Dispute]:
    """The matters in sight that were closed into this one."""
    asked = select(Dispute).where(Dispute.master_id == dispute_id, viewer.scope.visible(Dispute))
    return session.scalars(asked.order_by(Dispute.id)).all()


def last_event(session: Session, dispute_id: int) -> DisputeEvent | None:
    """What happened last."""
    asked = select(DisputeEvent).where(DisputeEvent.dispute_id == dispute_id)
    return session.scalars(asked.order_by(DisputeEvent.id.desc()).limit(1)).first()


def area_name(session: Session, code: str) -> str:
    """Name of an area."""
    return session.scalar(select(Area.name).where(Area.code == code)) or ""


def is_paused(deadline: Deadline) -> bool:
    """Whether its clock stands still now."""
    return bool(deadline.pauses) and deadline.pauses[-1]["end"] is None


def is_over(dispute: Dispute) -> bool:
    """Whether the matter has come to an end."""
    return dispute.state in ENDS


def _numbers(event: DisputeEvent, *facts: str) -> list[int]:
    found: list[int] = []
    for name in facts:
        value = event.facts.get(name)
        values = value if isinstance(value, list) else [value]
        found += [each for each in map(whole_number, values) if each]
    return found
