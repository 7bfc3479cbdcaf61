"""Reading the clock: limits and working calendar in one statement, once a transaction."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache

from sqlalchemy import Row, select, text, tuple_
from sqlalchemy.orm import Session

from yuantou.calendar.clock import ZONE
from yuantou.calendar.hours import Opening
from yuantou.calendar.stored import calendar_of
from yuantou.database.once import kept, once
from yuantou.disputes.service import CALENDAR, working_calendar
from yuantou.limits.book import Calendars, Clock, InForce, RuleBook, Version
from yuantou.limits.catalogue import limit_rule, working_hours
from yuantou.limits.models import CalendarChange, Deadline, HoursVersion
from yuantou.limits.promises import PROMISE_RULES
from yuantou.limits.rules import LimitRule

BOOK = "limits"
_LIMITS = """SELECT code, version, valid_from AS day, entered_at, CAST(body AS text) AS body,
  entered_by, reason, CAST(NULL AS boolean) AS worked FROM limit_version"""
_DAYS = "SELECT NULL, NULL, day, NULL, NULL, NULL, NULL, worked FROM calendar_day"
_HOURS = """SELECT NULL, version, valid_from, NULL, CAST(body AS text), NULL, NULL, NULL
  FROM hours_version"""
_DAY = timedelta(days=1)


def clock_of(session: Session) -> Clock:
    """The limits and the working calendar; both in one statement where neither is known yet."""
    if CALENDAR in kept(session):
        return Clock(rulebook(session), working_calendar(session))
    rows = session.execute(text(f"{_LIMITS} UNION ALL {_DAYS} UNION ALL {_HOURS}")).all()
    known = (row for row in rows if row.code is None)
    calendar = once(session, CALENDAR, lambda _session: calendar_of(known))
    return Clock(once(session, BOOK, lambda _session: _book_of(rows)), calendar)


def rules_in_force(session: Session, on: date) -> InForce:
    """The limits at the end of that day with their versions, by code."""
    return rulebook(session).in_force(
        datetime.combine(on + _DAY, time(), ZONE) - timedelta.resolution
    )


def limit_names(session: Session) -> dict[str, str]:
    """What each limit is called, and the terms that people set themselves."""
    names = {code: rule.name_zh for code, rule in PROMISE_RULES.items()}
    return names | {one.rule.code: one.rule.name_zh for one in rulebook(session).versions}


def deadlines_of(session: Session, dispute_id: int) -> Sequence[Deadline]:
    """Every deadline of a dispute, in the order of their start."""
    asked = select(Deadline).where(Deadline.dispute_id == dispute_id)
    return session.scalars(asked.order_by(Deadline.started_at, Deadline.id)).all()


def calendars(session: Session) -> Calendars:
    """The working calendar as it was known at any moment."""
    asked = select(CalendarChange.entered_at, CalendarChange.day, CalendarChange.worked)
    rows = session.execute(asked.order_by(CalendarChange.entered_at, CalendarChange.id))
    hours = [(row.entered_at, opening(row)) for row in hours_versions(session)]
    return Calendars(((row.entered_at, row.day, row.worked) for row in rows), hours)


def hours_versions(session: Session) -> Sequence[HoursVersion]:
    """Every version of the working hours, the first one first."""
    return session.scalars(select(HoursVersion).order_by(HoursVersion.version)).all()


def opening(row: HoursVersion) -> Opening:
    """The hours that a version says."""
    return Opening(row.valid_from, working_hours(row.body).seasons)


def batch_of(session: Session, batch: int) -> Sequence[CalendarChange]:
    """The days that were changed at once, by the id of the first; empty where there is none."""
    first = session.get(CalendarChange, batch)
    if first is None:
        return []
    made = (first.entered_at, first.entered_by)
    asked = select(CalendarChange).where(
        tuple_(CalendarChange.entered_at, CalendarChange.entered_by) == made
    )
    return session.scalars(asked.order_by(CalendarChange.day)).all()


def days_before(session: Session, batch: int) -> dict[date, CalendarChange | None]:
    """Of each day that still stands as the batch left it, the change before it, if any."""
    made = {row.id: row.day for row in batch_of(session, batch)}
    asked = select(CalendarChange).where(CalendarChange.day.in_(made.values()))
    told: dict[date, list[CalendarChange]] = {}
    for row in session.scalars(asked.order_by(CalendarChange.entered_at, CalendarChange.id)):
        told.setdefault(row.day, []).append(row)
    return {
        day: rows[-2] if len(rows) > 1 else None
        for day, rows in told.items()
        if rows[-1].id in made
    }


def rulebook(session: Session) -> RuleBook:
    return once(session, BOOK, lambda opened: _book_of(opened.execute(text(_LIMITS)).all()))


def _book_of(rows: Sequence[Row[tuple[object, ...]]]) -> RuleBook:
    return RuleBook(
        Version(
            rule=_rule(row.body),
            number=row.version,
            since=datetime.combine(row.day, time(), ZONE),
            entered_at=row.entered_at,
            entered_by=row.entered_by,
            reason=row.reason,
        )
        for row in rows
        if row.code is not None
    )


@cache
def _rule(body: str) -> LimitRule:
    """Versions never change, so each is read once."""
    return limit_rule(json.loads(body))
