"""The matters behind durable success: the same spells as the counts, in the viewer's scope."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import CITY, KAZUO, LINGYUAN, NANJIE
from tests.indicators.conftest import Matter
from tests.judiciary.casefeed.feeds import party
from yuantou.agencies.models import Agency
from yuantou.disputes.models import Dispute
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.standing import lasting_members
from yuantou.territory.models import Area

Client = Callable[[str], FlaskClient]
NOW = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
AGREED = {"outcome": "agreed_oral", "concluded": "2026-01-20"}


@pytest.fixture
def settled(worker: Session, owner: Session, matter: Matter) -> dict[str, int]:
    """One came back after thirty days, one was sued after twenty, one lasted, one is watched."""
    found = {
        name: matter(NANJIE, closed=day, **AGREED)
        for name, day in (
            ("back", "2026-02-01"),
            ("sued", "2026-02-01"),
            ("lasted", "2026-02-02"),
            ("watched", "2026-08-22"),
        )
    }
    again = matter(NANJIE, reported="2026-03-03")
    for one in (found["back"], again):
        party(owner, one, b"zhang")
    owner.execute(
        text(
            "INSERT INTO suit_link (dispute_id, suit_id, filed_on, cause) VALUES (:d, 1, :on, '')"
        ),
        {"d": found["sued"], "on": date(2026, 2, 21)},
    )
    matter(KAZUO, closed="2026-02-01", **AGREED)
    owner.commit()
    keep_all(worker, now=NOW)
    worker.commit()
    return found


Listed = tuple[list[tuple[int, str | None]], int | None]


def listed(session: Session, viewer: object, which: str) -> Listed:
    area = session.get_one(Area, LINGYUAN)
    scope = viewer.scope  # type: ignore[attr-defined]
    found = lasting_members.members(session, scope, area, 2026, which, NOW, 1)
    assert found is not None
    return [(one.id, one.why) for one in found.rows], found.outside


def test_each_kind_lists_its_own_and_suits_are_for_the_handler_alone(
    viewer_session: Callable[[str], tuple[Session, object]],
    owner: Session,
    settled: dict[str, int],
) -> None:
    session, viewer = viewer_session("gao")
    assert listed(session, viewer, "back") == ([(settled["back"], "again")], None)
    unknown = [(settled["sued"], None), (settled["lasted"], None)]
    assert listed(session, viewer, "lasted") == (unknown, 0)
    assert listed(session, viewer, "watched") == ([(settled["watched"], None)], 0)
    centre = owner.query(Agency).filter_by(code="lingyuan-centre").one()
    owner.get_one(Dispute, settled["sued"]).handler_agency_id = centre.id
    owner.commit()
    session.rollback()
    both = [(settled["back"], "again"), (settled["sued"], "sued")]
    assert listed(session, viewer, "back") == (both, 0)
    assert listed(session, viewer, "lasted")[0] == [(settled["lasted"], None)]


def test_other_counties_see_sums_alone(
    viewer_session: Callable[[str], tuple[Session, object]], settled: dict[str, int]
) -> None:
    session, viewer = viewer_session("hu")
    assert listed(session, viewer, "lasted") == ([], 0)  # not even the sums
    session, viewer = viewer_session("zhou")
    assert listed(session, viewer, "lasted") == ([], None)  # two came back: nothing tells so


def test_the_page_opens_a_county_and_leaves_a_city_to_its_counties(
    client_of: Client, settled: dict[str, int]
) -> None:
    page = client_of("gao").get(f"/indicators/lasting?area={LINGYUAN}&year=2026&which=lasted").text
    assert f'/matters/{settled["lasted"]}"' in page
    assert f'/matters/{settled["back"]}"' not in page
    assert "到县区一级打开到事项" in client_of("qi").get(f"/indicators/lasting?area={CITY}").text
