"""Files that people bring: what is read, and what is refused with words."""

import io
import zipfile
from collections.abc import Iterator

import pytest
import xlsxwriter
from flask import Flask
from flask_babel import Babel
from python_calamine import CalamineWorkbook

from yuantou.database.sheets import (
    Row,
    Sheet,
    SheetError,
    column_letter,
    match_header,
    read_sheet,
    write_workbook,
)

TITLES = {"法院名称": "court", "月份": "month", "民事一审新收": "civil"}


@pytest.fixture(autouse=True)
def _words() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="zh")
    with app.test_request_context():
        yield


def read(data: bytes, name: str = "counts.csv", rows: int = 1000) -> list[Row]:
    return read_sheet(data, name, largest_rows=rows, largest_unpacked=20_000_000)


def workbook(fill: object) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    fill(book, book.add_worksheet("数据"))  # type: ignore[operator]
    book.close()
    return held.getvalue()


def repacked(data: bytes, member: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", 8) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == member else old.read(info))
    return held.getvalue()


def refused(data: bytes, name: str = "counts.xlsx", rows: int = 1000) -> SheetError:
    with pytest.raises(SheetError) as caught:
        read(data, name, rows)
    return caught.value


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_is_read_in_the_encodings_that_offices_use(encoding: str) -> None:
    data = "法院名称,月份\r\n凌源市人民法院,2025-01\r\n".encode(encoding)
    assert read(data) == [Row(1, ("法院名称", "月份")), Row(2, ("凌源市人民法院", "2025-01"))]


def test_lines_are_those_of_the_file_across_empty_lines_and_quoted_breaks() -> None:
    assert read(b'a,b\r\n\r\n"x\r\ny",1\r\nz,2\r\n') == [
        Row(1, ("a", "b")),
        Row(3, ("x y", "1")),
        Row(5, ("z", "2")),
    ]


def test_invisible_and_bidirectional_characters_do_not_come_in() -> None:
    assert read("a\u202eb\u200b\x07,\u3000c\ufeff\n".encode())[0].cells == ("ab", "c")


def test_markup_and_emoji_stay_what_they_are() -> None:
    line = "<script>alert(1)</script>,'; DROP TABLE x;--,😀,=1+1"
    assert read(b"a,b,c,d\n" + line.encode())[1].cells == tuple(line.split(","))


def test_workbook_gives_numbers_dates_and_text() -> None:
    data = write_workbook([Sheet("数据", ("名", "数"), [("甲", 12), ("乙", 1.5), (None, 3)])])
    assert [row.cells for row in read(data, "a.xlsx")] == [
        ("名", "数"),
        ("甲", "12"),
        ("乙", "1.5"),
        ("", "3"),
    ]


def test_merged_cells_are_named() -> None:
    error = refused(workbook(lambda _book, page: page.merge_range(0, 0, 0, 2, "标题")))
    assert (error.line, error.column) == (1, "A")
    assert "A1:C1" in error.message


def test_a_formula_is_named_by_line_and_column() -> None:
    def fill(_book: object, page: xlsxwriter.worksheet.Worksheet) -> None:
        page.write(0, 0, "数")
        page.write_formula(2, 1, "=1+1", value=2)

    error = refused(workbook(fill))
    assert (error.line, error.column) == (3, "B")
    assert "公式" in error.message


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = repacked(workbook(lambda *_: None), SHEET, b"<worksheet>" + b" " * 30_000_000)
    assert "炸弹" in refused(bomb).message


def test_a_bomb_that_lies_about_its_size_is_found() -> None:
    bomb = repacked(workbook(lambda *_: None), SHEET, b"<worksheet>" + b" " * 30_000_000)
    size = (30_000_011).to_bytes(4, "little")
    assert "炸弹" in refused(bomb.replace(size, (100).to_bytes(4, "little"))).message


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "ZZ1", "A99999999999"])
def test_one_far_cell_is_refused_before_a_parser_sees_it(cell: str) -> None:
    content = f'<worksheet><sheetData><c r="A1"/><c  r = "{cell}"/></sheetData></worksheet>'
    assert "太大" in refused(repacked(workbook(lambda *_: None), SHEET, content.encode())).message


def test_xml_in_two_byte_letters_is_refused() -> None:
    content = '<?xml version="1.0"?><worksheet><c r="XFD1048576"/></worksheet>'
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        data = repacked(workbook(lambda *_: None), SHEET, content.encode(encoding))
        assert "打不开" in refused(data).message


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.csv", "空的"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 100, "a.xls", "旧版"),
        (b"PK\x03\x04broken", "a.xlsx", "打不开"),
        (b"<html><table></table></html>", "a.csv", "网页"),
        (b"a,b\n1,2\n", "a.xlsx", "不是"),
        (b"\x00\x01\x02\x03", "a.csv", "读不出"),
        (b"\x89PNG\xff\xff\xff", "a.csv", "读不出"),
        (b'a,b\n1,"2', "a.csv", "引号"),
        (b"a\n" + b"x" * 3000, "a.csv", "2000"),
        (b"," * 300, "a.csv", "列数"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, name: str, says: str) -> None:
    assert says in refused(data, name).message


def test_too_many_lines_are_refused() -> None:
    assert "10" in refused(b"1\n" * 12, "a.csv", rows=10).message


def test_a_truncated_workbook_is_refused() -> None:
    data = write_workbook([Sheet("数据", ("名",), [("甲",)] * 50)])
    for cut in range(10, len(data), 97):
        assert refused(data[:cut]).message


def test_a_number_that_lost_its_digits_is_named() -> None:
    error = refused(workbook(lambda _b, page: page.write_number(1, 0, 211382199001011234)))
    assert (error.line, error.column) == (2, "A")


def test_header_finds_columns_in_any_order_and_with_notes_in_brackets() -> None:
    rows = read("月份（年-月）, 法院名称 ,民事一审新收\n2025-01,甲,3\n".encode())
    places, body = match_header(rows, TITLES, TITLES.values())
    assert (places, body[0].line) == ({"month": 0, "court": 1, "civil": 2}, 2)


@pytest.mark.parametrize(
    ("head", "column", "says"),
    [
        ("法院名称,,月份", "B", "没有表头"),
        ("法院名称,审判员,月份", "B", "审判员"),
        ("法院名称,月份,月份", "C", "两次"),
        ("法院名称,月份", None, "民事一审新收"),
    ],
)
def test_a_wrong_header_is_named(head: str, column: str | None, says: str) -> None:
    with pytest.raises(SheetError) as caught:
        match_header(read(f"{head}\n1,2\n".encode()), TITLES, TITLES.values())
    assert (caught.value.line, caught.value.column) == (1, column)
    assert says in caught.value.message


def test_written_text_never_becomes_a_formula_or_a_link() -> None:
    cells = ("=1+1", "@SUM(A1)", "http://example.org", "+1", "{=A1}", "\x07x\u202ey")
    data = write_workbook([Sheet("a[b]:c", ("=x",) * 6, [cells])], footer_lines=["=说明"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read(SHEET)
        assert b"hyperlink" not in archive.read(SHEET)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[1] == ["=1+1", "@SUM(A1)", "http://example.org", "+1", "{=A1}", "xy"]
    assert rows[-1][0] == "=说明"


def test_column_letters() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_title_merged_above_the_list_is_let_be_where_it_may_stand() -> None:
    def fill(_book: object, page: xlsxwriter.worksheet.Worksheet) -> None:
        page.merge_range(0, 0, 0, 2, "欠薪工人名单")
        page.write_row(1, 0, ["姓名", "金额"])

    bounds = {"largest_rows": 10, "largest_unpacked": 1 << 20}
    rows = read_sheet(workbook(fill), "a.xlsx", title_lines=4, **bounds)
    assert [row.cells[0] for row in rows] == ["欠薪工人名单", "姓名"]
    down = workbook(lambda _book, page: page.merge_range(0, 0, 1, 0, "姓名"))
    with pytest.raises(SheetError, match="合并单元格"):
        read_sheet(down, "a.xlsx", title_lines=4, **bounds)
