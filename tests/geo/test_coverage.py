"""What keeps areas from tiling the land."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pytest
from shapely.affinity import translate
from shapely.geometry import Point, Polygon, box

from geo.coverage import coverage_faults
from tests.geo.land import squares

BOWTIE = Polygon([(1, 0), (2, 1), (2, 0), (1, 1)])


def kinds(shapes: Sequence[object]) -> list[tuple[str, tuple[int, ...]]]:
    land = gpd.GeoSeries(shapes, crs="EPSG:4490")
    return [(fault.kind, fault.areas) for fault in coverage_faults(land)]


def test_liaoning_tiles(liaoning: gpd.GeoDataFrame) -> None:
    assert coverage_faults(liaoning) == []


def test_a_missing_county_inland_is_a_gap_of_its_size(liaoning: gpd.GeoDataFrame) -> None:
    inland = liaoning["name"] == "沈河区"
    gap, *others = coverage_faults(liaoning[~inland])
    assert others == []
    assert gap.kind == "gap"
    real = liaoning[inland].to_crs("ESRI:102025").area.iloc[0]
    assert gap.square_metres == pytest.approx(real, rel=1e-3)
    assert set(gap.areas) <= set(liaoning.index)
    assert gap.at is not None
    assert Point(gap.at).within(liaoning[inland].geometry.iloc[0])


def test_a_moved_county_overlaps_and_leaves_gaps(liaoning: gpd.GeoDataFrame) -> None:
    moved = liaoning.copy()
    code = liaoning.index[liaoning["name"] == "沈河区"][0]
    moved.loc[code, "geometry"] = translate(moved.loc[code, "geometry"], 0.01, 0)
    faults = coverage_faults(moved)
    assert {fault.kind for fault in faults} == {"overlap", "gap"}
    assert all(code in fault.areas for fault in faults)
    sizes = [fault.square_metres for fault in faults if fault.kind == "overlap"]
    assert sizes == sorted(sizes, reverse=True)


def test_sizes_are_square_metres() -> None:
    land = gpd.GeoSeries([box(0, 0, 10, 10), box(7, 0, 20, 10)], crs="EPSG:32651")
    assert [fault.square_metres for fault in coverage_faults(land)] == [30.0]
    degree = gpd.GeoSeries([box(0, 0, 1, 1), box(0, 0, 1, 1)], crs="EPSG:4490")
    # One square degree at the equator: 110.574 km by 111.319 km.
    assert coverage_faults(degree)[0].square_metres == pytest.approx(12_308.8e6, rel=1e-4)


@pytest.mark.parametrize(
    "hole", [[(2, 2), (2, 6), (6, 6), (6, 2)], [(2, 2), (6, 2), (6, 6), (2, 6)]]
)
def test_a_hole_counts_for_neither_side(hole: list[tuple[int, int]]) -> None:
    donut = Polygon([(0, 0), (8, 0), (8, 8), (0, 8)], [hole])
    overlap, gap = coverage_faults(gpd.GeoSeries([donut, donut], crs="EPSG:4490"))
    whole = coverage_faults(gpd.GeoSeries([box(0, 0, 8, 8)] * 2, crs="EPSG:4490"))[0]
    assert overlap.square_metres + gap.square_metres == pytest.approx(whole.square_metres)


def test_one_run_names_everything() -> None:
    shapes = [box(0, 0, 1, 1), BOWTIE, None, Point(0, 0), box(0.2, 0.2, 0.3, 0.3), Polygon()]
    assert kinds(shapes) == [
        ("missing", (2,)),
        ("missing", (5,)),
        ("not a polygon", (3,)),
        ("invalid", (1,)),
        ("overlap", (0, 4)),
    ]


def test_an_invalid_polygon_says_why() -> None:
    (fault,) = coverage_faults(gpd.GeoSeries([BOWTIE], index=["210102"], crs="EPSG:4490"))
    assert fault.areas == ("210102",)
    assert fault.reason == "Self-intersection[1.5 0.5]"


def test_borders_that_do_not_share_vertices_are_unmatched() -> None:
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 0.4), box(1, 0.4, 2, 1)]
    assert kinds(shapes) == [("unmatched", (0,)), ("unmatched", (1,)), ("unmatched", (2,))]


def test_an_area_inside_another_overlaps() -> None:
    assert kinds([box(0, 0, 9, 9), box(3, 3, 4, 4)]) == [("overlap", (0, 1))]


def test_slivers_below_the_tolerance_are_no_overlap() -> None:
    land = gpd.GeoSeries([box(0, 0, 1, 1), box(0.9, 0, 2, 1)], crs="EPSG:32651")
    assert [fault.kind for fault in coverage_faults(land)] == ["unmatched", "unmatched"]
    assert [fault.kind for fault in coverage_faults(land, tolerance=0.01)] == ["overlap"]


def test_nothing_to_judge_is_no_fault_of_coverage() -> None:
    (fault,) = coverage_faults(gpd.GeoSeries([None], crs="EPSG:4490"))
    assert fault.kind == "missing"
    assert np.isnan(fault.square_metres)


@pytest.mark.parametrize("crs", [None, "EPSG:2263"])
def test_sizes_need_a_known_unit(crs: str | None) -> None:
    with pytest.raises(ValueError, match="m²"):
        coverage_faults(squares(2, crs=crs))
