"""Getis and Ord's G over the whole map, and Gi without the area itself."""

from itertools import permutations

import esda
import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.weights import DistanceBand

from geo.hotspots import general_g, gi, gi_star
from geo.weights import contiguity, distance_band
from tests.geo.land import row_of, squares

POINTS = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)])
VALUES = np.array([2, 3, 3.2, 5, 8, 7])


def test_the_worked_example_of_getis_and_ord() -> None:
    # esda's own tests, 1e-8.
    band = distance_band(POINTS, 15)
    assert pytest.approx([0.55709779], abs=1e-8) == [general_g(VALUES, band).G]
    assert gi(VALUES, band)["z"][0] == pytest.approx(-1.0136729, abs=1e-7)
    star = gi_star(VALUES, band)["z"][0]
    assert star == pytest.approx(-1.39727626, abs=1e-8)
    # esda's "row-standardised" Gi* puts the local mean over the deviation of one value:
    # with 3 of 6 areas held it is the z of the binary weights by this factor.
    assert star * np.sqrt(3 * 3 / 5) / 3 == pytest.approx(-0.62488094, abs=1e-8)


@pytest.mark.filterwarnings("ignore")
def test_the_same_moments_as_esda() -> None:
    theirs = esda.G(VALUES, DistanceBand(POINTS, 15), permutations=0)
    ours = general_g(VALUES, distance_band(POINTS, 15), permutations=0)
    assert [ours.expected, ours.variance, ours.z] == pytest.approx(
        [theirs.EG, theirs.VG, theirs.z_norm], abs=1e-10
    )


def test_moments_and_p_are_those_of_all_arrangements() -> None:
    weights = row_of(6)
    every = np.array([general_g(order, weights, 0).G for order in permutations(VALUES)])
    found = general_g(VALUES, weights, permutations=99_999, seed=1)
    assert [found.expected, found.variance] == pytest.approx([every.mean(), every.var()])
    tail = min((every >= found.G - 1e-12).mean(), (every <= found.G + 1e-12).mean())
    assert found.p_sim == pytest.approx(tail, abs=0.005)


def test_high_values_together_and_apart(columbus: gpd.GeoDataFrame) -> None:
    found = general_g(columbus["CRIME"], contiguity(columbus), seed=1)
    assert found.z > 3
    assert found.p_sim == 0.001
    board = [(x + y) % 2 for y in range(6) for x in range(6)]
    assert general_g(board, contiguity(squares(6, 6), rule="rook")).G == 0


def test_too_little_to_go_by_is_missing() -> None:
    for values in ([3.0] * 6, [np.nan] * 6, [1.0, 2, 3] + [np.nan] * 3):
        found = general_g(values, row_of(6))
        assert np.isnan([found.G, found.z, found.p, found.p_sim]).all()


@given(st.floats(0.01, 1e3), st.permutations(range(6)))
def test_scale_and_order_do_not_matter(scale: float, order: list[int]) -> None:
    weights = row_of(6)
    plain = general_g(VALUES, weights, 0)
    moved = general_g(VALUES[order] * scale, weights.toarray()[np.ix_(order, order)], 0)
    assert [moved.G, moved.z] == pytest.approx([plain.G, plain.z])
    alone = gi(VALUES[order] * scale + 7, weights.toarray()[np.ix_(order, order)], 0)["z"]
    assert alone.to_numpy() == pytest.approx(gi(VALUES, weights, 0)["z"].to_numpy()[order])


def test_an_island_and_equal_values_are_not_judged_by_gi() -> None:
    weights = row_of(6).toarray()
    weights[0, :] = weights[:, 0] = 0
    found = gi(VALUES, weights)
    assert found.loc[0, ["z", "p", "p_sim", "p_adjusted"]].isna().all()
    assert gi([2.0] * 6, row_of(6))["cluster"].tolist() == ["not judged"] * 6
    assert gi([2.0], [[0]])["cluster"].tolist() == ["not judged"]


def test_negative_values_are_refused() -> None:
    with pytest.raises(ValueError, match="values negative at position 1"):
        general_g([1.0, -1, 2, 3], row_of(4))
    with pytest.raises(ValueError, match="permutations must not be -1"):
        general_g([1.0, 1, 2, 3], row_of(4), permutations=-1)
