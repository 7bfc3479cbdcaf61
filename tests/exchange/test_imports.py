"""A list that an office brings: matched, checked by cell, taken in in parts, taken back whole."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act
from yuantou.audit.models import AuditEvent
from yuantou.disputes.models import Dispute, DisputeKey, Party
from yuantou.exchange.imports import service
from yuantou.exchange.imports.fields import matched
from yuantou.exchange.imports.models import ImportBatch

Clients = Callable[[str], FlaskClient]
HEAD = "纠纷简要情况,纠纷类型,所属乡镇,地点,发生日期,人数,申请人姓名,联系电话,备注"
GOOD = "院墙滴水争执,邻里纠纷,南街,前山村,2026年3月1日,3人,王小明,13900001111,无"
OTHER = "欠付工资两个月,拖欠农民工工资,东街街道,工地,2026-03-02,12,李某,,"


def bring(client: FlaskClient, *lines: str, head: str = HEAD) -> str:
    """Upload a list; returns the address of its page."""
    data = "\n".join([head, *lines]).encode()
    sent = client.post("/imports/", data={"table": (io.BytesIO(data), "台账.csv")})
    assert sent.status_code == 303, sent.text
    return str(sent.location)


def test_one_file_sent_twice_at_once_is_one_list(client_of: Clients, owner: Session) -> None:
    clients, both = [client_of("gao"), client_of("gao")], Barrier(2)

    def send(client: FlaskClient) -> str:
        both.wait()
        return bring(client, GOOD)

    with ThreadPoolExecutor(2) as pool:
        pages = set(pool.map(send, clients))
    assert len(pages) == 1
    assert owner.query(ImportBatch).count() == 1


def test_titles_of_other_systems_are_known() -> None:
    titles = ["案情 ★", "类别（18类）", "不认识", "类型"]
    assert matched(titles, {}) == ["summary", "type", "", ""]


def test_what_was_matched_before_is_matched_again(client_of: Clients) -> None:
    client = client_of("gao")
    head = HEAD.replace("纠纷简要情况", "说了啥")
    page = bring(client, GOOD, head=head)
    assert "还缺：简要情况" in client.get(page).text
    columns = ["summary", "type", "area", "place", "occurred_on", "involved", "applicant",
               "applicant_phone", ""]  # fmt: skip
    client.post(f"{page}/columns", data={"column": columns})
    again = bring(client, OTHER, head=head)
    assert "还缺" not in client.get(again).text


def test_the_name_of_the_list_above_its_titles_is_passed_over(client_of: Clients) -> None:
    client = client_of("gao")
    page = client.get(bring(client, "单位：南街街道,2026年", HEAD, GOOD, head="纠纷台账")).text
    assert "1 行可以导入" in page
    assert "还缺" not in page


def test_every_fault_has_its_cell(client_of: Clients) -> None:
    client = client_of("gao")
    bad = "说不清,外星纠纷,公营子镇,,2999-01-01,零,张三,123,"
    page = client.get(bring(client, GOOD, bad)).text
    for words in ("外星纠纷", "公营子镇", "没有填写", "不能晚于今天", "人数请填", "电话号码不对"):
        assert words in page
    assert "1 行可以导入" in page
    assert "1 行有问题" in page


def test_lines_without_fault_come_in_sealed_and_once(client_of: Clients, owner: Session) -> None:
    client = client_of("gao")
    page = bring(client, GOOD, OTHER, GOOD, "坏行,,,,,,,,")
    for _ in range(2):
        client.post(f"{page}/take")
    found = owner.query(Dispute).order_by(Dispute.id).all()
    assert [(one.type, one.involved, one.state) for one in found] == [
        ("neighborhood", 3, "reported"),
        ("migrant_wages", 12, "reported"),
    ]
    assert {party.name_mask for party in owner.query(Party)} == {"王∗∗", "李∗∗"}
    assert owner.query(ImportBatch).one().sealed is None
    assert owner.query(AuditEvent).filter_by(action="import:take").count() == 1


def test_it_goes_on_where_it_stopped(
    client_of: Clients, owner: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PART", 2)
    client = client_of("gao")
    page = bring(client, *(GOOD.replace("前山村", f"前山村{n}组") for n in range(5)))
    client.post(f"{page}/take")
    assert owner.query(Dispute).count() == 2
    assert "正在导入：2 / 5" in client.get(page).text
    for _ in range(3):
        client.post(f"{page}/take")
    assert owner.query(Dispute).count() == 5


def test_a_list_is_taken_back_but_not_what_is_being_handled(
    client_of: Clients, owner: Session, door: Door
) -> None:
    client = client_of("gao")
    page = bring(client, GOOD, OTHER)
    client.post(f"{page}/take")
    kept = owner.query(Dispute).filter_by(type="migrant_wages").one().id
    act(door, "gao", kept, "accept")
    client.post(f"{page}/undo")
    owner.expire_all()
    assert [one.id for one in owner.query(Dispute)] == [kept]
    assert owner.query(DisputeKey).filter(DisputeKey.dispute_id != kept).count() == 0
    batch = owner.query(ImportBatch).one()
    assert (batch.written, batch.undone, batch.state) == (2, 1, "done")


def test_the_same_file_is_not_brought_twice(client_of: Clients, owner: Session) -> None:
    client = client_of("gao")
    assert bring(client, GOOD) == bring(client, GOOD)
    assert owner.query(ImportBatch).count() == 1


def test_another_county_sees_nothing_of_a_list(client_of: Clients) -> None:
    page = bring(client_of("gao"), GOOD)
    other = client_of("hu")
    assert other.get(page).status_code == 404
    assert other.post(f"{page}/take").status_code == 404
    assert other.post(f"{page}/undo").status_code == 404


def test_who_does_not_keep_lists_brings_none(client_of: Clients) -> None:
    for login in ("mei", "zhou", "kang", "an", "sheng"):
        assert client_of(login).get("/imports/").status_code == 403


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.csv", "文件是空的"),
        (b"PK\x03\x04zz", "a.xlsx", "打不开"),
        (b"\xd0\xcf\x11\xe0", "a.xls", "旧版"),
        (HEAD.encode(), "a.csv", "表头下面没有内容"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(
    client_of: Clients, data: bytes, name: str, words: str
) -> None:
    sent = client_of("gao").post("/imports/", data={"table": (io.BytesIO(data), name)})
    assert sent.status_code == 422
    assert words in sent.text


def test_formulas_and_markup_stay_text(client_of: Clients) -> None:
    client = client_of("gao")
    nasty = "<script>alert(1)</script>=1+1,邻里,南街,' OR 1=1 --,2026-03-01,2,,,"
    page = client.get(bring(client, nasty)).text
    assert "<script>alert" not in page
    assert "1 行可以导入" in page


def test_the_template_comes_with_a_name_that_a_server_can_send(client_of: Clients) -> None:
    answer = client_of("gao").get("/imports/template")
    head = answer.headers["Content-Disposition"]
    assert head.encode("latin-1").startswith(b"attachment")
    assert "filename*=UTF-8''" in head
    assert answer.data.startswith(b"PK")
