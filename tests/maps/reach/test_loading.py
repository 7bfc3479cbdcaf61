"""Loading positions: faults by cell, datums, undo, sent twice, hostile files, other counties."""

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.maps.reach.conftest import ROWS, Clients, csv, load, upload
from yuantou.database.sheets import Sheet, read_sheet, write_workbook
from yuantou.maps.reach.models import Place, PlaceBatch
from yuantou.maps.reach.table import COLUMNS


def places(owner: Session) -> list[Place]:
    """All places, in the order in which they came."""
    owner.expire_all()
    return list(owner.scalars(select(Place).order_by(Place.id)))


def test_a_file_is_judged_shown_and_written(land: None, client_of: Clients, owner: Session) -> None:
    status, words = upload(client_of("gao"), csv(*ROWS))
    assert status == 200
    assert "4 行都可以写入" in words
    assert places(owner) == []
    assert load(client_of("gao"), *ROWS) == 303
    assert [each.kind for each in places(owner)] == [
        "tribunal", "mediation", "township", "township",
    ]  # fmt: skip
    assert "位置.csv" in client_of("gao").get("/map/reach/places").get_data(as_text=True)


def test_one_fault_and_nothing_is_written(land: None, client_of: Clients, owner: Session) -> None:
    status, words = upload(client_of("gao"), csv(*ROWS, "法院,甲,凌源市,,119.4,41.2,WGS84"))
    assert status == 200
    assert "请写人民法庭、调解点、乡镇街道中的一个" in words
    assert "有 1 处需要改正" in words
    assert "确认写入" not in words
    assert places(owner) == []


def test_sending_twice_is_once_and_undoing_brings_back(
    land: None, client_of: Clients, owner: Session
) -> None:
    gao = client_of("gao")
    load(gao, ROWS[0])
    load(gao, ROWS[0])
    assert len(places(owner)) == 1
    load(gao, ROWS[0].replace("119.40", "119.60"))
    assert "119.6" not in gao.get("/map/reach/").get_data(as_text=True)  # positions stay on the map
    newest = owner.scalars(select(PlaceBatch.id).order_by(PlaceBatch.id.desc())).first()
    assert gao.post(f"/map/reach/places/{newest}/undo", data={"reason": ""}).status_code == 303
    assert places(owner)[1].until is None
    gao.post(f"/map/reach/places/{newest}/undo", data={"reason": "写错"})
    assert places(owner)[1].until is not None
    assert places(owner)[0].until is None
    again = gao.post(
        f"/map/reach/places/{newest}/undo", data={"reason": "写错"}, follow_redirects=True
    )
    assert "这一批已经撤销" in again.get_data(as_text=True)
    load(gao, ROWS[0].replace("119.40", "119.60"))
    assert len(places(owner)) == 3


def test_others_do_not_undo(land: None, client_of: Clients, owner: Session) -> None:
    load(client_of("gao"), ROWS[0])
    batch = owner.scalars(select(PlaceBatch.id)).one()
    for login, status in (("hu", 303), ("qi", 303), ("zhou", 403), ("mei", 403)):
        answer = client_of(login).post(f"/map/reach/places/{batch}/undo", data={"reason": "试试"})
        assert answer.status_code == status
    assert places(owner)[0].until is None


@pytest.mark.parametrize("login", ["mei", "ren", "zhou", "ren-da", "an"])
def test_who_may_not_load(land: None, client_of: Clients, login: str) -> None:
    assert upload(client_of(login), csv(*ROWS))[0] == 403


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.csv"),
        (b"PK\x03\x04" + b"\0" * 40, "a.xlsx"),
        (b"<html><body>x</body></html>", "a.csv"),
        (b"\xff\xfe\x00\x00\x00", "a.csv"),
        ("名称,经度\n甲,119".encode(), "a.csv"),
        ((csv()), "a.csv"),
    ],
)
def test_what_is_no_table_is_refused_in_words(
    land: None, client_of: Clients, data: bytes, name: str
) -> None:
    status, words = upload(client_of("gao"), data, name)
    assert status == 422
    assert 'class="error"' in words


def test_what_comes_back_changed_is_judged_again(
    land: None, client_of: Clients, owner: Session
) -> None:
    gao = client_of("gao")
    cells = dict(
        zip(COLUMNS, ("人民法庭", "甲", "喀左", "", "120.5", "41.2", "WGS84"), strict=True)
    )
    answer = gao.post("/map/reach/places/write", data={"lines": json.dumps([[2, cells]])})
    assert answer.status_code == 422
    assert gao.post("/map/reach/places/write", data={"lines": "[[2,{}]]"}).status_code == 400
    assert places(owner) == []


def test_the_template_comes_back_filled(land: None, client_of: Clients) -> None:
    gao = client_of("gao")
    sent = gao.get("/map/reach/places/template.xlsx").data
    head, *rows = read_sheet(sent, "a.xlsx", largest_rows=99, largest_unpacked=1 << 20)
    assert [row.cells[3] for row in rows[:3]] == ["南街街道", "东街街道", "万元店镇"]
    filled = [*rows[0].cells[:4], 119.40, 41.25, "CGCS2000"]
    data = write_workbook([Sheet("位置", head.cells, [filled, rows[1].cells], notes=["说明"])])
    status, words = upload(gao, data, "位置.xlsx")
    assert (status, "1 行都可以写入" in words) == (200, True)


def test_walls_hold_without_the_pages(
    land: None, client_of: Clients, viewer_session: object, owner: Session
) -> None:
    load(client_of("gao"), *ROWS)
    for login, seen in (("gao", 4), ("qi", 4), ("hu", 0), ("ke", 0), ("mei", 0)):
        session, _viewer = viewer_session(login)  # type: ignore[operator]
        assert len(session.scalars(select(Place)).all()) == seen, login
