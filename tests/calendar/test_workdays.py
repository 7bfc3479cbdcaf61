"""The working calendar: official holidays, overrides, guesses for later years, working hours."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from yuantou.calendar.clock import ZONE, local, now, today
from yuantou.calendar.workdays import Reckoning, WorkCalendar, day_end

OFFICIAL = WorkCalendar()
DAYS = some.dates(date(2024, 1, 1), date(2026, 9, 30))


def at(day: str, clock: str = "09:00") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZONE)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2026-11-21", False),
    ],
)
def test_national_day_2026_as_the_official_calendar_has_it(day: str, worked: bool) -> None:
    assert OFFICIAL.is_workday(date.fromisoformat(day)) is worked


def test_seven_working_days_from_28_september_end_after_the_holiday() -> None:
    assert OFFICIAL.add_working_days(at("2026-09-28"), 7) == Reckoning(
        day_end(date(2026, 10, 13)), provisional=False
    )


def test_an_override_comes_first() -> None:
    office = WorkCalendar({date(2026, 10, 10): False, date(2026, 10, 11): True})
    assert not office.is_workday(date(2026, 10, 10))
    assert office.is_workday(date(2026, 10, 11))


def test_an_unknown_year_counts_monday_to_friday_and_says_so() -> None:
    reckoned = OFFICIAL.add_working_days(at("2031-05-30"), 1)
    assert reckoned.at.date() == date(2031, 6, 2)
    assert reckoned.provisional


def test_an_override_makes_an_unknown_year_known() -> None:
    office = WorkCalendar({date(2031, 5, 30): True, date(2031, 5, 31): True})
    assert office.add_working_days(at("2031-05-30"), 1) == Reckoning(day_end(date(2031, 5, 31)))


def test_neighbouring_workdays_step_over_the_holiday() -> None:
    assert OFFICIAL.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)
    assert OFFICIAL.previous_workday(date(2026, 10, 8)) == date(2026, 9, 30)
    assert OFFICIAL.on_or_after(date(2026, 10, 3)) == date(2026, 10, 8)
    assert OFFICIAL.on_or_after(date(2026, 10, 8)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (("2026-11-23", "09:00"), 2, ("2026-11-23", "11:00")),
        (("2026-11-23", "10:30"), 2, ("2026-11-23", "14:00")),
        (("2026-11-20", "17:00"), 1, ("2026-11-23", "09:00")),
        (("2026-11-21", "12:00"), 7.5, ("2026-11-23", "17:30")),
        (("2026-11-23", "12:00"), 0, ("2026-11-23", "13:00")),
    ],
)
def test_working_hours_stop_at_noon_at_night_and_over_weekends(
    start: tuple[str, str], hours: float, end: tuple[str, str]
) -> None:
    assert OFFICIAL.add_working_hours(at(*start), hours).at == at(*end)


def test_clock_hours_run_through_the_night() -> None:
    assert OFFICIAL.add_clock_hours(at("2026-11-20", "17:30"), 2).at == at("2026-11-20", "19:30")


def test_a_moment_from_elsewhere_is_read_in_shanghai() -> None:
    utc = datetime.fromisoformat("2026-11-23T20:00:00+00:00")
    assert OFFICIAL.add_calendar_days(utc, 1).at == day_end(date(2026, 11, 25))
    assert local(utc).hour == 4


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without time zone"):
        OFFICIAL.add_calendar_days(at("2026-11-23").replace(tzinfo=None), 1)


def test_the_clock_is_that_of_shanghai() -> None:
    assert now().utcoffset() == timedelta(hours=8)
    assert abs((today() - now().date()).days) <= 1


@settings(max_examples=60, deadline=None)
@given(DAYS, some.integers(1, 40))
def test_adding_working_days_counts_that_many(day: date, count: int) -> None:
    end = OFFICIAL.workday_after(day, count)
    assert OFFICIAL.is_workday(end)
    assert OFFICIAL.workdays_between(day, end) == count


@settings(max_examples=60, deadline=None)
@given(DAYS, some.integers(0, 1439), some.integers(0, 3000))
def test_working_time_added_is_working_time_between(day: date, minute: int, span: int) -> None:
    start = datetime.combine(day, time(minute // 60, minute % 60), ZONE)
    end = OFFICIAL.add_working_time(start, timedelta(minutes=span)).at
    assert OFFICIAL.working_time_between(start, end) == timedelta(minutes=span)
