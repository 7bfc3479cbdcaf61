"""Polygons and positions of a territory folder, read and brought to EPSG:4490."""

import json
from collections.abc import Iterator
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
    STORED_CRS: "CGCS2000", "EPSG:4326": "WGS-84", GCJ02: "GCJ-02", BD09: "BD-09"}
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
    try:
        read = gpd.read_file(path, on_invalid="ignore")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        faults.append(Fault(file.file, 0, "", "geometry", _(
            "不是能读懂的边界文件:%(reason)s", reason=str(error)[:200])))
        return None
    if "geometry" not in read.columns or file.code_field not in read.columns:
        faults.append(Fault(file.file, 0, "", "column", _(
            "没有图形,或没有代码字段“%(field)s”", field=file.code_field)))
        return None
    areas = gpd.GeoDataFrame(
        {"code": [plain_code(value) for value in read[file.code_field]],
         "number": range(1, len(read) + 1)}, geometry=read.geometry.values)
    _compare_crs(path, file, read, faults)
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


def _compare_crs(
    path: Path, file: BoundaryFile, read: gpd.GeoDataFrame, faults: list[Fault]
) -> None:
    """A fault when the file itself names another system than the manifest does."""
    said = _own_crs(path, read)
    if said is None or not file.crs:
        return
    if file.crs in {GCJ02, BD09}:
        agrees = said.is_geographic
    else:
        try:
            declared = CRS.from_user_input(file.crs)
        except CRSError:
            return
        agrees = said.equals(declared, ignore_axis_order=True)
    if not agrees:
        faults.append(Fault(file.file, 0, "", "crs", _(
            "manifest 写的坐标系是 %(declared)s,文件自己写的是 %(said)s",
            declared=file.crs, said=said.to_string()[:60])))


def _own_crs(path: Path, read: gpd.GeoDataFrame) -> CRS | None:
    """What the file says; a GeoJSON without a `crs` member says nothing."""
    if path.suffix.lower() != ".gpkg" and "crs" not in _members(path):
        return None
    crs: CRS | None = read.crs
    return crs


def _members(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


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
        faults.append(Fault(file.file, 0, "", "crs", _(
            "坐标系“%(crs)s”不认识或不能换算:%(reason)s", crs=file.crs, reason=str(error)[:120])))
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
        Fault(file.file, int(row.number), row.code, "crs",
              range_problem(row.geometry.bounds, file.crs))
        for row in rows.itertuples()]


def range_problem(bounds: tuple[float, float, float, float], crs: str) -> str:
    """Why coordinates with these bounds cannot be degrees of longitude and latitude in China."""
    west, south, east, north = bounds
    shown = f"{west:.6g},{south:.6g} — {east:.6g},{north:.6g}"
    if CHINA[0] <= south and north <= CHINA[2] and CHINA[1] <= west and east <= CHINA[3]:
        return _("经度与纬度似乎颠倒了:%(shown)s(坐标系 %(crs)s)", shown=shown, crs=crs)
    if max(abs(value) for value in bounds) > 360:
        return _("坐标不是度,似乎是以米计的投影坐标:%(shown)s(写明的坐标系是 %(crs)s)",
                 shown=shown, crs=crs)
    return _("坐标不在 %(crs)s 应有的范围(东经 73—136,北纬 3—54):%(shown)s",
             shown=shown, crs=crs)


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
        return _("没有图形,或图形读不懂(环未闭合、点数不足)")
    if geometry.is_empty:
        return _("图形是空的")
    if geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        return _("图形应是面,不是 %(kind)s", kind=geometry.geom_type)
    if not geometry.is_valid:
        return _("图形无效:%(reason)s", reason=shapely.is_valid_reason(geometry))
    west, south, east, north = geometry.bounds
    if not (CHINA[0] <= west and east <= CHINA[2] and CHINA[1] <= south and north <= CHINA[3]):
        return range_problem(geometry.bounds, STORED_CRS)
    return ""
