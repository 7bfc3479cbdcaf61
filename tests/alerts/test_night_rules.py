"""The rules of the night, one below, at and above each threshold; W04 against numbers by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from scipy.stats import poisson

from yuantou.alerts.levels import SHIPPED
from yuantou.alerts.night_rules import (
    MOST_MATTERS,
    Pair,
    Respondent,
    SuitCourse,
    agreement,
    common_respondent,
    doubtful,
    overdue_red,
    overdue_unit,
    repeated,
    suits,
)
from yuantou.alerts.rules import read
from yuantou.alerts.surges import Course, excess, poisson_upper, surge

RULES = {rule.code: replace(rule, version=1) for rule in read(SHIPPED)}
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("count", "level"), [(1, None), (2, "yellow"), (3, "yellow"), (4, "red"), (5, "red")]
)
def test_repeated_pairs(count: int, level: str | None) -> None:
    found = repeated(RULES["W02"], Pair(tuple(range(1, count + 1))))
    assert (found.level if found else None) == level


@pytest.mark.parametrize(("calls", "reasons"), [(1, 1), (2, 2), (3, 2)])
def test_calls_to_the_police_are_a_reason_of_their_own(calls: int, reasons: int) -> None:
    found = repeated(RULES["W02"], Pair((1, 2, 3), calls))
    assert found is not None
    assert len(found.reasons) == reasons


@pytest.mark.parametrize(
    ("people", "level"),
    [(4, None), (5, "yellow"), (6, "yellow"), (19, "yellow"), (20, "red"), (21, "red")],
)
def test_common_respondents_count_people_not_matters(people: int, level: str | None) -> None:
    found = common_respondent(RULES["W03"], Respondent("ab", tuple(range(30)), people))
    assert (found.level if found else None) == level


def test_a_long_list_of_matters_is_kept_short_and_counted_whole() -> None:
    found = common_respondent(RULES["W03"], Respondent("ab", tuple(range(500)), 500))
    assert found is not None
    assert (len(found.facts["matters"]), found.facts["of"]) == (MOST_MATTERS, 500)


@pytest.mark.parametrize(("days", "speaks"), [(6, False), (7, False), (8, True), (9, True)])
def test_what_is_not_red_is_overdue_after_more_than_seven_days(days: int, speaks: bool) -> None:
    found = overdue_unit(RULES["W08"], [1], [0, 3, days])
    assert (found is not None) is speaks


def test_a_unit_is_told_once_of_all_that_is_late() -> None:
    found = overdue_unit(RULES["W08"], [1, 2], [3, 8, 12, 40])
    assert found is not None
    assert (found.level, found.facts["count"], found.facts["longest"]) == ("yellow", 3, 40)


def test_a_red_matter_is_late_at_once() -> None:
    assert [overdue_red(RULES["W08"], days).level for days in (0, 1)] == ["red", "red"]


@pytest.mark.parametrize(
    ("days", "level"),
    [
        (4, None), (3, "blue"), (2, "blue"), (0, "blue"),
        (-1, "yellow"), (-29, "yellow"), (-30, "yellow"), (-31, None),
    ],
)  # fmt: skip
def test_agreements_before_and_after_their_day(days: int, level: str | None) -> None:
    found = agreement(RULES["W09"], TODAY + timedelta(days=days), TODAY)
    assert (found.level if found else None) == level


@pytest.mark.parametrize(
    ("count", "past", "speaks"),
    [
        (7, (4,) * 12, False), (8, (4,) * 12, True), (9, (4,) * 12, True),
        (3, (0,) * 12, False), (4, (0,) * 12, True),
        (8, (4,) * 5, False), (8, (4,) * 6, True),
        (8, (9,) * 12 + (4,) * 12, True),
    ],
)  # fmt: skip
def test_suits_are_held_against_their_own_mean(
    count: int, past: tuple[int, ...], speaks: bool
) -> None:
    found = suits(RULES["W10"], SuitCourse(count, past, date(2026, 10, 1)))
    assert (found is not None) is speaks


def test_questions_about_data_are_blue_and_say_how_many_lapsed() -> None:
    assert doubtful(RULES["W11"], [], 0) is None
    found = doubtful(RULES["W11"], [4, 9], 1)
    assert found is not None
    assert (found.level, found.reasons[0].values) == ("blue", {"count": 2, "lapsed": 1})


@pytest.mark.parametrize("mean", [0.0, 0.3, 2.5, 17.0, 120.0, 900.0])
@pytest.mark.parametrize("count", [0, 1, 4, 30, 180, 960, 1200])
def test_the_poisson_tail_is_the_one_of_the_tables(count: int, mean: float) -> None:
    assert poisson_upper(count, mean) == pytest.approx(
        poisson.sf(count - 1, mean), rel=1e-9, abs=1e-15
    )


FOUR_A_WEEK = (4, 5, 3, 4, 4, 5, 3, 4)  # mean 4, spread 0.756: mean + 3 spreads is 6.27


@pytest.mark.parametrize(("count", "speaks"), [(6, False), (9, False), (10, True), (11, True)])
def test_a_surge_is_beyond_spread_and_chance(count: int, speaks: bool) -> None:
    # P(X >= 9 | 4) = 0.0214, P(X >= 10 | 4) = 0.0081
    assert (surge(RULES["W04"], [Course(7, count, FOUR_A_WEEK)]) is not None) is speaks


def test_where_counts_cluster_by_nature_the_spread_decides() -> None:
    bursts = (0, 12, 0, 0, 11, 0, 13, 0)  # mean 4.5, spread 6.2
    assert surge(RULES["W04"], [Course(7, 15, bursts)]) is None
    assert surge(RULES["W04"], [Course(7, 24, bursts)]) is not None


@pytest.mark.parametrize(
    ("count", "past", "speaks"),
    [(3, (0,) * 26, False), (4, (0,) * 26, True), (5, (0,) * 26, True), (9, (0,) * 5, False),
     (9, (0,) * 6, True), (40, (), False)],
)  # fmt: skip
def test_few_matters_and_a_short_past_are_not_judged(
    count: int, past: tuple[int, ...], speaks: bool
) -> None:
    assert (excess(RULES["W04"], Course(7, count, past)) is not None) is speaks


def test_both_windows_may_speak_and_say_so() -> None:
    found = surge(RULES["W04"], [Course(7, 30, FOUR_A_WEEK), Course(30, 60, (16,) * 7)])
    assert found is not None
    assert [one["days"] for one in found.facts["windows"]] == [7, 30]
    assert len(found.reasons) == 2
