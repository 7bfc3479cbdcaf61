"""What an administrator changes: days of the working calendar, and limits from a day on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.database.once import forget
from yuantou.disputes.service import CALENDAR
from yuantou.limits.catalogue import body, hours_body
from yuantou.limits.history import due_of
from yuantou.limits.models import (
    CalendarChange,
    CalendarDay,
    Deadline,
    HoursVersion,
    LimitVersion,
)
from yuantou.limits.queries import BOOK, clock_of, days_before, hours_versions
from yuantou.limits.rules import LimitRule, WorkingHours

ONE_AT_A_TIME = "calendar and limits"
BATCH = 1000
LONGEST_WHY = 300
_ACROSS = text("SELECT * FROM deadlines_across(:first, :last)")
_MOVE = text("SELECT move_deadlines(:moved, :dues, :windows, :why)")


class NothingChangedError(Exception):
    """What is asked for is so already."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a day is to be, by which document; `worked` is None where an override goes."""

    worked: bool | None
    source: str


def set_days(
    session: Session,
    *,
    by: Viewer,
    days: Iterable[date],
    worked: bool,
    source: str,
    now: datetime | None = None,
) -> int:
    """Say of days that they are worked or not; returns how many open deadlines it moved."""
    said = Said(worked, source)
    return set_table(session, by=by, days=dict.fromkeys(days, said), now=now)


def set_table(
    session: Session, *, by: Viewer, days: Mapping[date, Said], now: datetime | None = None
) -> int:
    """The same for days of which each has its own word: all of them or none."""
    _one_at_a_time(session)
    known = {row.day: row.worked for row in session.scalars(select(CalendarDay))}
    asked = {day: said for day, said in sorted(days.items()) if known.get(day) != said.worked}
    if not asked:
        raise NothingChangedError
    for day, said in asked.items():
        session.merge(CalendarDay(day=day, worked=said.worked, source=said.source))
    return _keep(session, by, asked, now or clock.now())


def take_back(
    session: Session, *, by: Viewer, day: date, source: str, now: datetime | None = None
) -> int:
    """Let the official calendar hold again for a day; returns how many open deadlines it moved."""
    _one_at_a_time(session)
    found = session.get(CalendarDay, day)
    if found is None:
        raise NothingChangedError
    session.delete(found)
    return _keep(session, by, {day: Said(None, source)}, now or clock.now())


def undo_batch(
    session: Session, *, by: Viewer, batch: int, source: str, now: datetime | None = None
) -> int:
    """Put each day of one change of many days back to what it was before; returns how many moved.

    A day that was changed again since keeps its later word.
    """
    _one_at_a_time(session)
    said = {}
    for day, former in days_before(session, batch).items():
        if former is None or former.worked is None:
            session.delete(session.get_one(CalendarDay, day))
        else:
            session.merge(CalendarDay(day=day, worked=former.worked, source=former.source))
        said[day] = Said(former.worked if former else None, source)
    if not said:
        raise NothingChangedError
    return _keep(session, by, said, now or clock.now())


def put_in_force(
    session: Session,
    *,
    by: Viewer,
    code: str,
    changes: dict[str, Any],
    valid_from: date,
    reason: str,
    now: datetime | None = None,
) -> LimitVersion:
    """A new version of a limit from a day on; what runs already keeps the one it began by."""
    _one_at_a_time(session)
    newest = newest_version(session, code)
    rule = replace(newest[0], **changes)
    if rule == newest[0]:
        raise NothingChangedError
    version = LimitVersion(
        code=code,
        version=newest[1] + 1,
        valid_from=valid_from,
        body=body(rule),
        reason=reason,
        entered_by=by.id,
        entered_at=now or clock.now(),
    )
    session.add(version)
    forget(session, BOOK)
    facts = {"version": version.version, "valid_from": valid_from}
    _record(session, by, "limit:put_in_force", code, **facts)
    session.commit()
    return version


def put_hours_in_force(
    session: Session,
    *,
    by: Viewer,
    hours: WorkingHours,
    valid_from: date,
    reason: str,
    now: datetime | None = None,
) -> int:
    """New working hours from a day on; returns how many open deadlines that moved."""
    _one_at_a_time(session)
    known = hours_versions(session)
    if known and (known[-1].body, known[-1].valid_from <= valid_from) == (hours_body(hours), True):
        raise NothingChangedError
    version = HoursVersion(
        version=known[-1].version + 1 if known else 1,
        valid_from=valid_from,
        body=hours_body(hours),
        reason=reason,
        entered_by=by.id,
        entered_at=now or clock.now(),
    )
    session.add(version)
    session.flush()
    forget(session, CALENDAR, BOOK)
    moved = _move_open(session, valid_from, date.max, reason)
    facts = {"valid_from": valid_from, "deadlines": moved}
    _record(session, by, "hours:put_in_force", version.version, **facts)
    session.commit()
    return moved


def newest_version(session: Session, code: str) -> tuple[LimitRule, int]:
    """The last version of a limit, in force or to come; LookupError where there is no such one."""
    found = [each for each in clock_of(session).book.versions if each.rule.code == code]
    if not found:
        raise LookupError(code)
    return found[-1].rule, found[-1].number


def _keep(session: Session, by: Viewer, days: Mapping[date, Said], at: datetime) -> int:
    """Note the change, move what is open, audit and commit."""
    session.flush()
    forget(session, CALENDAR, BOOK)
    first, last = min(days), max(days)
    why = "；".join(dict.fromkeys(said.source for said in days.values()))[:LONGEST_WHY]
    moved = _move_open(session, first, last, why)
    for day, said in days.items():
        session.add(
            CalendarChange(
                day=day,
                worked=said.worked,
                source=said.source,
                deadlines=moved if day == first else 0,
                entered_by=by.id,
                entered_at=at,
            )
        )
    facts = {"days": list(days), "worked": [said.worked for said in days.values()]}
    _record(session, by, "calendar:change", first, deadlines=moved, **facts)
    session.commit()
    return moved


def _move_open(session: Session, first: date, last: date, why: str) -> int:
    """Reckon the open deadlines anew that run across the changed days; returns how many moved."""
    hands = clock_of(session)
    windows = [each.rule.code for each in hands.book.versions if each.rule.window]
    moved = [
        (row.id, due)
        for row in session.execute(_ACROSS, {"first": first, "last": last})
        if (due := due_of(_deadline(row), hands.book, hands.calendar)) != row.due_at
    ]
    for start in range(0, len(moved), BATCH):
        part = moved[start : start + BATCH]
        asked = {"moved": [key for key, _ in part], "dues": [due for _, due in part]}
        session.execute(_MOVE, asked | {"windows": windows, "why": why})
    return len(moved)


def _deadline(row: Any) -> Deadline:
    return Deadline(
        rule=row.rule,
        rule_version=row.rule_version,
        started_at=row.started_at,
        due_at=row.due_at,
        promised_on=row.promised_on,
        pauses=row.pauses,
        extensions=row.extensions,
    )


def _one_at_a_time(session: Session) -> None:
    key = func.hashtextextended(ONE_AT_A_TIME, 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))
    forget(session, CALENDAR, BOOK)


def _record(session: Session, by: Viewer, action: str, number: object, **facts: object) -> None:
    record(
        session,
        action=action,
        object_type=action.partition(":")[0],
        object_id=number,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
