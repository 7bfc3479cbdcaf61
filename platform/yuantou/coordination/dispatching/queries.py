"""What passes between agencies about a matter, read for its page and for the lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.coordination.dispatching.models import Referral, Transfer, Whistle
from yuantou.coordination.queries import HANDLING_KINDS
from yuantou.disputes.models import Dispute, DisputeEvent, Participation
from yuantou.disputes.standing import CENTRES
from yuantou.disputes.workflow import ENDS, DisputeState

_K = AgencyKind
DEPARTMENTS = (_K.DEPARTMENT, _K.POLICE, _K.PETITION, _K.JUSTICE, _K.ASSOCIATION)
HELPING = ("assisting", "called")
MOST = 100
BOUNCES = 2  # how often a matter is sent back or on before the list names it
EVENTS = frozenset(
    {
        "escalated",
        "agency_joined",
        "agency_released",
        "contributed",
        "transfer_offered",
        "transferred",
        "transfer_declined",
        "transfer_withdrawn",
        "whistle_blown",
        "whistle_answered",
        "whistle_arrived",
        "referred_in",
        "referred_out",
        "referral_answered",
    }
)
_FROM, _TO = aliased(Agency), aliased(Agency)


@dataclass(frozen=True)
class Held:
    """Helpers, transfers, whistles and referrals of one matter, oldest first."""

    helpers: Sequence[Any] = ()
    transfers: Sequence[Any] = ()
    whistles: Sequence[Any] = ()
    referrals: Sequence[Referral] = ()

    @property
    def offer(self) -> Transfer | None:
        """The transfer that waits for an answer."""
        return next((row.Transfer for row in self.transfers if row.Transfer.outcome is None), None)

    @property
    def helping(self) -> frozenset[int]:
        """Agencies that help now, or were called."""
        return frozenset(part.agency_id for part in self._open)

    @property
    def assisting(self) -> frozenset[int]:
        """Agencies that help now."""
        return frozenset(part.agency_id for part in self._open if part.part == "assisting")

    @property
    def _open(self) -> list[Participation]:
        parts = [row.Participation for row in self.helpers]
        return [part for part in parts if part.until is None]

    def whistle_for(self, agency_id: int) -> Whistle | None:
        """The whistle that this agency has yet to answer."""
        rows = (row.Whistle for row in self.whistles)
        found = (one for one in rows if one.agency_id == agency_id and one.answered_at is None)
        return next(found, None)

    @property
    def unanswered(self) -> list[Referral]:
        """Referrals to which no answer was recorded."""
        return [one for one in self.referrals if one.answered_at is None]


def held(session: Session, dispute_id: int) -> Held:
    """All of it, for one matter."""
    return Held(
        session.execute(_helpers(dispute_id)).all(),
        session.execute(_transfers().where(Transfer.dispute_id == dispute_id)).all(),
        session.execute(_whistles().where(Whistle.dispute_id == dispute_id)).all(),
        session.scalars(
            select(Referral).where(Referral.dispute_id == dispute_id).order_by(Referral.id)
        ).all(),
    )


def touched(events: Iterable[DisputeEvent]) -> bool:
    """Whether anything passed between agencies; most matters need no further question."""
    return any(event.event in EVENTS for event in events)


def agencies_to_call(session: Session, dispute: Dispute) -> list[tuple[int, str]]:
    """Departments of the county and the like, whom a township can call."""
    return _agencies(session, dispute, Agency.kind.in_(DEPARTMENTS))


def agencies_to_ask(session: Session, dispute: Dispute) -> list[tuple[int, str]]:
    """Who may be asked to help: departments, the county's own, and the matter's own township."""
    own = Agency.area_path == dispute.area_path
    county = and_(Agency.kind.in_(HANDLING_KINDS), Agency.area_path == _county(dispute.area_path))
    return _agencies(session, dispute, or_(Agency.kind.in_(DEPARTMENTS), county, own))


def _agencies(session: Session, dispute: Dispute, kinds: Any) -> list[tuple[int, str]]:
    asked = select(Agency.id, Agency.name).where(
        within(Agency.area_path, Range.below(_county(dispute.area_path))),
        Agency.kind.in_(HANDLING_KINDS),
        kinds,
        Agency.active,
    )
    order = (Agency.kind.not_in(DEPARTMENTS), Agency.area_path, Agency.kind, Agency.id)
    return [(row.id, row.name) for row in session.execute(asked.order_by(*order))]


def _county(path: str) -> str:
    return "/".join(path.split("/")[:3]) + "/"


def centres_elsewhere(session: Session, viewer: Viewer) -> list[tuple[int, str]]:
    """Centres to which the viewer's centre can hand a matter over: townships of its county that
    are not below it, and the centres of other counties."""
    own = viewer.agency.area_path
    county = _county(own)
    asked = select(Agency.id, Agency.name).where(
        Agency.kind.in_(CENTRES),
        Agency.active,
        Agency.id != viewer.agency.id,
        ~Agency.area_path.startswith(own, autoescape=True),
        or_(
            and_(
                Agency.kind == "township_centre",
                Agency.area_path.startswith(county, autoescape=True),
            ),
            and_(
                Agency.kind == "county_centre",
                ~Agency.area_path.startswith(county, autoescape=True),
            ),
        ),
    )
    order = (~Agency.area_path.startswith(county, autoescape=True), Agency.area_path, Agency.id)
    return [(row.id, row.name) for row in session.execute(asked.order_by(*order))]


def accounts_in_charge(session: Session, agency_id: int) -> Sequence[int]:
    """Coordinators of a centre, who are let in on what is offered to it."""
    asked = select(Account.id).where(
        Account.agency_id == agency_id,
        Account.role.in_(("coordinator", "township")),
        Account.disabled_at.is_(None),
    )
    return session.scalars(asked).all()


def waiting(session: Session, viewer: Viewer) -> dict[str, int]:
    """How many answers the viewer's unit owes: to transfers, whistles and outside bodies."""
    mine = viewer.agency.id

    def count(model: Any, *conditions: Any) -> Any:
        asked = select(func.count()).select_from(model).where(*conditions)
        return asked.scalar_subquery()

    live = Whistle.dispute_id.in_(select(Dispute.id).where(Dispute.state.not_in(ENDS)))
    row = session.execute(
        select(
            count(Whistle, Whistle.agency_id == mine, Whistle.answered_at.is_(None), live),
            count(Transfer, Transfer.to_agency_id == mine, Transfer.answered_at.is_(None)),
            count(Referral, Referral.agency_id == mine, Referral.answered_at.is_(None)),
        )
    ).one()
    return dict(zip(("whistles", "transfers", "referrals"), row, strict=True))


def transfers_of(session: Session, viewer: Viewer) -> Sequence[Any]:
    """Offers that wait for this centre first, then what it sent and took, the newest first."""
    mine = viewer.agency.id
    asked = (
        _transfers()
        .add_columns(*_matter())
        .join(Dispute, Dispute.id == Transfer.dispute_id)
        .where(or_(Transfer.to_agency_id == mine, Transfer.from_agency_id == mine))
        .order_by(None)
        .order_by(Transfer.outcome.is_not(None), Transfer.asked_at.desc())
    )
    return session.execute(asked.limit(MOST)).all()


def whistles_of(session: Session, viewer: Viewer) -> Sequence[Any]:
    """Whistles that the viewer's unit blew or heard, and those of its area; unanswered first."""
    area = viewer.scope.full
    mine = or_(
        Whistle.agency_id == viewer.agency.id,
        Whistle.caller_agency_id == viewer.agency.id,
        and_(Dispute.area_path >= area.lo, Dispute.area_path < area.hi),
    )
    asked = (
        _whistles()
        .add_columns(*_matter())
        .join(Dispute, Dispute.id == Whistle.dispute_id)
        .where(mine, or_(Whistle.answered_at.is_not(None), Dispute.state.not_in(ENDS)))
        .order_by(None)
        .order_by(Whistle.answered_at.is_not(None), Whistle.due_at, Whistle.id)
    )
    return session.execute(asked.limit(MOST)).all()


def referrals_of(session: Session, viewer: Viewer, number: str = "") -> Sequence[Any]:
    """Hand-overs from and to outside in the viewer's sight; unanswered first. `number` is how
    the number that the outside gave begins."""
    area = viewer.scope.full
    mine = or_(
        Referral.agency_id == viewer.agency.id,
        and_(Dispute.area_path >= area.lo, Dispute.area_path < area.hi),
    )
    starts = (Referral.external_number.startswith(number, autoescape=True),) if number else ()
    asked = (
        select(Referral, *_matter())
        .join(Dispute, Dispute.id == Referral.dispute_id)
        .where(mine, *starts)
        .order_by(Referral.answered_at.is_not(None), Referral.due_on, Referral.id)
    )
    return session.execute(asked.limit(MOST)).all()


def helped_by(session: Session, viewer: Viewer) -> Sequence[Any]:
    """Live matters that the viewer's unit helps with."""
    handler = aliased(Agency)
    asked = (
        select(Participation, handler.name.label("handler"), *_matter())
        .join(Dispute, Dispute.id == Participation.dispute_id)
        .join(handler, handler.id == Dispute.handler_agency_id)
        .where(
            Participation.agency_id == viewer.agency.id,
            Participation.part.in_(HELPING),
            Participation.until.is_(None),
            Dispute.state.not_in(ENDS),
        )
        .order_by(Participation.since)
    )
    return session.execute(asked.limit(MOST)).all()


def bouncing(session: Session, viewer: Viewer) -> Sequence[Any]:
    """Live matters that were sent back, or on to another area, at least twice; worst first."""
    area = viewer.scope.full
    moves = (
        select(Transfer.dispute_id, func.count().label("moves"))
        .where(Transfer.outcome.in_(("accepted", "declined")))
        .group_by(Transfer.dispute_id)
        .subquery()
    )
    handler = aliased(Agency)
    times = Dispute.returns + func.coalesce(moves.c.moves, 0)
    near = and_(Dispute.area_path >= area.lo, Dispute.area_path < area.hi)
    own = Dispute.handler_agency_id == viewer.agency.id
    asked = (
        select(
            *_matter(),
            Dispute.returns,
            func.coalesce(moves.c.moves, 0).label("moves"),
            handler.name.label("handler"),
        )
        .join(handler, handler.id == Dispute.handler_agency_id)
        .outerjoin(moves, moves.c.dispute_id == Dispute.id)
        .where(or_(near, own), Dispute.state.not_in((DisputeState.DRAFT, *ENDS)), times >= BOUNCES)
        .order_by(times.desc(), Dispute.id)
    )
    return session.execute(asked.limit(MOST)).all()


def _helpers(dispute_id: int) -> Any:
    return (
        select(Participation, Agency.name.label("agency"))
        .join(Agency, Agency.id == Participation.agency_id)
        .where(Participation.dispute_id == dispute_id, Participation.part.in_(HELPING))
        .order_by(Participation.since, Participation.id)
    )


def _transfers() -> Any:
    return (
        select(Transfer, _FROM.name.label("sender"), _TO.name.label("receiver"))
        .join(_FROM, _FROM.id == Transfer.from_agency_id)
        .join(_TO, _TO.id == Transfer.to_agency_id)
        .order_by(Transfer.asked_at, Transfer.id)
    )


def _whistles() -> Any:
    return (
        select(Whistle, _FROM.name.label("caller"), _TO.name.label("agency"))
        .join(_FROM, _FROM.id == Whistle.caller_agency_id)
        .join(_TO, _TO.id == Whistle.agency_id)
        .order_by(Whistle.blown_at, Whistle.id)
    )


def _matter() -> tuple[Any, ...]:
    return (
        Dispute.id.label("dispute_id"),
        Dispute.number,
        Dispute.title,
        Dispute.state,
        Dispute.risk,
        Dispute.restricted,
    )
