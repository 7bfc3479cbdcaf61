"""Logging a dispute through the page."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import GONGYINGZI, WANYUANDIAN
from tests.intake.entries import ID_NUMBER, PHONE, entry, party
from yuantou.audit.models import AuditEvent
from yuantou.disputes.models import Dispute, Party
from yuantou.notices.models import Notice

Clients = Callable[[str], FlaskClient]


def test_a_mediator_logs_a_dispute(client_of: Clients, owner: Session) -> None:
    answer = client_of("mei").post("/intake/", data=entry(), follow_redirects=True)
    assert answer.status_code == 200
    assert "已上报" in answer.text
    assert "南街街道人民调解委员会" in answer.text
    dispute = owner.query(Dispute).one()
    assert (dispute.state, dispute.title) == ("reported", "邻里：东邻翻建院墙")


def test_only_the_starred_fields_are_asked(client_of: Clients, owner: Session) -> None:
    answer = client_of("mei").post("/intake/", data={"submission": entry()["submission"]})
    assert answer.status_code == 422
    for words in ("请选一类纠纷", "请写发生地点", "请用一两句话", "请选这件纠纷怎么来的"):
        assert words in answer.text
    assert owner.query(Dispute).count() == 0


def test_sending_twice_makes_one_dispute(client_of: Clients, owner: Session) -> None:
    client, sent = client_of("mei"), entry()
    first = client.post("/intake/", data=sent)
    second = client.post("/intake/", data=sent)
    assert first.location == second.location
    assert owner.query(Dispute).count() == 1


def test_the_token_of_another_person_opens_nothing(client_of: Clients, owner: Session) -> None:
    sent = entry()
    client_of("mei").post("/intake/", data=sent)
    answer = client_of("kai").post("/intake/", data={**sent, "area": GONGYINGZI})
    assert answer.status_code == 409
    assert sent["submission"] not in answer.text
    assert sent["place"] in answer.text
    assert owner.query(Dispute).count() == 1


def test_parties_are_sealed(client_of: Clients, owner: Session) -> None:
    client_of("mei").post("/intake/", data=entry() | party(id_number=ID_NUMBER))
    kept = owner.query(Party).one()
    assert kept.name_mask == "张∗∗"
    assert "张三".encode() not in kept.name_enc
    assert ID_NUMBER.encode() not in (kept.id_enc or b"")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"occurred_on": "2999-01-01"}, "不能晚于现在"),
        ({"occurred_on": "1949-09-30"}, "不能早于 1949"),
        ({"occurred_on": "明天"}, "日期请写成年月日"),
        ({"involved": "很多"}, "请填整数"),
        ({"involved": "0"}, "人数请填"),
        ({"summary": "长" * 2001}, "最多 2000 字"),
        ({"summary": f"他的身份证号{ID_NUMBER}"}, "当事人"),
        ({"place": f"找{PHONE}"}, "当事人"),
        ({"type": "nonsense"}, "请选一类"),
        ({"area": GONGYINGZI}, "乡镇街道"),
        (party(phone="12345"), "电话号码不对"),
        (party(id_number="211382198001010015"), "身份证号不对"),
        (party(kind="organisation", id_number="123"), "统一社会信用代码不对"),
        (party(name=""), "请写姓名"),
        ({"submission": "x"}, "刷新"),
    ],
)
def test_a_wrong_entry_says_how_to_mend_it(
    client_of: Clients, owner: Session, changes: dict[str, str], words: str
) -> None:
    answer = client_of("mei").post("/intake/", data=entry() | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert owner.query(Dispute).count() == 0
    if "place" not in changes:
        assert "前山村三组" in answer.text


def test_a_fault_of_a_party_says_whose(client_of: Clients) -> None:
    answer = client_of("mei").post("/intake/", data=entry(**party(2, phone="12345")))
    assert '<a href="#party2_phone">第 2 位 · 电话：' in answer.text


def test_html_emoji_and_sql_are_text(client_of: Clients, owner: Session) -> None:
    words = "<script>alert(1)</script> '; DROP TABLE dispute; -- 👨‍👩‍👧 吵架"
    answer = client_of("mei").post(
        "/intake/", data=entry(summary=words, place="<b>村"), follow_redirects=True
    )
    assert "<script>alert" not in answer.text
    assert owner.query(Dispute).one().summary == words


def test_a_flood_of_text_is_turned_away_in_words(client_of: Clients, owner: Session) -> None:
    answer = client_of("mei").post("/intake/", data=entry(summary="x" * 600_000))
    assert answer.status_code == 422
    assert "最多 2000 字，现在 600000 字" in answer.text
    assert owner.query(Dispute).count() == 0


def test_unseen_characters_are_taken_out_and_said(client_of: Clients, owner: Session) -> None:
    answer = client_of("mei").post(
        "/intake/", data=entry(summary="院墙\u202e倒\x00了\u200b"), follow_redirects=True
    )
    assert "已去掉看不见的控制字符" in answer.text
    assert owner.query(Dispute).one().summary == "院墙倒了"


def test_a_point_is_kept_only_when_it_was_taken(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    client.post("/intake/", data=entry(lng="119.40", lat="41.24"))
    client.post("/intake/", data=entry(lng="", lat="", summary="第二件"))
    client.post("/intake/", data=entry(lng="-70", lat="x", summary="第三件"))
    points = [(row.lng, row.crs) for row in owner.query(Dispute).order_by(Dispute.id)]
    assert points == [(119.4, "WGS-84"), (None, None), (None, None)]


def test_ten_people_remind_the_county_centre(client_of: Clients, owner: Session) -> None:
    page = client_of("mei").post("/intake/", data=entry(involved="10"), follow_redirects=True)
    assert "已提醒县级综治中心" in page.text
    told = owner.query(Notice).filter_by(kind="crowd").one()
    assert (told.kind, told.title) == ("crowd", "新登记的事项涉及 10 人")
    page = client_of("mei").post("/intake/", data=entry(involved="9"), follow_redirects=True)
    assert "已提醒县级综治中心" not in page.text
    assert owner.query(Notice).filter_by(kind="crowd").count() == 1


def test_the_form_starts_where_the_person_was_last(client_of: Clients) -> None:
    client = client_of("gao")
    assert 'value=""' in client.get("/intake/").text
    client.post("/intake/", data=entry(area=WANYUANDIAN, place="孙杖子"))
    page = client.get("/intake/").text
    assert f'<option selected value="{WANYUANDIAN}">' in page
    assert '<option value="孙杖子">' in page


def test_every_log_is_one_row_of_the_chain(client_of: Clients, owner: Session) -> None:
    client_of("mei").post("/intake/", data=entry() | party())
    rows = owner.query(AuditEvent).filter_by(action="dispute:log").all()
    assert [row.facts["parties"] for row in rows] == [1]
    assert "张三" not in str(rows[0].facts)


def test_who_may_not_log_is_turned_away(client_of: Clients) -> None:
    assert client_of("zhou").get("/intake/").status_code == 403
