"""Spatial weights: who is whose neighbour.

Every function returns a ``scipy.sparse`` CSR array, n x n, of ones, without
self-neighbours; row i lists the neighbours of area i, and rows follow the
order of the input.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import scipy  # its parts that weigh much come at their first use
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy import sparse

from geo.arrays import Floats, Integers, above_zero, refuse
from geo.matrices import Weights as Weights
from geo.matrices import checked as checked
from geo.shapes import crs_of, geometries, polygons

_ODD = np.uint64(0x9E3779B97F4A7C15)
Rule: TypeAlias = Literal["queen", "rook"]
Islands: TypeAlias = Literal["nearest", "keep"]


def contiguity(
    areas: Any, rule: Rule = "queen", order: int = 1, islands: Islands = "nearest"
) -> Weights:
    """Neighbours by shared border.

    ``areas`` is a GeoDataFrame, GeoSeries or array of n polygons that carry
    the same vertices along shared borders. ``rule`` "queen" asks for a shared
    vertex, "rook" for a shared edge; coordinates are compared exactly, so the
    result equals libpysal's. ``order`` k adds neighbours of neighbours, up to
    k steps away. An area that touches none is joined, both ways, to the area
    nearest to it (``islands="nearest"``, measured between borders) or left
    without neighbours ("keep"). Any CRS will do. Raises ValueError for an
    unknown rule, an order below 1, or a missing, empty or non-polygon
    geometry, naming its position.
    """
    if rule not in ("queen", "rook"):
        raise ValueError(f'rule must be "queen" or "rook", not {rule!r}')
    if islands not in ("nearest", "keep"):
        raise ValueError(f'islands must be "nearest" or "keep", not {islands!r}')
    if order < 1:
        raise ValueError(f"order must be at least 1, not {order}")
    shapes = polygons(areas)
    parts = _vertices(shapes) if rule == "queen" else _edges(shapes)
    touching = _sharing(len(shapes), *parts)
    if islands == "nearest":
        touching = _join_islands(touching, shapes, crs_of(areas))
    return _within_steps(touching, order)


def k_nearest(areas: Any, k: int) -> Weights:
    """The ``k`` nearest areas by distance between centroids; not symmetric.

    ``areas`` is a GeoDataFrame or GeoSeries in a projected CRS in metres, or
    an (n, 2) array of coordinates in metres. Raises ValueError for degrees, a
    missing CRS, or k outside 1 … n - 1.
    """
    points = metric_points(areas)
    n = len(points)
    if not 1 <= k < n:
        raise ValueError(f"k must lie between 1 and {n - 1} for {n} areas, not {k}")
    near = np.asarray(scipy.spatial.cKDTree(points).query(points, k=k + 1)[1])
    rows = np.arange(n)
    itself = near == rows[:, None]
    itself[~itself.any(axis=1), k] = True
    return _binary(n, np.repeat(rows, k), near[~itself])


def distance_band(areas: Any, threshold: float) -> Weights:
    """All areas whose centroids lie at most ``threshold`` metres apart; symmetric.

    Input and errors as in ``k_nearest``; an area farther than that from every
    other has no neighbours.
    """
    threshold = above_zero(threshold, "threshold")
    points = metric_points(areas)
    pairs = scipy.spatial.cKDTree(points).query_pairs(threshold, output_type="ndarray")
    both = np.concatenate([pairs, pairs[:, ::-1]])
    return _binary(len(points), both[:, 0], both[:, 1])


def _binary(n: int, rows: Integers, columns: Integers) -> Weights:
    ones = np.ones(len(rows))
    matrix: Weights = sparse.csr_array((ones, (rows, columns)), shape=(n, n))
    matrix.sort_indices()
    return matrix


def _rings(shapes: NDArray[np.object_]) -> tuple[Integers, Integers, Integers]:
    """Vertex number, ring and area of every coordinate; equal places share a number."""
    parts, area_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    places, ring = shapely.get_coordinates(rings, return_index=True)
    return _numbered(places), ring, area_of_part[part_of_ring[ring]]


def _numbered(places: Floats) -> Integers:
    """A number for each distinct place, found by sorting one hash of both coordinates."""
    x, y = np.ascontiguousarray((places + 0.0).T)
    name = _mixed(_mixed(x.view(np.uint64)) ^ y.view(np.uint64))
    order = np.argsort(name)
    name, x_there, y_there = name[order], x[order], y[order]
    same = name[1:] == name[:-1]
    apart = (x_there[1:] != x_there[:-1]) | (y_there[1:] != y_there[:-1])
    if (same & apart).any():
        return np.asarray(np.unique(x + 1j * y, return_inverse=True)[1], dtype=np.int64)
    number = np.zeros(len(order), dtype=np.int64)
    number[order[1:]] = np.cumsum(~same)
    return number


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed: NDArray[np.uint64] = bits * _ODD
    return mixed ^ (mixed >> np.uint64(29))


def _vertices(shapes: NDArray[np.object_]) -> tuple[Integers, Integers]:
    vertex, _, area = _rings(shapes)
    return vertex, area


def _edges(shapes: NDArray[np.object_]) -> tuple[Integers, Integers]:
    vertex, ring, area = _rings(shapes)
    inside = ring[1:] == ring[:-1]
    ends = np.sort(np.column_stack([vertex[:-1], vertex[1:]])[inside], axis=1)
    code = ends[:, 0] * (vertex.max() + 1) + ends[:, 1]
    _, edge = np.unique(code, return_inverse=True)
    return edge, area[:-1][inside]


def _sharing(n: int, item: Integers, area: Integers) -> Weights:
    """Join areas that hold a common item (vertex or edge)."""
    shape = (n, int(item.max()) + 1)
    holds = sparse.csr_array((np.ones(len(item)), (area, item)), shape=shape)
    return _as_neighbours(holds @ holds.T)


def _as_neighbours(matrix: Any) -> Weights:
    pairs = matrix.tocoo()
    apart = (pairs.row != pairs.col) & (pairs.data != 0)
    return _binary(matrix.shape[0], pairs.row[apart], pairs.col[apart])


def _within_steps(touching: Weights, order: int) -> Weights:
    reached: Weights = touching
    for _ in range(order - 1):
        reached = _as_neighbours(reached + reached @ touching)
    return reached


def _join_islands(touching: Weights, shapes: NDArray[np.object_], crs: CRS | None) -> Weights:
    islands = np.flatnonzero(np.diff(touching.indptr) == 0)
    n = len(shapes)
    if n < 2 or not islands.size:
        return touching
    boxes = shapely.bounds(shapes)
    nearest = np.array([_nearest(shapes, boxes, int(island), crs) for island in islands])
    links = _binary(n, np.r_[islands, nearest], np.r_[nearest, islands])
    return _as_neighbours(touching + links)


def _nearest(shapes: NDArray[np.object_], boxes: Floats, island: int, crs: CRS | None) -> int:
    """Row of the area whose border is nearest; degrees of longitude are scaled there."""
    scale = np.ones(2)
    if crs is not None and crs.is_geographic:
        scale[0] = np.cos(np.radians(shapely.get_y(shapely.centroid(shapes[island]))))
    apart = _box_distance(boxes * np.tile(scale, 2), island)

    def distance(rows: Integers) -> Floats:
        here, there = (
            shapely.transform(side, lambda places: places * scale)
            for side in (shapes[[island]], shapes[rows])
        )
        return shapely.distance(here, there)

    within = distance(np.array([apart.argmin()]))[0]
    candidates = np.flatnonzero(apart <= within)
    return int(candidates[distance(candidates).argmin()])


def _box_distance(boxes: Floats, one: int) -> Floats:
    """Distance from one bounding box to each, infinite to itself."""
    low = np.maximum(boxes[:, :2], boxes[one, :2])
    high = np.minimum(boxes[:, 2:], boxes[one, 2:])
    apart: Floats = np.hypot(*np.maximum(low - high, 0.0).T)
    apart[one] = np.inf
    return apart


def metric_points(areas: Any) -> Floats:
    """Centroids as an (n, 2) array; ValueError unless ``areas`` are in metres, or an array."""
    if crs_of(areas) is None and np.asarray(areas).dtype.kind in "fiu":
        points = np.asarray(areas, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"coordinates must have shape (n, 2), not {points.shape}")
    else:
        _require_metres(crs_of(areas))
        points = shapely.get_coordinates(shapely.centroid(geometries(areas)))
    refuse(np.isnan(points.sum(axis=1)) | np.isinf(points).any(axis=1), "coordinates not finite")
    return points


def _require_metres(crs: CRS | None) -> None:
    if crs is None:
        raise ValueError("areas carry no CRS; distances need a projected one in metres")
    unit = crs.axis_info[0].unit_name if crs.axis_info else "unknown"
    if not crs.is_projected or unit != "metre":
        raise ValueError(
            f"distances need a projected CRS in metres, not {crs.name} in {unit}; use areas.to_crs"
        )
