"""The drawn base map as rings on paper: decoded from its topology without a library of maps."""

import gzip
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry import box

from yuantou.maps.models import MapDrawing

Point = tuple[float, float]
SMALL = 0.0012  # of the whole map's box: a county that is hard to make out
FEWEST_SMALL = 4
KEPT = 4


@dataclass(frozen=True)
class Land:
    """The counties as shapes in degrees, their names and cities, and the box around them."""

    shapes: Mapping[str, Any]
    cities: Mapping[str, str]
    bounds: tuple[float, float, float, float]

    def crowded(self) -> list[tuple[str, tuple[float, float, float, float]]]:
        """Cities with many counties too small to read, and the box of these, the closest first."""
        west, south, east, north = self.bounds
        least = (east - west) * (north - south) * SMALL
        small: dict[str, list[Any]] = {}
        for code, shape in self.shapes.items():
            if shape.envelope.area < least:
                small.setdefault(self.cities[code], []).append(shape)
        found = [(city, held) for city, held in small.items() if len(held) >= FEWEST_SMALL]
        found.sort(key=lambda row: (shapely.box(*_box(row[1])).area / len(row[1]), row[0]))
        return [(city, _wider(_box(held))) for city, held in found]


def land(drawing: MapDrawing) -> Land:
    """The counties of a drawing, kept while the process runs."""
    return _land(drawing.hash, drawing.topology)


@lru_cache(maxsize=KEPT)
def _land(_hash: str, packed: bytes) -> Land:
    topology = json.loads(gzip.decompress(packed))
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [_arc(arc, scale, origin) for arc in topology["arcs"]]
    shapes, cities = {}, {}
    for entry in topology["objects"]["counties"]["geometries"]:
        parts = [entry["arcs"]] if entry["type"] == "Polygon" else entry["arcs"]
        polygons = [
            shapely.Polygon(_ring(part[0], arcs), [_ring(hole, arcs) for hole in part[1:]])
            for part in parts
        ]
        made: Any = shapely.make_valid(shapely.MultiPolygon(polygons))
        shapes[str(entry["id"])] = made
        cities[str(entry["id"])] = str(entry["properties"]["city"])
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    return Land(shapes, cities, (float(west), float(south), float(east), float(north)))


def _arc(arc: Sequence[Point], scale: Sequence[float], origin: Sequence[float]) -> list[Point]:
    x = y = 0.0
    found = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        found.append((x * scale[0] + origin[0], y * scale[1] + origin[1]))
    return found


def _ring(numbers: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """Arcs end to end; ~i is arc i backwards."""
    joined: list[Point] = []
    for number in numbers:
        piece = list(arcs[number] if number >= 0 else arcs[~number][::-1])
        joined += piece[1:] if joined else piece
    return joined


def _box(shapes: Sequence[Any]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(list(shapes))
    return float(west), float(south), float(east), float(north)


def _wider(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """With some of what lies around."""
    west, south, east, north = bounds
    more = max(east - west, north - south) * 0.15
    return west - 2.5 * more, south - more, east + 2.5 * more, north + more


def placed(
    bounds: tuple[float, float, float, float], frame: tuple[float, float, float, float]
) -> Callable[[Any], Any]:
    """From degrees to paper: `bounds` fill `frame` (left, top, width, height), north up, true in
    shape at the middle latitude."""
    west, south, east, north = bounds
    left, top, wide, high = frame
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min(wide / ((east - west) * narrow), high / (north - south))
    x0 = left + (wide - (east - west) * narrow * scale) / 2
    y0 = top + (high - (north - south) * scale) / 2

    def onto(shape: Any) -> Any:
        def move(points: Any) -> Any:
            moved = points.copy()
            moved[:, 0] = x0 + (points[:, 0] - west) * narrow * scale
            moved[:, 1] = y0 + (north - points[:, 1]) * scale
            return moved

        return shapely.transform(shape, move)

    return onto


def kilometre(
    bounds: tuple[float, float, float, float], frame: tuple[float, float, float, float]
) -> float:
    """Length of one kilometre on paper."""
    west, south, east, north = bounds
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min(frame[2] / ((east - west) * narrow), frame[3] / (north - south))
    return scale / 111.32


def cut(shape: Any, bounds: tuple[float, float, float, float]) -> Any:
    """The part of a shape within a box; empty where there is none."""
    return shape.intersection(box(*bounds))


def rings(shape: Any) -> list[list[Point]]:
    """Outer rings of a shape on paper, the holes left to what lies in them."""
    return [
        [(float(x), float(y)) for x, y in part.exterior.coords]
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and not part.is_empty
    ]


def hatching(shape: Any, *, rising: bool, gap: float) -> list[tuple[Point, Point]]:
    """Slanted lines within a shape on paper: rising to the right for hot, falling for cold."""
    west, north, east, south = shape.bounds
    high = south - north
    slope = -1 if rising else 1
    start = west - high
    lines = []
    for number in range(int((east - start) / gap) + 1):
        x = start + number * gap
        ends = ((x, south), (x + high, north)) if slope < 0 else ((x, north), (x + high, south))
        lines.append(ends)
    found = shapely.MultiLineString(lines).intersection(shape) if lines else shapely.LineString()
    return [
        ((float(a[0]), float(a[1])), (float(b[0]), float(b[1])))
        for line in shapely.get_parts(found)
        if line.geom_type == "LineString" and not line.is_empty
        for a, b in [(line.coords[0], line.coords[-1])]
    ]


def dots(shape: Any, gap: float) -> list[Point]:
    """A grid of dots within a shape on paper."""
    west, north, east, south = shape.bounds
    grid = [
        (column * gap, row * gap)
        for row in range(int(north / gap), int(south / gap) + 1)
        for column in range(int(west / gap), int(east / gap) + 1)
    ]
    if not grid:
        return []
    inside = shapely.contains_xy(shape, [x for x, _ in grid], [y for _, y in grid])
    return [point for point, held in zip(grid, inside, strict=True) if held]
