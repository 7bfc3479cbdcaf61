"""Weeks end with the last day; a county's history begins when it may have begun to work."""

from datetime import date

import numpy as np
import pytest

from yuantou.alerts.detection.series import ALL, Place, Series, Tally, assemble

LAST = date(2026, 11, 22)
PLACES = {code: Place(code, f"{code}/", "county", code) for code in "ab"}


def laid(*tallies: Tally, weeks: int = 40) -> Series:
    return assemble(PLACES, ["t"], tallies, LAST, weeks)


def test_the_last_week_ends_on_the_last_day() -> None:
    series = laid(Tally("a", "t", [0, 0, 39], [2, 3, 1]))
    assert series.counts[0, -1] == 5
    assert series.counts[0, 0] == 1
    assert series.week(39) == (date(2026, 11, 16), LAST)
    assert series.week(0)[1] == date(2026, 2, 22)


def test_what_lies_outside_the_weeks_is_left_out() -> None:
    assert np.nansum(laid(Tally("a", "t", [-1, 0, 40], [9, 1, 9])).counts) == 1


@pytest.mark.parametrize(
    ("weeks_of_b", "begun"),
    [(range(30), 10), (range(0, 30, 3), 6), (range(0, 30, 10), 1)],
)
def test_a_rare_county_may_have_begun_before_its_first_matter(
    weeks_of_b: range, begun: int
) -> None:
    steady = Tally("a", ALL, list(range(40)), [1] * 40)
    series = laid(steady, Tally("b", ALL, list(weeks_of_b), [1] * len(weeks_of_b)))
    row = next(k for k, place in enumerate(series.places) if place.code == "b")
    assert series.first[row] == begun


def test_none_began_before_the_first_matter_of_all() -> None:
    series = laid(Tally("b", ALL, [2, 12, 22], [1, 1, 1]))
    assert set(series.first[series.counties == 1]) == {40 - 1 - 22}


def test_an_empty_platform_has_no_history() -> None:
    assert set(laid().first) == {40}
