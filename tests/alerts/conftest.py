"""Warnings raised as the worker raises them, over places and matters of the cast."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import LINGYUAN
from tests.conftest import Database
from tests.coordination.matters import Door
from yuantou.access.viewer import Viewer
from yuantou.alerts.models import Alert
from yuantou.alerts.nightly import judge_night
from yuantou.alerts.service import raise_alert

RAISED = NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
Raise = Callable[..., int | None]
Night = Callable[..., dict[str, int]]


@pytest.fixture
def door(app: Flask, viewer_session: Callable[[str], tuple[Session, Viewer]]) -> Door:
    """Opens sessions for the cast."""
    return Door(app, viewer_session)


@pytest.fixture
def warn(database: Database) -> Raise:
    """`warn(level="red")`: one warning by the worker; its id, or None while the key rests."""

    def write(**changes: Any) -> int | None:
        values: dict[str, Any] = {
            "rule": "W04", "version": 1, "level": "yellow", "area": LINGYUAN,
            "type_code": "migrant_wages", "key": "W04:test", "facts": {"count": 9},
            "reasons": [{"say": "近 %(days)s 天 %(count)s 件", "with": {"days": 7, "count": 9}}],
            "at": RAISED,
        } | changes  # fmt: skip
        with database.sessions("worker")() as session:
            made = raise_alert(session, **values)
            session.commit()
            return made.id if made else None

    return write


@pytest.fixture
def night(database: Database) -> Night:
    """`night(now)`: every rule of the night once; what each raised."""

    def judge(now: datetime = NOW) -> dict[str, int]:
        with database.sessions("worker")() as session:
            raised = judge_night(session, now=now, progress=lambda _done, _of: None)
            session.commit()
        return raised

    return judge


def of(owner: Session, rule: str) -> list[Alert]:
    """The warnings of a rule, in the order in which they were raised."""
    owner.expire_all()
    return owner.query(Alert).filter_by(rule=rule).order_by(Alert.id).all()
