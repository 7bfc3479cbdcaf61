"""Matters as the tests of coordination need them, reported and moved by the cast."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import NANJIE
from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import NewParty, add_party
from yuantou.disputes.service import NewDispute, move, open_dispute


@dataclass(frozen=True)
class Door:
    """Opens a session for a person; `app` lends its keys while a matter is written."""

    app: Flask
    open: Callable[[str], tuple[Session, Viewer]]

    def __call__(self, login: str) -> tuple[Session, Viewer]:
        """A session in the scope of `login`, and the viewer."""
        return self.open(login)


def report(
    door: Door,
    login: str = "mei",
    parties: tuple[NewParty, ...] = (),
    now: datetime | None = None,
    **changes: Any,
) -> int:
    """Report a matter; returns its id."""
    session, viewer = door(login)
    draft: dict[str, Any] = {
        "submission": f"{login}-{clock.now().timestamp()}",
        "summary": "院墙滴水，邻居多年不和",
        "type": "neighborhood",
        "source": "grid_screening",
        "place": "前山村三组",
        "area_code": NANJIE,
        "occurred_on": date(2026, 3, 1),
        "involved": 4,
        "title": "院墙滴水争议",
    } | changes
    with door.app.app_context():
        dispute = open_dispute(session, by=viewer, draft=NewDispute(**draft), now=now)
        for party in parties:
            add_party(session, dispute=dispute, party=party)
        session.commit()
    return dispute.id


def act(door: Door, login: str, dispute: int, action: str, **facts: Any) -> Dispute:
    """One act of the workflow table, without its page."""
    session, viewer = door(login)
    done = move(session, by=viewer, dispute_id=dispute, action=action, facts=facts)
    session.commit()
    return done


def triaged(door: Door, **changes: Any) -> int:
    """A matter that the township has taken up and judged."""
    dispute = report(door, **changes)
    act(door, "mei", dispute, "accept")
    act(door, "mei", dispute, "triage", category="migrant_wages", risk="yellow", path="department")
    return dispute


def agency_of(door: Door, login: str) -> int:
    """The agency of a person."""
    return door(login)[1].agency.id


def dispatched(door: Door, to: str = "ren", **changes: Any) -> int:
    """A matter that the county has sent to the agency of `to`."""
    dispute = triaged(door, **changes)
    act(
        door,
        "gao",
        dispute,
        "dispatch",
        handler_agency_id=agency_of(door, to),
        deadline=clock.today() + timedelta(days=20),
    )
    return dispute
