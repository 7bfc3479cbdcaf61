"""What the pages of the ledger show: nights, signals, rises, a back-test."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.alerts.conftest import RAISED
from tests.alerts.detection.conftest import Flow, flow
from tests.cast import CITY, KAZUO, LINGYUAN, PROVINCE
from tests.conftest import Database
from tests.indicators.conftest import matter
from yuantou.alerts.detection.models import BackTest, Signal, SignalNight, SmallestRise

__all__ = ["Flow", "flow", "matter"]
NIGHT = date(2026, 11, 22)
Signed = Callable[..., None]


def path(code: str) -> str:
    """The path of a county of the cast's city."""
    return f"{PROVINCE}/{CITY}/{code}/"


@pytest.fixture
def signed(database: Database) -> Signed:
    """`signed(LINGYUAN, warning=7)`: one alarm of EARS on wage arrears."""

    def write(area: str, *, warning: int | None = None, **changes: Any) -> None:
        values: dict[str, Any] = {
            "night": NIGHT, "detector": "D_EARS", "version": 1, "area_code": area,
            "area_path": path(area), "type": "migrant_wages", "state": "alarm", "reason": "",
            "weeks": 1, "observed": 12.0, "expected": 2.5, "upper": 7.0, "p": 1e-6, "q": 0.01,
            "members": [], "warning_id": warning,
        } | changes  # fmt: skip
        with database.sessions("worker")() as session:
            session.add(Signal(**values))
            session.commit()

    return write


@pytest.fixture
def night(database: Database) -> None:
    """One night in which three counties were watched, one of them long enough."""
    with database.sessions("worker")() as session:
        session.add(
            SignalNight(
                night=NIGHT, ran_at=RAISED, version=1, matters=900, counties=3, old=1, rate=0.05,
                counted={
                    "D_EARS": {"alarm": 1, "quiet": 56},
                    "D_FARRINGTON": {"alarm": 0, "quiet": 19, "short_history": 38},
                },
                missing=[LINGYUAN, KAZUO],
            )
        )  # fmt: skip
        session.commit()


@pytest.fixture
def sense(database: Database) -> None:
    """What would be noticed in Lingyuan, and a back-test with a truth."""
    with database.sessions("worker")() as session:
        for type_, usual, extra in (("traffic", 4.2, 9), ("medical", 0.03, None), ("", 14.6, 18)):
            session.add(
                SmallestRise(
                    area_code=LINGYUAN, type=type_, area_path=path(LINGYUAN), night=NIGHT,
                    usual=usual, extra=extra, detector="D_EARS" if extra else "",
                )
            )  # fmt: skip
        content: dict[str, Any] = {
            "weeks": 104, "county_months": 71.8,
            "detectors": {"D_EARS": {"judged": 5_928, "warnings": 4, "true": 3}},
            "together": {"warnings": 4, "true": 3},
            "events": [{"kind": "emerging", "type": "traffic", "areas": [LINGYUAN],
                        "first": "2026-10-01", "last": "2026-11-01", "after": {"D_EARS": 9}}],
        }  # fmt: skip
        session.add(
            BackTest(ran_at=RAISED, last=NIGHT, weeks=104, seed=1, version=1, content=content)
        )
        session.commit()
