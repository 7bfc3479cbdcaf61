"""Finding a matter: every condition of the desk, alone and together, inside the scope alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.cast import DONGJIE, NANJIE
from tests.coordination.matters import Door, act, agency_of, dispatched, report, triaged
from yuantou.access.throttle import Throttle
from yuantou.calendar import clock
from yuantou.coordination.supervision.service import clear, supervise
from yuantou.disputes.forms import args_of, asked, filters_from
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import NewParty
from yuantou.disputes.queries import total

ClientOf = Callable[[str], FlaskClient]
MA = NewParty("applicant", "person", "马某甲", "id_card", "211382199001011234", "13812345678")


def desk(client: FlaskClient, query: str) -> str:
    answer = client.get(f"/disputes/?{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def set_row(owner: Session, dispute: int, **values: object) -> None:
    owner.execute(update(Dispute).where(Dispute.id == dispute).values(**values))
    owner.commit()


def test_several_states_are_found_together(door: Door, client_of: ClientOf) -> None:
    report(door, title="刚上报的")
    triaged(door, title="研判过的")
    dispatched(door, title="交办了的")
    html = desk(client_of("gao"), "view=open&state=reported&state=triaged")
    assert "刚上报的" in html
    assert "研判过的" in html
    assert "交办了的" not in html
    assert "共 2 件" in html


CONDITIONS = (
    ("reported_from={today}&reported_to={today}", True),
    ("reported_to={yesterday}", False),
    ("reported_from={tomorrow}", False),
    ("due_from={yesterday}&due_to={yesterday}", True),
    ("due_from={today}", False),
    ("view=all&closed_from={yesterday}", False),
    ("source=grid_screening", True),
    ("source=nonsense", True),  # no such source: not asked
    ("overdue=1", True),
    ("supervised=1", False),
    ("returned=1", False),
    ("q=院墙+滴水", True),
    ("q=院墙+占道", False),
    ("q=1", True),
    ("q=000001", True),
    ("q=3", False),
    (f"area={NANJIE}", True),
    (f"area={DONGJIE}", False),
    ("area=211382", True),
    ("area=211300", True),
    ("area=211324", False),
)


def test_each_condition_narrows(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute = triaged(door, title="要找的那件", summary="院墙滴水多年")
    set_row(owner, dispute, next_due_at=clock.now() - timedelta(days=1))
    gao = client_of("gao")
    day = timedelta(days=1)
    today = clock.today()
    days = {"today": today, "yesterday": today - day, "tomorrow": today + day}
    for condition, found in CONDITIONS:
        query = condition.format(**days)
        assert ("要找的那件</a>" in desk(gao, f"view=open&{query}")) is found, query


def test_returned_and_supervised_matters_are_found(door: Door, client_of: ClientOf) -> None:
    dispute = dispatched(door, title="退过的")
    session, gao = door("gao")
    soon = clock.today() + timedelta(days=5)
    asked: Any = {"reason": "拖延", "demands": "速办", "time_limit": soon}
    supervise(session, by=gao, dispute_id=dispute, **asked)
    assert "退过的</a>" in desk(client_of("gao"), "view=open&supervised=1")
    assert "退过的</a>" in desk(client_of("qi"), "view=open&supervised=1")
    clear(session, by=gao, dispute_id=dispute, cleared_on=clock.today(), evidence="已重新交办")
    assert "退过的</a>" not in desk(client_of("gao"), "view=open&supervised=1")
    act(door, "ren", dispute, "return", reason="不归我管", suggested_owner=agency_of(door, "zhu"))
    assert "退过的</a>" in desk(client_of("gao"), "view=open&returned=1")


def test_every_condition_has_a_chip_that_takes_it_away(door: Door, client_of: ClientOf) -> None:
    triaged(door)
    html = desk(client_of("gao"), "view=open&state=triaged&state=reported&q=院墙&overdue=1")
    for chip in ("已研判", "待受理", "含“院墙”", "已超期"):
        assert f">{chip}<svg" in html, chip
    assert 'href="/disputes/?view=open&amp;state=triaged&amp;overdue=1' in html


def test_the_question_survives_its_way_through_the_address() -> None:
    states = [("state", "triaged"), ("state", "signed")]
    others = {"view": "all", "due_to": "2026-12-01", "returned": "2", "overdue": "1", "q": "院墙"}
    address = MultiDict([*states, *others.items(), ("order", "old")])
    filters = filters_from(address, "mine")
    assert filters_from(args_of(asked(filters)), "mine") == filters


def test_oldest_first_is_another_order(door: Door, client_of: ClientOf) -> None:
    for title in ("甲事", "乙事"):
        report(door, title=title)
    assert desk(client_of("mei"), "view=all&order=old").index("甲事</a>") < desk(
        client_of("mei"), "view=all&order=old"
    ).index("乙事</a>")
    newest = desk(client_of("mei"), "view=all&order=new")
    assert newest.index("乙事</a>") < newest.index("甲事</a>")


def test_the_number_is_that_of_the_scope(door: Door) -> None:
    for place in (NANJIE, DONGJIE):
        report(door, "dong" if place == DONGJIE else "mei", area_code=place)
    numbers = {}
    for login in ("gao", "dong", "hu", "sheng"):
        session, viewer = door(login)
        filters = filters_from(MultiDict({"view": "all"}), "open")
        numbers[login] = total(session, viewer, filters, now=clock.now())
    assert numbers == {"gao": 2, "dong": 1, "hu": 0, "sheng": 0}


def test_a_restricted_matter_is_found_by_party_for_named_handlers_alone(
    door: Door, client_of: ClientOf
) -> None:
    report(door, parties=(MA,), flags=("domestic_violence",), title="只有承办人能看的")
    question = {"id_number": "211382199001011234"}
    mine, others = (
        client_of(login).post("/disputes/party", data=question).get_data(as_text=True)
        for login in ("mei", "tang")
    )
    assert "只有承办人能看的" in mine
    assert "只有承办人能看的" not in others


def test_asking_for_parties_again_and_again_is_slowed(app: Flask, client_of: ClientOf) -> None:
    app.extensions["party_questions"] = Throttle()
    mei = client_of("mei")
    codes = [
        mei.post("/disputes/party", data={"id_number": "211382199001011234"}).status_code
        for _ in range(11)
    ]
    assert codes == [200] * 10 + [429]
