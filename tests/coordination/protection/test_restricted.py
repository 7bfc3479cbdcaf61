"""Restricted matters: no way to mediation with an alleged abuser, reports made, names named."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import PEOPLE
from tests.coordination.matters import Door, act, agency_of, report
from tests.mediation.stories import events_of, fill
from yuantou.accounts.models import Account
from yuantou.calendar.clock import now
from yuantou.coordination.protection.jobs import remind
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.models import Dispute, NamedHandler
from yuantou.disputes.parties import NewParty
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]
VIOLENCE = ("domestic_violence",)
LAWS = "反家庭暴力法》第十四条"


def violent(door: Door) -> int:
    return report(door, flags=VIOLENCE)


def id_of(owner: Session, login: str) -> int:
    return owner.query(Account).filter_by(login=login).one().id


def told(owner: Session) -> list[int]:
    owner.rollback()
    return [one.agency_id for one in owner.query(Notice).filter_by(kind="report_owed")]


def test_nobody_of_any_role_is_led_to_mediation(door: Door, client_of: ClientOf) -> None:
    dispute = violent(door)
    act(door, "mei", dispute, "accept")
    act(door, "mei", dispute, "triage", category="marriage_family", risk="red", path="department")
    for login, *_rest in PEOPLE:
        for address in ("do/mediate", "mediation/mediate", "mediation/agree"):
            assert client_of(login).get(f"/matters/{dispute}/{address}").status_code in (
                403,
                404,
                409,
            )


def test_triage_offers_no_mediation(door: Door, client_of: ClientOf) -> None:
    dispute = violent(door)
    act(door, "mei", dispute, "accept")
    page = client_of("mei").get(f"/matters/{dispute}/do/triage").text
    assert 'value="department"' in page
    assert 'value="own_mediation"' not in page
    with pytest.raises(RefusedError, match="不走调解途径"):
        act(
            door, "mei", dispute, "triage", category="neighborhood", risk="red",
            path="own_mediation",
        )  # fmt: skip


def test_the_orders_that_protect_are_told_of(door: Door, client_of: ClientOf) -> None:
    dispute, mei = violent(door), client_of("mei")
    act(door, "mei", dispute, "accept")
    act(door, "mei", dispute, "report_to_police", police_station="南街派出所", reported_at=now())
    words = {"reason": "涉家暴", "ground": "other", "path_options": ["litigation"]}
    answer = fill(mei, dispute, "terminate", **words)
    assert answer.status_code == 422
    assert "须包括人身安全保护令" in answer.text
    words["path_options"] = ["protection_order", "litigation"]
    assert fill(mei, dispute, "terminate", **words).status_code == 303


def test_the_report_is_asked_for_until_it_is_made(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, mei = violent(door), client_of("mei")
    assert LAWS in mei.get(f"/matters/{dispute}").text
    station = {"police_station": "南街派出所", "reported_at": "2026-11-03 09:30"}
    fill(mei, dispute, "report-to-police", **station, reported_to=["civil_affairs"])
    page = mei.get(f"/matters/{dispute}").text
    assert LAWS not in page
    assert "报告时刻：11月3日 09:30" in page
    assert "police_informed" in events_of(owner, dispute)


def test_it_reminds_once_until_it_is_read(door: Door, database: object, owner: Session) -> None:
    dispute = violent(door)
    with database.sessions("worker")() as worker:  # type: ignore[attr-defined]
        for _ in range(2):
            remind(worker, now(), lambda done, all_of_them: None)
            worker.commit()
    assert set(told(owner)) == {agency_of(door, "mei"), agency_of(door, "gao")}
    assert len(told(owner)) == 2
    act(door, "mei", dispute, "report_to_police", police_station="派出所", reported_at=now())
    owner.query(Notice).delete()
    owner.commit()
    with database.sessions("worker")() as worker:  # type: ignore[attr-defined]
        remind(worker, now() + timedelta(hours=1), lambda done, all_of_them: None)
        worker.commit()
    assert told(owner) == []


def test_naming_lets_in_and_unnaming_keeps_out(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, mei = violent(door), client_of("mei")
    ming = {"account_id": id_of(owner, "ming"), "reason": "接手办理"}
    assert client_of("ming").get(f"/matters/{dispute}").status_code == 404
    assert mei.post(f"/matters/{dispute}/named", data=ming).status_code == 303
    assert client_of("ming").get(f"/matters/{dispute}").status_code == 200
    assert mei.post(f"/matters/{dispute}/named/remove", data=ming).status_code == 303
    assert client_of("ming").get(f"/matters/{dispute}").status_code == 404
    assert events_of(owner, dispute)[-2:] == ["handler_named", "handler_unnamed"]
    assert client_of("hu").post(f"/matters/{dispute}/named", data=ming).status_code == 404


def test_two_persons_lift_a_wrong_restriction(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, gao, mei = violent(door), client_of("gao"), client_of("mei")
    address = f"/matters/{dispute}/lift"
    assert mei.get(address).status_code == 409
    assert gao.post(address, data={"reason": "误选，实为邻里纠纷"}).status_code == 303
    yes = {"verdict": "lifted", "note": "核对笔录"}
    assert gao.post(f"{address}/decide", data=yes).status_code == 409
    assert mei.post(f"{address}/decide", data=yes).status_code == 303
    found = owner.get_one(Dispute, dispute, populate_existing=True)
    assert (found.restricted, found.flags) == (False, [])
    assert owner.query(NamedHandler).count() == 0
    assert client_of("tang").get(f"/matters/{dispute}").status_code == 200


def test_a_child_keeps_it_restricted(door: Door, client_of: ClientOf) -> None:
    child = NewParty(side="applicant", kind="person", name="小明", minor=True)
    dispute = report(door, flags=("minor",), parties=(child,))
    answer = client_of("gao").post(f"/matters/{dispute}/lift", data={"reason": "误选"})
    assert answer.status_code == 409
    assert "当事人中有未成年人" in answer.text
