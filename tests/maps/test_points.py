"""Single matters on the map: only for who may open them, on one datum, restricted ones never."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.access.matters import MONDAY, RESTRICTED
from tests.cast import GONGYINGZI, HEPING, KAZUO, LINGYUAN
from tests.coordination.matters import Door, report
from tests.maps.lands import land_of
from yuantou.access.viewer import Viewer
from yuantou.coordination.series import service as series
from yuantou.maps.points import points
from yuantou.maps.queries import Period
from yuantou.maps.views import View
from yuantou.territory.models import Area

Clients = Callable[[str], FlaskClient]
PERIOD = "since=2026-01&until=2026-12"


@pytest.fixture
def door(app: Flask, viewer_session: Callable[[str], tuple[Session, Viewer]]) -> Door:
    """Sessions of the cast."""
    return Door(app, viewer_session)


@pytest.fixture
def matters(owner: Session, door: Door) -> dict[str, int]:
    """Four plain matters and a restricted one in Lingyuan, one in Kazuo."""
    land_of(owner)
    plain = [report(door, now=MONDAY, submission=f"plain-{n}") for n in range(4)]
    hidden = report(door, now=MONDAY, submission="hidden", flags=RESTRICTED)
    far = report(door, "kai", now=MONDAY, submission="far", area_code=GONGYINGZI)
    owner.connection().exec_driver_sql("UPDATE dispute SET lng_normal = 119.4, lat_normal = 41.25")
    owner.commit()
    return {"first": plain[0], "last": plain[3], "hidden": hidden, "far": far}


def ids(client: FlaskClient, query: str = "") -> set[int]:
    """Ids of the matters that the map draws."""
    sent = client.get(f"/map/places?level=points&{PERIOD}&{query}").get_json()
    return {row[2] for row in sent["places"]}


def test_a_coordinator_sees_the_plain_matters_of_the_county(
    matters: dict[str, int], client_of: Clients
) -> None:
    found = ids(client_of("gao"))
    assert {matters["first"], matters["last"]} <= found
    assert matters["hidden"] not in found
    assert matters["far"] not in found
    assert ids(client_of("hu")) == {matters["far"]}


def test_a_restricted_matter_is_in_no_list_below_the_map(
    matters: dict[str, int], client_of: Clients
) -> None:
    page = client_of("gao").get(f"/map?level=points&{PERIOD}").text
    assert page.count("院墙滴水争议") == 4


def test_the_province_sees_pressing_matters_alone(
    matters: dict[str, int], client_of: Clients, owner: Session
) -> None:
    assert ids(client_of("sheng")) == set()
    owner.connection().exec_driver_sql(
        f"UPDATE dispute SET pressing = true, risk = 'red' WHERE id = {matters['far']}"
    )
    owner.commit()
    assert ids(client_of("sheng")) == {matters["far"]}
    assert ids(client_of("sheng"), f"area={KAZUO}") == {matters["far"]}
    assert ids(client_of("sheng"), f"area={HEPING}") == set()


def test_a_makeup_lists_members_to_those_in_scope_and_sums_to_the_rest(
    matters: dict[str, int], client_of: Clients
) -> None:
    own = client_of("gao").get(f"/map/spot/{LINGYUAN}?{PERIOD}").text
    assert own.count("院墙滴水争议") == 4
    above = client_of("sheng").get(f"/map/spot/{LINGYUAN}?{PERIOD}").text
    assert "院墙滴水争议" not in above
    assert "网格排查" in above
    assert ">5<" in above  # the channel's sum counts the restricted one too


def test_a_series_is_named_to_who_may_read_it(
    matters: dict[str, int], client_of: Clients, door: Door
) -> None:
    session, gao = door("gao")
    with door.app.app_context():
        series.make(
            session,
            by=gao,
            submission="series",
            name="前山村院墙",
            cause="同一排水沟",
            dispute_ids=sorted(range(matters["first"], matters["last"] + 1)),
            lead_agency_id=gao.agency.id,
            now=MONDAY,
        )
    assert "前山村院墙" in client_of("gao").get(f"/map/spot/{LINGYUAN}?{PERIOD}").text
    other = client_of("hu").get(f"/map/spot/{KAZUO}?{PERIOD}").text
    assert "前山村院墙" not in other


def test_another_year_has_none(matters: dict[str, int], client_of: Clients) -> None:
    sent = client_of("gao").get("/map/places?level=points&since=2025-01&until=2025-12").get_json()
    assert (sent["places"], sent["more"]) == ([], False)


def test_the_newest_come_first_however_many_months_they_lie_apart(
    matters: dict[str, int], door: Door
) -> None:
    months = (MONDAY - timedelta(days=days) for days in (400, 150, 40, 39, 1))
    told = [report(door, now=at, submission=f"apart-{n}") for n, at in enumerate(months)]
    session, viewer = door("gao")
    view = View("rate", "", Period(date(2024, 1, 1), MONDAY.date().replace(day=1)), level="points")
    county = session.get_one(Area, LINGYUAN)
    found = points(session, viewer, county, view)
    assert [each.id for each in found.rows][4:] == told[::-1]
    assert not found.more
    first = points(session, viewer, county, view, 6)
    assert [each.id for each in first.rows] == [each.id for each in found.rows][:6]
    assert first.more
    assert not points(session, viewer, county, view, 9).more
