"""A dispute in the hands of the committee of Nanjie, ready to be mediated."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import NANJIE
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import now, today
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.service import NewDispute, move, open_dispute

TODAY, TOMORROW = "{today}", "{tomorrow}"  # what `dated` makes of them when it is sent


def in_mediation(session: Session, by: Viewer, **changes: Any) -> int:
    """Id of a dispute that `by` mediates."""
    values: dict[str, Any] = {
        "submission": f"story-{now().timestamp()}",
        "summary": "东邻翻建院墙",
        "type": "neighborhood",
        "source": "application",
        "place": "前山村",
        "area_code": NANJIE,
        "occurred_on": today(),
        "involved": 2,
        "title": "邻里:东邻翻建院墙",
    }
    dispute = open_dispute(session, by=by, draft=NewDispute(**{**values, **changes}))
    triage = {"category": dispute.type, "risk": "blue", "path": "mediation"}
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("accept", {}),
        ("triage", triage),
        ("mediate", {"mediator_id": by.id, "consent": True}),
    )
    for action, facts in steps:
        move(session, by=by, dispute_id=dispute.id, action=action, facts=facts)
    session.commit()
    return dispute.id


def fill(client: FlaskClient, dispute_id: int, act: str, **values: Any) -> Any:
    """Open the page of an act, then send it with its version and `values`."""
    address = f"/matters/{dispute_id}/mediation/{act}"
    page = client.get(address)
    if page.status_code != 200:
        return page
    return client.post(address, data={**hidden(page.text), **dated(values)})


def dated(values: dict[str, Any]) -> dict[str, Any]:
    """The values with today's and tomorrow's date: a run of the tests may pass midnight."""
    days = {TODAY: today().isoformat(), TOMORROW: (today() + timedelta(days=1)).isoformat()}
    return {name: _dated(value, days) for name, value in values.items()}


def _dated(value: Any, days: dict[str, str]) -> Any:
    if isinstance(value, str):
        for word, day in days.items():
            value = value.replace(word, day)
    return value


def state_of(owner: Session, dispute_id: int) -> str:
    """The state as it stands in the database now."""
    owner.expire_all()
    return owner.get_one(Dispute, dispute_id).state


def events_of(owner: Session, dispute_id: int) -> list[str]:
    """The history in words."""
    rows = owner.query(DisputeEvent).filter_by(dispute_id=dispute_id).order_by(DisputeEvent.id)
    return [row.event for row in rows]


def hidden(page: str) -> dict[str, str]:
    """Version and last event as the page holds them."""
    return {name: _value(page, name) for name in ("version", "seen")}


def _value(page: str, name: str) -> str:
    return page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
