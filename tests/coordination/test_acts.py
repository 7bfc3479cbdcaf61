"""The acts of coordination as forms: done once, told to whom it concerns, nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.coordination.matters import Door, act, agency_of, dispatched, report, triaged
from yuantou.calendar import clock
from yuantou.disputes.models import Dispute, DisputeEvent, NamedHandler
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]
SOON = clock.today() + timedelta(days=20)


def opened(client: FlaskClient, dispute: int, action: str) -> dict[str, str]:
    """The hidden fields of the form, as a browser would send them back."""
    html = client.get(f"/matters/{dispute}/do/{action}").get_data(as_text=True)
    found = {}
    for name in ("version", "seen"):
        match = re.search(rf'name="{name}"[^>]*value="(\d+)"', html)
        assert match, html[:3000]
        found[name] = match.group(1)
    return found


def do(client: FlaskClient, dispute: int, action: str, **data: object) -> TestResponse:
    fields = opened(client, dispute, action) | data
    return client.post(f"/matters/{dispute}/do/{action}", data=fields)


def now(owner: Session, dispute: int) -> Dispute:
    owner.rollback()
    found = owner.get(Dispute, dispute, populate_existing=True)
    assert found is not None
    return found


def test_accepting_gives_the_number(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute = report(door)
    answer = do(client_of("mei"), dispute, "accept", consent="y")
    assert answer.status_code == 303
    found = now(owner, dispute)
    assert (found.state, found.number) == ("accepted", f"凌源〔{clock.now().year}〕第000001号")


def test_declining_names_the_other_ways(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute = report(door)
    mei = client_of("mei")
    assert do(mei, dispute, "decline", reason="已起诉").status_code == 422
    do(mei, dispute, "decline", reason="已起诉", path_options=["litigation"])
    assert now(owner, dispute).state == "not_accepted"
    assert "已告知：诉讼" in mei.get(f"/matters/{dispute}").get_data(as_text=True)


def test_merging_points_to_the_other(door: Door, client_of: ClientOf, owner: Session) -> None:
    first, second = report(door, title="先报的"), report(door, title="后报的")
    act(door, "mei", first, "accept")
    mei = client_of("mei")
    do(mei, second, "merge", master_number="1", reason="同一堵墙")
    assert now(owner, second).master_id == first
    assert "并入另一件" in mei.get(f"/matters/{first}").get_data(as_text=True)
    assert "已并入另一件" in mei.get(f"/matters/{second}").get_data(as_text=True)


@pytest.mark.parametrize("number", ["凌源〔2020〕第999999号", "7"])
def test_merging_into_nothing_keeps_what_was_typed(
    door: Door, client_of: ClientOf, number: str
) -> None:
    answer = do(client_of("mei"), report(door), "merge", master_number=number, reason="同一堵墙")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请核对编号" in html
    assert "同一堵墙" in html


def test_a_matter_is_not_merged_into_itself(door: Door, client_of: ClientOf) -> None:
    dispute = report(door)
    act(door, "mei", dispute, "accept")
    answer = do(client_of("mei"), dispute, "merge", master_number="1", reason="同一堵墙")
    assert "不能并入自己" in answer.get_data(as_text=True)


def test_triage_does_not_fall_below_what_the_facts_demand(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = report(door, flags=("gathering",))
    act(door, "mei", dispute, "accept")
    judged = {"category": "neighborhood", "path": "own_mediation", "complexity": "simple"}
    answer = do(client_of("mei"), dispute, "triage", risk="blue", **judged)
    assert answer.status_code == 422
    assert "至少应定为红" in answer.get_data(as_text=True)
    do(client_of("mei"), dispute, "triage", risk="red", **judged)
    found = now(owner, dispute)
    assert (found.state, found.risk, found.pressing) == ("triaged", "red", True)


def test_dispatch_hands_over_and_tells_the_department(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = triaged(door)
    labour = agency_of(door, "ren")
    answer = do(
        client_of("gao"),
        dispute,
        "dispatch",
        handler_agency_id=labour,
        deadline=SOON.isoformat(),
        reason="欠薪由人社办",
    )
    assert answer.status_code == 303
    assert now(owner, dispute).handler_agency_id == labour
    told = owner.scalars(select(Notice).where(Notice.agency_id == labour)).one()
    assert told.link == f"/matters/{dispute}"
    assert "院墙" not in told.title


def test_a_term_in_the_past_is_refused(door: Door, client_of: ClientOf) -> None:
    answer = do(
        client_of("gao"),
        triaged(door),
        "dispatch",
        handler_agency_id=agency_of(door, "ren"),
        deadline="2024-01-01",
        reason="欠薪由人社办",
    )
    assert answer.status_code == 422
    assert "不能早于今天" in answer.get_data(as_text=True)


def test_another_county_can_not_be_chosen(door: Door, client_of: ClientOf) -> None:
    answer = do(
        client_of("gao"),
        triaged(door),
        "dispatch",
        handler_agency_id=agency_of(door, "hu"),
        deadline=SOON.isoformat(),
        reason="错发",
    )
    assert answer.status_code == 422


def test_a_restricted_matter_is_sent_to_a_named_person(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = report(door, flags=("minor",))
    act(door, "mei", dispute, "accept")
    act(door, "mei", dispute, "triage", category="damages", risk="blue", path="department")
    fields = {
        "handler_agency_id": agency_of(door, "ren"),
        "deadline": SOON.isoformat(),
        "reason": "工伤",
    }
    gao = client_of("gao")
    assert do(gao, dispute, "dispatch", **fields).status_code == 422
    ren = door("ren")[1].id
    do(gao, dispute, "dispatch", named_id=ren, **fields)
    named = owner.scalars(select(NamedHandler.account_id).where(NamedHandler.dispute_id == dispute))
    assert ren in named.all()
    assert client_of("ren").get(f"/matters/{dispute}").status_code == 200
    assert client_of("zhu").get(f"/matters/{dispute}").status_code == 404


def test_signing_then_naming_the_officer_then_answering(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, ren = dispatched(door), client_of("ren")
    do(ren, dispute, "sign")
    do(ren, dispute, "handle", officer_id=door("ren")[1].id)
    do(ren, dispute, "reply", reply="已责令支付")
    found = now(owner, dispute)
    assert (found.state, found.outcome) == ("replied", "replied")
    assert "已责令支付" in ren.get(f"/matters/{dispute}").get_data(as_text=True)


def test_returning_goes_back_to_the_sender_who_is_told(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = dispatched(door)
    do(
        client_of("ren"),
        dispute,
        "return",
        reason="属工程款结算",
        suggested_owner=agency_of(door, "zhu"),
    )
    found = now(owner, dispute)
    assert (found.state, found.returns) == ("returned", 1)
    assert found.handler_agency_id == agency_of(door, "gao")
    assert owner.scalar(select(func.count()).where(Notice.kind == "dispute_returned")) == 1
    html = client_of("gao").get(f"/matters/{dispute}").get_data(as_text=True)
    assert "建议承办：凌源市住房和城乡建设局" in html
    assert "退回 1 次" in html


def test_after_two_returns_the_county_names_the_handler(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = dispatched(door)
    judged = {"category": "migrant_wages", "risk": "yellow", "path": "department"}
    for again in (True, False):
        act(door, "ren", dispute, "return", reason="不归我们", suggested_owner=1)
        act(door, "gao", dispute, "triage", **judged)
        if again:
            act(
                door,
                "gao",
                dispute,
                "dispatch",
                handler_agency_id=agency_of(door, "ren"),
                deadline=SOON,
            )
    gao = client_of("gao")
    assert gao.get(f"/matters/{dispute}/do/dispatch").status_code == 409
    do(
        gao,
        dispute,
        "designate",
        handler_agency_id=agency_of(door, "ren"),
        deadline=SOON.isoformat(),
        designation_reason="用工主体在辖区",
    )
    assert now(owner, dispute).state == "dispatched"
    assert client_of("ren").get(f"/matters/{dispute}/do/return").status_code == 409


def test_mediation_needs_the_consent_of_the_parties(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = triaged(door)
    mei, ming = client_of("mei"), door("ming")[1].id
    refused = do(mei, dispute, "mediate", mediator_id=ming)
    assert refused.status_code == 422
    assert "双方当事人同意" in refused.get_data(as_text=True)
    do(mei, dispute, "mediate", mediator_id=ming, consent="y")
    found = now(owner, dispute)
    assert (found.state, found.mediator_id) == ("in_mediation", ming)
    told = owner.scalars(select(Notice).where(Notice.account_id == ming)).one()
    assert told.kind == "dispute_assigned"


def test_escalating_lets_the_partners_in(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute = triaged(door)
    mei = client_of("mei")
    do(mei, dispute, "mediate", mediator_id=door("mei")[1].id, consent="y")
    do(mei, dispute, "escalate", reason="牵涉两家", partners=[agency_of(door, "zhu")])
    assert now(owner, dispute).handler_agency_id == agency_of(door, "gao")
    assert client_of("zhu").get(f"/matters/{dispute}").status_code == 200
    assert client_of("ren").get(f"/matters/{dispute}").status_code == 404


def test_partners_begin_with_the_township_then_the_county(door: Door, client_of: ClientOf) -> None:
    dispute = triaged(door)
    do(client_of("mei"), dispute, "mediate", mediator_id=door("mei")[1].id, consent="y")
    html = client_of("mei").get(f"/matters/{dispute}/do/escalate").get_data(as_text=True)
    offered = re.findall(r'name="partners"[^>]*><span>([^<]*)</span>', html)
    places = ["南街" in name or not name.startswith("凌源") for name in offered]
    assert places[0]
    assert "凌源市综治中心" in offered
    county = [n for n, name in enumerate(offered) if name.startswith("凌源")]
    assert county == list(range(county[0], county[0] + len(county)))


def test_two_at_once_the_second_is_told_and_loses_nothing(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = report(door)
    mei, tang = client_of("mei"), client_of("ming")
    fields = opened(tang, dispute, "decline")
    do(mei, dispute, "accept")
    answer = tang.post(
        f"/matters/{dispute}/do/decline",
        data=fields | {"reason": "写了很久的理由", "path_options": ["litigation"]},
    )
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "刚才有人先办了" in html
    assert "梅调解" in html
    assert "受理" in html
    assert "写了很久的理由" in html
    assert now(owner, dispute).state == "accepted"


def test_after_seeing_the_change_it_can_be_sent_again(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = triaged(door)
    gao = client_of("gao")
    fields = opened(gao, dispute, "dispatch") | {
        "handler_agency_id": agency_of(door, "ren"),
        "deadline": SOON.isoformat(),
        "reason": "欠薪由人社办",
    }
    owner.execute(text("UPDATE dispute SET version = version + 1 WHERE id = :id"), {"id": dispute})
    owner.commit()
    stale = gao.post(f"/matters/{dispute}/do/dispatch", data=fields)
    assert stale.status_code == 409
    match = re.search(r'name="version"[^>]*value="(\d+)"', stale.get_data(as_text=True))
    assert match
    again = gao.post(f"/matters/{dispute}/do/dispatch", data=fields | {"version": match.group(1)})
    assert again.status_code == 303
    assert now(owner, dispute).state == "dispatched"


def test_sending_twice_does_it_once(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, mei = report(door), client_of("mei")
    fields = opened(mei, dispute, "accept")
    for _ in range(2):
        assert mei.post(f"/matters/{dispute}/do/accept", data=fields).status_code == 303
    assert "没有重复办理" in mei.get(f"/matters/{dispute}").get_data(as_text=True)
    accepted = select(func.count()).where(
        DisputeEvent.dispute_id == dispute, DisputeEvent.event == "accepted"
    )
    assert owner.scalar(accepted) == 1


def test_a_door_that_is_shut_says_why(door: Door, client_of: ClientOf) -> None:
    dispute = dispatched(door)
    shut = (("ren", "accept"), ("gao", "sign"), ("gao", "return"), ("mei", "designate"))
    for login, action in shut:
        assert client_of(login).get(f"/matters/{dispute}/do/{action}").status_code == 409
        answer = client_of(login).post(f"/matters/{dispute}/do/{action}", data={"version": "1"})
        assert answer.status_code in (409, 422)


def test_out_of_scope_there_is_no_act(door: Door, client_of: ClientOf) -> None:
    dispute = report(door)
    for login in ["hu", "kai", "dong", "qi", "jian"]:
        assert client_of(login).get(f"/matters/{dispute}/do/accept").status_code == 404
        assert client_of(login).post(f"/matters/{dispute}/do/accept").status_code in (403, 404)


def test_unknown_acts_are_not_there(door: Door, client_of: ClientOf) -> None:
    assert client_of("mei").get(f"/matters/{report(door)}/do/explode").status_code == 404


@pytest.mark.parametrize("typed", ["🙂", "'; DROP TABLE dispute; --", "<img src=x>", "\u202e倒写"])
def test_odd_text_is_kept_as_text(
    door: Door, client_of: ClientOf, owner: Session, typed: str
) -> None:
    dispute, mei = report(door), client_of("mei")
    do(mei, dispute, "accept", note=typed)
    note = owner.scalar(
        select(DisputeEvent.note).where(
            DisputeEvent.dispute_id == dispute, DisputeEvent.event == "accepted"
        )
    )
    assert note == typed.replace("\u202e", "")
    assert "<img src=x>" not in mei.get(f"/matters/{dispute}").get_data(as_text=True)


def test_personal_numbers_do_not_enter_the_history(door: Door, client_of: ClientOf) -> None:
    answer = do(client_of("mei"), report(door), "accept", note="电话 13812345678")
    assert answer.status_code == 422
    assert "加密保存" in answer.get_data(as_text=True)


def test_each_act_is_one_row_of_the_audit(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, mei = report(door), client_of("mei")
    do(mei, dispute, "accept")
    rows = owner.execute(text("SELECT action, object_id FROM audit_event")).all()
    assert [tuple(row) for row in rows] == [("dispute:accept", str(dispute))]
