"""Parties told after the report, and told anew: who may, what is kept, what never is."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tests.cast import DONGJIE
from tests.coordination.matters import Door, act, dispatched, report
from tests.intake.entries import ID_NUMBER, PHONE
from yuantou.accounts.models import Account
from yuantou.disputes.models import Dispute, DisputeEvent, NamedHandler, Party
from yuantou.disputes.parties import NewParty
from yuantou.intake.models import DuplicateHint

ClientOf = Callable[[str], FlaskClient]
CHILD = "211382201501010015"
LI = NewParty("respondent", "person", "李某乙", phone="13800000002", address="后山村")
SECRETS = ("王某丙", ID_NUMBER, PHONE, "西山村一组")


def told(client: FlaskClient, dispute: int, **changes: Any) -> dict[str, Any]:
    """What is typed on the page as it is now, its version with it."""
    return typed(version_on(client, dispute), **changes)


def typed(version: str, **changes: Any) -> dict[str, Any]:
    values = {
        "side": "respondent",
        "kind": "person",
        "name": "王某丙",
        "phone": PHONE,
        "id_number": ID_NUMBER,
        "address": "西山村一组",
        "consent": "agreed",
        "version": version,
    } | changes
    return {name: value for name, value in values.items() if value is not None}


def version_on(client: FlaskClient, dispute: int) -> str:
    html = client.get(f"/matters/{dispute}/parties/new").get_data(as_text=True)
    field = html.partition('name="version"')[2]
    return field.partition('value="')[2].partition('"')[0]


def of(owner: Session, dispute: int) -> list[Party]:
    owner.expire_all()
    asked = select(Party).where(Party.dispute_id == dispute).order_by(Party.position)
    return list(owner.scalars(asked))


def events(owner: Session, name: str) -> list[DisputeEvent]:
    return list(owner.scalars(select(DisputeEvent).where(DisputeEvent.event == name)))


def test_a_party_is_added_and_stands_masked(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, client = report(door), client_of("mei")
    answer = client.post(f"/matters/{dispute}/parties/new", data=told(client, dispute))
    assert answer.status_code == 303
    html = client.get(f"/matters/{dispute}").get_data(as_text=True)
    assert "王∗∗" in html
    assert "登记当事人" in html
    assert [secret for secret in SECRETS if secret in html] == []
    (party,) = of(owner, dispute)
    assert (party.side, party.consent, party.minor) == ("respondent", "agreed", False)
    opened = client.post(f"/matters/{dispute}/parties/{party.id}", data={"reason": "contact"})
    assert [secret for secret in SECRETS if secret not in opened.text] == []


def test_neither_history_nor_audit_holds_the_person(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, client = report(door), client_of("mei")
    client.post(f"/matters/{dispute}/parties/new", data=told(client, dispute))
    (event,) = events(owner, "party_added")
    assert set(event.facts) == {"party_id", "sent"}
    audited = owner.execute(text("SELECT object_id, facts FROM audit_event"
                                 " WHERE action = 'party:add'")).one()  # fmt: skip
    assert audited.object_id == str(event.facts["party_id"])
    assert audited.facts == {"dispute_id": dispute, "restricted": False}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "请写姓名或名称"),
        ({"phone": "12"}, "电话号码不对"),
        ({"id_number": "211382198001010015"}, "身份证号不对"),
        ({"kind": "organisation"}, "这是居民身份证号"),
        ({"minor": "y"}, "已满 18 周岁"),
        ({"address": "长" * 101}, "最多 100 字"),
        ({"side": None}, "请选身份"),
    ],
)
def test_a_fault_is_said_beside_its_field(
    door: Door, client_of: ClientOf, owner: Session, changes: dict[str, Any], said: str
) -> None:
    dispute, client = report(door), client_of("mei")
    answer = client.post(f"/matters/{dispute}/parties/new", data=told(client, dispute, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert of(owner, dispute) == []


@pytest.mark.parametrize("login", ["hu", "kai", "ren", "dong", "qi"])
def test_those_who_do_not_see_it_cannot_add(
    door: Door, client_of: ClientOf, owner: Session, login: str
) -> None:
    dispute, client = report(door), client_of(login)
    answer = client.post(f"/matters/{dispute}/parties/new", data=typed("1"))
    assert answer.status_code in (403, 404)
    assert of(owner, dispute) == []


def test_whoever_only_sees_it_is_told_whose_it_is(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = dispatched(door)
    act(door, "ren", dispute, "return", reason="不属职责", suggested_owner=1)
    client = client_of("ren")
    assert "parties/new" not in client.get(f"/matters/{dispute}").text
    answer = client.post(f"/matters/{dispute}/parties/new", data=typed(""))
    assert answer.status_code == 409
    assert "由承办单位、登记单位或者综治中心" in answer.text
    assert of(owner, dispute) == []


@pytest.mark.parametrize("login", ["ren", "mei", "tang", "gao"])
def test_handler_reporter_and_centres_add(
    door: Door, client_of: ClientOf, owner: Session, login: str
) -> None:
    dispute, client = dispatched(door), client_of(login)
    client.post(f"/matters/{dispute}/parties/new", data=told(client, dispute))
    assert len(of(owner, dispute)) == 1


def test_who_comes_in_later_may_show_a_twin(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    there, here = report(door, parties=(LI,)), report(door, "dong", area_code=DONGJIE)
    client, same = client_of("dong"), {"name": LI.name, "phone": LI.phone, "id_number": ""}
    for side in ("respondent", "third"):
        sent = told(client, here, side=side, **same)
        client.post(f"/matters/{here}/parties/new", data=sent)
    hint = owner.scalars(select(DuplicateHint)).one()
    assert (hint.dispute_id, hint.other_id) == (here, there)
    county = client_of("gao")
    assert "疑似重复" in county.get("/disputes/").text
    assert "李" not in county.get("/intake/twins").text
    assert "疑似重复" not in client.get("/disputes/").text


def test_an_ended_matter_takes_no_more(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, client = report(door, parties=(LI,)), client_of("mei")
    act(door, "mei", dispute, "decline", reason="已起诉", path_options=["litigation"])
    party = of(owner, dispute)[0].id
    assert "parties/new" not in client.get(f"/matters/{dispute}").text
    for path in ("new", f"{party}/correct"):
        at = f"/matters/{dispute}/parties/{path}"
        assert client.get(at).status_code == 409
        assert client.post(at, data=typed("", reason="name")).status_code == 409
    assert [row.name_mask for row in of(owner, dispute)] == ["李∗∗"]


def test_a_restricted_matter_is_closed_to_colleagues(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = report(door, flags=("domestic_violence",))
    assert client_of("ming").get(f"/matters/{dispute}/parties/new").status_code == 404
    assert client_of("ming").post(
        f"/matters/{dispute}/parties/new", data=typed("1")
    ).status_code == 404  # fmt: skip
    named = client_of("mei")
    named.post(f"/matters/{dispute}/parties/new", data=told(named, dispute))
    assert len(of(owner, dispute)) == 1


@pytest.mark.parametrize("login", ["mei", "ren", "gao"])
def test_a_child_restricts_the_matter(
    door: Door, client_of: ClientOf, owner: Session, login: str
) -> None:
    dispute, client = dispatched(door), client_of(login)
    sent = told(client, dispute, id_number=CHILD)
    answer = client.post(f"/matters/{dispute}/parties/new", data=sent, follow_redirects=True)
    assert "已转为限制知悉" in answer.text
    row = owner.get_one(Dispute, dispute)
    assert row.restricted
    assert "minor" in row.flags
    asked = select(Account.login).join(NamedHandler, NamedHandler.account_id == Account.id)
    assert set(owner.scalars(asked)) == {"mei", "gao", login}
    assert client_of("ming").get(f"/matters/{dispute}").status_code == 404


def test_a_child_without_a_number_is_ticked(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, client = report(door), client_of("mei")
    sent = told(client, dispute, id_number="", minor="y")
    client.post(f"/matters/{dispute}/parties/new", data=sent)
    assert of(owner, dispute)[0].minor
    assert owner.get_one(Dispute, dispute).restricted


def test_sending_twice_adds_once(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, client = report(door), client_of("mei")
    sent = told(client, dispute)
    for _time in range(2):
        answer = client.post(f"/matters/{dispute}/parties/new", data=sent)
        assert answer.status_code == 303
    assert len(of(owner, dispute)) == 1


def test_another_person_from_an_old_page_is_asked_about_again(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, client = report(door), client_of("mei")
    sent = told(client, dispute)
    client.post(f"/matters/{dispute}/parties/new", data=sent)
    answer = client.post(f"/matters/{dispute}/parties/new", data=sent | {"name": "赵某丁"})
    assert answer.status_code == 409
    assert "您填的都还在" in answer.text
    assert "赵某丁" in answer.text
    assert len(of(owner, dispute)) == 1


def test_a_correction_replaces_what_stood_there(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, client = report(door, parties=(LI,)), client_of("mei")
    (before,) = of(owner, dispute)
    number, sealed, index = before.id, before.name_enc, before.contact_index
    at = f"/matters/{dispute}/parties/{number}/correct"
    assert "李某乙" not in client.get(at).text
    sent = told(client, dispute, reason="name", address="", id_number="")
    assert client.post(at, data=sent).status_code == 303
    (after,) = of(owner, dispute)
    assert (after.name_mask, after.address_enc) == ("王∗∗", None)
    assert after.name_enc != sealed
    assert after.contact_index != index
    (event,) = events(owner, "party_corrected")
    assert event.note == "姓名或名称写错"
    assert (event.facts["party_id"], event.facts["reason"]) == (number, "name")
    html = client.get(f"/matters/{dispute}").get_data(as_text=True)
    assert "更正当事人" in html
    assert "姓名或名称写错" in html
    audited = owner.scalars(text("SELECT facts FROM audit_event WHERE action = 'party:correct'"))
    assert audited.one() == {"dispute_id": dispute, "restricted": False, "reason": "name"}


def test_a_correction_says_why(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, client = report(door, parties=(LI,)), client_of("mei")
    (party,) = of(owner, dispute)
    at = f"/matters/{dispute}/parties/{party.id}/correct"
    answer = client.post(at, data=told(client, dispute))
    assert answer.status_code == 422
    assert "请选更正的原因" in answer.text
    assert [row.name_mask for row in of(owner, dispute)] == ["李∗∗"]


def test_a_party_of_another_matter_is_not_corrected_here(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    other, mine = report(door, "dong", (LI,), area_code="211382002"), report(door)
    (party,) = of(owner, other)
    at = f"/matters/{mine}/parties/{party.id}/correct"
    client = client_of("mei")
    assert client.get(at).status_code == 404
    assert client.post(at, data=told(client, mine, reason="name")).status_code == 404


def test_a_colleagues_refusal_stays_when_the_name_is_corrected(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, client = report(door, parties=(LI,)), client_of("mei")
    (party,) = of(owner, dispute)
    owner.execute(update(Party).where(Party.id == party.id).values(consent="refused"))
    owner.commit()
    at = f"/matters/{dispute}/parties/{party.id}/correct"
    sent = told(client, dispute, reason="name", consent="refused")
    assert client.post(at, data=sent).status_code == 303
    assert of(owner, dispute)[0].consent == "refused"


def test_what_the_forms_ask_is_hidden_until_it_is_opened(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, client = report(door), client_of("mei")
    more = {"gender": "female", "ethnicity": "锡伯族", "occupation": "货车司机"}
    sent = told(client, dispute, id_number="", **more)
    client.post(f"/matters/{dispute}/parties/new", data=sent)
    assert "锡伯族" not in client.get(f"/matters/{dispute}").text
    (row,) = of(owner, dispute)
    page = client.post(f"/matters/{dispute}/parties/{row.id}", data={"reason": "contact"})
    assert "女 · 锡伯族 · 货车司机" in page.text
