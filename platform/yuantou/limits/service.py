"""Deadlines follow the history, and limits get new versions; every version stays."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.database.once import forget
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.service import CALENDAR
from yuantou.disputes.workflow import ENDS
from yuantou.limits.book import BEGINNING
from yuantou.limits.catalogue import body, hours_body, limit_rule
from yuantou.limits.history import RESTORES, Happening, Made, due_of, happen, next_duty
from yuantou.limits.models import Deadline, HoursVersion, LimitVersion
from yuantou.limits.queries import BOOK, clock_of, deadlines_of
from yuantou.limits.rules import LimitRule, WorkingHours

FIRST = "reported"  # nothing runs before it


def follow(session: Session, dispute: Dispute, event: DisputeEvent) -> None:
    """Step: bring the deadlines of `dispute` up to `event`, and its next deadline with them."""
    hands = clock_of(session)
    rows = _rows(session, dispute.id, event.event)
    before = {id(row): _moving(row) for row in rows}
    begun = happen(rows, _happening(dispute, event), hands.book, _maker(dispute))
    for row in (*rows, *begun):
        if before.get(id(row)) != _moving(row):
            row.due_at = due_of(row, hands.book, hands.calendar)
    session.add_all(begun)
    session.flush()
    first = next_duty((*rows, *begun), hands.book)
    dispute.next_due_at = first.due_at if first else None
    dispute.next_due_rule = first.rule if first else None


def load_limits(session: Session, rules: Iterable[LimitRule], valid_from: date) -> int:
    """Step: append a version of every limit that ships otherwise than before; returns how many.

    Where an office has put its own version in force, that one stays.
    """
    newest = {
        row.code: row
        for row in session.scalars(select(LimitVersion).order_by(LimitVersion.version))
    }
    changed = [rule for rule in rules if _ships_anew(newest.get(rule.code), rule)]
    for rule in changed:
        known = newest.get(rule.code)
        session.add(
            LimitVersion(
                code=rule.code,
                version=known.version + 1 if known else 1,
                valid_from=valid_from if known else BEGINNING.date(),
                body=body(rule),
                reason="",
                entered_by=None,
                entered_at=clock.now() if known else BEGINNING,
            )
        )
    forget(session, BOOK)
    return len(changed)


def load_hours(session: Session, hours: WorkingHours) -> int:
    """Step: the first version of the working hours; later ones are the office's own alone."""
    if session.scalars(select(HoursVersion.version).limit(1)).first() is not None:
        return 0
    session.add(
        HoursVersion(
            version=1,
            valid_from=BEGINNING.date(),
            body=hours_body(hours),
            reason="",
            entered_by=None,
            entered_at=BEGINNING,
        )
    )
    forget(session, CALENDAR)
    return 1


def _moving(row: Deadline) -> tuple[object, ...]:
    """What a due moment hangs on, besides the calendar."""
    return row.rule, row.rule_version, row.pauses, row.extensions


def _ships_anew(newest: LimitVersion | None, rule: LimitRule) -> bool:
    if newest is None:
        return True
    return newest.entered_by is None and limit_rule(newest.body) != rule


def _rows(session: Session, dispute_id: int, event: str) -> list[Deadline]:
    """Those that an event can touch: the open ones, all where it takes an end back."""
    if event == FIRST:
        return []
    if event in RESTORES:
        return list(deadlines_of(session, dispute_id))
    asked = select(Deadline).where(
        Deadline.dispute_id == dispute_id, Deadline.met_at.is_(None), Deadline.lapsed_at.is_(None)
    )
    return list(session.scalars(asked))


def _happening(dispute: Dispute, event: DisputeEvent) -> Happening:
    kinds = (dispute.risk, dispute.complexity, dispute.type)
    return Happening(
        event=event.event,
        at=event.at,
        before=event.from_state or dispute.state,
        state=dispute.state,
        over=dispute.state in ENDS,
        kinds=tuple(kind for kind in kinds if kind),
        facts=event.facts,
        note=event.note,
    )


def _maker(dispute: Dispute) -> Made:
    def make(rule: str, version: int, start: datetime) -> Deadline:
        return Deadline(
            dispute_id=dispute.id,
            county_code=dispute.county_code,
            area_path=dispute.area_path,
            agency_id=dispute.handler_agency_id,
            rule=rule,
            rule_version=version,
            started_at=start,
            promised_on=None,
            met_at=None,
            lapsed_at=None,
            pauses=[],
            extensions=[],
        )

    return make
