"""Moran's I of rates: small populations make no pattern."""

import esda
import geopandas as gpd
import libpysal
import numpy as np
import pytest
from libpysal.weights import Queen

from geo.hotspots import moran, moran_rates
from geo.weights import contiguity
from tests.geo.conftest import installed
from tests.geo.land import row_of, squares


@pytest.mark.filterwarnings("ignore")
def test_the_same_index_as_esda(sids: gpd.GeoDataFrame) -> None:
    theirs = esda.Moran_Rate(
        sids.SID79, sids.BIR79, Queen.from_dataframe(sids, use_index=False), permutations=0
    )
    ours = moran_rates(sids.SID79, sids.BIR79, contiguity(sids))
    assert pytest.approx([theirs.I], abs=1e-9) == [ours.I]
    assert ours.p_sim < 0.05


def test_the_published_index_of_sudden_infant_deaths(sids: gpd.GeoDataFrame) -> None:
    # PySAL's documentation of Moran_Rate, with the neighbours of sids2.gal.
    file = libpysal.io.open(str(installed("libpysal", "examples", "sids2", "sids2.gal")))
    found = moran_rates(sids.SID79, sids.BIR79, file.read().sparse)
    file.close()
    assert pytest.approx([0.16622343552567395], abs=1e-9) == [found.I]
    assert found.p_sim < 0.01


def test_equal_risks_seem_patterned_in_raw_rates_but_not_here() -> None:
    # A ramp of populations: small ones, whose rates scatter widely, lie side by side.
    weights = contiguity(squares(12, 12))
    people = np.repeat(np.geomspace(50, 50_000, 12), 12)
    rng = np.random.default_rng(3)
    found = [moran_rates(rng.poisson(people * 0.01), people, weights, 99, s).p_sim
             for s in range(100)]  # fmt: skip
    # Folded p: at most 0.025 by chance in 5 of 100, in more than 12 once in 500.
    assert sum(p <= 0.025 for p in found) <= 12


def test_nobody_lives_there() -> None:
    cases, people = np.array([4.0, 1, 3, 7, 2, 9, 0]), np.array([90.0, 80, 70, 60, 50, 99, 0])
    found = moran_rates(cases, people, row_of(7))
    assert found.n == 6
    assert pytest.approx([moran_rates(cases[:6], people[:6], row_of(6)).I]) == [found.I]


def test_the_unit_of_population_does_not_matter() -> None:
    cases, people = np.array([4.0, 1, 3, 7, 2, 9]), np.array([90.0, 80, 70, 60, 50, 99])
    plain = moran_rates(cases, people, row_of(6))
    assert pytest.approx([plain.I]) == [moran_rates(cases, people * 1e4, row_of(6)).I]


def test_no_cases_or_one_area_is_missing() -> None:
    assert np.isnan(moran_rates([0.0] * 5, [10.0] * 5, row_of(5)).I)
    assert np.isnan(moran_rates([3.0], [10.0], [[0]]).p_sim)
    assert np.isnan(moran_rates([2.0] * 5, [10.0] * 5, row_of(5)).z)


def test_shapes_must_match() -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        moran_rates([1.0, 2], [1.0, 2, 3], row_of(2))
    with pytest.raises(ValueError, match="permutations must not be"):
        moran([1.0, 2], row_of(2), permutations=-1)
