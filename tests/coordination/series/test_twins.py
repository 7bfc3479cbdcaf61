"""The same matter twice: suggested in scope, compared side by side, merged or told apart."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import DONGJIE
from tests.coordination.matters import Door, act, report
from yuantou.access.throttle import Throttle
from yuantou.disputes.models import Dispute, DisputeEvent, Party
from yuantou.disputes.parties import NewParty

ClientOf = Callable[[str], FlaskClient]
MA = NewParty("applicant", "person", "马某甲", "id_card", "211382199001011234", "13812345678")
APART: dict[str, Any] = {"summary": "拖欠运费三个月未付", "place": "后河村一组", "type": "contract"}


def twins(client: FlaskClient, dispute: int) -> str:
    return client.get(f"/matters/{dispute}/twins").get_data(as_text=True)


def test_a_shared_party_and_alike_words_are_reasons(door: Door, client_of: ClientOf) -> None:
    first = report(door, parties=(MA,), title="先报的")
    report(door, parties=(MA,), title="后报的")
    html = twins(client_of("gao"), first)
    assert "后报的" in html
    for reason in ("同一证件号", "地点和事由相近", "同一乡镇街道"):
        assert reason in html
    assert "马" not in html


def test_another_kind_in_another_place_is_no_twin(door: Door, client_of: ClientOf) -> None:
    first = report(door, parties=(MA,), title="先报的")
    report(door, "dong", parties=(MA,), title="另一回事", area_code=DONGJIE, **APART)
    report(door, title="同类不同事", summary="门前道路被堆土占用", place="西洼村七组")
    html = twins(client_of("gao"), first)
    assert "另一回事" not in html
    assert "同类不同事" not in html


def test_twins_are_looked_for_in_scope_alone(door: Door, client_of: ClientOf) -> None:
    report(door, parties=(MA,), title="南街的事")
    there = report(door, "dong", parties=(MA,), title="东街的事", area_code=DONGJIE)
    assert "南街的事" not in twins(client_of("dong"), there)
    assert "南街的事" in twins(client_of("gao"), there)
    assert client_of("hu").get(f"/matters/{there}/twins").status_code == 404


def test_a_restricted_matter_is_nobodys_twin(door: Door, client_of: ClientOf) -> None:
    first = report(door, parties=(MA,), title="先报的")
    hidden = report(door, parties=(MA,), title="限制的", flags=("domestic_violence",))
    assert "限制的" not in twins(client_of("mei"), first)
    assert "先报的" not in twins(client_of("mei"), hidden)


def test_the_same_is_merged_from_the_comparison(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    first, second = report(door, title="先报的"), report(door, title="后报的")
    act(door, "mei", first, "accept")
    mei, place = client_of("mei"), f"/matters/{second}/twins/{first}"
    html = mei.get(place).get_data(as_text=True)
    assert 'value="into_other"' in html
    assert 'value="into_this"' not in html  # the younger has no number yet
    assert mei.post(place, data={"verdict": "into_other", "note": ""}).status_code == 422
    answer = mei.post(place, data={"verdict": "into_other", "note": "同一堵墙"})
    assert answer.location == f"/matters/{first}"
    assert owner.scalars(select(Dispute.master_id).where(Dispute.id == second)).one() == first


def test_the_different_are_not_suggested_again(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    first, second = report(door, title="先报的"), report(door, title="后报的")
    mei = client_of("mei")
    assert "后报的" in twins(mei, first)
    mei.post(f"/matters/{first}/twins/{second}", data={"verdict": "apart", "note": "两家人"})
    assert "后报的" not in twins(mei, first)
    assert "先报的" not in twins(mei, second)
    told = owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "told_apart")).all()
    assert {row.dispute_id for row in told} == {first, second}


def test_only_what_is_in_sight_is_compared(door: Door, client_of: ClientOf) -> None:
    here = report(door)
    there = report(door, "dong", area_code=DONGJIE)
    assert client_of("mei").get(f"/matters/{here}/twins/{there}").status_code == 404
    assert client_of("ren").get(f"/matters/{here}/twins").status_code == 403


def ask(client: FlaskClient, dispute: int, party: int, reason: str = "核对上次协议") -> str:
    data = {"party_id": party, "reason": reason}
    return client.post(f"/matters/{dispute}/others", data=data).get_data(as_text=True)


def party_of(owner: Session, dispute: int) -> int:
    return owner.scalars(select(Party.id).where(Party.dispute_id == dispute)).one()


def test_a_partys_other_matters_are_those_of_the_own_unit(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    here = report(door, parties=(MA,), title="这一件")
    report(door, "ming", parties=(MA,), title="自家办的")
    report(door, "dong", parties=(MA,), title="东街办的", area_code=DONGJIE)
    mei, gao = client_of("mei"), client_of("gao")
    html = ask(mei, here, party_of(owner, here))
    assert "自家办的" in html
    assert "东街办的" not in html
    html = ask(gao, here, party_of(owner, here))  # sees both, handles neither
    assert "自家办的" not in html
    assert "东街办的" not in html


def test_the_question_is_typed_and_stands_in_the_history(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    here = report(door, parties=(MA,))
    mei, party = client_of("mei"), party_of(owner, here)
    assert "至少 4 个字" in ask(mei, here, party, "看看")
    ask(mei, here, party)
    events = owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "others_asked")).all()
    assert [row.note for row in events] == ["核对上次协议"]
    logged = owner.execute(
        text("SELECT facts::text FROM audit_event WHERE action = 'party:others'")
    )
    assert "马" not in logged.scalars().one()


def test_asking_about_parties_is_slowed(
    app: Flask, door: Door, client_of: ClientOf, owner: Session
) -> None:
    here = report(door, parties=(MA,))
    app.extensions["party_questions"] = Throttle()
    mei, party = client_of("mei"), party_of(owner, here)
    told = [ask(mei, here, party) for _ in range(11)]
    assert "查找太频繁" in told[-1]
    assert "查找太频繁" not in told[0]


def test_a_party_of_another_matter_is_not_asked_about(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    here = report(door, parties=(MA,))
    there = report(door, "dong", parties=(MA,), area_code=DONGJIE)
    data = {"party_id": party_of(owner, there), "reason": "核对上次协议"}
    assert client_of("mei").post(f"/matters/{here}/others", data=data).status_code == 422
    assert client_of("mei").get(f"/matters/{there}/others").status_code == 404


def test_a_merger_that_cannot_be_says_why(door: Door, client_of: ClientOf) -> None:
    first, second = report(door, title="先报的"), report(door, title="后报的")
    act(door, "mei", second, "accept")
    html = client_of("mei").get(f"/matters/{first}/twins/{second}").get_data(as_text=True)
    assert "另一件还没有受理、没有编号" in html
    assert "把右边并入左边" in html
