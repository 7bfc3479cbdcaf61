"""Funnels: exact limits, and the spread between units taken into account."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.funnel import (
    adjusted_limits,
    adjusted_limits_share,
    funnel,
    funnel_limits,
    funnel_limits_share,
    funnel_share,
    overdispersion,
)

counts = arrays(np.float64, 12, elements=st.integers(0, 300).map(float))
sizes = arrays(np.float64, 12, elements=st.integers(1, 300).map(float))


def test_limits_are_the_exact_ones() -> None:
    # Half the chi-square quantiles over E, R's qchisq: E = 15, 20, 30.
    lower, upper = funnel_limits([15, 20, 30])
    assert lower == pytest.approx([0.5596924, 0.6108260, 0.6746958], abs=1e-6)
    assert upper == pytest.approx([1.649348, 1.544419, 1.427562], abs=1e-6)


def test_limits_of_shares_are_clopper_and_pearsons() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 5, where the
    # target is the share itself: 81 of 263, 15 of 148.
    for tries, hits, low, high in [(263, 81, 0.2527, 0.3676), (148, 15, 0.0578, 0.1617)]:
        lower, upper = funnel_limits_share(tries, hits / tries)
        assert lower == pytest.approx(low, abs=5e-5)
        assert upper == pytest.approx(high, abs=5e-5)


def test_a_target_moves_the_funnel() -> None:
    lower, upper = funnel_limits(10, target=2)
    doubled = funnel_limits(20)
    assert (lower, upper) == pytest.approx((doubled[0] * 2, doubled[1] * 2))


def test_nothing_expected_has_no_limits() -> None:
    for limits in (funnel_limits([0, np.nan]), funnel_limits_share([0, np.nan], 0.5)):
        assert np.isnan(limits).all()
    assert np.isnan(adjusted_limits([0], 0.1)).all()


def test_overdispersion_by_hand() -> None:
    # Spiegelhalter (2005), QSHC 14: 347: I = 4, all s = 1/2, no winsorising: phi = 20 / 4 = 5;
    # tau² = (20 - 3) / (16 - 64 / 16) = 17 / 12.
    spread = overdispersion([-3, -1, 1, 3], 0, [0.5] * 4)
    assert spread.phi == pytest.approx(5.0)
    assert spread.tau2 == pytest.approx(17 / 12)
    assert spread.units == 4


def test_winsorising_draws_the_outlier_in() -> None:
    z = [-1.0, -0.5, 0, 0.5, 1, 1, 0, -1, 0.2, 30]
    assert overdispersion(z).phi < 2
    assert overdispersion(z, 0).phi > 90


@pytest.mark.parametrize("z", [[], [np.nan]])
def test_no_unit_has_no_spread(z: list[float]) -> None:
    spread = overdispersion(z)
    assert np.isnan([spread.phi, spread.tau2]).all()
    assert spread.units == 0


def test_the_true_spread_is_found_again() -> None:
    # 4,000 units whose root ratios differ with variance 0.04 by construction.
    rng = np.random.default_rng(7)
    due = rng.uniform(20, 200, 4_000)
    risk = (1 + rng.normal(0, 0.2, due.size)) ** 2
    placed = funnel(rng.poisson(due * risk), due, winsorise=0)
    assert placed.spread.tau2 == pytest.approx(0.04, rel=0.08)
    assert placed.beyond_95.mean() > 0.4
    assert placed.adjusted_beyond_95.mean() == pytest.approx(0.05, abs=0.015)


def test_chance_alone_is_left_alone() -> None:
    rng = np.random.default_rng(3)
    due = rng.uniform(20, 200, 4_000)
    placed = funnel(rng.poisson(due), due)
    assert placed.spread.tau2 < 1e-3
    assert placed.beyond_95.mean() == pytest.approx(0.05, abs=0.02)
    assert placed.beyond_998.mean() < 0.006
    tries = rng.integers(30, 300, 4_000)
    shares = funnel_share(rng.binomial(tries, 0.3), tries, 0.3)
    assert shares.spread.phi < 1.1
    assert shares.adjusted_beyond_95.mean() == pytest.approx(0.05, abs=0.02)


def test_p_is_exact() -> None:
    # Twice the Poisson tail: P(X >= 25 | 15) = 0.011165; twice the binomial one:
    # P(X <= 2 | 10, 1/2) = 56 / 1024.
    assert funnel([25], [15]).p == pytest.approx([2 * 0.0111648], abs=1e-6)
    assert funnel_share([2, 8], [10, 10], 0.5).p == pytest.approx([112 / 1024] * 2)
    assert funnel_share([0, 10], [10, 10], 0.5).p == pytest.approx([2 / 1024] * 2)
    assert funnel([0], [3]).p == pytest.approx([2 * np.exp(-3)])


def test_unknown_units_are_not_judged() -> None:
    placed = funnel([3, None, 4, 9], [0, 5, None, 1])
    assert np.isnan(placed.z).tolist() == [True, True, True, False]
    assert np.isnan(placed.p).tolist() == [True, True, True, False]
    assert placed.beyond_95.tolist() == [False, False, False, True]
    assert funnel([], []).z.tolist() == []


@given(counts, sizes)
def test_adjusted_flags_are_those_of_adjusted_limits(due: np.ndarray, size: np.ndarray) -> None:
    placed = funnel(due, size)
    lower, upper = adjusted_limits(size, placed.spread.tau2)
    near = np.isclose(placed.value, lower) | np.isclose(placed.value, upper)
    outside = (placed.value < lower) | (placed.value > upper)
    assert (placed.adjusted_beyond_95 == outside)[~near & (placed.value > 0)].all()


@given(counts, sizes, st.permutations(range(12)))
def test_adjusting_never_sharpens_and_order_is_nothing(
    events: np.ndarray, due: np.ndarray, order: list[int]
) -> None:
    placed, shuffled = funnel(events, due), funnel(events[order], due[order])
    assert (np.abs(placed.adjusted_z) <= np.abs(placed.z) + 1e-12).all()
    assert shuffled.adjusted_z == pytest.approx(placed.adjusted_z[order], rel=1e-9, abs=1e-12)
    assert not (placed.beyond_998 & ~placed.beyond_95).any()


def test_shares_by_adjusted_limits() -> None:
    hits, tries = [1, 30, 60, 50, 99], [100] * 5
    placed = funnel_share(hits, tries)
    lower, upper = adjusted_limits_share(tries, placed.spread.tau2, 0.48)
    assert placed.adjusted_beyond_95.tolist() == [
        not low <= hit / 100 <= high for hit, low, high in zip(hits, lower, upper, strict=True)
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: funnel([1], [-1]), "expected negative at position 0"),
        (lambda: funnel_limits([1], target=0), "target must be above 0"),
        (lambda: funnel_limits_share([1], 1), "target must lie between 0 and 1"),
        (lambda: funnel_share([2], [1]), "more hits than tries"),
        (lambda: funnel_share([0], [10]), "target must lie between 0 and 1"),
        (lambda: overdispersion([1], 0.5), "winsorise"),
        (lambda: overdispersion([1], 0.1, [1, 2]), "1 z but 2 standard errors"),
        (lambda: overdispersion([1], 0.1, [0]), "standard_errors must be above 0"),
        (lambda: adjusted_limits([1], -1), "tau2 must be 0 or more"),
    ],
)
def test_bad_input_is_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
