"""Boundaries for the browser."""

import gzip
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from geo.topology import border_shift, decode, encode
from tests.geo.land import squares


def packed(topology: dict[str, object]) -> int:
    text = json.dumps(topology, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return len(gzip.compress(text.encode(), mtime=0))


def test_all_liaoning_fits_into_a_few_kilobytes(liaoning: gpd.GeoDataFrame) -> None:
    assert packed(encode(liaoning)) < 24_000


def test_no_border_moves_by_half_a_pixel(liaoning: gpd.GeoDataFrame) -> None:
    topology = encode(liaoning)
    assert border_shift(liaoning, topology, zoom=7) < 0.06
    step = np.hypot(*topology["transform"]["scale"])
    assert 0 < border_shift(liaoning, topology) <= step / 2 * (1 + 1e-9)


def test_counties_still_tile_after_the_journey(liaoning: gpd.GeoDataFrame) -> None:
    shapes = decode(encode(liaoning))
    assert len(shapes) == 100
    assert shapes.is_valid.all()
    assert shapely.coverage_is_valid(shapes.to_numpy())


def test_properties_and_ids_travel_along(liaoning: gpd.GeoDataFrame) -> None:
    entries = encode(liaoning, name="counties")["objects"]["counties"]["geometries"]
    assert [entry["id"] for entry in entries] == liaoning.index.tolist()
    assert [entry["properties"]["name"] for entry in entries] == liaoning["name"].tolist()


def test_a_shared_border_is_stored_once() -> None:
    lengths = [len(arc) for arc in encode(squares(2, crs="EPSG:4490"))["arcs"]]
    assert sorted(lengths) == [2, 4, 4]


def test_holes_and_parts_survive() -> None:
    ring = [(3, 3), (3, 6), (6, 6), (6, 3)]
    donut = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [ring])
    parts = MultiPolygon([Polygon(ring), box(20, 20, 25, 25)])
    land = gpd.GeoDataFrame(geometry=[donut, parts], crs="EPSG:4490")
    shapes = decode(encode(land))
    assert shapely.equals(shapely.set_precision(shapes, 0.1), land.geometry.to_numpy()).all()


def test_the_same_land_gives_the_same_bytes(liaoning: gpd.GeoDataFrame) -> None:
    assert json.dumps(encode(liaoning)) == json.dumps(encode(liaoning))


def test_a_moved_border_is_measured() -> None:
    land = squares(2, crs="EPSG:4490")
    moved = land.set_geometry(land.translate(0.25, 0))
    assert border_shift(moved, encode(land)) == pytest.approx(0.25, abs=1e-3)
    # 0.25 degrees of 360 over 128 tiles of 256 pixels.
    assert border_shift(moved, encode(land), zoom=7) == pytest.approx(22.76, abs=0.1)


def test_what_cannot_be_encoded_is_named() -> None:
    crumb = box(100, 10, 100.0001, 10.0001)
    land = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 50), crumb], crs="EPSG:4490")
    with pytest.raises(ValueError, match="smaller than a quantisation step at position 1"):
        encode(land)
    with pytest.raises(ValueError, match="in degrees"):
        encode(squares(2))
    with pytest.raises(ValueError, match="quantization must be at least 2"):
        encode(squares(2, crs="EPSG:4490"), quantization=1)
    with pytest.raises(ValueError, match="3 areas, but 2"):
        border_shift(squares(3), encode(squares(2, crs="EPSG:4490")))
