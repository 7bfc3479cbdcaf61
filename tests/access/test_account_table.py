"""Accounts by table: every fault by its cell, all or nothing, one row of the audit."""

import io
import re
from collections.abc import Sequence
from html import unescape

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.access.doors import Client
from yuantou.accounts.models import Account
from yuantou.audit.models import AuditEvent
from yuantou.database.sheets import Sheet, write_workbook

HEADER = ("账号", "姓名", "职责", "单位代码")
GOOD = [("xin.one", "新一", "调解员", ""), ("xin.two", "新二", "mediator", "nanjie-committee")]


def _upload(client: object, rows: Sequence[tuple[str, ...]]) -> TestResponse:
    content = io.BytesIO(write_workbook([Sheet("账号", HEADER, rows)]))
    return client.post("/accounts/import", data={"file": (content, "表.xlsx")})  # type: ignore[attr-defined,no-any-return]


def _lines(page: str) -> str:
    found = re.search(r'name="lines"[^>]*value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_the_template_can_be_filled_in_and_read(client_of: Client) -> None:
    guan = client_of("guan")
    template = io.BytesIO(guan.get("/accounts/import/template").data)
    answer = guan.post("/accounts/import", data={"file": (template, "账号表.xlsx")})
    assert "须为 3 至 40 位" in answer.text


def test_what_was_previewed_is_written_as_one_row_of_the_audit(
    client_of: Client, owner: Session
) -> None:
    guan = client_of("guan")
    preview = _upload(guan, GOOD)
    assert owner.scalars(select(Account).where(Account.login.like("xin.%"))).all() == []
    done = guan.post("/accounts/import/write", data={"lines": _lines(preview.text)})
    assert "已开通 2 个账号" in done.text
    row = owner.scalars(select(AuditEvent)).one()
    made = owner.scalars(select(Account.id).where(Account.login.like("xin.%"))).all()
    assert (row.action, row.facts) == ("account:import", {"accounts": sorted(made)})


def test_every_fault_is_shown_by_its_cell_at_once(client_of: Client) -> None:
    rows = [
        ("X", "", "皇帝", "kazuo-centre"),
        ("mei", "梅", "县级协调员", ""),
        ("xin.one", "新一", "调解员", ""),
        ("xin.one", "新二", "调解员", ""),
    ]
    page = _upload(client_of("guan"), rows).text
    assert "有 7 处需要改正" in page
    for words in ("没有这个职责", "已经有人用了", "不适用于这个单位", "与第 4 行重复"):
        assert words in page
    assert "确认开通" not in page


def test_one_fault_leaves_everything_unwritten(client_of: Client, owner: Session) -> None:
    guan = client_of("guan")
    lines = _lines(_upload(guan, GOOD).text).replace("xin.two", "mei")
    assert guan.post("/accounts/import/write", data={"lines": lines}).status_code == 422
    assert owner.scalars(select(Account).where(Account.login.like("xin.%"))).all() == []


def test_a_table_for_another_unit_is_refused_even_when_the_preview_is_forged(
    client_of: Client, owner: Session
) -> None:
    guan = client_of("guan")
    lines = _lines(_upload(guan, GOOD).text).replace("nanjie-committee", "kazuo-committee")
    assert guan.post("/accounts/import/write", data={"lines": lines}).status_code == 422


def test_a_file_that_is_no_table_says_so(client_of: Client) -> None:
    file = (io.BytesIO(b"<html>"), "x.xlsx")
    answer = client_of("guan").post("/accounts/import", data={"file": file})
    assert answer.status_code == 422
    assert "内容却不是" in answer.text


def test_a_forged_preview_that_is_no_list_is_refused(client_of: Client) -> None:
    for lines in ("", "{}", "[[1]]", "[]", '[["x", {}]]', "null"):
        answer = client_of("guan").post("/accounts/import/write", data={"lines": lines})
        assert answer.status_code == 400
