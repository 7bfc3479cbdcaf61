"""How early a warning was: suits that followed it, released ones and of its place alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from tests.alerts.conftest import RAISED, Raise
from tests.cast import CITY, HEPING, KAZUO, LINGYUAN, NANJIE
from tests.conftest import Database
from tests.indicators.conftest import Matter, matter
from tests.judiciary.casefeed.feeds import feed
from yuantou.alerts.record.leads import keep_leads
from yuantou.alerts.record.models import WarningLead
from yuantou.judiciary.casefeed.models import FeedSuit

__all__ = ["matter"]
TODAY = date(2027, 2, 1)
SUED = ("2026-11-05", "2026-12-18", "2027-01-04")  # the warning was raised on 20 November


def leads(database: Database, owner: Session) -> dict[int, date | None]:
    """The first suit after each warning."""
    with database.sessions("worker")() as session:
        keep_leads(session, TODAY)
        session.commit()
    owner.expire_all()
    return {row.warning_id: row.first_suit for row in owner.query(WarningLead)}


@pytest.fixture
def sued(owner: Session) -> None:
    """Three suits over wages in Lingyuan, one of them before the warning."""
    owner.info["batch"] = feed(
        owner, "2026-11", "2027-01", *((day, "migrant_wages", ()) for day in SUED)
    )


def test_the_first_suit_after_a_warning_of_its_place_and_type(
    database: Database, owner: Session, warn: Raise, sued: None
) -> None:
    own, other = warn(), warn(key="type", type_code="traffic")
    beside = warn(key="place", area=KAZUO)
    township = warn(key="township", area=NANJIE)
    found = leads(database, owner)
    assert found == {own: date(2026, 12, 18), other: None, beside: None, township: None}
    owner.execute(update(FeedSuit).values(area_code=NANJIE))
    owner.commit()
    assert leads(database, owner)[township or 0] == date(2026, 12, 18)


def test_a_cluster_is_followed_by_what_came_in_its_own_places(
    database: Database, owner: Session, warn: Raise, sued: None
) -> None:
    own = warn(area=CITY, facts={"members": [LINGYUAN, KAZUO]})
    other = warn(key="other", area=CITY, facts={"members": [KAZUO, HEPING]})
    assert leads(database, owner) == {own: date(2026, 12, 18), other: None}


def test_a_feed_that_was_taken_back_tells_of_no_suit(
    database: Database, owner: Session, warn: Raise, sued: None
) -> None:
    owner.info["batch"].withdrawn_at = RAISED
    owner.commit()
    own = warn()
    assert leads(database, owner) == {own: None}


def test_the_peak_is_the_week_of_most_matters_once_its_weeks_are_over(
    database: Database, owner: Session, warn: Raise, matter: Matter
) -> None:
    own, fresh = warn(), warn(key="fresh", at=RAISED + timedelta(days=60))
    for day in ("11-23", "12-01", "12-02", "12-14", "12-15", "12-16"):
        matter(NANJIE, reported=f"2026-{day}", type="migrant_wages")
    matter(NANJIE, reported="2026-12-14", type="traffic")
    with database.sessions("worker")() as session:
        keep_leads(session, date(2027, 2, 20))
        session.commit()
    owner.expire_all()
    peaks = {row.warning_id: row.peak for row in owner.query(WarningLead)}
    assert peaks == {own: date(2026, 12, 17), fresh: None}


def test_any_number_of_warnings_costs_one_statement(
    database: Database, owner: Session, warn: Raise, sued: None
) -> None:
    for number in range(12):
        warn(key=f"key {number}")
    with database.sessions("worker")() as session:
        session.execute(text("SELECT 1"))
        asked: list[str] = []
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert keep_leads(session, TODAY) == 12
    assert len(asked) == 1
