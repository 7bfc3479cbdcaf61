"""A year of the working calendar as the page shows it: months, weeks, days and why."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import chinese_calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.calendar.workdays import WorkCalendar
from yuantou.limits.models import CalendarChange, CalendarDay

CHANGES_SHOWN = 50
SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """One day: worked or not, `mark` where it is not what its weekday says, and why."""

    date: date
    worked: bool
    mark: str
    words: str
    own: bool


@dataclass(frozen=True)
class Month:
    """Twelve to a year; weeks begin on Monday, days of other months are None."""

    number: int
    weeks: Sequence[Sequence[Day | None]]
    worked: int


def overrides(session: Session) -> dict[date, CalendarDay]:
    """The office's own days."""
    return {row.day: row for row in session.scalars(select(CalendarDay))}


def months(year: int, known: WorkCalendar, own: Mapping[date, CalendarDay]) -> list[Month]:
    """The months of a year."""
    return [_month(year, number, known, own) for number in range(1, 13)]


def is_official(year: int) -> bool:
    """Whether the State Council's calendar of that year is known."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def day_of(day: date, known: WorkCalendar, own: Mapping[date, CalendarDay]) -> Day:
    """One day with its mark and its reason."""
    worked = known.is_workday(day)
    weekday = day.weekday() < SATURDAY
    mark = "" if worked == weekday else ("work" if worked else "rest")
    words = own[day].source if day in own else official_words(day)
    return Day(day, worked, mark, words, day in own)


def official_words(day: date) -> str:
    """The holiday that the official calendar names, or nothing."""
    try:
        _, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ""
    holiday = next((each for each in chinese_calendar.Holiday if each.value == name), None)
    return str(holiday.chinese) if holiday is not None else ""


def batches(told: Sequence[CalendarChange]) -> dict[int, int]:
    """How many days were changed at once, where there were several, by the change to show it at."""
    made: dict[tuple[datetime, int | None], list[int]] = {}
    for each in told:
        made.setdefault((each.entered_at, each.entered_by), []).append(each.id)
    return {max(ids): len(ids) for ids in made.values() if len(ids) > 1}


def changes(session: Session, year: int) -> list[tuple[CalendarChange, str]]:
    """The last changes of days of that year, each with who made it."""
    asked = (
        select(CalendarChange, Account.display_name)
        .outerjoin(Account, Account.id == CalendarChange.entered_by)
        .where(CalendarChange.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CalendarChange.entered_at.desc(), CalendarChange.id.desc())
        .limit(CHANGES_SHOWN)
    )
    return [(change, name or "") for change, name in session.execute(asked)]


def _month(year: int, number: int, known: WorkCalendar, own: Mapping[date, CalendarDay]) -> Month:
    weeks = [
        [day_of(day, known, own) if day.month == number else None for day in week]
        for week in calendar.Calendar().monthdatescalendar(year, number)
    ]
    first = date(year, number, 1) - timedelta(days=1)
    last = date(year, number, calendar.monthrange(year, number)[1])
    return Month(number, weeks, known.workdays_between(first, last))
