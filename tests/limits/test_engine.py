"""Deadlines: published examples, pauses, extensions, and what holds for all of them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from yuantou.calendar.clock import ZONE
from yuantou.calendar.workdays import WorkCalendar, day_end
from yuantou.disputes.codes import SHIPPED
from yuantou.limits import catalogue
from yuantou.limits.engine import due_at
from yuantou.limits.rules import Due, Extension, Flaw, LimitRule, Pause, Unit, pick

CALENDAR = WorkCalendar()
RULES = catalogue.read(SHIPPED.with_name("limits.toml"))
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=ZONE)


def rule(amount: int, unit: Unit = Unit.CALENDAR_DAY, **more: object) -> LimitRule:
    plain = LimitRule("x", "某期限", amount, unit, False, False, "", True, extension=None)
    return replace(plain, **more)  # type: ignore[arg-type]


def moment(day: str, clock: str = "10:00") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZONE)


def last_day(due: Due) -> str:
    assert due.at is not None
    assert due.at == day_end(due.at.date())
    return due.at.date().isoformat()


def test_entrusted_mediation_in_ordinary_procedure() -> None:
    ordinary = pick(RULES, "entrusted", "ordinary")
    assert last_day(due_at(ordinary, MONDAY, CALENDAR)) == "2026-11-17"
    both_agree = Extension(30, moment("2026-11-16"), "双方同意")
    assert last_day(due_at(ordinary, MONDAY, CALENDAR, (), [both_agree])) == "2026-12-17"


def test_entrusted_mediation_in_simplified_procedure() -> None:
    simplified = pick(RULES, "entrusted", "simplified")
    assert last_day(due_at(simplified, MONDAY, CALENDAR)) == "2026-11-09"


def test_confirmation_is_asked_for_within_thirty_days() -> None:
    effective = moment("2026-11-01", "20:00")
    assert last_day(due_at(pick(RULES, "confirmation"), effective, CALENDAR)) == "2026-12-01"


def test_a_working_limit_ends_after_the_national_holiday() -> None:
    seven = rule(7, Unit.WORKING_DAY)
    assert last_day(due_at(seven, moment("2026-09-28"), CALENDAR)) == "2026-10-13"


def test_a_red_matter_of_friday_evening_is_signed_the_same_evening() -> None:
    friday = moment("2026-11-20", "17:30")
    assert due_at(pick(RULES, "sign", "red"), friday, CALENDAR).at == moment("2026-11-20", "19:30")
    assert last_day(due_at(pick(RULES, "sign", "blue"), friday, CALENDAR)) == "2026-11-23"


@pytest.mark.parametrize(
    ("code", "variants", "chosen"),
    [
        ("triage", ("yellow",), "triage_yellow"),
        ("finish", ("blue", "complex"), "finish_complex"),
        ("mediation", ("medical",), "mediation_medical"),
        ("mediation", ("neighborhood",), "mediation"),
    ],
)
def test_the_special_case_wins(code: str, variants: tuple[str, ...], chosen: str) -> None:
    assert pick(RULES, code, *variants).code == chosen


def test_an_unknown_limit_is_named() -> None:
    with pytest.raises(LookupError, match="siesta"):
        pick(RULES, "siesta")


def test_the_first_day_may_count() -> None:
    assert last_day(due_at(rule(3, first_day_counts=True), MONDAY, CALENDAR)) == "2026-11-04"
    working = rule(3, Unit.WORKING_DAY, first_day_counts=True)
    assert last_day(due_at(working, MONDAY, CALENDAR)) == "2026-11-04"
    assert last_day(due_at(working, moment("2026-11-01"), CALENDAR)) == "2026-11-04"


def test_a_last_day_on_a_holiday_rolls_over_where_the_rule_says_so() -> None:
    eve = moment("2026-09-25")
    assert last_day(due_at(rule(7), eve, CALENDAR)) == "2026-10-02"
    assert last_day(due_at(rule(7, rolls_over=True), eve, CALENDAR)) == "2026-10-08"


@pytest.mark.parametrize(
    ("start", "end"), [("2026-11-02", "2027-01-02"), ("2026-12-31", "2027-02-28")]
)
def test_months_end_on_the_same_day_or_the_last(start: str, end: str) -> None:
    two_months = pick(RULES, "judicial_advice_reply")
    assert last_day(due_at(two_months, moment(start), CALENDAR)) == end


def test_a_pause_gives_back_what_was_left() -> None:
    thirty = pick(RULES, "mediation")
    expert = Pause(moment("2026-11-10"), moment("2026-11-20"), "鉴定")
    assert last_day(due_at(thirty, MONDAY, CALENDAR)) == "2026-12-02"
    assert last_day(due_at(thirty, MONDAY, CALENDAR, [expert])) == "2026-12-12"


def test_a_pause_counts_working_days_from_its_end() -> None:
    five = rule(5, Unit.WORKING_DAY)
    away = Pause(moment("2026-11-04"), moment("2026-11-14"), "当事人外出")
    assert last_day(due_at(five, MONDAY, CALENDAR)) == "2026-11-09"
    assert last_day(due_at(five, MONDAY, CALENDAR, [away])) == "2026-11-18"


def test_a_pause_stops_hours_to_the_minute() -> None:
    two_hours = rule(2, Unit.CLOCK_HOUR)
    storm = Pause(moment("2026-11-02", "11:00"), moment("2026-11-02", "15:30"), "不可抗力")
    assert due_at(two_hours, MONDAY, CALENDAR, [storm]).at == moment("2026-11-02", "16:30")
    working = rule(2, Unit.WORKING_HOUR)
    assert due_at(working, MONDAY, CALENDAR).at == moment("2026-11-02", "13:30")
    assert due_at(working, MONDAY, CALENDAR, [storm]).at == moment("2026-11-02", "16:30")


def test_while_a_pause_is_open_nothing_is_due() -> None:
    open_pause = Pause(moment("2026-11-10"), None, "鉴定")
    assert due_at(rule(30), MONDAY, CALENDAR, [open_pause]).at is None


def test_a_pause_after_the_end_changes_nothing() -> None:
    for late in (
        Pause(moment("2027-03-01"), moment("2027-03-09"), "鉴定"),
        Pause(moment("2027-03-01"), None, "鉴定"),
        Pause(moment("2026-10-01"), moment("2026-10-20"), "开始以前"),
    ):
        assert last_day(due_at(rule(30), MONDAY, CALENDAR, [late])) == "2026-12-02"


def test_a_pause_on_the_last_day_leaves_the_day_of_resumption() -> None:
    over_holiday = rule(7, rolls_over=True)
    pause = Pause(moment("2026-10-08", "11:00"), moment("2026-10-10", "09:00"), "不可抗力")
    due = due_at(over_holiday, moment("2026-09-25"), CALENDAR, [pause])
    assert last_day(due) == "2026-10-10"


def test_an_empty_pause_at_closing_time_changes_nothing() -> None:
    until_five = rule(7, Unit.WORKING_HOUR)
    closing = due_at(until_five, moment("2026-11-02", "09:00"), CALENDAR).at
    assert closing == moment("2026-11-02", "17:30")
    instant = moment("2026-11-02", "12:00")
    empty = [Pause(instant, instant, "误录"), Pause(instant, moment("2026-11-02", "11:00"), "误录")]
    assert due_at(until_five, moment("2026-11-02", "09:00"), CALENDAR, empty).at == closing


def test_overlapping_pauses_stop_the_clock_once() -> None:
    one = Pause(moment("2026-11-10"), moment("2026-11-15"), "鉴定")
    other = Pause(moment("2026-11-12"), moment("2026-11-20"), "当事人外出")
    assert last_day(due_at(rule(30), MONDAY, CALENDAR, [other, one])) == "2026-12-12"


def test_an_extension_after_the_end_is_ignored_and_named() -> None:
    late = Extension(10, moment("2026-12-03"), "补批")
    due = due_at(rule(30), MONDAY, CALENDAR, (), [late])
    assert last_day(due) == "2026-12-02"
    assert due.ignored == ((late, Flaw.LATE),)


def test_an_extension_beyond_the_bound_is_ignored_and_named() -> None:
    ordinary = pick(RULES, "entrusted")
    first = Extension(20, moment("2026-11-10"), "双方同意")
    second = Extension(20, moment("2026-11-20"), "双方再同意")
    due = due_at(ordinary, MONDAY, CALENDAR, (), [second, first])
    assert last_day(due) == "2026-12-07"
    assert due.ignored == ((second, Flaw.TOO_LONG),)


def test_an_extension_made_timely_by_a_pause_counts() -> None:
    pause = Pause(moment("2026-11-10"), moment("2026-11-20"), "鉴定")
    extension = Extension(5, moment("2026-12-10"), "双方同意")
    assert last_day(due_at(rule(30), MONDAY, CALENDAR, [pause], [extension])) == "2026-12-17"


def test_a_guessed_calendar_makes_the_deadline_provisional() -> None:
    far = moment("2031-03-03")
    assert due_at(rule(5, Unit.WORKING_DAY), far, CALENDAR).provisional
    assert due_at(rule(5, rolls_over=True), far, CALENDAR).provisional
    assert not due_at(rule(5), far, CALENDAR).provisional


MOMENTS = some.datetimes(datetime(2024, 1, 1), datetime(2026, 9, 1)).map(  # noqa: DTZ001
    lambda each: each.replace(tzinfo=ZONE, microsecond=0)
)
SHIPPED_RULES = some.sampled_from(RULES)


@some.composite
def pauses(draw: some.DrawFn) -> Pause:
    start = draw(MOMENTS)
    return Pause(start, start + timedelta(hours=draw(some.integers(1, 900))), "中止")


@some.composite
def histories(draw: some.DrawFn) -> tuple[datetime, list[Pause], list[Extension]]:
    start = draw(MOMENTS)
    hours = some.integers(0, 1500)
    begun = [start + timedelta(hours=draw(hours)) for _ in range(draw(some.integers(0, 4)))]
    stops = [Pause(each, each + timedelta(hours=draw(hours)), "中止") for each in begun]
    grants = [
        Extension(draw(some.integers(1, 20)), start + timedelta(hours=draw(hours)), "延长")
        for _ in range(draw(some.integers(0, 3)))
    ]
    return start, stops, grants


def reckon(
    what: LimitRule, start: datetime, stops: list[Pause], grants: list[Extension]
) -> datetime:
    due = due_at(what, start, CALENDAR, stops, grants).at
    assert due is not None
    return due


@settings(max_examples=80, deadline=None)
@given(SHIPPED_RULES, MOMENTS, some.timedeltas(timedelta(), timedelta(days=40)))
def test_a_later_start_is_never_due_earlier(
    what: LimitRule, start: datetime, later: timedelta
) -> None:
    assert reckon(what, start, [], []) <= reckon(what, start + later, [], [])
    assert reckon(what, start, [], []) > start


@settings(max_examples=80, deadline=None)
@given(SHIPPED_RULES, MOMENTS, pauses())
def test_a_pause_never_brings_the_end_forward(
    what: LimitRule, start: datetime, pause: Pause
) -> None:
    assert reckon(what, start, [pause], []) >= reckon(what, start, [], [])


@settings(max_examples=80, deadline=None)
@given(MOMENTS, some.integers(0, 29 * 24), some.integers(1, 900))
def test_a_pause_of_calendar_days_shifts_by_its_length(
    start: datetime, after: int, length: int
) -> None:
    begun = start + timedelta(hours=after)
    pause = Pause(begun, begun + timedelta(hours=length), "中止")
    assert pause.end is not None
    shift = timedelta(days=(pause.end.date() - begun.date()).days)
    plain = reckon(rule(30), start, [], [])
    assert reckon(rule(30), start, [pause], []) == plain + shift


@settings(max_examples=80, deadline=None)
@given(MOMENTS, some.integers(0, 47), some.integers(1, 900))
def test_a_pause_of_clock_hours_shifts_by_its_length(
    start: datetime, after: int, length: int
) -> None:
    begun = start + timedelta(hours=after)
    pause = Pause(begun, begun + timedelta(hours=length), "中止")
    shifted = reckon(rule(48, Unit.CLOCK_HOUR), start, [pause], [])
    assert shifted == start + timedelta(hours=48 + length)


@settings(max_examples=80, deadline=None)
@given(SHIPPED_RULES, histories(), some.randoms())
def test_recomputation_from_history_in_any_order_is_equal(
    what: LimitRule,
    history: tuple[datetime, list[Pause], list[Extension]],
    order: Random,
) -> None:
    start, stops, grants = history
    first = due_at(what, start, CALENDAR, stops, grants)
    order.shuffle(stops)
    order.shuffle(grants)
    again = due_at(what, start, CALENDAR, stops, grants)
    assert (again.at, again.provisional) == (first.at, first.provisional)


@settings(max_examples=80, deadline=None)
@given(SHIPPED_RULES, histories())
def test_an_extension_never_brings_the_end_forward(
    what: LimitRule, history: tuple[datetime, list[Pause], list[Extension]]
) -> None:
    start, stops, grants = history
    assert reckon(what, start, stops, grants) >= reckon(what, start, stops, [])
