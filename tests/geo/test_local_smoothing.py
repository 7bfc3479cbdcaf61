"""Local empirical Bayes: small populations lean on their neighbours."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from geo.rates import empirical_bayes, empirical_bayes_local
from tests.geo.conftest import installed

counts = arrays(np.float64, 6, elements=st.integers(0, 500).map(float))
people = arrays(np.float64, 6, elements=st.integers(1, 2_000_000).map(float))
EVERYONE = sparse.csr_array(np.ones((6, 6)) - np.eye(6))
RING = sparse.csr_array(np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1))


def neighbours_of_st_louis() -> sparse.csr_array:
    lines = installed("libpysal", "examples", "stl", "stl.gal").read_text().split("\n")
    n = int(lines[0].split()[-1])
    matrix = np.zeros((n, n))
    for at in range(n):
        own = int(lines[1 + 2 * at].split()[0])
        matrix[own - 1, [int(other) - 1 for other in lines[2 + 2 * at].split()]] = 1
    return sparse.csr_array(matrix)


def test_homicides_around_st_louis_as_published() -> None:
    # esda's documentation of Spatial_Empirical_Bayes: 1979-84, 78 counties.
    land = gpd.read_file(installed("libpysal", "examples", "stl", "stl_hom.shp"))
    events, population = land["HC7984"], land["PO7984"]
    smoothed = empirical_bayes_local(events, population, neighbours_of_st_louis())
    published = [4.01485749e-05, 3.62437513e-05, 4.93034844e-05, 5.09387329e-05, 3.72735210e-05,
                 3.69333797e-05, 5.40245456e-05, 2.99806055e-05, 3.73034109e-05,
                 3.47270722e-05]  # fmt: skip
    assert smoothed[:10] == pytest.approx(published, abs=1e-13)


@given(counts, people)
def test_with_everyone_a_neighbour_it_is_the_global_one(
    events: np.ndarray, population: np.ndarray
) -> None:
    local = empirical_bayes_local(events, population, EVERYONE)
    assert local == pytest.approx(empirical_bayes(events, population), rel=1e-6, abs=1e-15)


def test_an_unknown_area_is_no_neighbour_and_one_alone_keeps_its_rate() -> None:
    smoothed = empirical_bayes_local([3, None, 5, 1, 2, None], [10, 10, 10, 10, 0, 10], RING)
    assert np.isnan(smoothed).tolist() == [False, True, False, False, True, True]
    assert smoothed[0] == pytest.approx(0.3)


def test_per_scales_and_no_area_is_no_rate() -> None:
    once = empirical_bayes_local([1, 9, 3, 4, 0, 2], [100] * 6, RING)
    assert empirical_bayes_local([1, 9, 3, 4, 0, 2], [100] * 6, RING, per=10) == pytest.approx(
        once * 10
    )
    assert empirical_bayes_local([], [], sparse.csr_array((0, 0))).tolist() == []


def test_weights_of_another_size_are_refused(sids: gpd.GeoDataFrame) -> None:
    with pytest.raises(ValueError, match="weights must be 100 x 100"):
        empirical_bayes_local(sids["SID74"], sids["BIR74"], RING)
