"""Polygons and positions against areas and promises: missing, extra, gaps, overlaps, outside."""

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import shapely
from flask_babel import gettext as _
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

import geo.coverage
from geo.topology import coverage_faults
from yuantou.territory.faults import Fault
from yuantou.territory.folder import AREAS, POSITIONS, Folder, PositionRow
from yuantou.territory.manifest import FILE as MANIFEST
from yuantou.territory.manifest import plain_crs
from yuantou.territory.models import LEVELS
from yuantou.territory.shapes import (
    STORED_CRS,
    BoundaryLayer,
    polygon_faults,
    range_problem,
    to_stored_crs,
)


def boundary_faults(folder: Folder) -> Iterator[Fault]:
    """Every fault of the boundary files, of their codes, of their fit and of the promises."""
    levels = {area.code: area.level for area in folder.areas}
    for layer in folder.layers:
        yield from polygon_faults(layer)
        yield from _code_faults(layer, levels)
    for level in LEVELS:
        yield from _fit_faults([layer for layer in folder.layers if layer.file.level == level])
    yield from _promise_faults(folder)


def _code_faults(layer: BoundaryLayer, levels: dict[str, str]) -> Iterator[Fault]:
    file, first = layer.file, dict[str, int]()
    for code, number in zip(layer.areas["code"], layer.areas["number"], strict=True):
        line = int(number)
        if not code:
            yield Fault(file.file, line, "", "unknown_code", _("要素没有代码"))
        elif code not in levels:
            yield Fault(file.file, line, code, "unknown_code", _("图形的代码不在 areas.csv 里"))
        elif levels[code] != file.level:
            yield Fault(
                file.file,
                line,
                code,
                "level",
                _(
                    "这个文件放的是 %(level)s,%(code)s 却是 %(found)s",
                    level=file.level,
                    code=code,
                    found=levels[code],
                ),
            )
        if code and first.setdefault(code, line) != line:
            yield Fault(
                file.file,
                line,
                code,
                "duplicate",
                _("同一代码的图形与第 %(line)s 个要素重复", line=first[code]),
            )


def _fit_faults(layers: list[BoundaryLayer]) -> Iterator[Fault]:
    """Gaps and overlaps within one level; invalid polygons, named already, are mended for it."""
    drawn = [_polygons(layer.areas) for layer in layers]
    if not sum(len(areas) for areas in drawn):
        return
    areas = pd.concat(drawn, ignore_index=True).set_index("code")
    holes = _known_holes(layers, areas)
    files = "、".join(layer.file.file for layer in layers)
    for fault in coverage_faults(areas):
        message = _fit_message(fault)
        if message and not (fault.kind == "gap" and _within(fault, holes)):
            yield Fault(files, 0, "", fault.kind, message)


def _polygons(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    usable = areas.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    return areas[usable & ~areas.geometry.is_empty]


def _known_holes(layers: list[BoundaryLayer], areas: gpd.GeoDataFrame) -> list[BaseGeometry]:
    """The enclosed land of others that the manifest announces by a point in each."""
    points = [
        shapely.Point(lng, lat) for layer in layers for lng, lat, _reason in layer.file.known_holes
    ]
    if not points:
        return []
    union = shapely.union_all(shapely.make_valid(areas.geometry.values))
    rings = [
        shapely.Polygon(ring)
        for part in shapely.get_parts(union)
        if part.geom_type == "Polygon"
        for ring in part.interiors
    ]
    return [ring for ring in rings if any(ring.intersects(point) for point in points)]


def _within(fault: geo.coverage.Fault, holes: list[BaseGeometry]) -> bool:
    return fault.at is not None and any(hole.intersects(shapely.Point(fault.at)) for hole in holes)


def _fit_message(fault: geo.coverage.Fault) -> str:
    """The fault in Chinese; empty for what was said of the single polygon already."""
    codes = "、".join(str(code) for code in fault.areas[:6])
    where = f"({fault.at[0]:.6f},{fault.at[1]:.6f})" if fault.at else ""
    size = _size(fault.square_metres)
    if fault.kind == "gap":
        return _(
            "缝隙 %(size)s,位于 %(where)s,在 %(codes)s 之间", size=size, where=where, codes=codes
        )
    if fault.kind == "overlap":
        return _("%(codes)s 重叠 %(size)s,位于 %(where)s", codes=codes, size=size, where=where)
    if fault.kind == "unmatched":
        return _("%(codes)s 的公共边没有共用顶点 %(where)s", codes=codes, where=where)
    return ""


def _size(square_metres: float) -> str:
    if square_metres >= 1e5:
        return _("%(n)s 平方公里", n=f"{square_metres / 1e6:.2f}")
    return _("%(n)s 平方米", n=f"{square_metres:.0f}")


def _promise_faults(folder: Folder) -> Iterator[Fault]:
    """Areas of a level whose polygons are promised but not there, and files nobody announced."""
    drawn = {code for layer in folder.layers for code in layer.areas["code"]}
    read = {layer.file for layer in folder.layers}
    unread = {file.level for file in folder.manifest.boundaries if file not in read}
    promises = folder.manifest.promises
    for area in folder.areas:
        promise = promises.get(area.level)
        if area.level in unread or promise is None:
            continue
        if promise.polygons == "given" and area.code not in drawn:
            yield Fault(
                AREAS,
                area.line,
                area.code,
                "polygon_missing",
                _("%(name)s(%(level)s):承诺了边界，但没有图形", name=area.name, level=area.level),
            )
    for boundary in folder.manifest.boundaries:
        promise = promises.get(boundary.level)
        if promise is None or promise.polygons != "given":
            yield Fault(
                MANIFEST,
                0,
                "",
                "manifest",
                _(
                    "有边界文件 %(file)s,但 [levels.%(level)s] 的 polygons 不是 given",
                    file=boundary.file,
                    level=boundary.level,
                ),
            )
    yield from _derived_faults(folder)


def _derived_faults(folder: Folder) -> Iterator[Fault]:
    """A level made from its children's polygons needs a lower level that has them."""
    promises = folder.manifest.promises
    for number, level in enumerate(LEVELS):
        promise = promises.get(level)
        if promise is None or promise.polygons != "children":
            continue
        below = [promises[lower].polygons for lower in LEVELS[number + 1 :] if lower in promises]
        if "given" not in below:
            yield Fault(
                MANIFEST,
                0,
                "",
                "manifest",
                _("[levels.%(level)s] 的边界要由下级合并，但下级没有给出边界", level=level),
            )


def position_faults(folder: Folder) -> Iterator[Fault]:
    """Positions of unknown areas, twice the same, outside China or outside their own area."""
    parents = {area.code: area.parent_code for area in folder.areas}
    polygons = {
        row.code: row.geometry
        for layer in folder.layers
        for row in layer.areas.itertuples()
        if row.geometry is not None and row.geometry.is_valid
    }
    first: dict[str, int] = {}
    for row in folder.positions:
        if first.setdefault(row.code, row.line) != row.line:
            yield Fault(
                POSITIONS,
                row.line,
                row.code,
                "duplicate",
                _("代码与第 %(line)s 行重复", line=first[row.code]),
            )
        kind, message = _position_problem(row, parents, polygons)
        if kind:
            yield Fault(POSITIONS, row.line, row.code, kind, message)


def _position_problem(
    row: PositionRow, parents: dict[str, str], polygons: dict[str, BaseGeometry]
) -> tuple[str, str]:
    if row.code not in parents:
        return "unknown_code", _("代码不在 areas.csv 里")
    try:
        point = stored_position(row)
    except (CRSError, ValueError):
        return "crs", _(
            "坐标系“%(crs)s”不认识，或坐标 %(lng)s,%(lat)s 不能换算",
            crs=row.crs,
            lng=row.lng,
            lat=row.lat,
        )
    around = _polygon_around(row.code, parents, polygons)
    if around is not None and not around[1].intersects(point):
        return "position", _(
            "位置 %(lng)s,%(lat)s 不在 %(code)s 的边界内", lng=row.lng, lat=row.lat, code=around[0]
        )
    return "", ""


def stored_position(row: PositionRow) -> shapely.Point:
    """The position in EPSG:4490; raises ValueError when its coordinates cannot be its CRS's."""
    crs = plain_crs(row.crs)
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(row.lng, row.lat)])
    point: shapely.Point = to_stored_crs(frame, crs).geometry.iloc[0]
    if not (73 <= point.x <= 136 and 3 <= point.y <= 54):
        raise ValueError(range_problem(point.bounds, STORED_CRS))
    return point


def _polygon_around(
    code: str, parents: dict[str, str], polygons: dict[str, BaseGeometry]
) -> tuple[str, BaseGeometry] | None:
    """The polygon of the area itself or of the nearest area above it that has one."""
    seen: set[str] = set()
    while code and code not in seen:
        if code in polygons:
            return code, polygons[code]
        seen.add(code)
        code = parents.get(code, "")
    return None
