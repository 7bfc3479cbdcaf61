"""Twins: shown inside the scope by ID or by name with phone, sent to the county otherwise."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import DONGJIE, GONGYINGZI
from tests.intake.entries import ID_NUMBER, PHONE, entry, party
from yuantou.access.throttle import Throttle, own_share
from yuantou.audit.models import AuditEvent
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.intake.models import DuplicateHint
from yuantou.notices.models import Notice

Clients = Callable[[str], FlaskClient]
FIRST = entry(place="老地方") | party(id_number=ID_NUMBER)


def asked(client: FlaskClient, **one: str) -> Any:
    """Matches that the page's script gets."""
    return client.post("/intake/hints", json={"parties": [one]}).get_json()["matches"]


def test_an_id_number_or_a_name_with_phone_finds_it(client_of: Clients) -> None:
    client = client_of("mei")
    client.post("/intake/", data=FIRST)
    assert [match["title"] for match in asked(client, id=ID_NUMBER)] == ["邻里：东邻翻建院墙"]
    assert len(asked(client, name="张三", phone=f"+86 {PHONE}")) == 1


def test_a_name_alone_finds_nothing(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    client.post("/intake/", data=FIRST)
    assert asked(client, name="张三") == []
    assert asked(client, name="李四", phone=PHONE) == []
    assert asked(client, id="211382198001010015") == []


def test_another_unit_is_not_answered(client_of: Clients) -> None:
    client_of("mei").post("/intake/", data=FIRST)
    assert asked(client_of("kai"), id=ID_NUMBER) == []


def test_restricted_matters_are_in_no_hint_of_others(client_of: Clients) -> None:
    client_of("mei").post("/intake/", data=FIRST | {"flags": "minor"})
    assert asked(client_of("ming"), id=ID_NUMBER) == []


@pytest.mark.parametrize("sent", [None, [], {"parties": "x"}, {"parties": [1, None, {"id": []}]}])
def test_nonsense_finds_nothing(client_of: Clients, sent: object) -> None:
    answer = client_of("mei").post("/intake/hints", json=sent)
    assert answer.get_json() == {"matches": []}


def test_every_question_is_logged_without_the_person(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    asked(client, id=ID_NUMBER)
    row = owner.query(AuditEvent).filter_by(action="duplicate:look_up").one()
    assert row.facts == {"ids": 1, "contacts": 0, "found": []}


def test_too_many_questions_wait(app: Flask, client_of: Clients) -> None:
    client = client_of("ming")
    limit = app.extensions["settings"].of("duplicates", "hints_per_minute")
    sent = {"parties": [{"id": ID_NUMBER}]}
    codes = [client.post("/intake/hints", json=sent).status_code for _ in range(limit + 1)]
    assert codes == [200] * limit + [429]


def test_a_minute_later_one_may_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle = Throttle()
    assert [throttle.admits(1, 2, at) for at in (0.0, 1.0, 2.0, 60.5)] == [True, True, False, True]
    assert throttle.admits(2, 2, 2.0)
    monkeypatch.setenv("WEB_WORKERS", "2")
    assert own_share(30) == 15


def test_without_script_the_twins_are_shown_before_logging(
    client_of: Clients, owner: Session
) -> None:
    client = client_of("mei")
    client.post("/intake/", data=FIRST)
    second = entry(summary="又吵了一次") | party()
    page = client.post("/intake/", data=second)
    assert "可能登记过" in page.text
    assert second["submission"] in page.text
    assert owner.query(Dispute).count() == 1
    client.post("/intake/", data={**second, "apart": "yes"})
    assert owner.query(Dispute).count() == 2


def test_the_same_matter_takes_what_was_typed(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    client.post("/intake/", data=FIRST)
    held = owner.query(Dispute).one().id
    second = entry(summary="又吵了一次") | party()
    client.post("/intake/", data={**second, "same": str(held)})
    assert owner.query(Dispute).count() == 1
    assert owner.query(DisputeEvent).filter_by(event="supplemented").one().note == "又吵了一次"


def test_a_double_click_adds_what_was_typed_once(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    client.post("/intake/", data=FIRST)
    sent = entry(summary="又吵了一次") | party() | {"same": str(owner.query(Dispute).one().id)}
    answers = [client.post("/intake/", data=sent) for _ in range(2)]
    assert {each.location for each in answers} == {answers[0].location}
    assert owner.query(DisputeEvent).filter_by(event="supplemented").count() == 1


def test_nobody_adds_to_a_matter_out_of_sight(client_of: Clients, owner: Session) -> None:
    client_of("mei").post("/intake/", data=FIRST)
    held = owner.query(Dispute).one().id
    sent = {**entry(area=GONGYINGZI), "same": str(held)}
    assert client_of("kai").post("/intake/", data=sent).status_code == 404


def test_the_way_back_keeps_everything(client_of: Clients) -> None:
    page = client_of("mei").post("/intake/", data={**entry(), "back": "yes"})
    assert page.status_code == 200
    assert "前山村三组" in page.text


def test_a_match_outside_goes_to_the_county_coordinator(client_of: Clients, owner: Session) -> None:
    client_of("mei").post("/intake/", data=FIRST)
    dong = client_of("dong")
    page = dong.post("/intake/", data=entry(area=DONGJIE) | party(), follow_redirects=True)
    assert "老地方" not in page.text
    hint = owner.query(DuplicateHint).one()
    assert hint.matched_on == "contact"
    assert owner.query(Notice).one().title == "有 1 件疑似重复登记待核对"
    county = client_of("gao")
    listed = county.get("/intake/twins").text
    assert "老地方" in listed
    assert "张三" not in listed
    county.post(f"/intake/twins/{hint.id}", data={"verdict": "same", "note": "同一堵墙"})
    owner.expire_all()
    assert (owner.get_one(DuplicateHint, hint.id).verdict) == "same"
    assert "没有待核对" in county.get("/intake/twins").text


def test_another_county_cannot_settle_the_hint(client_of: Clients, owner: Session) -> None:
    client_of("mei").post("/intake/", data=FIRST)
    client_of("dong").post("/intake/", data=entry(area=DONGJIE) | party())
    hint = owner.query(DuplicateHint).one().id
    answer = client_of("hu").post(f"/intake/twins/{hint}", data={"verdict": "same"})
    assert answer.status_code == 404


def test_going_back_and_sending_again_is_asked_about(client_of: Clients, owner: Session) -> None:
    mei = client_of("mei")
    mei.post("/intake/", data=entry())
    first = owner.query(Dispute).one()
    again = mei.post("/intake/", data=entry())
    assert again.status_code == 200
    assert "您刚才用同样的话登记过" in again.text
    mei.post("/intake/", data=entry(same=str(first.id)))
    assert owner.query(Dispute).count() == 1
    assert owner.query(DisputeEvent).filter_by(event="supplemented").count() == 0
    mei.post("/intake/", data=entry(apart="yes"))
    assert owner.query(Dispute).count() == 2


def test_other_words_and_other_people_are_not_asked(client_of: Clients, owner: Session) -> None:
    client_of("mei").post("/intake/", data=entry())
    client_of("mei").post("/intake/", data=entry(summary="另一件事"))
    client_of("gao").post("/intake/", data=entry())
    assert owner.query(Dispute).count() == 3
