"""The pages of mediation, from the first session to the closed file."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.mediation.stories import (
    TODAY,
    TOMORROW,
    events_of,
    fill,
    in_mediation,
    state_of,
)
from yuantou.audit.models import AuditEvent
from yuantou.disputes.models import Dispute
from yuantou.mediation.models import (
    Agreement,
    FollowUp,
    MediationRecord,
    PathNotice,
    Performance,
)

Clients = Callable[[str], FlaskClient]
Sessions = Callable[[str], Any]
MOMENT = f"{TODAY}T00:00"
TERMS = {
    "agreement_form": "oral",
    "agreement_content": "院墙退二十公分。",
    "mode": "by_date",
    "due_on": TOMORROW,
    "effective_on": TODAY,
}
ENDING = {"reason": "分歧太大", "path_options": ["litigation", "legal_aid"], "manner": "oral"}


@pytest.fixture
def matter(viewer_session: Sessions, app: object) -> int:
    """A dispute that Mei mediates."""
    return in_mediation(*viewer_session("mei"))


def test_a_session_goes_on_record(client_of: Clients, owner: Session, matter: int) -> None:
    sent = {"held_at": MOMENT, "place": "村委会", "attendees": "双方", "content": "谈了一次"}
    assert fill(client_of("mei"), matter, "record", **sent).status_code == 303
    assert owner.query(MediationRecord).one().content == "谈了一次"
    assert state_of(owner, matter) == "in_mediation"
    assert "mediation_recorded" in events_of(owner, matter)


def test_an_oral_agreement_runs_to_the_closed_file(
    client_of: Clients, owner: Session, matter: int
) -> None:
    mei = client_of("mei")
    fill(mei, matter, "agree", **TERMS)
    assert state_of(owner, matter) == "performing"
    done = {"result": "performed", "performed_on": TODAY, "evidence": "双方确认"}
    fill(mei, matter, "perform", **done)
    assert state_of(owner, matter) == "performed"
    call = {
        "called_at": MOMENT,
        "reached": "yes",
        "hidden_risk": "no",
        "note": "都满意",
        "close_file": "y",
    }
    source = owner.query(Agreement).one().id
    mei.post(f"/matters/{matter}/paper-oral/{source}", data={"shape": "word", "names": "masked"})
    assert fill(mei, matter, "follow-up", **call).status_code == 303
    assert state_of(owner, matter) == "closed"
    assert owner.query(Agreement).one().due_on is not None
    assert owner.query(Performance).one().result == "performed"
    assert owner.query(FollowUp).one().reached


def test_performed_on_the_spot(client_of: Clients, owner: Session, matter: int) -> None:
    fill(client_of("mei"), matter, "agree", **{**TERMS, "mode": "immediate", "due_on": ""})
    assert state_of(owner, matter) == "performed"


def test_part_of_it_leaves_it_running(client_of: Clients, owner: Session, matter: int) -> None:
    mei = client_of("mei")
    fill(mei, matter, "agree", **TERMS)
    part = {"result": "partly", "performed_on": TODAY, "evidence": "收条", "amount": "1,500.50"}
    fill(mei, matter, "perform", **part)
    assert state_of(owner, matter) == "performing"
    assert owner.query(Performance).one().amount == 1500.5


def test_nobody_is_in_default_before_the_day(client_of: Clients, matter: int) -> None:
    mei = client_of("mei")
    fill(mei, matter, "agree", **TERMS)
    page = mei.get(f"/matters/{matter}/mediation/default")
    assert page.status_code == 409
    assert "尚未过" in page.text


def test_failing_tells_of_other_ways(client_of: Clients, owner: Session, matter: int) -> None:
    mei = client_of("mei")
    refused = fill(mei, matter, "fail", reason="分歧太大")
    assert refused.status_code == 422
    assert "至少一项" in refused.text
    fill(mei, matter, "fail", **ENDING)
    assert state_of(owner, matter) == "failed"
    assert owner.query(PathNotice).one().paths == ["litigation", "legal_aid"]
    fill(mei, matter, "advise-path", path_options=["litigation"], manner="written")
    assert state_of(owner, matter) == "path_advised"


def test_a_party_may_leave_at_any_time(client_of: Clients, owner: Session, matter: int) -> None:
    fill(client_of("mei"), matter, "terminate", ground="refused", **ENDING)
    assert state_of(owner, matter) == "terminated"
    assert owner.get_one(Dispute, matter).refused
    assert events_of(owner, matter)[-2:] == ["mediation_refused", "terminated"]


def test_rest_and_return(client_of: Clients, owner: Session, matter: int) -> None:
    mei = client_of("mei")
    fill(
        mei,
        matter,
        "suspend",
        ground="appraisal",
        reason="等伤情鉴定",
        evidence="鉴定委托书",
        until=TOMORROW,
    )
    assert state_of(owner, matter) == "suspended"
    fill(mei, matter, "resume", resumed_on=TODAY)
    assert state_of(owner, matter) == "in_mediation"


def test_who_refused_is_not_mediated(client_of: Clients, owner: Session, matter: int) -> None:
    mei = client_of("mei")
    fill(mei, matter, "note-refusal", reason="西邻当面表示不调")
    page = mei.get(f"/matters/{matter}/mediation/agree")
    assert page.status_code == 409
    assert "第十七条" in page.text


def test_a_possible_offence_is_reported_first(
    client_of: Clients, owner: Session, viewer_session: Sessions, app: object
) -> None:
    matter = in_mediation(*viewer_session("mei"), flags=("came_to_blows",))
    mei = client_of("mei")
    assert "报告公安机关" in mei.get(f"/matters/{matter}/mediation/agree").text
    fill(mei, matter, "report-to-police", police_station="南街派出所", reported_at=MOMENT)
    fill(mei, matter, "agree", **TERMS)
    assert state_of(owner, matter) == "performing"


def test_marriage_is_signed_on_paper(
    client_of: Clients, owner: Session, viewer_session: Sessions, app: object
) -> None:
    matter = in_mediation(*viewer_session("mei"), type="marriage_family")
    mei = client_of("mei")
    written = {**TERMS, "agreement_form": "written"}
    page = fill(mei, matter, "agree", **{**written, "signature": "electronic"})
    assert page.status_code == 422
    assert "不适用电子签名" in page.text
    assert "院墙退二十公分" in page.text
    fill(mei, matter, "agree", **{**written, "signature": "paper"})
    assert owner.query(Agreement).one().signature == "paper"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due_on": ""}, "请写约定哪天履行完"),
        ({"due_on": "2020-01-01"}, "不能早于生效日期"),
        ({"effective_on": TOMORROW}, "不能晚于现在"),
        ({"amount": "很多"}, "金额请写成数字"),
        ({"agreement_content": ""}, "请写双方约定了什么"),
        ({"agreement_form": "written"}, "请选签名方式"),
        ({"agreement_content": "还款到110105194912310021"}, "当事人"),
    ],
)
def test_a_wrong_agreement_says_how_to_mend_it(
    client_of: Clients, owner: Session, matter: int, changes: dict[str, str], words: str
) -> None:
    page = fill(client_of("mei"), matter, "agree", **{**TERMS, **changes})
    assert page.status_code == 422
    assert words in page.text
    assert state_of(owner, matter) == "in_mediation"


def test_the_county_does_not_settle_for_the_committee(client_of: Clients, matter: int) -> None:
    page = client_of("gao").get(f"/matters/{matter}/mediation/agree")
    assert page.status_code == 409
    assert "承办单位" in page.text


def test_another_county_finds_nothing(client_of: Clients, matter: int) -> None:
    assert client_of("kai").get(f"/matters/{matter}/mediation/agree").status_code == 404
    assert client_of("kai").post(f"/matters/{matter}/mediation/fail").status_code == 404


def test_each_act_is_one_row_of_the_chain(client_of: Clients, owner: Session, matter: int) -> None:
    fill(client_of("mei"), matter, "agree", **TERMS)
    rows = owner.query(AuditEvent).filter(AuditEvent.object_id == str(matter)).all()
    assert [row.action for row in rows] == ["dispute:agree"]
    assert owner.get_one(Dispute, matter).outcome == "agreed_oral"


def test_what_is_wrong_is_listed_in_the_order_of_the_page(client_of: Clients, matter: int) -> None:
    answer = fill(client_of("mei"), matter, "terminate")
    listed = re.findall(r'<li><a href="#(\w+)">', answer.get_data(as_text=True))
    assert listed == ["ground", "reason", "path_options"]
