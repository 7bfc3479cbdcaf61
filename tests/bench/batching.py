"""A thousand assignments in steps, each matter judged by the workflow on its own."""

import time
import uuid
from datetime import timedelta

import psycopg
from flask import Flask
from sqlalchemy.orm import Session

from yuantou.access.viewer import enter
from yuantou.accounts.models import Account
from yuantou.app import create_app
from yuantou.calendar.clock import today
from yuantou.coordination.batches import service
from yuantou.database.connections import Connections

CHOSEN = """SELECT d.county_code, a.id, g.id, t.id FROM (
  SELECT county_code, count(*) AS n FROM dispute GROUP BY 1 ORDER BY n DESC LIMIT 1) d
JOIN agency g ON g.kind = 'county_centre' AND g.area_code = d.county_code
JOIN account a ON a.agency_id = g.id AND a.role = 'coordinator'
JOIN agency t ON t.kind = 'department' AND t.area_code = d.county_code LIMIT 1"""
READY = """UPDATE dispute SET state = 'triaged', handler_agency_id = %s, closed_at = NULL,
  version = version + 1 WHERE id IN (SELECT id FROM dispute WHERE county_code = %s
  AND NOT restricted AND returns = 0 AND state = 'closed' ORDER BY id DESC LIMIT %s) RETURNING id"""


def assigned(connections: Connections, number: int = 1000) -> tuple[float, int]:
    """Seconds that a batch of so many dispatches takes in all, and how many it did."""
    app = create_app(connections, testing=True)
    with psycopg.connect(connections.owner.replace("+psycopg", "")) as owner:
        county, account, centre, target = owner.execute(CHOSEN).fetchone() or (None,) * 4
        ids = [row[0] for row in owner.execute(READY, (centre, county, number))]
    facts = {
        "handler_agency_id": target,
        "deadline": str(today() + timedelta(days=20)),
        "reason": "",
    }
    with app.test_request_context(), app.extensions["sessions"]() as session:
        return _timed(app, session, account, ids, facts)


def _timed(
    app: Flask, session: Session, account: int | None, ids: list[int], facts: dict[str, object]
) -> tuple[float, int]:
    viewer = enter(session, session.get_one(Account, account))
    started = time.perf_counter()
    batch_id = service.make(
        session, by=viewer, kind="dispatch", submission=uuid.uuid4().hex, ids=ids, facts=facts
    )
    batch = service.step(session, by=viewer, batch_id=batch_id)
    while batch.state == "waiting":
        batch = service.step(session, by=viewer, batch_id=batch_id)
    spent = time.perf_counter() - started
    session.close()
    app.extensions["engine"].dispose()
    return spent, batch.done
