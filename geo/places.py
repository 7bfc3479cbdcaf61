"""Places: datum conversions, points to areas, and written addresses to areas.

``convert`` (from ``geo.datums``) works on arrays of degrees, ``convert_geometry``
on geometries; datums are "WGS-84", "CGCS2000", "GCJ-02" and "BD-09".
``attribute_points`` finds the area of each point, with ``AreaIndex`` (from
``geo.cells``) for many. ``locate`` reads an address with a ``Gazetteer`` (from
``geo.addresses``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.addresses import Gazetteer, Located, locate
from geo.arrays import Integers, Numbers
from geo.cells import OUTSIDE, AreaIndex
from geo.datums import DATUMS, Datum, convert, degrees
from geo.shapes import crs_of, polygons

__all__ = [
    "DATUMS",
    "OUTSIDE",
    "AreaIndex",
    "Datum",
    "Gazetteer",
    "Located",
    "attribute_points",
    "convert",
    "convert_geometry",
    "locate",
]

_MANY = 50_000
_CRS: dict[Datum, str | None] = {
    "WGS-84": "EPSG:4326",
    "CGCS2000": "EPSG:4490",
    "GCJ-02": None,
    "BD-09": None,
}


def convert_geometry(geometry: Any, source: Datum, target: Datum) -> Any:
    """Convert every vertex of a geometry from one datum to another.

    ``geometry`` is a GeoDataFrame, GeoSeries, shapely geometry or array of
    geometries, in degrees; the same kind is returned, the input left as it
    was. Its stated CRS is not consulted, since files in GCJ-02 state WGS-84;
    that of the result is EPSG:4326 for WGS-84, EPSG:4490 for CGCS2000 and
    none for GCJ-02 and BD-09, which have no EPSG code. Equal vertices stay
    equal, so shared borders stay shared. Raises ValueError for a projected
    CRS, an unknown datum or degrees out of range.
    """
    if isinstance(geometry, gpd.GeoDataFrame):
        converted = convert_geometry(geometry.geometry, source, target)
        return geometry.set_geometry(converted).set_crs(converted.crs, allow_override=True)
    if isinstance(geometry, gpd.GeoSeries):
        _refuse_projected(geometry)
        moved = _moved(geometry.to_numpy(), source, target)
        return gpd.GeoSeries(moved, index=geometry.index, crs=_CRS[target], name=geometry.name)
    return _moved(geometry, source, target)


def attribute_points(
    lng: Numbers, lat: Numbers, areas: Any, cache: str | Path | None = None
) -> Integers:
    """Row number of the area that each point lies in; -1 where none does.

    ``lng`` and ``lat`` are degrees of m points in the datum of ``areas``, a
    GeoDataFrame, GeoSeries or array of polygons, or an ``AreaIndex`` of them.
    Decided on the exact polygons: a point on a border belongs to the area that
    comes first. NaN lies nowhere. Many points are found by an index of cells,
    which the folder ``cache`` keeps for the next time. Returns an integer array of
    shape (m,). Raises ValueError for areas in a projected CRS or not polygons,
    and as ``convert`` does.
    """
    x, y = (np.atleast_1d(axis) for axis in degrees(lng, lat))
    if isinstance(areas, AreaIndex):
        return areas.attribute(x, y)
    _refuse_projected(areas)
    if cache is not None or x.size >= _MANY:
        return AreaIndex.of(areas, cache=cache).attribute(x, y)
    shapes = polygons(areas)
    known = np.flatnonzero(~(np.isnan(x) | np.isnan(y)))
    points = np.asarray(shapely.points(x[known], y[known]), dtype=object)
    area, point = shapely.STRtree(points).query(shapes, predicate="intersects")
    owner = np.full(x.shape, OUTSIDE, dtype=np.int64)
    last_to_first = np.argsort(-area, kind="stable")
    owner[known[point[last_to_first]]] = area[last_to_first]
    return owner


def _moved(geometry: Any, source: Datum, target: Datum) -> Any:
    def move(vertices: Any) -> Any:
        return np.column_stack(convert(vertices[:, 0], vertices[:, 1], source, target))

    return shapely.transform(geometry, move)


def _refuse_projected(areas: Any) -> None:
    crs = crs_of(areas)
    if crs is not None and not crs.is_geographic:
        raise ValueError(f"degrees are needed, not {crs.name}; use to_crs(4490) first")
