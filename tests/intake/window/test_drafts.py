"""The window keeps what is half told: list and addresses too, for its writer alone."""

import re
import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.intake.entries import entry, party
from tests.intake.window.workers import workers
from yuantou.database.sheets import Sheet, write_workbook
from yuantou.disputes.models import Dispute, Party
from yuantou.intake.drafts.models import Draft

Clients = Callable[[str], FlaskClient]


def half_told(**changes: Any) -> dict[str, Any]:
    """What a clerk has typed when somebody else steps up."""
    told = {
        "submission": uuid.uuid4().hex,
        "saves": "0",
        "summary": "项目部拖欠工资",
        "papers": "欠条复印件 3 份",
        "pasted": workers(62),
        "pasted_side": "applicant",
        "party1_address": "建设路 8 号工棚",
        "keep": "yes",
    }
    return told | party() | changes


def keep(client: FlaskClient, **changes: Any) -> tuple[TestResponse, dict[str, Any]]:
    """Press “存草稿”."""
    sent = half_told(**changes)
    return client.post("/window/new", data=sent), sent


def test_a_draft_of_the_window_opens_there_as_it_was_left(
    client_of: Clients, owner: Session
) -> None:
    tang = client_of("tang")
    answer, sent = keep(tang)
    number = owner.query(Draft).one().dispute_id
    assert answer.location == f"/intake/drafts?kept={number}"
    led = tang.get(f"/intake/?draft={number}")
    assert led.location == f"/window/new?draft={number}"
    page = tang.get(led.location).text
    for words in (sent["summary"], sent["papers"], "建设路 8 号工棚", "丢弃这份草稿"):
        assert words in page
    assert sent["pasted"].splitlines()[61] in page
    assert owner.query(Party).count() == 0


def test_it_is_logged_with_its_list_and_gone(client_of: Clients, owner: Session) -> None:
    tang = client_of("tang")
    _answer, sent = keep(tang)
    told = {name: value for name, value in sent.items() if name != "keep"}
    whole = entry(source="centre_window", type="migrant_wages") | told | {"confirm": "yes"}
    assert "/receipts/" in tang.post("/window/new", data=whole | {"saves": "1"}).location
    dispute = owner.query(Dispute).one()
    assert (dispute.state, dispute.submission) == ("reported", sent["submission"])
    assert owner.query(Party).count() == 63
    assert owner.query(Draft).count() == 0


def test_an_uploaded_list_is_kept(client_of: Clients, owner: Session) -> None:
    book = write_workbook([Sheet("名单", ["姓名", "金额"], [["王五", 100]])])
    tang = client_of("tang")
    keep(tang, pasted="", table=(BytesIO(book), "名单.xlsx"))
    number = owner.query(Draft).one().dispute_id
    assert "王五\t100" in tang.get(f"/window/new?draft={number}").text


def test_another_tab_is_not_overwritten_unseen(client_of: Clients, owner: Session) -> None:
    tang = client_of("tang")
    _answer, sent = keep(tang)
    again = tang.post("/window/new", data=sent | {"summary": "另一页写的"})
    assert again.status_code == 409
    assert "刚才在另一页存过" in again.text
    assert re.search(r'name="saves"[^>]*value="1"', again.text)


def test_nobody_else_opens_it(client_of: Clients, owner: Session) -> None:
    keep(client_of("tang"))
    number = owner.query(Draft).one().dispute_id
    assert client_of("gao").get(f"/window/new?draft={number}").status_code == 404
