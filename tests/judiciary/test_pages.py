"""Who has sent by the closing day, the template, and what a hostile file meets."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from sqlalchemy.orm import Session

from tests.judiciary.doors import (
    COURT,
    DEC,
    HEAD,
    NOV,
    Doors,
    confirm,
    entered,
    number_of,
    released,
    rows_of,
    sheet,
    upload,
)
from yuantou.calendar import clock
from yuantou.database.sheets import read_sheet
from yuantou.judiciary.files import entries_of
from yuantou.territory.models import Court


@pytest.fixture(autouse=True)
def _january(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sixth of January 2026: December is over and its closing day has passed."""
    moment = datetime(2026, 1, 6, 9, tzinfo=clock.ZONE)
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", lambda: date(2026, 1, 6))


def test_who_is_missing_after_the_closing_day_is_said(client_of: Doors) -> None:
    released(client_of, NOV)
    page = client_of("qi").get("/judiciary/").text
    assert "2026年1月5日 截止" in page
    assert "逾期未报" in page
    assert "已发布" in page
    assert "0 / 3 家" in page


def test_before_the_closing_day_a_missing_court_is_not_late(
    client_of: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 1, 5))
    released(client_of, NOV)
    assert "未到期" in client_of("zhou").get("/judiciary/").text


def test_the_reviewer_finds_what_waits(client_of: Doors) -> None:
    batch = entered(client_of("kang"), DEC)
    assert f"/judiciary/batches/{batch}" in client_of("lu").get("/judiciary/").text
    assert "发布" in client_of("lu").get(f"/judiciary/batches/{batch}").text


def test_missing_stays_missing_on_the_page_and_in_the_file(client_of: Doors) -> None:
    released(client_of, NOV)
    assert "缺" in client_of("zhou").get(f"/judiciary/courts/{COURT}").text
    data = client_of("zhou").post(f"/judiciary/courts/{COURT}/export").data
    rows = read_sheet(data, "a.xlsx", largest_rows=100, largest_unpacked=10**7)
    assert rows[1].cells[1:8] == (
        "2025-11",
        "先立案后调解（2025 年起）",
        "含先行调解成功",
        "100",
        "2",
        "",
        "",
    )


def test_revisions_are_listed_with_reason_and_people(client_of: Doors) -> None:
    released(client_of, DEC)
    released(client_of, (*DEC[:3], 125, *DEC[4:]), reason="漏统计")
    page = client_of("zhou").get(f"/judiciary/courts/{COURT}/2025-12").text
    assert page.index("第 2 版") < page.index("第 1 版")
    for words in ("漏统计", "康书记员", "陆法官", "计入指标的一版"):
        assert words in page


def test_an_unverified_court_is_marked(client_of: Doors, owner: Session) -> None:
    owner.get_one(Court, COURT).verified = False
    owner.commit()
    assert "待核" in client_of("zhou").get("/judiciary/").text
    assert "隶属待核" in client_of("zhou").get(f"/judiciary/courts/{COURT}").text


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_comes_back_as_it_went(client_of: Doors, kind: str) -> None:
    answer = client_of("kang").get(f"/judiciary/template.{kind}?backfill=1")
    data = answer.data
    assert answer.headers["Content-Disposition"].encode("latin-1")  # else no server can send it
    rows = read_sheet(data, f"t.{kind}", largest_rows=100, largest_unpacked=10**7)
    entries = entries_of(rows)
    assert len(entries) == 36
    assert entries[-1].texts["month"] == "2025-12"
    assert client_of("kang").get("/judiciary/template.exe").status_code == 404


def test_a_filled_template_is_entered(client_of: Doors, owner: Session) -> None:
    data = client_of("kang").get("/judiciary/template.csv").data.decode("utf-8-sig")
    head, line = data.splitlines()
    cells = [*line.split(","), "", "含先行调解成功", "120", "3"]
    number_of(
        confirm(client_of("kang"), upload(client_of("kang"), f"{head}\n{','.join(cells)}".encode()))
    )
    assert rows_of(owner)[0].civil_first_new == 120


def test_a_gbk_file_is_read(client_of: Doors) -> None:
    data = sheet(DEC).decode().encode("gbk")
    assert "新报" in upload(client_of("kang"), data).text


def workbook(**how: object) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, DEC)
    if "merged" in how:
        page.merge_range(0, 3, 0, 4, "一审新收")
    if "formula" in how:
        page.write_formula(1, 3, "=SUM(1,119)", value=120)
    book.close()
    return held.getvalue()


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(held, "w", 8) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
        new.writestr("xl/worksheets/sheet2.xml", b" " * 210 * 1024 * 1024)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (workbook(merged=True), "m.xlsx", ("合并单元格", "D1:E1")),
        (workbook(formula=True), "f.xlsx", ("公式", "选择性粘贴")),
        (b"<html>x</html>", "h.csv", ("网页",)),
        (
            sheet(DEC, head=("法院名称", "月份", "口径", "民事", "行政一审新收", "撤诉")),
            "c.csv",
            ("不认识的表头", "民事"),
        ),
        (sheet(), "e.csv", ("没有数据行",)),
        (b"", "z.csv", ("空的",)),
        (sheet((*DEC[:3], "<script>alert(1)</script>", 3, "")), "x.csv", ("不是数字",)),
        (sheet(("'; DROP TABLE court_count;--", *DEC[1:])), "s.csv", ("没有",)),
    ],
)
def test_a_bad_file_gets_words_and_writes_nothing(
    client_of: Doors, owner: Session, data: bytes, name: str, says: tuple[str, ...]
) -> None:
    page = upload(client_of("kang"), data, name)
    assert page.status_code == 422
    for words in says:
        assert words in page.text
    assert "<script>alert" not in page.text
    assert rows_of(owner) == []


def test_a_zip_bomb_gets_words(client_of: Doors) -> None:
    page = upload(client_of("kang"), bomb(), "b.xlsx")
    assert (page.status_code, "压缩炸弹" in page.text) == (422, True)


def test_fifty_megabytes_are_refused_before_they_are_read(client_of: Doors) -> None:
    page = upload(client_of("kang"), b"x" * 50_000_000)
    assert page.status_code == 413
    assert "20" in page.text


def test_faults_carry_line_column_and_difference(client_of: Doors) -> None:
    head = (*HEAD, "案由：离婚纠纷", "案由：其他")
    page = upload(client_of("kang"), sheet((*DEC, 70, 45), head=head)).text
    assert "相差 5 件" in page
    assert "−5" in page
    assert "第 2 行 D 列" in page


def test_a_stale_check_asks_for_the_file_again(client_of: Doors) -> None:
    answer = client_of("kang").post("/judiciary/confirm", data={"rows": "forged"})
    assert answer.location.endswith("/judiciary/upload")


def test_control_characters_in_a_form_are_left_out(client_of: Doors, owner: Session) -> None:
    form = {
        "court": COURT,
        "month": "2025-12",
        "basis": "incl",
        "civil_first_new": "1\x0020",
        "admin_first_new": "3",
        "by_cause": "离婚\x00纠纷\u202e 120",
        "reason": "\x00",
    }
    number_of(client_of("kang").post("/judiciary/enter", data=form))
    assert (rows_of(owner)[0].by_cause, rows_of(owner)[0].reason) == ({"离婚纠纷": 120}, None)


def test_addresses_that_lead_nowhere(client_of: Doors) -> None:
    for address in (
        "batches/99999999999999999999999",
        "batches/1",
        "courts/nowhere",
        f"courts/{COURT}/2025-13",
        f"courts/{COURT}/2025-12",
    ):
        assert client_of("lu").get(f"/judiciary/{address}").status_code == 404


def test_nothing_is_entered_by_get(client_of: Doors, owner: Session) -> None:
    client_of("kang").get("/judiciary/enter?court=lingyuan-court&month=2025-12&civil_first_new=5")
    assert rows_of(owner) == []
