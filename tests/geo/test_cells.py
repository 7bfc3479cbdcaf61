"""Points to areas by an index of cells: fast, and exact all the same."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shapely.geometry import Polygon, box

from geo.cells import AreaIndex
from geo.places import attribute_points
from tests.geo.land import squares

LAND = squares(3, 3, crs="EPSG:4490")
INDEX = AreaIndex.of(LAND, size=0.13)
grid = arrays(np.float64, 20, elements=st.sampled_from([-0.5, 0, 0.13, 0.5, 0.91, 1, 1.56, 2, 3]))


@pytest.fixture(scope="module")
def index(liaoning: gpd.GeoDataFrame) -> AreaIndex:
    return AreaIndex.of(liaoning)


def test_no_point_of_many_is_lost(liaoning: gpd.GeoDataFrame, index: AreaIndex) -> None:
    rng = np.random.default_rng(2)
    lng, lat = rng.uniform(118.5, 126, 60_000), rng.uniform(38, 43.8, 60_000)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lng, lat), crs=liaoning.crs)
    joined = points.sjoin(liaoning.reset_index(drop=True), how="left", predicate="intersects")
    expected = joined.groupby(level=0)["index_right"].min().fillna(-1).astype(int)
    assert (index.attribute(lng, lat) == expected.to_numpy()).all()
    assert (attribute_points(lng, lat, liaoning) == expected.to_numpy()).all()


def test_points_beside_borders_are_exact(liaoning: gpd.GeoDataFrame, index: AreaIndex) -> None:
    vertices = liaoning.get_coordinates().to_numpy()[::7]
    near = vertices + np.random.default_rng(1).normal(0, 1e-4, vertices.shape)
    for places in (vertices, near):
        lng, lat = places[:2_000].T
        assert (index.attribute(lng, lat) == attribute_points(lng, lat, liaoning)).all()


@given(grid, grid)
@settings(max_examples=60, deadline=None)
def test_a_border_belongs_to_the_first(x: np.ndarray, y: np.ndarray) -> None:
    assert (INDEX.attribute(x, y) == attribute_points(x, y, LAND)).all()


def test_overlapping_areas_and_holes() -> None:
    donut = Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (3, 6), (6, 6), (6, 3)]])
    areas = [box(1, 1, 2, 2), donut, box(4, 4, 5, 5), box(8, 8, 12, 12)]
    found = AreaIndex.of(areas, size=0.2).attribute(
        np.array([1.5, 4.5, 3.5, 8.5, 10, 13, np.nan]), np.array([1.5, 4.5, 3.5, 8.5, 10, 13, 1])
    )
    assert found.tolist() == [0, 2, -1, 1, 3, -1, -1]


def test_an_index_is_kept_and_belongs_to_its_borders(tmp_path: Path) -> None:
    lng, lat = np.array([0.5, 1.5, 2.5]), np.array([0.5, 0.5, 0.5])
    first = attribute_points(lng, lat, LAND, cache=tmp_path)
    kept = list(tmp_path.glob("areas-*.npz"))
    assert len(kept) == 1
    assert attribute_points(lng, lat, LAND, cache=tmp_path).tolist() == first.tolist() == [0, 1, 2]
    assert attribute_points(lng, lat, LAND.iloc[::-1], cache=tmp_path).tolist() == [8, 7, 6]
    assert len(list(tmp_path.iterdir())) == 2


def test_what_was_kept_is_read_not_built(tmp_path: Path) -> None:
    AreaIndex.of(LAND, cache=tmp_path)
    kept = next(tmp_path.glob("areas-*.npz"))
    with np.load(kept) as file:
        held = dict(file)
    held["label"] = np.full_like(held["label"], 7)
    np.savez(kept, **held)
    assert AreaIndex.of(LAND, cache=tmp_path).attribute(np.array([0.5]), np.array([0.5])) == 7


@pytest.mark.parametrize("damage", [b"", b"not an archive", b"PK\x03\x04 cut"])
def test_a_damaged_file_is_replaced(tmp_path: Path, damage: bytes) -> None:
    AreaIndex.of(LAND, cache=tmp_path)
    kept = next(tmp_path.glob("areas-*.npz"))
    kept.write_bytes(damage)
    assert AreaIndex.of(LAND, cache=tmp_path).attribute(np.array([2.5]), np.array([0.5])) == 2
    assert kept.stat().st_size > 100


def test_an_index_serves_again(index: AreaIndex, liaoning: gpd.GeoDataFrame) -> None:
    inside = liaoning.geometry.representative_point()
    assert attribute_points(inside.x, inside.y, index).tolist() == list(range(100))
    with pytest.raises(ValueError, match="longitude beyond 180"):
        attribute_points([200.0], [0.0], index)


def test_what_is_no_area_is_named() -> None:
    with pytest.raises(ValueError, match="missing or empty at position 1"):
        AreaIndex.of([box(0, 0, 1, 1), None])
    with pytest.raises(ValueError, match="size must be above 0"):
        AreaIndex.of(LAND, size=-1)
