"""The published numbers that the formulas must give."""

from datetime import date

import pytest

from geo.rates import poisson_interval
from yuantou.indicators import rates

FILED, PRELIT, PEOPLE_2023, PEOPLE_2022 = 7_717_791, 4_776_842, 1_409_670_000, 1_411_750_000


def test_the_published_national_rate_of_2024_counts_mediation_before_filing() -> None:
    brought = rates.ratio(FILED + PRELIT, PEOPLE_2023, 10_000)
    assert brought == pytest.approx(88.635, abs=0.0005)
    assert rates.ratio(FILED, PEOPLE_2023, 10_000) == pytest.approx(54.75, abs=0.005)
    assert pytest.approx(0.3823, abs=0.00005) == PRELIT / (FILED + PRELIT)


def test_year_on_year_divides_both_years_by_the_same_population() -> None:
    this = FILED + PRELIT
    prior = round(this / 1.0477)
    same = rates.relative_change(this, prior, PEOPLE_2023)
    other = rates.relative_change(this, prior, PEOPLE_2023, PEOPLE_2022)
    assert same == pytest.approx(0.0477, abs=0.00005)
    assert other == pytest.approx(0.0492, abs=0.00005)


@pytest.mark.parametrize(
    ("hits", "tries", "share"),
    [(8_270, 16_328, 50.65), (7_822_000, 11_834_000, 66.10), (3_128_000, 4_782_000, 65.41)],
)
def test_published_shares_of_mediation_that_succeeded(hits: int, tries: int, share: float) -> None:
    assert rates.ratio(hits, tries, 100) == pytest.approx(share, abs=0.005)


def test_no_comparison_from_december_2024_to_january_2025() -> None:
    assert not rates.comparable(date(2025, 1, 1), date(2024, 12, 1))
    assert rates.comparable(date(2024, 12, 1), date(2023, 12, 1))
    assert rates.comparable(date(2026, 1, 1), date(2025, 1, 1))


def test_a_township_of_15000_with_60_cases() -> None:
    low, high = rates.poisson(60, 15_000, 10_000)
    assert rates.ratio(60, 15_000, 10_000) == 40
    assert (low, high) == pytest.approx((30.5, 51.5), abs=0.05)


@pytest.mark.parametrize("cases", [0, 1, 60, 4_321])
def test_one_rate_has_the_limits_that_many_have(cases: int) -> None:
    low, high = poisson_interval([cases], [15_003], per=10_000)
    assert rates.poisson(cases, 15_003, 10_000) == (float(low[0]), float(high[0]))


def test_both_bases_say_the_same_of_the_same_cases() -> None:
    assert rates.civil_parts(100, "incl", 30, "file_first") == (100, 70)
    assert rates.civil_parts(70, "excl", 30, "file_first") == (100, 70)
    assert rates.civil_parts(100, "none", None, "pre2025") == (100, 100)


def test_without_a_stated_basis_nothing_is_reckoned() -> None:
    assert rates.civil_parts(100, "none", 30, "file_first") == (None, None)
    assert rates.civil_parts(100, "incl", None, "file_first") == (100, None)
    assert rates.civil_parts(100, "excl", None, "file_first") == (None, 100)


def test_a_sum_with_a_missing_part_is_missing() -> None:
    assert rates.total([1, None, 2]) is None
    assert rates.total([]) is None
    assert rates.total([0, 0]) == 0


def test_wilson_keeps_within_the_whole() -> None:
    """Newcombe (1998), Stat. Med. 17: 857-872, table I: 81/263 and 0/20."""
    assert rates.wilson(81, 263, 1) == pytest.approx((0.2553, 0.3662), abs=0.00005)
    assert rates.wilson(0, 20, 1) == pytest.approx((0.0, 0.1611), abs=0.00005)
    with pytest.raises(ValueError, match="hits <= tries"):
        rates.wilson(5, 4)


def test_a_population_is_old_when_more_than_two_years_lie_between() -> None:
    assert not rates.is_old(2021, 2023)
    assert rates.is_old(2020, 2023)
