"""Positions that hold, in the viewer's sight, and what stands beside them: people, caseload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.indicators.queries import dispute_counts
from yuantou.maps.reach.models import Place, PlaceBatch
from yuantou.territory.models import Area, Boundary, Population

SHOWN = 20
MOST_OUTLINES = 20


@dataclass(frozen=True)
class Standing:
    """A position that holds; `invented` where it is an example of the demo."""

    id: int
    kind: str
    name: str
    area_code: str
    area_path: str
    lng: float
    lat: float
    invented: bool = False


def standing(session: Session, sight: Range | None = None, path: str = "") -> list[Standing]:
    """Of each slot in `sight` the newest place that was not undone, below the area of `path`.

    Invented ones only where there are no others.
    """
    asked = (
        select(Place, Agency.demo)
        .join(PlaceBatch, PlaceBatch.id == Place.batch_id)
        .join(Agency, Agency.id == PlaceBatch.agency_id)
        .where(Place.until.is_(None))
    )
    if sight is not None:
        asked = asked.where(within(Place.area_path, sight))
    if path:
        asked = asked.where(within(Place.area_path, Range.below(path)))
    held: dict[str, Standing] = {}
    for p, demo in session.execute(asked.order_by(Place.id)):
        held[p.slot] = Standing(p.id, p.kind, p.name, p.area_code, p.area_path, p.lng, p.lat, demo)
    real = [place for place in held.values() if not place.invented]
    return real or list(held.values())


def positions(
    session: Session, path: str, sight: Range | None = None
) -> dict[str, tuple[float, float]]:
    """Positions of townships by code: those that were loaded, else those of the territory."""
    asked = select(Area.code, Area.lng, Area.lat).where(
        Area.level == "township", Area.lng.is_not(None), Area.lat.is_not(None)
    )
    if path:
        asked = asked.where(within(Area.path, Range.below(path)))
    found = {row.code: (row.lng, row.lat) for row in session.execute(asked)}
    loaded = [
        p
        for p in standing(session, sight, path)
        if p.kind == "township" and not (found and p.invented)
    ]
    return found | {p.area_code: (p.lng, p.lat) for p in loaded}


def invented(session: Session, path: str) -> bool:
    """Whether the positions of an area are examples of the demo."""
    return any(place.invented for place in standing(session, path=path))


def townships(session: Session, path: str) -> Sequence[Area]:
    """Townships below an area that stand today, by code."""
    asked = select(Area).where(
        Area.level == "township", Area.valid_to.is_(None), within(Area.path, Range.below(path))
    )
    return session.scalars(asked.order_by(Area.code)).all()


def areas(session: Session, viewer: Viewer) -> Sequence[Area]:
    """The counties and cities in sight, to choose from."""
    asked = select(Area).where(
        Area.level.in_(("province", "city", "county")), within(Area.path, viewer.scope.sums)
    )
    return session.scalars(asked.order_by(Area.path)).all()


def persons(session: Session, path: str) -> dict[str, tuple[int, int]]:
    """The newest population of each township below an area, with its year."""
    rows = session.execute(
        select(Population.area_code, Population.persons, Population.year)
        .join(Area, Area.code == Population.area_code)
        .where(Area.level == "township", within(Area.path, Range.below(path)))
        .order_by(Population.year)
    )
    return {code: (number, year) for code, number, year in rows}


def caseload(session: Session, path: str, first: date, last: date) -> dict[str, int]:
    """Disputes registered by township; restricted ones are not among them."""
    counted: dict[str, int] = {}
    for row in dispute_counts(session, "township", first, last, under=path):
        counted[row.area_code] = counted.get(row.area_code, 0) + row.reported
    return counted


def outlines(session: Session, path: str) -> list[Mapping[str, Any]]:
    """Geometries of the counties below an area, unless they are too many to draw."""
    asked = (
        select(Boundary.geometry)
        .join(Area, Area.code == Boundary.area_code)
        .where(
            Area.level == "county",
            Boundary.valid_to.is_(None),
            within(Area.path, Range.below(path)),
        )
        .order_by(Area.code)
        .limit(MOST_OUTLINES + 1)
    )
    found: list[Mapping[str, Any]] = list(session.scalars(asked))
    return found if len(found) <= MOST_OUTLINES else []


def boxes(session: Session, path: str) -> dict[str, tuple[float, float, float, float]]:
    """West, south, east and north of every county below an area that has a boundary."""
    rows = session.execute(
        select(Boundary.area_code, Boundary.geometry)
        .join(Area, Area.code == Boundary.area_code)
        .where(
            Area.level == "county",
            Boundary.valid_to.is_(None),
            within(Area.path, Range.below(path)),
        )
    )
    return {row.area_code: box(row.geometry) for row in rows}


def box(geometry: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east and north of a polygon or of several."""
    points = [point for ring in rings(geometry) for point in ring]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def rings(geometry: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    """Outer rings of a polygon or of several."""
    polygons = (
        [geometry["coordinates"]]
        if geometry["type"] == "Polygon"
        else list(geometry["coordinates"])
    )
    return [[(x, y) for x, y, *_ in polygon[0]] for polygon in polygons]


def batches(session: Session, viewer: Viewer) -> Sequence[Row[Any]]:
    """What offices in sight have loaded, newest first."""
    asked: Any = (
        select(PlaceBatch, Agency.name.label("agency"), Account.display_name.label("who"))
        .join(Agency, Agency.id == PlaceBatch.agency_id)
        .join(Account, Account.id == PlaceBatch.entered_by)
        .where(
            (PlaceBatch.agency_id == viewer.agency.id)
            | within(PlaceBatch.area_path, viewer.scope.sums)
        )
        .order_by(PlaceBatch.id.desc())
    )
    found: Sequence[Row[Any]] = session.execute(asked.limit(SHOWN)).all()
    return found
