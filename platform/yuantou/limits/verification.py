"""All deadlines anew from the history alone, compared with the live rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.workflow import ENDS, DisputeState
from yuantou.limits.book import Calendars, RuleBook
from yuantou.limits.history import GRADED, Happening, due_of, happen, next_duty
from yuantou.limits.models import Deadline
from yuantou.limits.queries import calendars, rulebook

BATCH = 2000
SAYS_KINDS = ("reported", *GRADED)
FACTS_OF_KINDS = {"risk": "risk", "complexity": "complexity", "category": "type"}
Values = tuple[object, ...]
Looked = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the live rows say otherwise than the history; `rule` is empty for the next deadline."""

    dispute_id: int
    rule: str
    live: str
    rebuilt: str


def rebuild(
    dispute: Any,
    events: Iterable[Any],
    book: RuleBook,
    known: Calendars,
    now: datetime,
) -> list[Deadline]:
    """All deadlines of a dispute from its events, each by the calendar known when it ended."""
    rows: list[Deadline] = []
    for what in _happenings(dispute, events):
        rows += happen(rows, what, book, _deadline)
    for row in rows:
        row.due_at = due_of(row, book, known.at(row.met_at or row.lapsed_at or now))
    return rows


def differences(
    session: Session, now: datetime, only: int | None = None, looked: Looked | None = None
) -> Iterator[Difference]:
    """Every difference between live rows and history, dispute by dispute; `only` is one id.

    `looked` hears after each batch how many disputes it held.
    """
    book, known, after = rulebook(session), calendars(session), 0
    while disputes := _disputes(session, after, only):
        ids = [row.id for row in disputes]
        events, live = _events(session, ids), _live(session, ids)
        for dispute in disputes:
            rows = rebuild(dispute, events.get(dispute.id, ()), book, known, now)
            yield from _compared(dispute, live.get(dispute.id, []), rows, book)
        after = ids[-1]
        if looked is not None:
            looked(len(ids))
        session.expunge_all()


def rebuilt(
    session: Session, dispute_id: int, book: RuleBook, known: Calendars, now: datetime
) -> list[Deadline]:
    """All deadlines of one dispute as its history gives them."""
    (dispute,) = _disputes(session, 0, dispute_id)
    return rebuild(dispute, _events(session, [dispute_id]).get(dispute_id, ()), book, known, now)


def values(row: Any) -> Values:
    """What a deadline says, to be compared."""
    pauses = [(each["start"], each["end"]) for each in row.pauses]
    extensions = [(each["amount"], each["approved_at"]) for each in row.extensions]
    return (
        row.rule,
        row.started_at,
        row.rule_version,
        row.due_at,
        row.promised_on,
        row.met_at,
        row.lapsed_at,
        tuple(pauses),
        tuple(extensions),
    )


def _compared(
    dispute: Any, live: Sequence[Any], rows: list[Deadline], book: RuleBook
) -> Iterator[Difference]:
    said, told = sorted(map(values, live), key=repr), sorted(map(values, rows), key=repr)
    for one in [each for each in said if each not in told]:
        twin = next((each for each in told if each[:2] == one[:2] and each not in said), None)
        yield Difference(dispute.id, str(one[0]), _words(one), _words(twin))
    keys = {each[:2] for each in said}
    for one in [each for each in told if each[:2] not in keys]:
        yield Difference(dispute.id, str(one[0]), _words(None), _words(one))
    first = next_duty(rows, book)
    due = (first.due_at, first.rule) if first else (None, None)
    if (dispute.next_due_at, dispute.next_due_rule) != due:
        shown = (dispute.next_due_at, dispute.next_due_rule)
        yield Difference(dispute.id, "", _words(shown), _words(due))


def _words(values: Values | None) -> str:
    if values is None:
        return "—"
    return " ".join(str(each) for each in values if each not in (None, ()))


def _happenings(dispute: Any, events: Iterable[Any]) -> Iterator[Happening]:
    """The events with the state around them and the kinds known at each."""
    kinds = {"risk": read().least_risk(dispute.flags), "complexity": None, "type": dispute.type}
    state = str(DisputeState.REPORTED)
    for event in events:
        for fact, kind in FACTS_OF_KINDS.items():
            if event.event in SAYS_KINDS and event.facts.get(fact):
                kinds[kind] = str(event.facts[fact])
        before, state = event.from_state or state, event.to_state or state
        yield Happening(
            event=event.event,
            at=event.at,
            before=before,
            state=state,
            over=state in ENDS,
            kinds=tuple(kind for kind in kinds.values() if kind),
            facts=event.facts,
            note=event.note,
        )


def _deadline(rule: str, version: int, start: datetime) -> Deadline:
    return Deadline(
        rule=rule,
        rule_version=version,
        started_at=start,
        promised_on=None,
        met_at=None,
        lapsed_at=None,
        pauses=[],
        extensions=[],
    )


def _disputes(session: Session, after: int, only: int | None) -> Sequence[Any]:
    asked = select(
        Dispute.id, Dispute.flags, Dispute.type, Dispute.next_due_at, Dispute.next_due_rule
    ).where(Dispute.id > after)
    if only is not None:
        asked = asked.where(Dispute.id == only)
    return session.execute(asked.order_by(Dispute.id).limit(BATCH)).all()


def _events(session: Session, ids: list[int]) -> dict[int, list[Any]]:
    asked = select(
        DisputeEvent.dispute_id,
        DisputeEvent.at,
        DisputeEvent.event,
        DisputeEvent.from_state,
        DisputeEvent.to_state,
        DisputeEvent.facts,
        DisputeEvent.note,
    ).where(DisputeEvent.dispute_id.in_(ids))
    rows = session.execute(
        asked.order_by(DisputeEvent.dispute_id, DisputeEvent.at, DisputeEvent.id)
    )
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.dispute_id)}


def _live(session: Session, ids: list[int]) -> dict[int, list[Any]]:
    asked = select(
        Deadline.dispute_id,
        Deadline.rule,
        Deadline.started_at,
        Deadline.rule_version,
        Deadline.due_at,
        Deadline.promised_on,
        Deadline.met_at,
        Deadline.lapsed_at,
        Deadline.pauses,
        Deadline.extensions,
    ).where(Deadline.dispute_id.in_(ids))
    return _by_dispute(session.execute(asked.order_by(Deadline.dispute_id)))


def _by_dispute(rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.dispute_id)}
