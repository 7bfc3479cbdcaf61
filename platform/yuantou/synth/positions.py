"""Invented positions for the demo county: township seats, three tribunals, mediation points.

They are an office's batch like any other, of a demo agency and with a name that says what they
are; the pages say so too, and drop them wherever real positions stand.
"""

from datetime import datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.maps.reach.models import Place, PlaceBatch
from yuantou.territory.models import Area, Boundary

FILE = "示例位置（虚构）"
TRIBUNALS = 3
POINT_EVERY = 3  # every third township has a mediation point beside its seat
TRIES = 40  # candidates for one seat: the one farthest from the others is taken
BESIDE = 0.004  # degrees


def write_positions(connection: Connection, county: str, now: datetime, seed: int) -> int:
    """Step: write the batch; returns how many places. Nothing beside real positions."""
    with Session(connection) as session:
        land = session.scalars(
            select(Area)
            .where(Area.parent_code == county, Area.level == "township", Area.valid_to.is_(None))
            .order_by(Area.code)
        ).all()
        outline = session.scalar(
            select(Boundary.geometry).where(
                Boundary.area_code == county, Boundary.valid_to.is_(None)
            )
        )
        if not land or outline is None or _real(session, county):
            return 0
        seats = _seats(outline, len(land), seed)
        batch = _batch(session, county, now)
        rows = [
            _row(batch, "township", area.name, area, seat, now)
            for area, seat in zip(land, seats, strict=True)
        ]
        place = session.get_one(Area, county)
        for number, at in enumerate(np.linspace(0, len(land) - 1, TRIBUNALS).astype(int), start=1):
            name = f"示例人民法庭{number}"
            rows.append(_row(batch, "tribunal", name, place, seats[at] + BESIDE, now))
        for number, at in enumerate(range(1, len(land), POINT_EVERY), start=1):
            name = f"示例调解点{number}"
            rows.append(_row(batch, "mediation", name, land[at], seats[at] - BESIDE, now))
        batch.lines = len(rows)
        session.execute(insert(Place), rows)
        session.flush()
        return len(rows)


def _real(session: Session, county: str) -> bool:
    """Whether the territory or an office has positions of the county."""
    known = select(func.count()).where(Area.parent_code == county, Area.lng.is_not(None))
    loaded = select(func.count()).select_from(Place)
    return bool(session.scalar(known)) or bool(session.scalar(loaded))


def _batch(session: Session, county: str, now: datetime) -> PlaceBatch:
    centre = session.scalars(
        select(Agency).where(Agency.kind == "county_centre", Agency.area_code == county)
    ).one()
    by = session.scalar(select(func.min(Account.id)).where(Account.agency_id == centre.id))
    batch = PlaceBatch(
        agency_id=centre.id,
        area_path=centre.area_path,
        file_name=FILE,
        content_hash=FILE,
        lines=0,
        entered_by=by,
        entered_at=now,
        undone_reason="",
    )
    session.add(batch)
    session.flush()
    return batch


def _seats(outline: Any, count: int, seed: int) -> NDArray[np.float64]:
    """So many points inside the outline, well apart (Mitchell's best candidate), in degrees."""
    shape = shapely.geometry.shape(outline)
    west, south, east, north = shape.bounds
    rng, found = np.random.default_rng([seed, 17]), np.empty((0, 2))
    while len(found) < count:
        tried = rng.uniform((west, south), (east, north), (TRIES, 2))
        tried = tried[shapely.contains_xy(shape, tried[:, 0], tried[:, 1])]
        if not len(tried):
            continue
        apart = np.linalg.norm(tried[:, None] - found[None], axis=2).min(axis=1, initial=np.inf)
        found = np.vstack([found, tried[apart.argmax()]])
    return found.round(5)


def _row(
    batch: PlaceBatch,
    kind: str,
    name: str,
    area: Area,
    at: NDArray[np.float64],
    now: datetime,
) -> dict[str, Any]:
    lng, lat = (round(float(one), 5) for one in at)
    own = area.code if kind == "township" else name
    return {
        "batch_id": batch.id,
        "slot": f"{kind}|{area.path.split('/')[2]}|{own}",
        "kind": kind,
        "name": name,
        "area_code": area.code,
        "area_path": area.path,
        "lng": lng,
        "lat": lat,
        "given_lng": lng,
        "given_lat": lat,
        "datum": "CGCS2000",
        "since": now,
        "until": None,
    }
