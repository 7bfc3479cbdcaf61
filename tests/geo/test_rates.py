"""Crude rates and their exact limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.rates import poisson_interval, rate_per, wilson_interval

counts = arrays(np.float64, 8, elements=st.integers(0, 500).map(float))
people = arrays(np.float64, 8, elements=st.integers(1, 2_000_000).map(float))


def test_the_published_litigation_rate_comes_out() -> None:
    # Courts of all China, January to May 2024, by the population of the end of 2023:
    # 88.63 filings for every 10,000 persons were published; 54.75 without those referred.
    rates = rate_per([12_494_633, 7_717_791], 1_409_670_000)
    assert rates == pytest.approx([88.635, 54.749], abs=1e-3)


def test_a_thousandth_is_ten_per_ten_thousand() -> None:
    assert rate_per([1, 2], [1_000, 1_000]).tolist() == [10.0, 20.0]
    assert rate_per([1], [1_000], per=100_000).tolist() == [100.0]


def test_missing_is_missing_and_nobody_has_no_rate() -> None:
    rates = rate_per([None, 3, 0, 3], [1_000, None, 0, 0])
    assert np.isnan(rates).all()


def test_one_population_serves_many_counts() -> None:
    assert rate_per([1, 0], 10_000).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("events", "population", "message"),
    [
        ([1, -1, 2], [9, 9, 9], "events negative at position 1"),
        ([1, 1], [9, -9], "population negative at position 1"),
        ([1, np.inf], [9, 9], "events infinite at position 1"),
        ([-1] * 7, [9] * 7, "positions 0, 1, 2, 3, 4 and 2 more"),
        ([1, 2], [9, 9, 9], r"differ in shape: \(2,\) and \(3,\)"),
        (["many"], [9], "events must be numbers"),
    ],
)
def test_bad_input_is_named(events: list[float], population: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rate_per(events, population)


@pytest.mark.parametrize("per", [0, -1, np.nan, np.inf])
def test_per_must_be_positive(per: float) -> None:
    with pytest.raises(ValueError, match="per must be above 0"):
        rate_per([1], [1], per=per)


def test_limits_are_the_exact_ones_of_a_funnel() -> None:
    # Exact chi-square limits over E at E = 15, 20, 30: 0.5596924 … 1.427562.
    lower, upper = poisson_interval([15, 20, 30], [15, 20, 30], per=1)
    assert lower == pytest.approx([0.5596924, 0.6108260, 0.6746958], abs=1e-6)
    assert upper == pytest.approx([1.649348, 1.544419, 1.427562], abs=1e-6)


def test_no_event_still_has_an_upper_limit() -> None:
    # Garwood (1936): observing 0, the 95 % limits are 0 and -ln(0.025) = 3.689.
    lower, upper = poisson_interval(0, 1, per=1)
    assert lower == 0
    assert upper == pytest.approx(3.688879, abs=1e-6)


def test_limits_are_missing_where_the_rate_is() -> None:
    lower, upper = poisson_interval([np.nan, 1], [100, 0])
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


@pytest.mark.parametrize("level", [0, 1, 95])
def test_the_level_is_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        poisson_interval([1], [1], level=level)


@given(counts, people)
def test_the_rate_lies_within_its_limits(events: np.ndarray, population: np.ndarray) -> None:
    lower, upper = poisson_interval(events, population)
    rate = rate_per(events, population)
    assert (lower <= rate).all()
    assert (rate < upper).all()


@given(counts, people, st.sampled_from([0.8, 0.95]))
def test_a_higher_level_is_wider(events: np.ndarray, population: np.ndarray, level: float) -> None:
    lower, upper = poisson_interval(events, population, level=level)
    wide_lower, wide_upper = poisson_interval(events, population, level=0.99)
    assert (wide_lower <= lower).all()
    assert (wide_upper >= upper).all()


def test_wilson_limits_agree_with_the_published_table() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3.
    lower, upper = wilson_interval([81, 15, 0, 1], [263, 148, 20, 29])
    assert lower == pytest.approx([0.2553, 0.0624, 0.0, 0.0061], abs=5e-5)
    assert upper == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)


def test_a_share_of_nothing_has_no_limits_and_hits_are_tries() -> None:
    lower, upper = wilson_interval([0, None], [0, 3])
    assert np.isnan([*lower, *upper]).all()
    with pytest.raises(ValueError, match="more hits than tries"):
        wilson_interval(2, 1)
