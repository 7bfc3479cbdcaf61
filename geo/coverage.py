"""Faults of a polygon coverage: what keeps areas from tiling the land."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod

from geo.arrays import Integers
from geo.shapes import POLYGONAL, bare, crs_of

Shapes: TypeAlias = NDArray[np.object_]
Kind: TypeAlias = Literal["missing", "not a polygon", "invalid", "overlap", "gap", "unmatched"]


@dataclass(frozen=True)
class Fault:
    """One fault: which areas (index labels), how large (m²; NaN: no size), where.

    ``kind`` is "missing" (no geometry), "not a polygon", "invalid" (with the
    ``reason``), "overlap" (of two areas), "gap" (enclosed land of nobody,
    with the areas around it) or "unmatched" (borders that run along each
    other without sharing their vertices). ``at`` is a point inside, in the
    CRS of the areas.
    """

    kind: Kind
    areas: tuple[Any, ...]
    square_metres: float = np.nan
    at: tuple[float, float] | None = None
    reason: str = ""


def coverage_faults(areas: gpd.GeoDataFrame, tolerance: float = 1.0) -> list[Fault]:
    """All faults of a coverage in one go; an empty list means it tiles.

    ``areas`` is a GeoDataFrame or GeoSeries with a geographic CRS or one in
    metres; sizes are geodesic in the former case. Overlaps and gaps up to
    ``tolerance`` m² are reported as unmatched borders at most. Faulty polygons
    are mended for the search for overlaps and gaps, so that one run names
    everything. Faults come by kind, the largest first. Raises ValueError
    when the CRS is missing or in another unit.
    """
    size = _measure(crs_of(areas))
    shapes = bare(areas)
    labels = list(getattr(areas, "index", range(len(shapes))))
    faults, usable = _single_faults(shapes, labels)
    land = _Land(shapely.make_valid(shapes[usable]), [labels[row] for row in usable], size)
    gaps = land.gaps(tolerance)
    if shapely.coverage_is_valid(land.shapes):
        return faults + gaps
    overlaps = land.overlaps(tolerance)
    named = {label for fault in overlaps for label in fault.areas}
    return faults + overlaps + gaps + land.unmatched(named)


def _single_faults(shapes: Shapes, labels: list[Any]) -> tuple[list[Fault], Integers]:
    """Faults of each area alone, and the rows of areas that can be compared."""
    absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    other = ~absent & ~np.isin(shapely.get_type_id(shapes), POLYGONAL)
    broken = ~absent & ~other & ~shapely.is_valid(shapes)
    faults = [Fault("missing", (labels[row],)) for row in np.flatnonzero(absent)]
    faults += [
        Fault("not a polygon", (labels[row],), reason=shapes[row].geom_type)
        for row in np.flatnonzero(other)
    ]
    faults += [
        Fault("invalid", (labels[row],), reason=shapely.is_valid_reason(shapes[row]))
        for row in np.flatnonzero(broken)
    ]
    return faults, np.flatnonzero(~absent & ~other)


@dataclass(frozen=True)
class _Land:
    """Mended polygons with their labels and a measure of m²."""

    shapes: Shapes
    labels: list[Any]
    size: Callable[[Any], float]

    def overlaps(self, tolerance: float) -> list[Fault]:
        first, second = shapely.STRtree(self.shapes).query(self.shapes, predicate="intersects")
        once = first < second
        first, second = first[once], second[once]
        common = shapely.intersection(self.shapes[first], self.shapes[second])
        found = [
            self._fault("overlap", (one, other), shape)
            for one, other, shape in zip(first, second, common, strict=True)
            if shapely.area(shape) > 0
        ]
        return _largest(found, tolerance)

    def gaps(self, tolerance: float) -> list[Fault]:
        parts = shapely.get_parts(shapely.union_all(self.shapes))
        rings = [ring for part in parts for ring in getattr(part, "interiors", ())]
        holes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
        hole, row = shapely.STRtree(self.shapes).query(holes, predicate="intersects")
        around = [np.sort(row[hole == number]) for number in range(len(holes))]
        found = [
            self._fault("gap", tuple(rows), shape)
            for rows, shape in zip(around, holes, strict=True)
        ]
        return _largest(found, tolerance)

    def unmatched(self, named: set[Any]) -> list[Fault]:
        """Areas with faulty edges that no overlap in ``named`` explains."""
        edges = shapely.coverage_invalid_edges(self.shapes)
        rows = np.flatnonzero(~(shapely.is_missing(edges) | shapely.is_empty(edges)))
        return [
            Fault("unmatched", (self.labels[row],), at=_inside(edges[row]))
            for row in rows
            if self.labels[row] not in named
        ]

    def _fault(self, kind: Kind, rows: tuple[int, ...], shape: Any) -> Fault:
        labels = tuple(self.labels[row] for row in rows)
        return Fault(kind, labels, self.size(shape), _inside(shape))


def _largest(faults: list[Fault], tolerance: float) -> list[Fault]:
    large = [fault for fault in faults if fault.square_metres > tolerance]
    return sorted(large, key=lambda fault: -fault.square_metres)


def _inside(shape: Any) -> tuple[float, float]:
    point = shapely.point_on_surface(shape)
    return float(point.x), float(point.y)


def _measure(crs: CRS | None) -> Callable[[Any], float]:
    """How to measure m² in a CRS: geodesic for degrees, planar for metres."""
    if crs is None:
        raise ValueError("areas carry no CRS; sizes in m² need one")
    if crs.is_geographic:
        geod = crs.get_geod() or Geod(ellps="GRS80")
        return lambda shape: _geodesic(geod, shape)
    if crs.axis_info and crs.axis_info[0].unit_name == "metre":
        return lambda shape: float(shapely.area(shape))
    raise ValueError(f"sizes in m² need a CRS in degrees or metres, not {crs.name}")


def _geodesic(geod: Geod, shape: Any) -> float:
    parts = shapely.get_parts(shape)
    polygons = parts[shapely.get_dimensions(parts) == 2]
    return float(sum(abs(geod.geometry_area_perimeter(part)[0]) for part in polygons))
