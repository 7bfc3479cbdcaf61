"""The same numbers as esda and libpysal, the field's reference in Python."""

import esda
import geopandas as gpd
import numpy as np
import pytest
from libpysal.weights import KNN, DistanceBand, Queen, Rook, higher_order

from geo.hotspots import gi_star, local_moran
from geo.weights import contiguity, distance_band, k_nearest
from tests.geo.land import edges

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize(("rule", "oracle"), [("queen", Queen), ("rook", Rook)])
@pytest.mark.parametrize("land", ["columbus", "sids", "liaoning"])
def test_the_same_neighbours_as_libpysal(
    rule: str, oracle: type[Queen], land: str, request: pytest.FixtureRequest
) -> None:
    areas = request.getfixturevalue(land)
    theirs = oracle.from_dataframe(areas, use_index=False)
    ours = contiguity(areas, rule=rule, islands="keep")  # type: ignore[arg-type]
    assert edges(ours) == {(i, j) for i, near in theirs.neighbors.items() for j in near}


def test_the_same_spots_as_esda(columbus: gpd.GeoDataFrame) -> None:
    crime = columbus["CRIME"].to_numpy()
    neighbours = Queen.from_dataframe(columbus, use_index=False)
    theirs = esda.G_Local(crime, neighbours, star=True, transform="B", permutations=9_999, seed=1)
    ours = gi_star(crime, contiguity(columbus), permutations=9_999, seed=1)
    assert ours["z"].to_numpy() == pytest.approx(theirs.Zs, abs=1e-9)
    assert np.abs(ours["p_sim"] - theirs.p_sim).max() < 0.025


def test_the_same_local_moran_as_esda(columbus: gpd.GeoDataFrame) -> None:
    crime = columbus["CRIME"].to_numpy()
    neighbours = Queen.from_dataframe(columbus, use_index=False)
    theirs = esda.Moran_Local(crime, neighbours, permutations=9_999, seed=1)
    ours = local_moran(crime, contiguity(columbus), permutations=9_999, seed=1)
    assert ours["I"].to_numpy() == pytest.approx(theirs.Is, abs=1e-9)
    assert np.abs(ours["p_sim"] - theirs.p_sim).max() < 0.025


def test_the_same_second_order_as_libpysal(columbus: gpd.GeoDataFrame) -> None:
    first = Queen.from_dataframe(columbus, use_index=False)
    theirs = higher_order(first, k=2, lower_order=True, silence_warnings=True)
    ours = contiguity(columbus, order=2)
    assert edges(ours) == {(i, j) for i, near in theirs.neighbors.items() for j in near}


def test_the_same_distances_as_libpysal(sids: gpd.GeoDataFrame) -> None:
    areas = sids.set_crs(4267).to_crs(32119)
    for theirs, ours in (
        (KNN.from_dataframe(areas, k=4, use_index=False), k_nearest(areas, 4)),
        (DistanceBand.from_dataframe(areas, 50_000, use_index=False), distance_band(areas, 5e4)),
    ):
        assert edges(ours) == {(i, j) for i, near in theirs.neighbors.items() for j in near}
