"""The duty list: read by all who need it, edited by who answers for it, in and out as a table."""

import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import KAZUO, LINGYUAN, NANJIE
from tests.coordination.matters import Door, act, agency_of, dispatched, triaged
from yuantou.audit.models import AuditEvent
from yuantou.coordination.dispatching import duties
from yuantou.coordination.dispatching.duties import NewDuty
from yuantou.coordination.dispatching.duty_table import COLUMNS
from yuantou.coordination.dispatching.models import Duty
from yuantou.database.sheets import Sheet, write_workbook
from yuantou.disputes.models import Dispute

ClientOf = Callable[[str], FlaskClient]
BASIS = "《保障农民工工资支付条例》第七条"
HEADER = ("单位代码", "责任单位", "纠纷类型", "国标类别", "适用区划", "依据", "起", "止")
GOOD = [
    ("lingyuan-labour", "", "拖欠农民工工资", "", "凌源市", BASIS, "2026-01-01", ""),
    ("", "凌源市住房和城乡建设局", "物业", "0402", LINGYUAN, "《物业管理条例》第五条", "", ""),
]


def owns(door: Door, of: str, kind: str = "migrant_wages", area: str = LINGYUAN) -> Duty:
    """The county writes that the agency of `of` owns this type."""
    session, gao = door("gao")
    new = NewDuty(agency_of(door, of), area, kind, None, BASIS, date(2020, 1, 1))
    return duties.write(session, by=gao, news=[new])[0]


def upload(client: FlaskClient, rows: Sequence[tuple[str, ...]]) -> TestResponse:
    content = io.BytesIO(write_workbook([Sheet("职责清单", HEADER, rows)]))
    return client.post("/duties/import", data={"file": (content, "职责.xlsx")})


def sent_back(page: str) -> str:
    found = re.search(r'name="lines"[^>]*value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_who_sends_or_signs_reads_the_list_of_his_county(door: Door, client_of: ClientOf) -> None:
    owns(door, "ren")
    for login in ("tang", "mei", "ren", "an"):
        assert BASIS in client_of(login).get("/duties").text
    assert BASIS not in client_of("hu").get("/duties").text
    assert client_of("zhou").get("/duties").status_code == 403


def test_only_the_county_and_administrators_write(door: Door, client_of: ClientOf) -> None:
    line = {
        "agency_id": agency_of(door, "ren"), "type": "other_labor", "area_code": LINGYUAN,
        "basis": "《劳动法》", "valid_from": "2026-01-01",
    }  # fmt: skip
    assert client_of("tang").post("/duties/new", data=line).status_code == 403
    assert client_of("gao").post("/duties/new", data=line).status_code == 303
    assert client_of("an").post("/duties/new", data=line | {"type": "medical"}).status_code == 303


def test_nobody_writes_for_another_county(door: Door, client_of: ClientOf, owner: Session) -> None:
    line = {
        "agency_id": agency_of(door, "ren"), "type": "other_labor", "area_code": KAZUO,
        "basis": "《劳动法》", "valid_from": "2026-01-01",
    }  # fmt: skip
    assert client_of("gao").post("/duties/new", data=line).status_code == 422
    assert client_of("hu").post("/duties/new", data=line).status_code == 422
    assert owner.scalars(select(Duty)).all() == []


def test_an_ended_duty_stays_on_the_record(door: Door, client_of: ClientOf) -> None:
    duty, gao = owns(door, "ren"), client_of("gao")
    assert client_of("hu").get(f"/duties/{duty.id}/end").status_code == 404
    assert gao.post(f"/duties/{duty.id}/end", data={"last_day": "2026-01-31"}).status_code == 303
    assert BASIS not in gao.get("/duties").text
    assert "已截止" in gao.get("/duties?ended=1").text


def test_the_owner_is_proposed_with_its_reason_and_chosen(door: Door, client_of: ClientOf) -> None:
    owns(door, "ren")
    owns(door, "zhu", area=NANJIE)
    page = client_of("gao").get(f"/matters/{triaged(door)}/do/dispatch").text
    assert page.index("住房和城乡建设局 · 拖欠农民工工资（南街街道）") < page.index(
        f"社会保障局 · 拖欠农民工工资（凌源市）：{BASIS}"
    )
    chosen = re.search(r'name="proposal"[^>]*value="(\d+)" checked', page)
    assert chosen is not None
    assert int(chosen[1]) == agency_of(door, "zhu")


def test_the_proposal_is_taken_unless_another_owner_is_named(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    owns(door, "ren")
    labour, housing = agency_of(door, "ren"), agency_of(door, "zhu")
    term = {"deadline": "2030-01-01", "reason": "按职责"}
    for named, expected in (("0", labour), (str(housing), housing)):
        dispute = triaged(door)
        sent = {"proposal": labour, "handler_agency_id": named, **term}
        client_of("gao").post(f"/matters/{dispute}/do/dispatch", data=sent)
        owner.rollback()
        assert owner.get_one(Dispute, dispute).handler_agency_id == expected


def test_without_a_list_an_owner_must_be_named(door: Door, client_of: ClientOf) -> None:
    sent = {"deadline": "2030-01-01", "reason": "按职责", "handler_agency_id": "0"}
    answer = client_of("gao").post(f"/matters/{triaged(door)}/do/dispatch", data=sent)
    assert answer.status_code == 422
    assert "请选承办单位" in answer.text


def test_who_returned_it_is_proposed_last_and_says_whose_it_is(
    door: Door, client_of: ClientOf
) -> None:
    owns(door, "ren")
    owns(door, "zhu")
    dispute = dispatched(door)
    act(door, "ren", dispute, "return", reason="不归我们", suggested_owner=agency_of(door, "zhu"))
    page = client_of("gao").get(f"/matters/{dispute}").text
    assert page.index("退回单位建议") < page.index("曾退回这件事项")
    assert "再退 1 次由县级指定管辖" in page


def test_a_good_table_is_written_as_one_row_of_the_audit(
    client_of: ClientOf, owner: Session
) -> None:
    gao = client_of("gao")
    preview = upload(gao, GOOD)
    assert "2 行都可以写入" in preview.text
    assert owner.scalars(select(Duty)).all() == []
    done = gao.post("/duties/import/write", data={"lines": sent_back(preview.text)})
    assert done.status_code == 303
    owner.rollback()
    assert len(owner.scalars(select(Duty)).all()) == 2
    rows = owner.scalars(select(AuditEvent.action)).all()
    assert rows == ["duty:write"]


def test_every_fault_is_shown_by_its_cell_and_nothing_is_written(
    client_of: ClientOf, owner: Session
) -> None:
    rows = [
        GOOD[0],
        GOOD[0],
        ("nobody", "", "吵架", "", "火星", "", "明天", ""),
        ("kazuo-centre", "", "物业", "0701", "凌源市", "依据", "2026-02-01", "2026-01-01"),
    ]
    page = upload(client_of("gao"), rows).text
    assert "有 9 处需要改正" in page
    assert "与第 2 行重复" in page
    lines = json.dumps([[2, dict(zip(COLUMNS, GOOD[0], strict=True)) | {"type": "吵架"}]])
    again = client_of("gao").post("/duties/import/write", data={"lines": lines})
    assert again.status_code == 422
    assert owner.scalars(select(Duty)).all() == []


def test_what_is_exported_can_be_read_in_again(door: Door, client_of: ClientOf) -> None:
    duty, gao = owns(door, "ren"), client_of("gao")
    gao.post(f"/duties/{duty.id}/end", data={"last_day": "2020-02-01"})
    book = gao.get("/duties.xlsx?ended=1").data
    page = gao.post("/duties/import", data={"file": (io.BytesIO(book), "职责清单.xlsx")}).text
    assert "清单里已有这一条" in page
    assert "有 1 处需要改正" in page
