"""What supervision reads: the lists of what is due, and the papers of one matter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.coordination.supervision.models import (
    Supervision,
    SupervisionLetter,
    SupervisionReply,
)
from yuantou.coordination.supervision.standing import ANSWERABLE, UNANSWERED
from yuantou.disputes.conditions import scope_of
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.tracks import SupervisionState
from yuantou.disputes.workflow import LIVE, DisputeState
from yuantou.limits.catalogue import limit_rule
from yuantou.limits.models import LimitVersion
from yuantou.limits.rules import LimitRule
from yuantou.territory.models import Area

MOST_LINES = 200
REPLY_LIMIT = "supervision_reply"
_HANDLING = tuple(s for s in LIVE if s not in (DisputeState.REPORTED, DisputeState.DISPATCHED))
OVERDUE = ("unaccepted", "unhandled", "unsigned")
ORDERS = ("unanswered", "answered", "listed")
TABS = (*OVERDUE, *ORDERS)


@dataclass(frozen=True)
class AgencyLines:
    """The matters that one agency has to answer for, oldest first."""

    agency_id: int
    name: str
    rows: Sequence[Row[Any]]


def open_one(session: Session, dispute_id: int) -> Supervision | None:
    """The supervision of a matter that is not cleared."""
    asked = select(Supervision).where(
        Supervision.dispute_id == dispute_id, Supervision.closed_at.is_(None)
    )
    return session.scalars(asked.execution_options(populate_existing=True)).first()


def last_urged(session: Session, dispute_id: int) -> datetime | None:
    """When the matter was urged last."""
    return session.scalar(
        select(func.max(DisputeEvent.at)).where(
            DisputeEvent.dispute_id == dispute_id, DisputeEvent.event == "reminded"
        )
    )


def waiting_reply(session: Session, supervision_id: int) -> SupervisionReply | None:
    """The reply that nobody has judged yet."""
    asked = select(SupervisionReply).where(
        SupervisionReply.supervision_id == supervision_id, SupervisionReply.verdict.is_(None)
    )
    return session.scalars(asked.order_by(SupervisionReply.id.desc()).limit(1)).first()


def letters(session: Session, dispute_id: int) -> Sequence[Row[Any]]:
    """All letters on a matter, newest first, with the agencies' names."""
    sender, to = Agency.__table__.alias("sender"), Agency.__table__.alias("receiver")
    asked = (
        select(SupervisionLetter, sender.c.name.label("sender"), to.c.name.label("receiver"))
        .join(sender, sender.c.id == SupervisionLetter.from_agency_id)
        .join(to, to.c.id == SupervisionLetter.to_agency_id)
        .where(SupervisionLetter.dispute_id == dispute_id)
    )
    return session.execute(asked.order_by(SupervisionLetter.id.desc())).all()


def replies(session: Session, dispute_id: int) -> Sequence[Row[Any]]:
    """All replies on a matter, newest first, with the agency's name."""
    asked: Any = (
        select(SupervisionReply, Agency.name.label("agency"))
        .join(Agency, Agency.id == SupervisionReply.agency_id)
        .where(SupervisionReply.dispute_id == dispute_id)
    )
    found: Sequence[Row[Any]] = session.execute(asked.order_by(SupervisionReply.id.desc())).all()
    return found


def reply_rule(session: Session, on: date) -> LimitRule | None:
    """How long an agency has to reply, by the limit in force."""
    asked = select(LimitVersion).where(
        LimitVersion.code == REPLY_LIMIT, LimitVersion.valid_from <= on
    )
    row = session.scalars(asked.order_by(LimitVersion.version.desc()).limit(1)).first()
    return limit_rule(row.body) if row else None


def tabs_of(viewer: Viewer) -> tuple[str, ...]:
    """What a supervisor looks through; an agency that is asked sees what it owes."""
    return TABS if viewer.may(Permission.DISPUTE_SUPERVISE) else ("unanswered", "listed")


def counts(session: Session, viewer: Viewer, now: datetime) -> dict[str, int]:
    """How many matters stand under each tab."""
    asked = select(
        *(func.count().filter(_of_tab(tab, now)).label(tab) for tab in tabs_of(viewer))
    ).select_from(Dispute)
    row = session.execute(_joined(asked).where(*scope_of(viewer), Dispute.state.in_(LIVE))).one()
    return dict(row._mapping)


def agencies(
    session: Session, viewer: Viewer, tab: str, now: datetime
) -> Sequence[tuple[int, str]]:
    """Agencies that have something under the tab, in the order of their areas."""
    owing = _joined(select(Dispute.handler_agency_id)).where(*_seen(viewer, tab, now))
    asked = select(Agency.id, Agency.name).where(Agency.id.in_(owing))
    asked = asked.order_by(Agency.area_path, Agency.id)
    return [(row.id, row.name) for row in session.execute(asked)]


def lines(
    session: Session, viewer: Viewer, tab: str, now: datetime, agency_id: int | None = None
) -> list[AgencyLines]:
    """The matters of a tab by agency, in the order of the agencies' areas; oldest due first."""
    due = Dispute.next_due_at if tab in OVERDUE else Supervision.due_at
    asked = (
        _joined(
            select(
                Dispute.id,
                Dispute.number,
                Dispute.title,
                Dispute.risk,
                Dispute.state,
                Dispute.restricted,
                Dispute.next_due_rule,
                due.label("due_at"),
                Dispute.handler_agency_id,
                Agency.name.label("agency"),
                Area.name.label("area"),
                Supervision.state.label("supervision"),
                Supervision.replied_at,
                Supervision.updated_at,
            )
        )
        .join(Agency, Agency.id == Dispute.handler_agency_id)
        .join(Area, Area.code == Dispute.area_code)
        .where(*_seen(viewer, tab, now))
    )
    if agency_id:
        asked = asked.where(Dispute.handler_agency_id == agency_id)
    order = (Agency.area_path, Agency.id, due.asc().nulls_last(), Dispute.id)
    return list(_grouped(session.execute(asked.order_by(*order).limit(MOST_LINES)).all()))


def letter(session: Session, dispute_id: int, letter_id: int) -> Row[Any] | None:
    """One letter of a matter with the agencies' names."""
    return next((row for row in letters(session, dispute_id) if row[0].id == letter_id), None)


def _grouped(rows: Sequence[Row[Any]]) -> Iterator[AgencyLines]:
    for agency_id, members in groupby(rows, lambda row: row.handler_agency_id):
        held = list(members)
        yield AgencyLines(agency_id, held[0].agency, held)


def _joined(asked: Any) -> Any:
    held = and_(Supervision.dispute_id == Dispute.id, Supervision.closed_at.is_(None))
    return asked.outerjoin(Supervision, held)


def _seen(viewer: Viewer, tab: str, now: datetime) -> list[ColumnElement[bool]]:
    return [*scope_of(viewer), _of_tab(tab, now)]


def _urged_in_writing() -> ColumnElement[bool]:
    """An urging that has a limit: the system's, because a limit of the matter had passed."""
    return and_(Supervision.state == SupervisionState.REMINDED, Supervision.due_at.is_not(None))


def _of_tab(tab: str, now: datetime) -> ColumnElement[bool]:
    late = Dispute.next_due_at < now
    state = SupervisionState
    waiting = Supervision.replied_at.is_not(None)
    conditions: dict[str, ColumnElement[bool]] = {
        "unaccepted": and_(Dispute.state == DisputeState.REPORTED, late),
        "unsigned": and_(Dispute.state == DisputeState.DISPATCHED, late),
        "unhandled": and_(Dispute.state.in_(_HANDLING), late),
        "unanswered": and_(or_(Supervision.state.in_(UNANSWERED), _urged_in_writing()), ~waiting),
        "answered": and_(Supervision.state.in_(ANSWERABLE), waiting),
        "listed": Supervision.state.in_((state.LISTED, state.CENSURED)),
    }
    return conditions[tab]
