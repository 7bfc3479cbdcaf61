"""Matters with organisations among their parties, and the night's scan over them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import NANJIE
from tests.conftest import Database
from tests.coordination.matters import Door, report
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import ZONE
from yuantou.disputes.parties import NewParty
from yuantou.maps.sources.gathering import Span
from yuantou.maps.sources.keeping import Kept, scan_all
from yuantou.maps.sources.kinds import terms

TODAY = date(2026, 11, 23)
NIGHT = datetime(2026, 11, 23, 2, 10, tzinfo=ZONE)
FIRM = NewParty("respondent", "organisation", "凌源红山建筑工程公司", phone="0421-5550001")


def worker(number: int) -> NewParty:
    """A person who complains."""
    return NewParty("applicant", "person", f"工人{number}", phone=f"1290000{number:04d}")


def day(back: int) -> datetime:
    """Noon of so many days before the scan."""
    return datetime.combine(TODAY - timedelta(days=back), datetime.min.time(), ZONE).replace(
        hour=12
    )


Planter = Callable[..., list[int]]


@pytest.fixture
def door(app: Flask, viewer_session: Callable[[str], tuple[Session, Viewer]]) -> Door:
    """Sessions of the cast, with the keys of the application."""
    return Door(app, viewer_session)


@pytest.fixture
def plant(door: Door) -> Planter:
    """`plant(6)` reports so many matters of the last days against one firm."""

    def many(
        count: int,
        *,
        login: str = "mei",
        firm: NewParty = FIRM,
        first: int = 0,
        days: int = 20,
        back: int = 1,
        area: str = NANJIE,
        **more: object,
    ) -> list[int]:
        return [
            report(
                door,
                login,
                parties=(worker(first + place), firm),
                now=day(back + place % days),
                type="migrant_wages",
                area_code=area,
                **more,
            )
            for place in range(count)
        ]

    return many


COPIES = text("""
    INSERT INTO dispute SELECT (jsonb_populate_record(d, jsonb_build_object(
      'id', nextval('dispute_id_seq'), 'submission', 'copy-' || n, 'number', NULL,
      'reported_at', d.reported_at - make_interval(days => n)))).*
    FROM dispute d, generate_series(1, 360) AS n""")


@pytest.fixture
def background(door: Door, owner: Session) -> None:
    """A wage matter a day for a year, without an organisation in it."""
    report(door, "tang", parties=(worker(999),), now=day(1), type="migrant_wages")
    owner.execute(COPIES)
    owner.commit()


@pytest.fixture
def night(database: Database, app: Flask) -> Callable[[], Kept]:
    """Runs the scan as the worker does."""

    def run() -> Kept:
        told = terms()
        with app.app_context(), database.sessions("worker")() as session:
            kept = scan_all(session, Span.before(TODAY, told.weeks), told, now=NIGHT)
            session.commit()
        return kept

    return run
