"""Tables that people bring and take: untrusted XLSX and CSV in, XLSX out where text stays text."""

import csv
import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter
from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MOST_COLUMNS = 200
MOST_CELLS = 5_000_000  # calamine holds the whole rectangle, empty cells too
LONGEST_CELL = 2000
MOST_MEMBERS = 1000
EXACT = 10**15  # Excel keeps fifteen digits of a number
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,9})(\d{1,19})["']""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\s[^<>]{0,200}?\br="([A-Z]{1,3})(\d+)"[^<>]{0,200}>\s*<(?:\w+:)?f[\s>/]"""
)
_TWO_BYTE_XML = (b"\xfe\xff", b"\xff\xfe", b"\x00<\x00?", b"<\x00?\x00")
_UNPRINTED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # controls, bidi marks, zero widths, surrogates
_SPACED = str.maketrans({"\n": " ", "\r": " ", "\t": " ", "\u3000": " ", "\xa0": " "})
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class SheetError(Exception):
    """What is wrong with a file, where, and what to do; `line` and `column` as people count."""

    def __init__(self, message: str, line: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column

    @property
    def place(self) -> str:
        """Where, in words before the message; empty where it concerns the whole file."""
        line = _("第 %(n)s 行", n=self.line) if self.line else ""
        column = _(" %(name)s 列", name=self.column) if self.column else ""
        return f"{line}{column}：" if line or column else ""


@dataclass(frozen=True)
class Row:
    """One line that is not empty; cells are cleaned text, '' where nothing stands."""

    line: int
    cells: tuple[str, ...]


@dataclass
class TableLine:
    """A line that is judged: what was typed by column, and what is wrong with which cell."""

    number: int
    cells: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A sheet to write. `choices` offers values for a column (by its index) below the header."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)


def read_sheet(
    data: bytes, filename: str, *, largest_rows: int, largest_unpacked: int, title_lines: int = 0
) -> list[Row]:
    """Lines of a CSV, or of the first visible sheet of an XLSX; SheetError says what is wrong.

    `largest_unpacked` is in bytes. The content decides the kind, not the name. Cells that are
    merged along one of the first `title_lines` rows are let be: they name the whole list.
    """
    if not data:
        raise SheetError(_("文件是空的，请重新选择"))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(_("这是旧版 .xls 文件或设了密码的文件，请去掉密码，另存为 .xlsx 再上传"))
    if data.startswith(b"PK"):
        lines = _workbook_lines(data, largest_rows, largest_unpacked, title_lines)
    elif filename.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise SheetError(_("文件名写的是 Excel，内容却不是，请在 Excel 里另存为 .xlsx 再上传"))
    else:
        lines = _text_lines(data)
    return _kept(lines, largest_rows)


def match_header(
    rows: Sequence[Row],
    titles: Mapping[str, str],
    required: Collection[str],
    *,
    prefixes: tuple[str, ...] = (),
) -> tuple[dict[str, int], list[Row]]:
    """Where each known column stands ({key: index}) and the lines below the header.

    `titles` gives the key of every title; `required` names the keys that must be there; a title
    that begins with one of `prefixes` is its own key.
    """
    if not rows:
        raise SheetError(_("文件里没有内容，请先下载模板填写"))
    head, places = rows[0], dict[str, int]()
    width = max(len(row.cells) for row in rows)
    for index in range(width):
        title = head.cells[index] if index < len(head.cells) else ""
        if title == "" and all(index >= len(row.cells) or not row.cells[index] for row in rows):
            continue
        key = titles.get(_folded(title)) or _open_key(title, prefixes)
        fault = _header_fault(title, key, places)
        if fault:
            raise SheetError(fault, head.line, column_letter(index))
        places[str(key)] = index
    _refuse_missing(head.line, places, titles, required)
    return places, list(rows[1:])


def write_workbook(sheets: Sequence[Sheet], *, footer_lines: Sequence[str] = ()) -> bytes:
    """An XLSX in memory. Text is written as text: nothing in it becomes a formula or a link."""
    held = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, {"in_memory": True, **safe}) as book:
        forms = {
            "head": book.add_format({"bold": True, "text_wrap": True, "bg_color": "#DCEBEA"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "note": book.add_format({"font_color": "#566467"}),
        }
        for sheet in sheets:
            _write_sheet(book, sheet, footer_lines, forms)
    return held.getvalue()


def clean(text: str) -> str:
    """Text without control, bidirectional and invisible characters, in single spaces."""
    kept = "".join(
        one for one in text.translate(_SPACED) if unicodedata.category(one) not in _UNPRINTED
    )
    return " ".join(kept.split())


def column_letter(index: int) -> str:
    """Column as Excel names it: 0 is A, 26 is AA."""
    name, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _folded(title: str) -> str:
    """Titles are compared without spaces, width of brackets, and what stands in brackets."""
    plain = unicodedata.normalize("NFKC", title).replace(" ", "")
    return re.sub(r"\([^)]*\)$", "", plain)


def _open_key(title: str, prefixes: tuple[str, ...]) -> str | None:
    plain = unicodedata.normalize("NFKC", title).replace(" ", "")
    return plain if prefixes and plain.startswith(prefixes) and plain not in prefixes else None


def _header_fault(title: str, key: str | None, places: Mapping[str, int]) -> str:
    if title == "":
        return _("这一列没有表头，可能是合并了单元格；请取消合并，每列各写一个表头")
    if key is None:
        return _("不认识的表头“%(title)s”，请按模板写", title=title[:40])
    if key in places:
        return _("表头“%(title)s”出现了两次，请删去一列", title=title[:40])
    return ""


def _refuse_missing(
    line: int, places: Mapping[str, int], titles: Mapping[str, str], required: Collection[str]
) -> None:
    names: dict[str, str] = {}
    for title, key in titles.items():
        names.setdefault(key, title)
    missing = [names[key] for key in required if key not in places]
    if missing:
        raise SheetError(_("缺少表头：%(names)s", names="、".join(missing)), line)


def _kept(lines: Iterator[tuple[int, Sequence[object]]], largest_rows: int) -> list[Row]:
    kept: list[Row] = []
    for line, cells in lines:
        if len(cells) > MOST_COLUMNS:
            raise SheetError(_("列数超过 %(n)s，请删去多余的列", n=MOST_COLUMNS), line)
        texts = [_cell(value, line, index) for index, value in enumerate(cells)]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            kept.append(Row(line, tuple(texts)))
        if len(kept) > largest_rows:
            raise SheetError(_("超过 %(n)s 行，请分成几个文件上传", n=largest_rows), line)
    return kept


def _cell(value: object, line: int, index: int) -> str:
    text = clean(value) if isinstance(value, str) else _written(value, line, index)
    if len(text) > LONGEST_CELL:
        raise SheetError(
            _("单元格里超过 %(n)s 字，请缩短", n=LONGEST_CELL), line, column_letter(index)
        )
    return text


def _written(value: object, line: int, index: int) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).upper()
    if isinstance(value, float) and abs(value) >= EXACT:
        message = _("数字超过 15 位，末几位已经丢失；请把这一列设为文本后重填")
        raise SheetError(message, line, column_letter(index))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return str(value)


def _text_lines(data: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    text = _decoded(data)
    first = text.lstrip()[:200].lower()
    if first.startswith(("<html", "<!doctype", "<?xml", "<table", "<meta", "{\\rtf", "%pdf")):
        raise SheetError(_("内容是网页或文档，不是表格，请另存为 .xlsx 或 .csv 再上传"))
    delimiter = max(",\t;，", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise SheetError(_("这一行的引号没有成对或单元格过长，请检查"), line) from None
        if cells is None:
            return
        yield line, cells
        line = reader.line_num + 1


def _decoded(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetError(_("读不出文字：请用 UTF-8 或 GBK 编码的 CSV，或另存为 .xlsx"))


def _workbook_lines(
    data: bytes, largest_rows: int, largest_unpacked: int, title_lines: int
) -> Iterator[tuple[int, Sequence[object]]]:
    formulas = _inspected(data, largest_rows, largest_unpacked)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        place = _first_visible(book)
        sheet = book.get_sheet_by_index(place)
        merged, lines = sheet.merged_cell_ranges, sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError):
        raise SheetError(_unreadable()) from None
    merged = [one for one in merged or () if one[0][0] != one[1][0] or one[0][0] >= title_lines]
    if merged:
        (top, left), (bottom, right) = min(merged)
        span = f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
        message = _("%(span)s 是合并单元格，请取消合并，每格各填各的", span=span)
        raise SheetError(message, top + 1, column_letter(left))
    formula = formulas.get(f"xl/worksheets/sheet{place + 1}.xml")
    if formula:
        message = _("这一格是公式，请复制后“选择性粘贴”为数值再上传")
        raise SheetError(message, formula[1], formula[0])
    return enumerate(lines, start=1)


def _first_visible(book: CalamineWorkbook) -> int:
    for place, sheet in enumerate(book.sheets_metadata):
        if (sheet.typ, sheet.visible) == (SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible):
            return place
    raise SheetError(_("文件里没有可见的工作表"))


def _unreadable() -> str:
    return _("文件打不开，可能已损坏或设了密码，请重新另存为 .xlsx 再上传")


def _inspected(data: bytes, largest_rows: int, largest_unpacked: int) -> dict[str, tuple[str, int]]:
    """Unpack every part once, counting, before a parser may; the first formula of each part."""
    formulas: dict[str, tuple[str, int]] = {}
    left = largest_unpacked
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise SheetError(_("文件里的部件太多，不像是填报表，请按模板另存"))
            if sum(member.file_size for member in members) > left:
                raise SheetError(_bomb())
            for member in members:
                content = _unpacked(archive, member, left)
                left -= len(content)
                _refuse_vast(content, largest_rows)
                found = _FORMULA.search(content)
                if found:
                    formulas[member.filename] = (found[1].decode(), int(found[2]))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise SheetError(_unreadable()) from None
    return formulas


def _bomb() -> str:
    return _("文件解压后过大，疑似压缩炸弹，没有打开；请按模板另存再上传")


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytearray:
    """Content of one part; sizes that the file declares are not believed."""
    member.file_size = 1 << 62
    content = bytearray()
    with archive.open(member) as stream:
        while piece := stream.read(1 << 20):
            content += piece
            if len(content) > left:
                raise SheetError(_bomb())
    return content


def _refuse_vast(content: bytearray, largest_rows: int) -> None:
    """One far cell makes a parser hold everything before it: refuse by its address."""
    if content.startswith(_TWO_BYTE_XML):  # it would slip past the look below
        raise SheetError(_unreadable())
    if b"sheetData" not in content:
        return
    rows, columns = 1, 1
    for letters, digits in _CELL.findall(content):
        rows, columns = max(rows, int(digits)), max(columns, _column_number(letters))
    if rows > largest_rows + 100 or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        message = _(
            "表格太大（%(rows)s 行、%(columns)s 列），请删去末尾的空行空列",
            rows=rows,
            columns=columns,
        )
        raise SheetError(message)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _write_sheet(
    book: Any, sheet: Sheet, footer_lines: Sequence[str], forms: Mapping[str, Any]
) -> None:
    page = book.add_worksheet(_sheet_name(sheet.name))
    page.freeze_panes(1, 0)
    for column, title in enumerate(sheet.header):
        page.write_string(0, column, clean(title), forms["head"])
        page.set_column(column, column, _width(sheet, column))
    for line, cells in enumerate(sheet.rows, start=1):
        for column, value in enumerate(cells):
            _write_cell(page, line, column, value, forms["day"])
    for column, values in sheet.choices.items():
        page.data_validation(1, column, 2000, column, {"validate": "list", "source": list(values)})
    below = len(sheet.rows) + 2
    for offset, note in enumerate((*sheet.notes, *footer_lines)):
        page.write_string(below + offset, 0, clean(note), forms["note"])


def _write_cell(page: Any, line: int, column: int, value: object, day: Any) -> None:
    if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
        return
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < EXACT:
        page.write_number(line, column, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        page.write_datetime(line, column, value, day)
    else:
        page.write_string(line, column, clean(str(value))[:32_000])


def _width(sheet: Sheet, column: int) -> int:
    texts = [
        sheet.header[column],
        *(str(row[column]) for row in sheet.rows[:200] if column < len(row)),
    ]
    widest = max(sum(2 if ord(one) > 0x2E80 else 1 for one in text) for text in texts)
    return max(8, min(widest + 2, 48))


def _sheet_name(name: str) -> str:
    return clean(name.translate(_NOT_IN_SHEET_NAMES))[:31] or "Sheet"
