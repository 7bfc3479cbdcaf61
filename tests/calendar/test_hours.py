"""Working hours: seasons of a year, versions from a day on, and what they come to."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from yuantou.calendar.clock import ZONE
from yuantou.calendar.hours import Hours, Opening, Season, Timetable, seasons_body, seasons_of
from yuantou.calendar.workdays import WorkCalendar

WINTER = Season((10, 1), ((time(8, 30), time(12)), (time(14), time(17, 30))))
SUMMER = Season((5, 1), ((time(8, 30), time(12)), (time(15), time(18, 30))))
SEASONAL = Opening(date(2020, 1, 1), (SUMMER, WINTER))
SHORT = Opening(date(2026, 7, 1), (Season((1, 1), ((time(9), time(11)),)),))
DAYS = some.dates(date(2025, 1, 1), date(2027, 12, 31))


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


@some.composite
def seasons(draw: some.DrawFn) -> tuple[Season, ...]:
    """One to three seasons of one to three spans."""
    days = draw(
        some.lists(some.dates(date(2024, 1, 1), date(2024, 12, 31)), min_size=1, max_size=3)
    )
    return tuple(Season((day.month, day.day), draw(hours())) for day in sorted(set(days)))


@some.composite
def hours(draw: some.DrawFn) -> Hours:
    minutes = draw(some.lists(some.integers(0, 1439), min_size=2, max_size=6, unique=True))
    marks = [time(each // 60, each % 60) for each in sorted(minutes)]
    return tuple(zip(marks[0::2], marks[1::2], strict=False))


@some.composite
def calendars(draw: some.DrawFn) -> WorkCalendar:
    """A calendar with one to three versions of its hours."""
    versions = draw(some.lists(some.tuples(DAYS, seasons()), min_size=1, max_size=3))
    return WorkCalendar(hours=Timetable(tuple(Opening(day, each) for day, each in versions)))


@pytest.mark.parametrize(
    ("day", "season"),
    [
        (date(2026, 1, 5), WINTER),
        (date(2026, 4, 30), WINTER),
        (date(2026, 5, 1), SUMMER),
        (date(2026, 9, 30), SUMMER),
        (date(2026, 10, 1), WINTER),
    ],
)
def test_a_season_holds_until_the_next_across_the_new_year(day: date, season: Season) -> None:
    assert SEASONAL.season(day) == season


def test_the_version_made_last_holds_once_its_day_has_come() -> None:
    earlier = Opening(date(2026, 6, 1), (WINTER,))
    known = Timetable((SEASONAL, SHORT, earlier))
    assert known.opening(date(2010, 1, 1)) == SEASONAL
    assert known.opening(date(2026, 6, 30)) == earlier
    assert known.opening(date(2026, 7, 1)) == earlier
    assert Timetable((SEASONAL, SHORT)).opening(date(2026, 6, 30)) == SEASONAL


def test_hours_are_counted_by_the_season_and_the_version_of_each_day() -> None:
    known = WorkCalendar(hours=Timetable((SEASONAL, SHORT)))
    assert known.add_working_hours(at("2026-04-30", "16:30"), 2).at == at("2026-05-06", "09:30")
    assert known.add_working_hours(at("2026-06-30", "17:30"), 2).at == at("2026-07-01", "10:00")
    days = known.worked_days_between(at("2026-06-30", "00:00"), at("2026-07-02", "00:00"))
    assert days == pytest.approx(2)


@pytest.mark.parametrize(
    "spans", [(), ((time(12), time(9)),), ((time(9), time(12)), (time(11), time(17)))]
)
def test_impossible_hours_are_refused(spans: Hours) -> None:
    with pytest.raises(ValueError, match="rising order"):
        Season((1, 1), spans)


@pytest.mark.parametrize("found", [(), (WINTER, SUMMER), (WINTER, WINTER)])
def test_impossible_years_are_refused(found: tuple[Season, ...]) -> None:
    with pytest.raises(ValueError, match="rising days"):
        Opening(date(2026, 1, 1), found)


@settings(max_examples=60)
@given(seasons())
def test_seasons_survive_being_stored(found: tuple[Season, ...]) -> None:
    assert seasons_of(seasons_body(found)) == found


@settings(max_examples=60)
@given(calendars(), DAYS, some.integers(0, 1439), some.integers(0, 600))
def test_working_time_added_is_working_time_between(
    known: WorkCalendar, day: date, minute: int, span: int
) -> None:
    start = datetime.combine(day, time(minute // 60, minute % 60), ZONE)
    end = known.add_working_time(start, timedelta(minutes=span)).at
    assert known.working_time_between(start, end) == timedelta(minutes=span)


@settings(max_examples=60)
@given(calendars(), DAYS, some.integers(0, 40))
def test_whole_days_held_are_the_days_worked(known: WorkCalendar, day: date, count: int) -> None:
    start = datetime.combine(day, time(), ZONE)
    held = known.worked_days_between(start, start + timedelta(days=count))
    worked = known.workdays_between(day - timedelta(days=1), day + timedelta(days=count - 1))
    assert held == pytest.approx(worked)


@settings(max_examples=60)
@given(calendars(), DAYS, some.lists(some.integers(0, 9000), min_size=3, max_size=3))
def test_time_held_adds_up(known: WorkCalendar, day: date, minutes: list[int]) -> None:
    a, b, c = (
        datetime.combine(day, time(), ZONE) + timedelta(minutes=each) for each in sorted(minutes)
    )
    parts = known.worked_days_between(a, b) + known.worked_days_between(b, c)
    assert parts == pytest.approx(known.worked_days_between(a, c))
