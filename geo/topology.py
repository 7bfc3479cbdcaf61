"""Boundaries for the browser: TopoJSON with shared arcs, and what quantising costs."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from topojson.core.topology import Topology

from geo.arrays import Floats, refuse
from geo.coverage import Fault, coverage_faults
from geo.shapes import crs_of, polygons

__all__ = ["Fault", "border_shift", "coverage_faults", "decode", "encode"]

_TILE = 256
_NAME = "areas"


def encode(
    areas: gpd.GeoDataFrame, name: str = _NAME, quantization: int = 10_000
) -> dict[str, Any]:
    """TopoJSON of a polygon coverage: each shared border is stored once.

    ``areas`` is a GeoDataFrame of polygons in a geographic CRS; its other
    columns become properties and its index the ids. Coordinates are whole
    steps of the extent divided by ``quantization`` - 1. The result is ready
    for ``json.dumps`` and the same for the same input. A part smaller than a
    step is dropped. Raises ValueError for a projected or missing CRS, a
    missing or non-polygon geometry, or an area of which nothing is left,
    naming its position.
    """
    if quantization < 2:
        raise ValueError(f"quantization must be at least 2, not {quantization}")
    crs = crs_of(areas)
    if crs is None or not crs.is_geographic:
        raise ValueError("TopoJSON needs areas in degrees, with their CRS stated")
    polygons(areas)
    encoded = Topology(areas, object_name=name, prequantize=quantization, shared_coords=True)
    topology: dict[str, Any] = encoded.to_dict()
    lost = np.array([not shape.get("arcs") for shape in topology["objects"][name]["geometries"]])
    refuse(lost, "area smaller than a quantisation step")
    return topology


def decode(topology: dict[str, Any], name: str = _NAME) -> gpd.GeoSeries:
    """Polygons of a quantised TopoJSON object, in order, without CRS."""
    scale = np.array(topology["transform"]["scale"], dtype=np.float64)
    origin = np.array(topology["transform"]["translate"], dtype=np.float64)
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in topology["arcs"]]
    shapes = [_shape(entry, arcs) for entry in topology["objects"][name]["geometries"]]
    return gpd.GeoSeries(shapes)


def border_shift(
    areas: Any, topology: dict[str, Any], name: str = _NAME, zoom: float | None = None
) -> float:
    """Farthest that any border moved by encoding.

    Both ways between the borders of ``areas`` and those decoded from
    ``topology`` (Hausdorff distance over vertices), in degrees, or in Web
    Mercator pixels at ``zoom`` (tiles of 256). Raises ValueError when the two
    differ in number.
    """
    before, after = polygons(areas), polygons(decode(topology, name))
    if len(before) != len(after):
        raise ValueError(f"{len(before)} areas, but {len(after)} in the topology")
    if zoom is not None:
        before, after = (shapely.transform(side, _pixels(zoom)) for side in (before, after))
    shift = shapely.hausdorff_distance(shapely.boundary(before), shapely.boundary(after))
    return float(shift.max())


def _pixels(zoom: float) -> Any:
    world = _TILE * 2.0**zoom

    def project(degrees: Floats) -> Floats:
        north = np.arctanh(np.sin(np.radians(degrees[:, 1]))) / (2 * np.pi)
        pixels: Floats = np.column_stack([degrees[:, 0] / 360, -north]) * world
        return pixels

    return project


def _shape(entry: dict[str, Any], arcs: list[Floats]) -> Any:
    parts = [entry["arcs"]] if entry["type"] == "Polygon" else entry["arcs"]
    found = [
        shapely.Polygon(_ring(part[0], arcs), [_ring(hole, arcs) for hole in part[1:]])
        for part in parts
    ]
    return found[0] if entry["type"] == "Polygon" else shapely.MultiPolygon(found)


def _ring(numbers: list[int], arcs: list[Floats]) -> Floats:
    """Join arcs end to end; ~i means arc i backwards."""
    pieces = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    joined: Floats = np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
    return joined
