"""Opening a round through its page, and finding its units."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import LINGYUAN, NANJIE
from yuantou.agencies.models import Agency
from yuantou.calendar.clock import today
from yuantou.intake.rounds.models import ScreeningUnit


def fields(**changes: Any) -> dict[str, Any]:
    """A round as its form sends it."""
    values: dict[str, Any] = {
        "submission": uuid.uuid4().hex,
        "kind": "regular",
        "title": "十一月排查",
        "area": NANJIE,
        "starts_on": today().isoformat(),
        "ends_on": (today() + timedelta(days=6)).isoformat(),
        "themes": "欠薪、供热",
    }
    return values | changes


def opened(
    client: FlaskClient,
    *,
    login: str = "tang",
    places: str = "",
    agencies: Sequence[str] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> str:
    """Open a round and return its address."""
    changes: dict[str, Any] = {"places": places}
    if login == "gao":
        changes["area"] = LINGYUAN
    if starts_on:
        changes["starts_on"] = starts_on.isoformat()
    if ends_on:
        changes["ends_on"] = ends_on.isoformat()
    if agencies:
        changes["agencies"] = _ids(client, agencies)
    answer = client.post("/screening/new", data=fields(**changes))
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def unit_named(owner: Session, name: str) -> ScreeningUnit:
    """A unit by its name."""
    return owner.query(ScreeningUnit).filter_by(name=name).one()


def worker_day(at: datetime) -> datetime:
    """The moment at which a job of this day is due."""
    return at.replace(hour=8, minute=30)


def _ids(client: FlaskClient, names: Sequence[str]) -> list[int]:
    with client.application.extensions["sessions"]() as session:
        rows = session.query(Agency.id).filter(Agency.name.in_(names)).all()
        return [row.id for row in rows]
