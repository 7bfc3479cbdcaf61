"""Who is whose neighbour."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from geo.weights import checked, contiguity, distance_band, k_nearest
from tests.geo.land import edges, row_of, squares


def test_queens_share_a_corner_and_rooks_an_edge() -> None:
    land = squares(2, 2)
    assert (0, 3) in edges(contiguity(land))
    assert edges(contiguity(land, rule="rook")) == {
        (0, 1), (1, 0), (0, 2), (2, 0), (1, 3), (3, 1), (2, 3), (3, 2),
    }  # fmt: skip


def test_weights_are_binary_and_without_self(liaoning: gpd.GeoDataFrame) -> None:
    weights = contiguity(liaoning)
    assert weights.shape == (100, 100)
    assert set(weights.data) == {1.0}
    assert not weights.diagonal().any()
    assert edges(weights) == {(area, near) for near, area in edges(weights)}


def test_the_second_order_reaches_two_steps() -> None:
    assert row_of(5)[[0]].indices.tolist() == [1]
    assert contiguity(squares(5), order=2)[[0]].indices.tolist() == [1, 2]


def test_an_island_is_joined_to_the_nearest_area_both_ways(liaoning: gpd.GeoDataFrame) -> None:
    name = liaoning["name"].to_numpy()
    island = int(np.flatnonzero(name == "长海县")[0])
    alone = contiguity(liaoning, islands="keep")
    assert alone[[island]].nnz == 0
    joined = contiguity(liaoning)
    nearest = joined[[island]].indices
    assert name[nearest].tolist() == ["普兰店区"]
    assert joined[[int(nearest[0])]][0, island] == 1
    assert joined.nnz == alone.nnz + 2


def test_degrees_of_longitude_are_shorter_in_the_north() -> None:
    # At 60° north the eastern area is nearer in metres, the northern in degrees.
    island, east = box(0, 60, 1, 61), box(2.5, 60, 3, 61)
    north, beyond = box(0, 62, 1, 63), box(0, 63, 1, 64)
    land = gpd.GeoSeries([island, east, north, beyond], crs="EPSG:4490")
    assert contiguity(land)[[0]].indices.tolist() == [1]


def test_the_nearest_is_judged_by_borders_not_by_boxes() -> None:
    island = box(8, 8, 9, 9)
    around = Polygon([(0, 0), (20, 0), (20, 1), (1, 1), (1, 20), (0, 20)])
    beside = box(11, 8, 12, 9)
    others = [box(20, 0, 21, 1), box(12, 8, 13, 9)]
    land = gpd.GeoSeries([island, around, beside, *others], crs="EPSG:32651")
    assert contiguity(land)[[0]].indices.tolist() == [2]


def test_an_area_alone_has_no_neighbours() -> None:
    assert contiguity(squares(1)).toarray().tolist() == [[0.0]]


def test_a_hole_and_its_filling_are_neighbours() -> None:
    ring = [(3, 3), (3, 6), (6, 6), (6, 3)]
    donut = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [ring])
    assert edges(contiguity([donut, Polygon(ring)], rule="rook")) == {(0, 1), (1, 0)}


def test_any_part_of_an_area_may_touch() -> None:
    scattered = MultiPolygon([box(0, 0, 1, 1), box(8, 8, 9, 9)])
    assert edges(contiguity([scattered, box(9, 8, 10, 9)])) == {(0, 1), (1, 0)}


@given(st.permutations(range(12)))
def test_reordering_areas_reorders_the_weights(order: list[int]) -> None:
    land = squares(4, 3)
    plain = contiguity(land).toarray()
    shuffled = contiguity(land.iloc[order]).toarray()
    assert (shuffled == plain[np.ix_(order, order)]).all()


@pytest.mark.parametrize(
    ("areas", "message"),
    [
        ([box(0, 0, 1, 1), None], "missing or empty at position 1"),
        ([Polygon(), box(0, 0, 1, 1)], "missing or empty at position 0"),
        ([box(0, 0, 1, 1), Point(0, 0)], "not a polygon at position 1"),
        ([], "no areas"),
    ],
)
def test_what_is_no_area_is_named(areas: list[object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        contiguity(areas)


@pytest.mark.parametrize("wrong", [{"rule": "bishop"}, {"islands": "drown"}, {"order": 0}])
def test_unknown_options_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        contiguity(squares(2), **wrong)  # type: ignore[arg-type]


def test_the_nearest_are_found_by_centroid() -> None:
    weights = k_nearest(squares(5), k=2)
    assert weights[[0]].indices.tolist() == [1, 2]
    assert np.diff(weights.indptr).tolist() == [2] * 5


def test_areas_in_one_place_are_not_their_own_neighbours() -> None:
    weights = k_nearest(np.zeros((6, 2)), k=2)
    assert not weights.diagonal().any()
    assert np.diff(weights.indptr).tolist() == [2] * 6


@pytest.mark.parametrize("k", [0, 3])
def test_there_are_only_so_many_neighbours(k: int) -> None:
    with pytest.raises(ValueError, match="k must lie between 1 and 2"):
        k_nearest(squares(3), k=k)


def test_a_band_reaches_up_to_its_threshold() -> None:
    assert edges(distance_band(squares(4), 1.0)) == edges(row_of(4))
    assert distance_band(squares(4), 0.99).nnz == 0


@pytest.mark.parametrize("crs", [None, "EPSG:4490", "EPSG:2263"])
def test_distances_need_metres(crs: str | None) -> None:
    land = squares(3, crs=crs)
    with pytest.raises(ValueError, match="projected"):
        k_nearest(land, 1)
    with pytest.raises(ValueError, match="projected"):
        distance_band(land, 1.0)


def test_weights_of_the_wrong_kind_are_named() -> None:
    good = row_of(3).toarray()
    with pytest.raises(ValueError, match="3 x 3 for 3 values"):
        checked(row_of(4), 3)
    with pytest.raises(ValueError, match="not at position 0"):
        checked(good * [[0.5], [1], [1]], 3)
    with pytest.raises(ValueError, match="its own neighbour at positions 0, 1, 2"):
        checked(good + np.eye(3), 3)


def test_places_whose_hashes_meet_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = edges(contiguity(squares(4, 3)))
    monkeypatch.setattr("geo.weights._mixed", lambda bits: bits & np.uint64(0))
    assert edges(contiguity(squares(4, 3))) == plain
