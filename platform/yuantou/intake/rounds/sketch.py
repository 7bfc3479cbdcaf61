"""A small map of how far a round has come: areas drawn by their boundaries, shaded by share.

Only areas whose polygons were loaded are drawn; the table beside it names them all.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.territory.models import Area, Boundary

WIDTH = 320.0
DETAIL = 300  # a line of the drawing is no finer than this part of its width
LEAST_DRAWN = 2
MOST_KEPT = 64
STEPS = (0.25, 0.5, 0.75, 0.999)


@dataclass(frozen=True)
class Shape:
    """An area on the sketch: its outline as an SVG path and what it says."""

    code: str
    name: str
    path: str
    done: int
    all: int

    @property
    def shade(self) -> str:
        """The class that colours it: none without units, then by share."""
        if not self.all:
            return "no-data"
        return f"seq-{1 + sum(self.done / self.all >= step for step in STEPS)}"


@dataclass(frozen=True)
class Sketch:
    """The areas of one drawing and where their boundaries come from."""

    height: float
    shapes: Sequence[Shape]
    source: str
    approval: str

    @property
    def width(self) -> float:
        """Width of every drawing."""
        return WIDTH


def sketch_of(session: Session, shares: Mapping[str, tuple[int, int]], on: date) -> Sketch | None:
    """Draw these areas with (reported, units) each; None where too few boundaries are known."""
    rows = session.execute(
        select(Boundary.id, Area.code, Area.name, Boundary.source, Boundary.approval_no)
        .join(Area, Area.code == Boundary.area_code)
        .where(
            Area.code.in_(shares),
            Boundary.valid_from <= on,
            func.coalesce(Boundary.valid_to, date.max) > on,
        )
        .order_by(Area.code)
    ).all()
    if len(rows) < LEAST_DRAWN:
        return None
    ids = tuple(row.id for row in rows)
    height, paths = _drawn(ids) or _draw(session, ids)
    shapes = [
        Shape(row.code, row.name, path, *shares[row.code])
        for row, path in zip(rows, paths, strict=True)
    ]
    return Sketch(height, shapes, rows[0].source, rows[0].approval_no or "")


_lock = Lock()
_kept: dict[tuple[int, ...], tuple[float, list[str]]] = {}


def _drawn(ids: tuple[int, ...]) -> tuple[float, list[str]] | None:
    with _lock:
        return _kept.get(ids)


def _draw(session: Session, ids: tuple[int, ...]) -> tuple[float, list[str]]:
    """Outlines of these boundaries; versions never change, so they are kept while we run."""
    rows = session.execute(select(Boundary.id, Boundary.geometry).where(Boundary.id.in_(ids)))
    known = {row.id: shapely.from_geojson(json.dumps(row.geometry)) for row in rows}
    made = _outlines([known[one] for one in ids])
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[ids] = made
    return made


def _outlines(shapes: Sequence[BaseGeometry]) -> tuple[float, list[str]]:
    """Height and paths: north is up, and a degree of longitude is as long as it is there."""
    west, south, east, north = shapely.total_bounds(list(shapes))
    narrow = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrow)
    simple = shapely.coverage_simplify(list(shapes), (east - west) / DETAIL)
    paths = [
        "".join(
            _ring(ring, west, north, narrow * scale, scale)
            for polygon in shapely.get_parts(shape)
            for ring in (polygon.exterior, *polygon.interiors)
        )
        for shape in simple
    ]
    return round((north - south) * scale, 1), paths


def _ring(ring: BaseGeometry, west: float, north: float, across: float, down: float) -> str:
    points = shapely.get_coordinates(ring)
    words = (f"{(lng - west) * across:.1f} {(north - lat) * down:.1f}" for lng, lat in points)
    return f"M{'L'.join(words)}Z"
