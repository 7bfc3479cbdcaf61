"""Random histories: whatever happened, recomputed from the history it gives the live deadlines.

Leap years, holidays with make-up days, years without an official calendar, changes of calendar
and limits in between.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy.orm import Session

from tests.cast import LIMITS
from tests.coordination.matters import report
from tests.limits.stories import Stage
from yuantou.calendar.clock import ZONE
from yuantou.calendar.hours import EXAMPLE, Opening, Season, Timetable
from yuantou.calendar.workdays import WorkCalendar
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import LIVE, TRANSITIONS
from yuantou.limits.book import BEGINNING, Calendars, RuleBook, Version
from yuantou.limits.catalogue import read
from yuantou.limits.changing import (
    NothingChangedError,
    put_hours_in_force,
    put_in_force,
    set_days,
    take_back,
)
from yuantou.limits.extending import extend, extension_refusal
from yuantou.limits.history import due_of, happen, is_open
from yuantou.limits.models import CalendarDay, Deadline
from yuantou.limits.queries import clock_of
from yuantou.limits.rules import Leave, Unit, WorkingHours
from yuantou.limits.service import _moving
from yuantou.limits.verification import _deadline, _happenings, differences, rebuild, values

STARTS = [date(2024, 2, 19), date(2025, 1, 20), date(2026, 9, 14), date(2027, 12, 20)]
HOURLY = ("accept", "sign", "follow_up")  # here in working hours, so that opening hours matter
RULES = [
    replace(rule, unit=Unit.WORKING_HOUR, amount=11, first_day_counts=False, rolls_over=False)
    if rule.code in HOURLY
    else rule
    for rule in read(LIMITS)
]
SHIPPED = [Version(rule, 1, BEGINNING, BEGINNING) for rule in RULES]
HOURS = [
    (Season((1, 1), ((time(9), time(11)), (time(14), time(15)))),),
    (
        Season((5, 1), ((time(7), time(12)), (time(16), time(19)))),
        Season((10, 1), ((time(8), time(12)), (time(13), time(17)))),
    ),
]
EVENTS = [row for row in TRANSITIONS if row.action not in ("discard", "submit", "unmerge")]
SIDE_EVENTS = [
    SimpleNamespace(event=name, target=None, facts=facts)
    for name, facts in (
        ("transferred", {}),
        ("corrected", {"risk": "blue", "category": "traffic"}),
        ("corrected", {"risk": "red", "category": "medical"}),
        ("corrected", {"risk": "yellow", "category": "migrant_wages"}),
    )
]

steps = some.lists(
    some.tuples(
        some.integers(0, 400),
        some.sampled_from([*EVENTS, *SIDE_EVENTS, "day off", "day on", "day back", "hours"]),
        some.integers(-3, 12),
    ),
    min_size=1,
    max_size=14,
)


def facts_at(day: date) -> dict[str, Any]:
    """What the events carry that deadlines read."""
    return {
        "deadline": (day + timedelta(days=20)).isoformat(),
        "until": (day + timedelta(days=9)).isoformat(),
        "due_on": (day + timedelta(days=11)).isoformat(),
        "effective_on": (day - timedelta(days=3)).isoformat(),
        "risk": "red",
        "complexity": "simple",
        "category": "medical",
    }


def live_and_rebuilt(start: date, told: list[Any]) -> tuple[list[Deadline], list[Deadline]]:
    """The rows as they are carried along, and as the history alone gives them."""
    book, calendar, changes = RuleBook(SHIPPED), WorkCalendar(), []
    hours = list[tuple[datetime, Opening]]()
    dispute = SimpleNamespace(flags=[], type="neighborhood")
    at = datetime(start.year, start.month, start.day, 9, tzinfo=ZONE)
    events = [_event("reported", at, "reported")]
    rows: list[Deadline] = []
    _carry(rows, dispute, events, book, calendar)
    for later, what, offset in told:
        at += timedelta(hours=later, minutes=7)
        if isinstance(what, str):
            day = at.date() + timedelta(days=offset)
            if what == "hours":
                opening = Opening(at.date() + timedelta(days=1 + abs(offset)), HOURS[offset % 2])
                hours.append((at, opening))
            else:
                changes.append((at, day, {"day off": False, "day on": True}.get(what)))
            calendar = _calendar(changes, hours)
            for row in filter(is_open, rows):
                row.due_at = due_of(row, book, calendar)
            continue
        target = what.target or events[-1].to_state
        events.append(_event(what.event, at, str(target), events[-1].to_state))
        events[-1].facts |= getattr(what, "facts", {})
        _carry(rows, dispute, events, book, calendar)
    return rows, rebuild(dispute, events, book, Calendars(changes, hours), at)


def _calendar(
    changes: list[tuple[datetime, date, bool | None]], hours: list[tuple[datetime, Opening]]
) -> WorkCalendar:
    """The calendar as it is now, without the history that `Calendars` keeps."""
    last = {day: worked for _at, day, worked in changes}
    openings = tuple(opening for _at, opening in hours)
    return WorkCalendar(
        overrides={day: worked for day, worked in last.items() if worked is not None},
        hours=Timetable(openings) if openings else EXAMPLE,
    )


def _event(name: str, at: datetime, state: str, before: str | None = None) -> Any:
    return SimpleNamespace(
        event=name, at=at, from_state=before, to_state=state, facts=facts_at(at.date()), note=""
    )


def _carry(
    rows: list[Deadline], dispute: Any, events: list[Any], book: RuleBook, calendar: WorkCalendar
) -> None:
    """What follow does, without a database."""
    *_, last = _happenings(dispute, events)
    before = {id(row): _moving(row) for row in rows}
    rows += happen(rows, last, book, _deadline)
    for row in rows:
        if before.get(id(row)) != _moving(row):
            row.due_at = due_of(row, book, calendar)


def check(start: date, told: list[Any]) -> None:
    """Both are the same rows."""
    live, rebuilt = live_and_rebuilt(start, told)
    assert sorted(map(repr, map(values, live))) == sorted(map(repr, map(values, rebuilt)))


@settings(max_examples=150)
@given(some.sampled_from(STARTS), steps)
def test_recomputed_from_the_history_they_are_the_same(start: date, told: list[Any]) -> None:
    check(start, told)


@pytest.mark.soak
@settings(max_examples=20_000)
@given(some.sampled_from(STARTS), steps)
def test_recomputed_from_long_runs_they_are_the_same(start: date, told: list[Any]) -> None:
    check(start, told)


def live_through(stage: Stage, owner: Session, seed: int, acts: int) -> datetime:
    """A desk's months at random: reports, acts, extensions, days off, new limits and hours."""
    draw = Random(seed)
    day = draw.choice(STARTS[:3])
    at = datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)
    for _ in range(acts):
        at += timedelta(minutes=draw.choice([3, 90, 400, 1500, 4000, 9000]))
        kinds = ["report", "act", "extend", "day", "limit", "hours"]
        kind = draw.choices(kinds, [2, 12, 2, 2, 1, 1])[0]
        STEPS[kind](stage, owner, draw, at)
    return at


def _report(stage: Stage, owner: Session, draw: Random, at: datetime) -> None:
    report(stage.door, now=at, submission=f"{at.timestamp()}-{draw.random()}")


def _act(stage: Stage, owner: Session, draw: Random, at: datetime) -> None:
    """The first of the acts, in random order, that some one of the cast may do."""
    known = stage("gao")[0].query(Dispute.id, Dispute.state).all()
    dispute, state = draw.choice(known) if known else (0, "")
    risk = draw.choice(["red", "yellow", "blue"])
    moves = [row.action for row in EVENTS if state in row.sources and row.target in LIVE]
    for action in draw.sample(moves, len(moves)):
        for login in ("mei", "ren", "gao"):
            try:
                stage.do(login, dispute, action, at, risk=risk)
            except (RefusedError, NotVisibleError):
                stage(login)[0].rollback()
                continue
            return


def _extend(stage: Stage, owner: Session, draw: Random, at: datetime) -> None:
    session, gao = stage("gao")
    book = clock_of(session).book
    for row in session.query(Deadline).order_by(Deadline.id.desc()).limit(12):
        rule, amount = book.rule(row.rule, row.rule_version), draw.randint(1, 9)
        leave = Leave(rule.extends_with[0]) if rule.extends_with else Leave.CONSENT
        if extension_refusal(row, rule, leave, at, amount) is None:
            dispute = session.get_one(Dispute, row.dispute_id, populate_existing=True)
            extend(
                session,
                by=gao,
                dispute=dispute,
                row=row,
                leave=leave,
                amount=amount,
                note="",
                at=at,
            )
            break
    session.commit()


def _day(stage: Stage, owner: Session, draw: Random, at: datetime) -> None:
    session, an = stage("an")
    day = at.date() + timedelta(days=draw.randint(-2, 12))
    try:
        if session.get(CalendarDay, day) is not None and draw.random() < 0.5:
            take_back(session, by=an, day=day, source="照常", now=at)
        else:
            worked = draw.random() < 0.5
            set_days(session, by=an, days=[day], worked=worked, source="通知", now=at)
    except NothingChangedError:
        session.rollback()


def _limit(stage: Stage, owner: Session, draw: Random, at: datetime) -> None:
    session, an = stage("an")
    code = draw.choice(["accept", "triage", "finish", "mediation", "follow_up", "sign"])
    hourly = code in HOURLY and draw.random() < 0.5
    put_in_force(
        session,
        by=an,
        code=code,
        changes={
            "amount": draw.randint(1, 40),
            "unit": Unit.WORKING_HOUR if hourly else Unit.WORKING_DAY,
            "first_day_counts": False,
            "rolls_over": not hourly and draw.random() < 0.5,
            "source": str(at),
        },
        valid_from=at.date() + timedelta(days=draw.randint(0, 5)),
        reason="试行",
        now=at,
    )


def _hours(stage: Stage, owner: Session, draw: Random, at: datetime) -> None:
    session, an = stage("an")
    put_hours_in_force(
        session,
        by=an,
        hours=WorkingHours(draw.choice(HOURS), str(at), example=False),
        valid_from=at.date() + timedelta(days=draw.randint(1, 9)),
        reason="新作息",
        now=at,
    )


STEPS = {
    "report": _report,
    "act": _act,
    "extend": _extend,
    "day": _day,
    "limit": _limit,
    "hours": _hours,
}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_desk_at_random_keeps_its_deadlines(stage: Stage, owner: Session, seed: int) -> None:
    at = live_through(stage, owner, seed, 30)
    assert owner.query(Deadline).count() > 5
    assert list(differences(owner, at)) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 130))
def test_a_desk_at_random_for_long(stage: Stage, owner: Session, seed: int) -> None:
    at = live_through(stage, owner, seed, 250)
    assert list(differences(owner, at)) == []
