"""Polygons and positions of a territory folder, read and brought to EPSG:4490."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio.errors
import shapely
from flask_babel import gettext as _
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geo.places import Datum, convert_geometry
from yuantou.territory.faults import Fault
from yuantou.territory.manifest import BD09, GCJ02, BoundaryFile, plain_crs

STORED_CRS = "EPSG:4490"
DATUMS: dict[str, Datum] = {
    STORED_CRS: "CGCS2000",
    "EPSG:4326": "WGS-84",
    GCJ02: "GCJ-02",
    BD09: "BD-09",
}
SUFFIXES = (".geojson", ".json", ".gpkg")
CHINA = (73.0, 3.0, 136.0, 54.0)  # degrees: west, south, east, north


@dataclass(frozen=True, slots=True)
class BoundaryLayer:
    """One boundary file: a GeoDataFrame with `code`, `number` (of the feature), `geometry`."""

    file: BoundaryFile
    areas: gpd.GeoDataFrame


def read_layer(folder: Path, file: BoundaryFile, faults: list[Fault]) -> BoundaryLayer | None:
    """The polygons of `file` in EPSG:4490; None, with faults, when they cannot be used at all."""
    path = (folder / file.file).resolve()
    problem = _path_problem(folder, path, file.file)
    if problem:
        faults.append(Fault(file.file, 0, "", "missing_file", problem))
        return None
    read = _read_geopackage if path.suffix.lower() == ".gpkg" else _read_geojson
    try:
        areas, said = read(path, file.code_field)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        ValueError,
        RecursionError,
    ) as error:
        faults.append(
            Fault(
                file.file,
                0,
                "",
                "geometry",
                _("不是能读懂的边界文件：%(reason)s", reason=str(error)[:200]),
            )
        )
        return None
    if areas is None:
        faults.append(
            Fault(
                file.file,
                0,
                "",
                "column",
                _("没有图形，或没有代码字段“%(field)s”", field=file.code_field),
            )
        )
        return None
    _compare_crs(file, said, faults)
    return _converted(file, areas, faults)


def plain_code(value: object) -> str:
    """A code as text, whether the file kept it as text, whole number or decimal."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None or value != value else str(value).strip()


def _path_problem(folder: Path, path: Path, name: str) -> str:
    if not path.is_relative_to(folder.resolve()):
        return _("文件“%(name)s”不在这个文件夹内", name=name)
    if path.suffix.lower() not in SUFFIXES:
        return _("边界文件应为 %(suffixes)s", suffixes="、".join(SUFFIXES))
    return "" if path.is_file() else _("没有这个文件")


def _read_geopackage(path: Path, code_field: str) -> tuple[gpd.GeoDataFrame | None, str]:
    read = gpd.read_file(path, on_invalid="ignore")
    if "geometry" not in read.columns or code_field not in read.columns:
        return None, ""
    said = read.crs.to_string() if read.crs else ""
    return _frame(read[code_field], read.geometry.values), said


def _read_geojson(path: Path, code_field: str) -> tuple[gpd.GeoDataFrame | None, str]:
    """Feature by feature, since GDAL closes open rings without saying which."""
    content = json.loads(path.read_bytes())
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise ValueError(_("不是 FeatureCollection"))
    codes = [(one.get("properties") or {}).get(code_field) for one in features]
    if all(code is None for code in codes):
        return None, ""
    shapes = [
        shapely.from_geojson(json.dumps(one["geometry"]), on_invalid="ignore")
        if one.get("geometry")
        else None
        for one in features
    ]
    said = content.get("crs") or {}
    return _frame(codes, shapely.force_2d(shapes)), str(said.get("properties", {}).get("name", ""))


def _frame(codes: Iterable[object], shapes: object) -> gpd.GeoDataFrame:
    plain = [plain_code(code) for code in codes]
    return gpd.GeoDataFrame({"code": plain, "number": range(1, len(plain) + 1)}, geometry=shapes)


def _compare_crs(file: BoundaryFile, said: str, faults: list[Fault]) -> None:
    """A fault when the file itself names another system than the manifest does."""
    if said and file.crs and not _agree(file.crs, said):
        faults.append(
            Fault(
                file.file,
                0,
                "",
                "crs",
                _(
                    "manifest 写的坐标系是 %(declared)s,文件自己写的是 %(said)s",
                    declared=file.crs,
                    said=said[:60],
                ),
            )
        )


def _agree(declared: str, said: str) -> bool:
    """Whether both can be; files in GCJ-02 and BD-09 name some system of degrees."""
    try:
        found = CRS.from_user_input(said)
        if declared in {GCJ02, BD09}:
            return bool(found.is_geographic)
        return bool(found.equals(CRS.from_user_input(declared), ignore_axis_order=True))
    except CRSError:
        return False


def _converted(
    file: BoundaryFile, areas: gpd.GeoDataFrame, faults: list[Fault]
) -> BoundaryLayer | None:
    """The layer in EPSG:4490; without a declared system the coordinates stay unused."""
    if not file.crs:
        return None
    outside = _outside_declared(file, areas)
    faults += outside
    if outside:
        return None
    try:
        return BoundaryLayer(file, to_stored_crs(areas, file.crs))
    except (CRSError, ValueError) as error:
        faults.append(
            Fault(
                file.file,
                0,
                "",
                "crs",
                _(
                    "坐标系“%(crs)s”不认识或不能换算：%(reason)s",
                    crs=file.crs,
                    reason=str(error)[:120],
                ),
            )
        )
        return None


def to_stored_crs(areas: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """`areas` converted from `crs` (also GCJ-02 or BD-09) to EPSG:4490."""
    crs = plain_crs(crs)
    if crs in DATUMS:
        return convert_geometry(areas, DATUMS[crs], DATUMS[STORED_CRS])
    return areas.set_crs(crs, allow_override=True).to_crs(STORED_CRS)


def _outside_declared(file: BoundaryFile, areas: gpd.GeoDataFrame) -> list[Fault]:
    """Degrees that are none, and latitude and longitude exchanged, before any conversion."""
    if not _in_degrees(file.crs):
        return []
    west, south, east, north = shapely.bounds(areas.geometry.values).T
    bad = ~((west >= CHINA[0]) & (south >= CHINA[1]) & (east <= CHINA[2]) & (north <= CHINA[3]))
    bad &= ~(shapely.is_empty(areas.geometry.values) | shapely.is_missing(areas.geometry.values))
    rows = areas.loc[bad]
    return [
        Fault(
            file.file,
            int(row.number),
            row.code,
            "crs",
            range_problem(row.geometry.bounds, file.crs),
        )
        for row in rows.itertuples()
    ]


def range_problem(bounds: tuple[float, float, float, float], crs: str) -> str:
    """Why coordinates with these bounds cannot be degrees of longitude and latitude in China."""
    west, south, east, north = bounds
    shown = f"{west:.6g},{south:.6g} — {east:.6g},{north:.6g}"
    if CHINA[0] <= south and north <= CHINA[2] and CHINA[1] <= west and east <= CHINA[3]:
        return _("经度与纬度似乎颠倒了：%(shown)s(坐标系 %(crs)s)", shown=shown, crs=crs)
    if max(abs(value) for value in bounds) > 360:
        return _(
            "坐标不是度，似乎是以米计的投影坐标：%(shown)s(写明的坐标系是 %(crs)s)",
            shown=shown,
            crs=crs,
        )
    return _(
        "坐标不在 %(crs)s 应有的范围（东经 73—136,北纬 3—54）：%(shown)s", shown=shown, crs=crs
    )


def _in_degrees(crs: str) -> bool:
    if crs in {GCJ02, BD09}:
        return True
    try:
        return bool(CRS.from_user_input(crs).is_geographic)
    except CRSError:
        return False


def polygon_faults(layer: BoundaryLayer) -> Iterator[Fault]:
    """Features that are no valid polygon, with the reason and where."""
    for row in layer.areas.itertuples():
        problem = _polygon_problem(row.geometry)
        if problem:
            yield Fault(layer.file.file, int(row.number), row.code, "geometry", problem)


def _polygon_problem(geometry: BaseGeometry | None) -> str:
    if geometry is None:
        return _("没有图形，或图形读不懂（环未闭合、点数不足）")
    if geometry.is_empty:
        return _("图形是空的")
    if geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        return _("图形应是面，不是 %(kind)s", kind=geometry.geom_type)
    if not geometry.is_valid:
        return _("图形无效：%(reason)s", reason=shapely.is_valid_reason(geometry))
    west, south, east, north = geometry.bounds
    if not (CHINA[0] <= west and east <= CHINA[2] and CHINA[1] <= south and north <= CHINA[3]):
        return range_problem(geometry.bounds, STORED_CRS)
    return ""
