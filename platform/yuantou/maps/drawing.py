"""Drawing the base map from the boundaries in force: quantised topology and neighbours."""

import gzip
import hashlib
import json
from datetime import date, datetime
from typing import Any

from shapely.geometry import shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou import heavy
from yuantou.maps.models import MapDrawing
from yuantou.territory.models import Area, Boundary

CRS = "EPSG:4490"


class NothingToDrawError(LookupError):
    """No county has a boundary."""


def stamp(session: Session) -> str:
    """A name for the boundaries that stand now."""
    newest, count = session.execute(select(func.max(Boundary.id), func.count(Boundary.id))).one()
    approvals = session.scalars(
        select(Boundary.approval_no).distinct().order_by(Boundary.approval_no)
    ).all()
    text = json.dumps([newest, count, approvals])
    return hashlib.sha256(text.encode()).hexdigest()


def draw(session: Session, *, now: datetime) -> MapDrawing:
    """Step: the drawing of the boundaries in force, made unless it is there already."""
    current = stamp(session)
    held = session.scalars(select(MapDrawing).where(MapDrawing.stamp == current)).first()
    if held is not None:
        return held
    areas = _counties(session, now.date())
    topology = json.dumps(
        heavy.topology.encode(areas[["name", "city", "geometry"]], "counties"),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    packed = gzip.compress(topology.encode(), 9, mtime=0)
    row = session.execute(
        select(Boundary.source, Boundary.source_crs, Boundary.approval_no)
        .join(Area, Area.code == Boundary.area_code)
        .where(Area.level == "county")
    ).first()
    assert row is not None  # noqa: S101 — _counties raised otherwise
    made = MapDrawing(
        hash=hashlib.sha256(packed).hexdigest()[:16],
        stamp=current,
        topology=packed,
        neighbours=_neighbours(areas),
        bounds=[float(v) for v in areas.total_bounds],
        source=row.source,
        crs=row.source_crs,
        approval_no=row.approval_no,
        made_at=now,
    )
    session.add(made)
    return made


def _counties(session: Session, on: date) -> Any:
    rows = session.execute(
        select(Area.code, Area.short_name, Area.parent_code, Boundary.geometry)
        .join(Boundary, Boundary.area_code == Area.code)
        .where(
            Area.level == "county",
            Boundary.valid_from <= on,
            func.coalesce(Boundary.valid_to, date.max) > on,
        )
        .order_by(Area.code)
    ).all()
    if not rows:
        raise NothingToDrawError("没有县级边界，请先载入区划：flask --app wsgi territory load")
    return heavy.geopandas.GeoDataFrame(
        {"name": [row.short_name for row in rows], "city": [row.parent_code for row in rows]},
        geometry=[shape(row.geometry) for row in rows],
        crs=CRS,
        index=[row.code for row in rows],
    )


def _neighbours(areas: Any) -> dict[str, list[str]]:
    weights = heavy.weights.contiguity(areas, islands="nearest")
    codes = list(areas.index)
    return {code: [codes[j] for j in weights[[i]].nonzero()[1]] for i, code in enumerate(codes)}
