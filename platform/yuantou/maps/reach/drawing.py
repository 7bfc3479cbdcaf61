"""The map of reach: outlines, townships by band, places, and a line to the nearest tribunal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

from yuantou.maps.reach.distances import Position
from yuantou.maps.reach.figures import Reached
from yuantou.maps.reach.queries import rings

WIDTH, TALLEST, EDGE = 760.0, 620.0, 24.0
MOST_POINTS = 240


@dataclass(frozen=True)
class Mark:
    """A symbol: its shape is its kind (township bands, tribunal, mediation)."""

    x: float
    y: float
    kind: str
    title: str
    label: str = ""


@dataclass(frozen=True)
class Picture:
    """What the template draws, in pixels."""

    width: float
    height: float
    outlines: list[str] = field(default_factory=list)
    lines: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def picture(found: Reached, geometries: Sequence[Mapping[str, Any]]) -> Picture | None:
    """None where no position is known."""
    points = [line.position for line in found.lines if line.position is not None]
    points += [(place.lng, place.lat) for place in found.places if place.kind != "township"]
    if not points:
        return None
    shapes = [ring for geometry in geometries for ring in rings(geometry)]
    place, height = _projection([*points, *(point for ring in shapes for point in ring)])
    return Picture(
        WIDTH,
        height,
        [_path(ring, place) for ring in shapes],
        _lines(found, place),
        [*_townships(found, place), *_places(found, place)],
    )


def _projection(points: Sequence[Position]) -> tuple[Callable[[Position], Position], float]:
    """Degrees to pixels: equidistant in the middle latitude."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    squeeze = cos(radians((min(ys) + max(ys)) / 2))
    wide = max((max(xs) - min(xs)) * squeeze, 0.02)
    tall = max(max(ys) - min(ys), 0.02)
    scale = min((WIDTH - 2 * EDGE) / wide, (TALLEST - 2 * EDGE) / tall)
    height = max(tall * scale + 2 * EDGE, 200.0)
    left = (WIDTH - wide * scale) / 2
    top = (height - tall * scale) / 2

    def place(point: Position) -> Position:
        return (
            round(left + (point[0] - min(xs)) * squeeze * scale, 1),
            round(top + (max(ys) - point[1]) * scale, 1),
        )

    return place, round(height, 1)


def _path(ring: Sequence[Position], place: Callable[[Position], Position]) -> str:
    step = max(1, len(ring) // MOST_POINTS)
    points = [place(point) for point in ring[::step]]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _lines(
    found: Reached, place: Callable[[Position], Position]
) -> list[tuple[float, float, float, float, str]]:
    made = []
    for line in found.lines:
        if line.position is not None and line.tribunal is not None:
            there = line.tribunal.place
            made.append((*place(line.position), *place((there.lng, there.lat)), line.tribunal.band))
    return made


def _townships(found: Reached, place: Callable[[Position], Position]) -> list[Mark]:
    made = []
    for line in found.lines:
        if line.position is None:
            continue
        near = line.tribunal
        km = f" {near.km:.1f} km" if near else ""
        band = near.band if near else "unknown"
        label = line.area.short_name if band == "far" else ""
        made.append(Mark(*place(line.position), band, f"{line.area.name}{km}", label))
    return made


def _places(found: Reached, place: Callable[[Position], Position]) -> list[Mark]:
    return [
        Mark(*place((each.lng, each.lat)), each.kind, each.name)
        for each in found.places
        if each.kind != "township"
    ]
