"""Who is present, and who is on call for red matters."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, report
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import today
from yuantou.intake.window.models import RedDuty, RosterEntry
from yuantou.intake.window.roster import days_of_week
from yuantou.notices.models import Notice

Clients = Callable[[str], FlaskClient]
Sessions = Callable[[str], tuple[Session, Viewer]]
LABOUR = "凌源市人力资源和社会保障局"


def _seat(client: FlaskClient, **changes: object) -> str:
    values = {
        "agency": LABOUR,
        "person": "任承办",
        "mode": "resident",
        "window_no": "3 号窗口",
        "phone": "0421-6820001",
        "days": [day.isoformat() for day in days_of_week(today())[:5]],
    }
    return client.post("/window/roster", data=values | changes, follow_redirects=True).text


def _duty(client: FlaskClient, **changes: str) -> str:
    return client.post("/window/duty", data=changes, follow_redirects=True).text


def test_a_department_is_seated_for_the_week(client_of: Clients, owner: Session) -> None:
    page = _seat(client_of("gao"))
    assert "已排 5 天" in page
    kept = owner.query(RosterEntry).first()
    assert kept is not None
    assert (kept.agency_id is not None, kept.account_id is not None) == (True, True)
    assert "3 号窗口" in page


def test_seating_twice_is_harmless(client_of: Clients, owner: Session) -> None:
    gao = client_of("gao")
    _seat(gao)
    assert "没有重复" in _seat(gao)
    assert owner.query(RosterEntry).count() == 5


def test_last_week_is_copied_and_what_stands_stays(client_of: Clients, owner: Session) -> None:
    gao = client_of("gao")
    _seat(gao)
    following = (today() + timedelta(days=7)).isoformat()
    for _time in range(2):
        gao.post("/window/roster/copy", data={"week": following})
    assert owner.query(RosterEntry).count() == 10


def test_a_day_is_taken_off(client_of: Clients, owner: Session) -> None:
    gao, day = client_of("gao"), days_of_week(today())[0].isoformat()
    _seat(gao)
    sent = {"agency": LABOUR, "person": "任承办", "day": day}
    gao.post("/window/roster/remove", data=sent)
    assert owner.query(RosterEntry).count() == 4


def test_an_unknown_department_is_noted_as_typed(client_of: Clients, owner: Session) -> None:
    _seat(client_of("gao"), agency="凌源市烟草专卖局", person="某人", mode="called", phone="")
    assert {row.agency_id for row in owner.query(RosterEntry)} == {None}


def test_a_wrong_phone_keeps_what_was_typed(client_of: Clients, owner: Session) -> None:
    page = _seat(client_of("gao"), phone="12")
    assert "电话号码不对" in page
    assert LABOUR in page
    assert owner.query(RosterEntry).count() == 0


def test_today_stands_on_the_window(client_of: Clients) -> None:
    gao, day = client_of("gao"), today().isoformat()
    _seat(gao, days=[day])
    _duty(gao, **{f"person-{day}": "高协调", f"phone-{day}": "13900000009"})
    page = gao.get("/window/").text
    for words in (LABOUR, "高协调", "13900000009"):
        assert words in page


def test_who_is_on_call_stands_in_a_red_matter(
    client_of: Clients, app: Flask, viewer_session: Sessions
) -> None:
    door = Door(app, viewer_session)
    day = today().isoformat()
    _duty(client_of("gao"), **{f"person-{day}": "高协调", f"phone-{day}": "13900000009"})
    calm, red = report(door), report(door, submission="red")
    for dispute, risk in ((calm, "blue"), (red, "red")):
        act(door, "mei", dispute, "accept")
        act(door, "mei", dispute, "triage", category="neighborhood", risk=risk, path="mediation")
    mei = client_of("mei")
    assert "13900000009" in mei.get(f"/matters/{red}").text
    assert "13900000009" not in mei.get(f"/matters/{calm}").text


def test_who_is_on_call_hears_of_a_red_matter(
    client_of: Clients, app: Flask, owner: Session, viewer_session: Sessions
) -> None:
    door = Door(app, viewer_session)
    _duty(client_of("gao"), **{f"person-{today().isoformat()}": "高协调"})
    dispute = report(door)
    act(door, "mei", dispute, "accept")
    act(door, "mei", dispute, "triage", category="neighborhood", risk="red", path="mediation")
    told = owner.query(Notice).filter_by(kind="red").one()
    assert (told.account_id, told.dispute_id) == (door("gao")[1].id, dispute)
    assert "院墙" not in told.title + told.body


def test_a_city_looks_at_its_counties(client_of: Clients) -> None:
    page = client_of("qi").get("/window/roster").text
    assert "凌源市综治中心" in page
    assert "南街街道综治中心" not in page


def test_weeks_out_of_reach_are_this_week(client_of: Clients) -> None:
    for week in ("9999-12-31", "0001-01-01", "x"):
        assert client_of("gao").get(f"/window/roster?week={week}").status_code == 200


def test_clearing_a_name_clears_the_day(client_of: Clients, owner: Session) -> None:
    gao, day = client_of("gao"), today().isoformat()
    _duty(gao, **{f"person-{day}": "高协调"})
    _duty(gao)
    assert owner.query(RedDuty).count() == 0


def test_another_county_neither_looks_nor_keeps(
    client_of: Clients, owner: Session, viewer_session: Sessions
) -> None:
    _seat(client_of("gao"))
    centre = owner.query(RosterEntry.centre_id).first()
    assert centre is not None
    hu = client_of("hu")
    assert hu.get(f"/window/roster?centre={centre[0]}").status_code == 404
    hu.post("/window/roster/remove", data={"agency": LABOUR, "person": "任承办"})
    assert owner.query(RosterEntry).count() == 5
    assert viewer_session("hu")[0].query(RosterEntry).count() == 0


def test_a_department_looks_at_its_countys_roster(client_of: Clients) -> None:
    _seat(client_of("gao"))
    ren = client_of("ren")
    assert "任承办" in ren.get("/window/roster").text
    assert ren.post("/window/roster", data={}).status_code == 403
