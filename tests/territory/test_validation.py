"""Every fault of a folder is named in one run, with file, line and code."""

import json
from pathlib import Path

import geopandas as gpd
import pytest

from geo.places import Datum, convert_geometry
from tests.territory.invented import Ring, county, draw, edit
from yuantou.territory.faults import Fault
from yuantou.territory.validation import check_folder

MIDDLE = county(1, 1)
GEOJSON = "boundaries/county.geojson"


def faults(folder: Path) -> list[Fault]:
    return list(check_folder(folder).faults)


def only(folder: Path) -> Fault:
    found = faults(folder)
    assert len(found) == 1, [str(fault) for fault in found]
    return found[0]


def shift(ring: Ring, east: float) -> Ring:
    return [[lng + east, lat] for lng, lat in ring]


def test_an_invented_territory_has_no_fault(land: Path) -> None:
    report = check_folder(land)
    assert report.faults == ()
    assert report.notes == ()
    assert report.folder is not None
    assert len(report.folder.areas) == 14


@pytest.mark.parametrize(
    ("file", "old", "new", "kind", "line", "code"),
    [
        (
            "areas.csv",
            "V0100-2,下河乡,township,V0100,",
            "V0100-1,下河乡,township,V0100,",
            "duplicate",
            15,
            "V0100-1",
        ),
        ("areas.csv", "下河乡,township,V0100,", "下河乡,township,V77,", "no_parent", 15, "V0100-2"),
        ("areas.csv", "下河乡,township,V0100,", "下河乡,township,,", "no_parent", 15, "V0100-2"),
        ("areas.csv", "下河乡,township,", "下河乡,village,", "level", 15, "V0100-2"),
        ("areas.csv", "下河乡,township,V0100,", "下河乡,township,V0100-1,", "level", 15, "V0100-2"),
        ("areas.csv", "下河乡,", "下\u202e河乡,", "value", 15, "V0100-2"),
        ("areas.csv", "V0100-2,", "V0100/2,", "value", 15, "V0100/2"),
        (
            "population.csv",
            "V0211,2024,census,100,50,50",
            "V0211,2024,census,-100,50,50",
            "value",
            9,
            "V0211",
        ),
        (
            "population.csv",
            "V0211,2024,census,100,50,50",
            "V0211,2024,census,很多,50,50",
            "value",
            9,
            "V0211",
        ),
        (
            "population.csv",
            "V0211,2024,census,100,50,50",
            "V0211,2024,census,100,50,49",
            "sum",
            9,
            "V0211",
        ),
        (
            "population.csv",
            "V02,2024,census,600,300,300",
            "V02,2024,census,601,300,301",
            "sum",
            4,
            "V02",
        ),
        ("population.csv", "V0211,2024", "V0211,24", "date", 9, "V0211"),
        ("population.csv", "V0211,2024,census", "V0210,2024,census", "duplicate", 9, "V0210"),
        ("population.csv", "V0211,2024,census", "V9,2024,census", "unknown_code", 9, "V9"),
        ("courts.csv", "county,V0100", "county,V99", "counts_to", 2, "J1"),
        ("courts.csv", "city,V01,", "city,V0100,", "counts_to", 3, "J2"),
        ("courts.csv", "J2,", "J1,", "duplicate", 3, "J1"),
        ("manifest.toml", "date = 2025-06-30", 'date = "六月底"', "date", 0, ""),
        ("manifest.toml", 'crs = "EPSG:4490"\n', "", "crs", 0, ""),
        ("manifest.toml", 'crs = "EPSG:4490"', 'crs = "+proj=longlat"', "crs", 0, ""),
        ("manifest.toml", GEOJSON, "a\\u0000.geojson", "manifest", 0, ""),
        ("manifest.toml", "虚构省", "虚" * 201, "manifest", 0, ""),
        ("manifest.toml", 'root = "V0"', 'root = "V5"', "unknown_code", 0, "V5"),
        ("manifest.toml", "[levels.township]", "[levels.village]", "level", 0, ""),
        ("manifest.toml", 'source = "survey"', 'source = "nobody"', "source", 0, ""),
        ("manifest.toml", GEOJSON, "../county.geojson", "missing_file", 0, ""),
    ],
)
def test_a_fault_is_named_with_file_line_and_code(
    land: Path, file: str, old: str, new: str, kind: str, line: int, code: str
) -> None:
    edit(land, file, old, new)
    assert (kind, line, code) in {(fault.kind, fault.line, fault.code) for fault in faults(land)}


def test_one_run_names_the_faults_of_all_files(land: Path) -> None:
    edit(land, "areas.csv", "下河乡,township,V0100,", "下河乡,township,V77,")
    edit(land, "population.csv", "V0211,2024,census,100", "V0211,2024,census,-1")
    edit(land, "courts.csv", "county,V0100", "county,V99")
    draw(land, lambda code, ring: shift(ring, 0.05) if code == MIDDLE else ring)
    kinds = {fault.kind for fault in faults(land)}
    assert {"no_parent", "value", "counts_to", "overlap", "gap"} <= kinds


def test_a_circle_of_areas_is_named_once(land: Path) -> None:
    edit(land, "areas.csv", "V01,东市,city,V0,", "V01,东市,city,V0100-1,")
    circles = [fault for fault in faults(land) if fault.kind == "cycle"]
    assert len(circles) == 1
    assert "→" in circles[0].message


def test_a_hole_in_the_land_is_a_gap_and_a_broken_promise(land: Path) -> None:
    draw(land, lambda code, ring: None if code == MIDDLE else ring)
    assert {(fault.kind, fault.code) for fault in faults(land)} == {
        ("gap", ""),
        ("polygon_missing", MIDDLE),
    }


def test_land_of_others_inside_is_no_gap_when_the_manifest_says_so(land: Path) -> None:
    draw(land, lambda code, ring: None if code == MIDDLE else ring)
    edit(
        land,
        "manifest.toml",
        'source = "survey"\n',
        'source = "survey"\nknown_holes = [{lng = 120.11, lat = 40.19, reason = "邻省飞地"}]\n',
    )
    assert only(land).kind == "polygon_missing"


def test_overlap_names_both_areas_and_the_size(land: Path) -> None:
    draw(
        land,
        lambda code, ring: (
            [[lng - 0.01 * (lng == 120.2), lat] for lng, lat in ring]
            if code == county(2, 1)
            else ring
        ),
    )
    (fault,) = (fault for fault in faults(land) if fault.kind == "overlap")
    assert county(1, 1) in fault.message
    assert county(2, 1) in fault.message
    assert "平方公里" in fault.message


def test_a_self_crossing_polygon_is_invalid(land: Path) -> None:
    draw(
        land,
        lambda code, ring: (
            [ring[0], ring[2], ring[1], ring[3], ring[0]] if code == county(0, 0) else ring
        ),
    )
    assert any(fault.kind == "geometry" and fault.code == county(0, 0) for fault in faults(land))


def test_an_open_ring_is_named_and_the_rest_still_read(land: Path) -> None:
    draw(land, lambda code, ring: ring[:2] if code == county(0, 0) else ring)
    assert [(fault.kind, fault.code) for fault in faults(land)] == [("geometry", county(0, 0))]


def test_exchanged_latitude_and_longitude_are_a_wrong_crs(land: Path) -> None:
    draw(land, lambda _code, ring: [[lat, lng] for lng, lat in ring])
    found = [fault for fault in faults(land) if fault.kind == "crs"]
    assert len(found) == 9
    assert "颠倒" in found[0].message


def test_metres_under_a_crs_of_degrees_are_a_wrong_crs(land: Path) -> None:
    draw(land, lambda _code, ring: [[lng * 1e5, lat * 1e5] for lng, lat in ring])
    assert any("以米计" in fault.message for fault in faults(land))


def test_a_file_that_names_another_crs_is_a_fault(land: Path) -> None:
    collection = json.loads((land / GEOJSON).read_text())
    collection["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    (land / GEOJSON).write_text(json.dumps(collection))
    assert any(fault.kind == "crs" and "4547" in fault.message for fault in faults(land))


def test_an_unknown_crs_is_a_fault(land: Path) -> None:
    edit(land, "manifest.toml", 'crs = "EPSG:4490"', 'crs = "EPSG:999999"')
    assert any(fault.kind == "crs" and "999999" in fault.message for fault in faults(land))


@pytest.mark.parametrize("crs", ["GCJ-02", "BD-09"])
def test_gcj_and_baidu_files_are_converted_to_4490(land: Path, crs: Datum) -> None:
    true = gpd.read_file(land / GEOJSON)
    convert_geometry(true, "CGCS2000", crs).set_crs(4326, allow_override=True).to_file(
        land / GEOJSON, driver="GeoJSON", COORDINATE_PRECISION=12
    )
    edit(land, "manifest.toml", 'crs = "EPSG:4490"', f'crs = "{crs}"')
    report = check_folder(land)
    assert report.faults == ()
    assert report.folder is not None
    areas = report.folder.layers[0].areas
    assert areas.crs.to_epsg() == 4490
    assert areas.geometry.iloc[0].bounds == pytest.approx((120.0, 40.0, 120.1, 40.1), abs=1e-8)


def test_a_projected_geopackage_is_converted_to_4490(land: Path) -> None:
    true = gpd.read_file(land / GEOJSON).set_crs(4490, allow_override=True)
    true.to_crs(4549).to_file(land / "boundaries" / "county.gpkg")
    edit(land, "manifest.toml", "county.geojson", "county.gpkg")
    edit(land, "manifest.toml", 'crs = "EPSG:4490"', 'crs = "EPSG:4549"')
    report = check_folder(land)
    assert report.folder is not None
    bounds = report.folder.layers[0].areas.geometry.iloc[0].bounds
    assert bounds == pytest.approx((120.0, 40.0, 120.1, 40.1), abs=1e-7)


def test_polygons_of_unknown_areas_and_twice_the_same_are_faults(land: Path) -> None:
    collection = json.loads((land / GEOJSON).read_text())
    collection["features"][0]["properties"]["code"] = "V9999"
    collection["features"][1]["properties"]["code"] = county(2, 2)
    (land / GEOJSON).write_text(json.dumps(collection))
    found = {(fault.kind, fault.line) for fault in faults(land) if fault.file == GEOJSON}
    assert {("unknown_code", 1), ("duplicate", 9)} <= found


def test_a_promised_population_that_is_missing_is_a_fault(land: Path) -> None:
    edit(
        land,
        "manifest.toml",
        '[levels.township]\npolygons = "none"',
        '[levels.township]\npolygons = "none"\npopulation = true\npositions = true',
    )
    kinds = [(fault.kind, fault.code) for fault in faults(land)]
    assert kinds == [
        ("population_missing", "V0100-1"),
        ("position_missing", "V0100-1"),
        ("population_missing", "V0100-2"),
        ("position_missing", "V0100-2"),
    ]


def test_a_position_outside_its_county_is_a_fault(land: Path) -> None:
    (land / "positions.csv").write_text(
        "code,lng,lat,crs,source\nV0100-1,120.05,40.05,EPSG:4490,survey\n"
        "V0100-2,120.25,40.05,EPSG:4490,survey\n",
        encoding="utf-8",
    )
    fault = only(land)
    assert (fault.kind, fault.line, fault.code) == ("position", 3, "V0100-2")


def test_gb18030_is_read_and_said(land: Path) -> None:
    text = (land / "areas.csv").read_text(encoding="utf-8")
    (land / "areas.csv").write_bytes(text.encode("gb18030"))
    report = check_folder(land)
    assert report.faults == ()
    assert report.folder is not None
    assert report.folder.areas[0].name == "虚构省"
    assert "GB18030" in str(report.notes[0])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:60] + b"\xff" + content[60:],
        lambda content: content.decode().encode("utf-16"),
        lambda content: b"\xef\xbb\xbf" + content.replace("省".encode(), "省".encode()[:2]),
    ],
)
def test_broken_text_is_a_fault_of_encoding(land: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    (land / "areas.csv").write_bytes(spoil((land / "areas.csv").read_bytes()))
    assert ("encoding", "areas.csv") in {(fault.kind, fault.file) for fault in faults(land)}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("code,name,level,parent_code", "缺少列“source”"),
        ("code,name,level,parent_code,source,colour", "不认识的列“colour”"),
    ],
)
def test_columns_missing_or_unknown_are_named(land: Path, header: str, said: str) -> None:
    edit(land, "areas.csv", "code,name,level,parent_code,source", header)
    assert any(said in fault.message for fault in faults(land))


def test_a_missing_folder_manifest_or_boundary_file_is_named(land: Path) -> None:
    assert only(land / "nowhere").kind == "missing_file"
    (land / GEOJSON).unlink()
    assert (only(land).kind, only(land).file) == ("missing_file", GEOJSON)
    (land / "manifest.toml").unlink()
    assert only(land).file == "manifest.toml"


def test_a_boundary_file_that_is_no_map_is_named(land: Path) -> None:
    (land / GEOJSON).write_text("{not json")
    assert (only(land).kind, only(land).file) == ("geometry", GEOJSON)


def test_a_court_marked_as_unverified_is_never_verified(land: Path) -> None:
    report = check_folder(land)
    assert report.folder is not None
    assert [court.verified for court in report.folder.courts] == [True, True, False]
