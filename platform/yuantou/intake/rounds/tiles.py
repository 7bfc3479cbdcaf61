"""How far a round has come in a county without township polygons: its outline, a mark a township.

Where the office loaded the seats of all townships, marks stand there. Else they fill the outline in
the order of the codes, and the drawing says that this is an order and no place.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.territory.models import Area, Boundary

WIDTH = 320.0
LARGEST, SMALLEST = 54.0, 14.0
DETAIL = 300
INNER = 0.42  # of a tile: how far its middle keeps from the border
SHRINK = 0.96
LONGEST = 4
_KIND = re.compile(r"(街道|民族乡|镇|乡)$")


@dataclass(frozen=True)
class Tile:
    """One township: its middle on the drawing, and its units that reported."""

    code: str
    name: str
    x: float
    y: float
    done: int
    all: int

    @property
    def label(self) -> str:
        """The name as it fits under a mark."""
        return _KIND.sub("", self.name)[:LONGEST] or self.name[:LONGEST]

    @property
    def state(self) -> str:
        """none without units, else empty, some or full."""
        if not self.all:
            return "none"
        if not self.done:
            return "empty"
        return "full" if self.done >= self.all else "some"


@dataclass(frozen=True)
class Tiles:
    """The outline of a county and a tile for every township; `seated`: on their true places."""

    outline: str
    height: float
    size: float
    tiles: Sequence[Tile]
    seated: bool
    source: str
    approval: str

    @property
    def width(self) -> float:
        """Width of every drawing."""
        return WIDTH


@dataclass(frozen=True)
class _Frame:
    west: float
    north: float
    across: float
    down: float

    def x(self, lng: float) -> float:
        return (lng - self.west) * self.across

    def y(self, lat: float) -> float:
        return (self.north - lat) * self.down


def tiles_of(
    session: Session, county: str, shares: Mapping[str, tuple[int, int]], on: date
) -> Tiles | None:
    """The drawing of a county with (reported, units) by township; None without its outline."""
    row = session.scalars(
        select(Boundary).where(
            Boundary.area_code == county,
            Boundary.valid_from <= on,
            func.coalesce(Boundary.valid_to, date.max) > on,
        )
    ).first()
    places = session.scalars(
        select(Area)
        .where(Area.parent_code == county, Area.level == "township", Area.valid_to.is_(None))
        .order_by(Area.code)
    ).all()
    if row is None or not places:
        return None
    shape = shapely.from_geojson(json.dumps(row.geometry))
    frame, height = _frame(shape)
    drawn = _drawn(shape, frame)
    seated = all(each.lng is not None and each.lat is not None for each in places)
    size, middles = _seats(places, frame) if seated else spread(drawn, len(places))
    return Tiles(
        outline=_path(drawn),
        height=height,
        size=size,
        tiles=[
            Tile(each.code, each.name, round(x, 1), round(y, 1), *shares.get(each.code, (0, 0)))
            for each, (x, y) in zip(places, middles, strict=True)
        ],
        seated=seated,
        source=row.source,
        approval=row.approval_no or "",
    )


def spread(shape: Any, number: int) -> tuple[float, list[tuple[float, float]]]:
    """The largest tiles of which `number` find room within a shape, and their middles row by row.

    Of more places than needed those deepest inside are taken. A shape too narrow for the smallest
    tiles gets a plain grid over its box.
    """
    size = min(LARGEST, math.sqrt(shape.area / number) * 1.2)
    while size > SMALLEST:
        room = shape.buffer(-size * INNER)
        middles = _grid(shape, size)
        inside = [point for point in middles if shapely.contains_xy(room, *point)]
        if len(inside) >= number:
            deepest = sorted(inside, key=lambda at: -shape.boundary.distance(shapely.Point(at)))
            chosen = set(deepest[:number])
            return size, [point for point in middles if point in chosen]
        size *= SHRINK
    return SMALLEST, _grid_of(shape, number)


def _grid(shape: Any, size: float) -> list[tuple[float, float]]:
    west, north, east, south = shape.bounds
    columns, rows = int((east - west) / size), int((south - north) / size)
    left = west + (east - west - columns * size) / 2
    top = north + (south - north - rows * size) / 2
    return [
        (round(left + (column + 0.5) * size, 2), round(top + (row + 0.5) * size, 2))
        for row in range(rows)
        for column in range(columns)
    ]


def _grid_of(shape: Any, number: int) -> list[tuple[float, float]]:
    west, north, east, _south = shape.bounds
    columns = math.ceil(math.sqrt(number))
    step = max((east - west) / columns, SMALLEST)
    return [
        (west + (place % columns + 0.5) * step, north + (place // columns + 0.5) * step)
        for place in range(number)
    ]


def _seats(places: Sequence[Area], frame: _Frame) -> tuple[float, list[tuple[float, float]]]:
    middles = [(frame.x(each.lng or 0.0), frame.y(each.lat or 0.0)) for each in places]
    return 22.0, middles


def _frame(shape: Any) -> tuple[_Frame, float]:
    west, south, east, north = shape.bounds
    narrow = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrow)
    return _Frame(west, north, narrow * scale, scale), round((north - south) * scale, 1)


def _drawn(shape: Any, frame: _Frame) -> Any:
    """The shape on the drawing, no finer than can be seen."""

    def move(points: Any) -> Any:
        moved = points.copy()
        moved[:, 0] = (points[:, 0] - frame.west) * frame.across
        moved[:, 1] = (frame.north - points[:, 1]) * frame.down
        return moved

    moved = shapely.transform(shape, move)
    return shapely.make_valid(shapely.simplify(moved, WIDTH / DETAIL))


def _path(shape: Any) -> str:
    return "".join(
        f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in part.exterior.coords)}Z"
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
    )
