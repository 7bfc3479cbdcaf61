"""Datums and points to areas."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shapely.geometry import Point

from geo.places import DATUMS, Datum, attribute_points, convert, convert_geometry
from tests.geo.land import squares

longitudes = arrays(np.float64, 6, elements=st.floats(73, 135))
latitudes = arrays(np.float64, 6, elements=st.floats(3.5, 53.5))


def test_the_check_point_in_shenyang() -> None:
    lng, lat = convert(123.43, 41.80, "WGS-84", "GCJ-02")
    assert [lng, lat] == pytest.approx([123.436137, 41.802430], abs=1e-6)


def test_baidu_adds_its_own_shift() -> None:
    # The worked example of the coordtransform libraries: GCJ-02 (116.404, 39.915).
    lng, lat = convert(116.404, 39.915, "GCJ-02", "BD-09")
    assert [lng, lat] == pytest.approx([116.41036949, 39.92133699], abs=1e-8)


@given(longitudes, latitudes, st.sampled_from(DATUMS), st.sampled_from(DATUMS))
def test_there_and_back_is_where_one_was(
    lng: np.ndarray, lat: np.ndarray, source: Datum, target: Datum
) -> None:
    back = convert(*convert(lng, lat, source, target), target, source)
    assert back[0] == pytest.approx(lng, abs=1e-9)
    assert back[1] == pytest.approx(lat, abs=1e-9)


@given(longitudes, latitudes)
def test_the_shift_within_china_is_some_hundred_metres(lng: np.ndarray, lat: np.ndarray) -> None:
    x, y = convert(lng, lat, "WGS-84", "GCJ-02")
    metres = np.hypot((x - lng) * np.cos(np.radians(lat)), y - lat) * 111_320
    assert (metres < 1_500).all()


def test_abroad_nothing_is_shifted() -> None:
    paris = convert(2.35, 48.86, "WGS-84", "GCJ-02")
    assert np.array(paris).tolist() == [2.35, 48.86]


def test_the_satellites_datum_and_chinas_are_one() -> None:
    same = convert(123.4, 41.8, "WGS-84", "CGCS2000")
    assert np.array(same).tolist() == [123.4, 41.8]


def test_a_missing_place_stays_missing() -> None:
    lng, lat = convert([np.nan, 123.4], [41.8, 41.8], "BD-09", "WGS-84")
    assert np.isnan(lng).tolist() == [True, False]
    assert np.isfinite(lat[1])


@pytest.mark.parametrize(
    ("lng", "lat", "source", "message"),
    [
        ([123.4, 41.8], [41.8, 123.4], "GCJ-02", "latitude beyond 90 degrees .* at position 1"),
        ([200.0], [0.0], "GCJ-02", "longitude beyond 180 degrees at position 0"),
        ([1.0, 2.0], [1.0], "GCJ-02", "differ in shape"),
        ([1.0], [1.0], "Mars", "datum must be one of"),
    ],
)
def test_bad_places_are_named(
    lng: list[float], lat: list[float], source: Datum, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        convert(lng, lat, source, "WGS-84")


def test_a_file_in_mars_coordinates_comes_home(liaoning: gpd.GeoDataFrame) -> None:
    shifted = convert_geometry(liaoning, "CGCS2000", "GCJ-02")
    assert shifted.crs is None
    assert shapely.hausdorff_distance(shifted.geometry, liaoning.geometry).min() > 0.003
    back = convert_geometry(shifted, "GCJ-02", "CGCS2000")
    assert back.crs == "EPSG:4490"
    assert back["name"].tolist() == liaoning["name"].tolist()
    assert shapely.hausdorff_distance(back.geometry, liaoning.geometry).max() < 1e-9
    assert shapely.coverage_is_valid(shifted.geometry.to_numpy())


def test_a_single_geometry_is_converted_too() -> None:
    point = convert_geometry(Point(123.43, 41.80), "WGS-84", "GCJ-02")
    assert [point.x, point.y] == pytest.approx([123.436137, 41.802430], abs=1e-6)


def test_metres_are_not_degrees() -> None:
    with pytest.raises(ValueError, match="degrees are needed"):
        convert_geometry(squares(2), "WGS-84", "GCJ-02")
    with pytest.raises(ValueError, match="degrees are needed"):
        attribute_points([0.5], [0.5], squares(2))


def test_each_county_holds_its_own_points(liaoning: gpd.GeoDataFrame) -> None:
    inside = liaoning.geometry.representative_point()
    owner = attribute_points(inside.x, inside.y, liaoning)
    assert owner.tolist() == list(range(100))


def test_a_border_belongs_to_the_first_and_the_sea_to_nobody() -> None:
    land = squares(2, crs="EPSG:4490")
    lng, lat = [1.0, 1.0, 2.0, 2.000001, np.nan], [0.5, 1.0, 1.0, 0.5, 0.5]
    assert attribute_points(lng, lat, land).tolist() == [0, 0, 1, -1, -1]
    assert attribute_points(lng, lat, land.iloc[::-1]).tolist() == [0, 0, 0, -1, -1]


def test_attribution_agrees_with_a_spatial_join(liaoning: gpd.GeoDataFrame) -> None:
    rng = np.random.default_rng(2)
    lng, lat = rng.uniform(119, 126, 5_000), rng.uniform(38.5, 43.5, 5_000)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lng, lat), crs=liaoning.crs)
    joined = points.sjoin(liaoning.reset_index(drop=True), how="left", predicate="within")
    expected = joined["index_right"].fillna(-1).astype(int)
    assert attribute_points(lng, lat, liaoning).tolist() == expected.tolist()
