"""Moran's I: is the map clustered, and where."""

from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.hotspots import local_moran, moran
from geo.weights import contiguity
from tests.geo.land import row_of, squares

GRID = contiguity(squares(4, 3))
values = arrays(np.float64, 12, elements=st.integers(0, 50).map(float))


def test_crime_in_columbus_is_clustered(columbus: gpd.GeoDataFrame) -> None:
    # I as esda and R's spdep give it; z and p under randomisation: esda 2.9.0.
    found = moran(columbus["CRIME"], contiguity(columbus))
    assert [found.I, found.expected] == pytest.approx([0.50018856, -1 / 48], abs=1e-8)
    assert found.z == pytest.approx(5.589382675, abs=1e-8)
    assert found.p == pytest.approx(2.27878e-08, rel=1e-5)
    assert found.p_sim == 0.001


def test_a_chessboard_is_dispersed() -> None:
    weights = contiguity(squares(6, 6), rule="rook")
    board = [(x + y) % 2 for y in range(6) for x in range(6)]
    found = moran(board, weights)
    assert [found.I, found.expected] == pytest.approx([-1, -1 / 35])
    assert found.p < 1e-8


def test_areas_without_value_or_neighbour_take_no_part() -> None:
    rates = np.array([4.0, 1, 3, 7, 2, 9, 5, np.nan, 8])
    found = moran(rates, row_of(9))
    assert found.n == 7
    left = moran(rates[:7], row_of(7))
    assert [found.I, found.z] == pytest.approx([left.I, left.z])


@pytest.mark.parametrize("rates", [[3.0] * 12, [np.nan] * 12, [1.0, 2, 3] + [np.nan] * 9])
def test_too_little_to_go_by_is_missing(rates: list[float]) -> None:
    found = moran(rates, GRID)
    assert np.isnan([found.I, found.expected, found.z, found.p, found.p_sim]).all()


@given(values, st.floats(0.1, 1e3), st.permutations(range(12)))
def test_scale_and_order_do_not_matter(rates: np.ndarray, scale: float, order: list[int]) -> None:
    weights = GRID.toarray()[np.ix_(order, order)]
    moved = moran(rates[order] * scale, weights, permutations=0)
    plain = moran(rates, GRID, permutations=0)
    assert [moved.I, moved.z] == pytest.approx([plain.I, plain.z], rel=1e-6, abs=1e-9, nan_ok=True)


def test_the_same_seed_gives_the_same_global_p() -> None:
    rates = [3.0, 9, 2, 8, 4, 7]
    assert moran(rates, row_of(6), seed=4) == moran(rates, row_of(6), seed=4)


def test_local_values_sum_to_the_global(columbus: gpd.GeoDataFrame) -> None:
    # Anselin (1995): the local values are proportional to their share of the global.
    weights = contiguity(columbus)
    local = local_moran(columbus["CRIME"], weights, permutations=99)
    assert local["I"].sum() / 48 == pytest.approx(moran(columbus["CRIME"], weights).I)
    assert local["I"][:3].to_numpy() == pytest.approx([0.72178138, 0.51798565, 0.09193542])


def test_local_moments_are_those_of_all_possible_neighbours() -> None:
    rates = np.array([4.0, 1, 3, 7, 2, 9])
    weights = row_of(6)
    local = local_moran(rates, weights, permutations=99)
    own = rates - rates.mean()
    others = np.delete(own, 2)
    lags = np.array([np.mean(pair) for pair in combinations(others, 2)])
    every = 5 * own[2] * lags / (own**2).sum()
    assert local["expected"][2] == pytest.approx(every.mean())
    assert local["z"][2] == pytest.approx((local["I"][2] - every.mean()) / every.std())


def test_kinds_of_clusters_are_named() -> None:
    rates = np.full((10, 10), 10.0) + np.random.default_rng(1).normal(0, 0.5, (10, 10))
    rates[:3, :3] += 8
    rates[6:9, 6:9] -= 8
    rates[7, 7] += 16
    local = local_moran(rates.ravel(), contiguity(squares(10, 10)), 9_999, inference="normal")
    assert local["cluster"][11] == "high-high"
    assert local["cluster"][77] == "high-low"
    assert local["cluster"][66] == "low-low" or local["z"][66] < 1.96
    assert local["cluster"][50] == "not significant"


def test_an_island_has_no_local_value() -> None:
    weights = row_of(6).toarray()
    weights[0, :] = weights[:, 0] = 0
    local = local_moran([4.0, 1, 3, 7, 2, 9], weights)
    assert local.loc[0, ["I", "expected", "z", "p", "p_sim", "p_adjusted"]].isna().all()
    assert local["cluster"][0] == "not judged"


@given(values)
def test_local_p_values_are_probabilities(rates: np.ndarray) -> None:
    local = local_moran(rates, GRID, permutations=99)
    p = local[["p", "p_sim", "p_adjusted"]].to_numpy()
    assert ((p > 0) & (p <= 1) | np.isnan(p)).all()
    if np.ptp(rates) == 0:
        assert np.isnan(p).all()
