"""Empirical Bayes: small populations lean on the others."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.rates import empirical_bayes, gamma_poisson, probability_above

counts = arrays(np.float64, 8, elements=st.integers(0, 500).map(float))
people = arrays(np.float64, 8, elements=st.integers(1, 2_000_000).map(float))


def expected_deaths(sids: gpd.GeoDataFrame) -> np.ndarray:
    births = sids["BIR74"].to_numpy()
    return np.asarray(births * sids["SID74"].sum() / births.sum())


def test_sudden_infant_deaths_as_published(sids: gpd.GeoDataFrame) -> None:
    # Marshall's global estimator on NC SIDS 1974 (esda's own tests).
    smoothed = empirical_bayes(sids["SID74"], sids["BIR74"])
    published = [0.00169730, 0.00170538, 0.00177309, 0.00201287, 0.00353491]
    assert smoothed[:5] == pytest.approx(published, abs=1e-8)


def test_per_scales_the_smoothed_rate() -> None:
    events, population = [1, 9, 30], [1_000, 2_000, 3_000]
    assert empirical_bayes(events, population, per=10_000) == pytest.approx(
        empirical_bayes(events, population) * 10_000
    )


def test_an_unknown_area_changes_nothing_for_the_others() -> None:
    smoothed = empirical_bayes([1, np.nan, 30, 4], [1_000, 2_000, 3_000, 0])
    assert np.isnan(smoothed).tolist() == [False, True, False, True]
    assert smoothed[[0, 2]] == pytest.approx(empirical_bayes([1, 30], [1_000, 3_000]))


def test_one_area_or_no_event_is_left_alone() -> None:
    assert empirical_bayes([5], [1_000]).tolist() == [0.005]
    assert empirical_bayes([0, 0], [10, 20]).tolist() == [0.0, 0.0]
    assert np.isnan(empirical_bayes([np.nan], [10])).all()


def test_areas_that_differ_by_chance_only_share_one_rate() -> None:
    assert empirical_bayes([10, 10, 11], [100, 100, 100]) == pytest.approx([31 / 300] * 3)


def test_a_negative_population_is_named() -> None:
    with pytest.raises(ValueError, match="population negative at position 1"):
        empirical_bayes([1, 1], [1, -1])


@given(counts, people)
def test_smoothing_moves_towards_the_common_rate(
    events: np.ndarray, population: np.ndarray
) -> None:
    raw, mean = events / population, events.sum() / population.sum()
    smoothed = empirical_bayes(events, population)
    slack = 1e-9 * (raw + mean)
    assert (smoothed >= np.minimum(raw, mean) - slack).all()
    assert (smoothed <= np.maximum(raw, mean) + slack).all()


@given(counts, people, st.permutations(range(8)))
def test_the_order_of_areas_does_not_matter(
    events: np.ndarray, population: np.ndarray, order: list[int]
) -> None:
    shuffled = empirical_bayes(events[order], population[order])
    assert shuffled == pytest.approx(empirical_bayes(events, population)[order], rel=1e-6)


def test_the_gamma_prior_solves_the_moment_equations(sids: gpd.GeoDataFrame) -> None:
    # Clayton & Kaldor (1987): mean of the risks = nu / alpha; their weighted
    # variance = nu / alpha². Fixed point of DCluster's empbaysmooth on this data:
    # nu 4.6307, alpha 4.3957.
    due = expected_deaths(sids)
    fit = gamma_poisson(sids["SID74"], due)
    assert fit.shape == pytest.approx(4.6307492, abs=1e-6)
    assert fit.rate == pytest.approx(4.3957409, abs=1e-6)
    risk = fit.relative_risk
    weighted = ((1 + fit.rate / due) * (risk - risk.mean()) ** 2).sum() / (len(due) - 1)
    assert risk.mean() == pytest.approx(fit.shape / fit.rate)
    assert weighted == pytest.approx(fit.shape / fit.rate**2)


def test_limits_hold_the_risk_and_their_share_of_the_posterior(sids: gpd.GeoDataFrame) -> None:
    fit = gamma_poisson(sids["SID74"], expected_deaths(sids))
    lower, upper = fit.interval(0.9)
    assert (lower < fit.relative_risk).all()
    assert (fit.relative_risk < upper).all()
    one = fit.events[:1], fit.expected[:1]
    draws = np.random.default_rng(5).gamma(one[0] + fit.shape, 1 / (one[1] + fit.rate), 200_000)
    assert np.mean((draws > lower[0]) & (draws < upper[0])) == pytest.approx(0.9, abs=0.005)
    assert np.mean(draws > 1.2) == pytest.approx(fit.above(1.2)[0], abs=0.005)


def test_probability_falls_as_the_target_rises(sids: gpd.GeoDataFrame) -> None:
    due = expected_deaths(sids)
    low, high = (probability_above(sids["SID74"], due, target) for target in (0.8, 1.5))
    assert (low > high).all()
    assert (low <= 1).all()
    assert (high >= 0).all()


def test_no_overdispersion_means_one_risk_for_all() -> None:
    fit = gamma_poisson([10, 10, 11, np.nan], [10, 10, 10, 10])
    assert np.isinf(fit.rate)
    assert fit.relative_risk[:3] == pytest.approx([31 / 30] * 3)
    assert fit.above(1.0).tolist()[:3] == [1.0, 1.0, 1.0]
    assert fit.above(1.1).tolist()[:3] == [0.0, 0.0, 0.0]
    assert np.isnan([fit.relative_risk[3], fit.above(1.0)[3], fit.interval()[0][3]]).all()


def test_nothing_known_is_refused() -> None:
    with pytest.raises(ValueError, match="no area with known events"):
        gamma_poisson([np.nan, 1], [1, 0])


@given(counts, people, st.floats(0.01, 100))
def test_a_scale_of_expectation_scales_the_risks(
    events: np.ndarray, population: np.ndarray, scale: float
) -> None:
    assume(events.sum() > 0)
    fit = gamma_poisson(events, population)
    scaled = gamma_poisson(events, population * scale)
    assert scaled.relative_risk * scale == pytest.approx(fit.relative_risk, rel=1e-5)
