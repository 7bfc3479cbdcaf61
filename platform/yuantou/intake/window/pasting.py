"""Many parties pasted from a sheet: which column is what, what is wrong with which cell, who twice.

Standard library and the rules of numbers only; nothing here knows a page or a database.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from yuantou.disputes.identity import credit_code_of, id_of, phone_of, plain
from yuantou.disputes.organisations import likely_kind

MOST_ROWS = 500
MOST_COLUMNS = 12
LONGEST_NAME = 50
LARGEST = Decimal("1e11")
TITLE_LINES, IN_A_TITLE = 4, 2  # how many lines, and how many filled cells in each
TEN_THOUSAND = 10_000
COLUMNS = ("name", "id", "phone", "amount", "address", "gender", "ethnicity", "occupation")
GENDERS = {"男": "male", "女": "female"}
TITLES = {
    "gender": ("性别",),
    "ethnicity": ("民族",),
    "occupation": ("职业", "职务", "工种", "岗位"),
    "name": ("姓名", "名字", "当事人", "工人", "申请人", "单位名称", "名称"),
    "id": ("身份证", "证件", "信用代码"),
    "phone": ("电话", "手机", "联系方式"),
    "amount": ("金额", "工资", "欠", "合计", "数额"),
    "address": ("住址", "地址", "住所"),
}
_HAN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,15}")
_ETHNICITY = re.compile(r"[\u4e00-\u9fff]{1,6}族")
_AMOUNT = re.compile(r"[¥￥]?-?[\d,]+(\.\d+)?万?元?")
_SUM = re.compile(r"(合|总|小|共)计:?")
_GAP = re.compile(r"[,，;；]|\s{2,}|(?<=\S) ")
_NUMBERED = re.compile(r"^\d{1,3}[、.)]\s*(?!\d)")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
_SERIAL = re.compile(r"\d{1,4}")


@dataclass
class Line:
    """One person of the list. `faults` by column number; `twin` is the line he stands in before."""

    number: int
    cells: tuple[str, ...]
    told: dict[str, str] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    amount: Decimal = Decimal(0)
    twin: int | None = None
    namesake: int | None = None
    counted: bool = True

    @property
    def kind(self) -> str:
        """A person, unless the name ends as those of organisations do."""
        return likely_kind(self.told["name"], self.told["id"])


@dataclass
class Pasted:
    """The list as judged: `columns` says for each column what it holds, '' for nothing kept;
    `sums` are the lines that only add up the others."""

    columns: list[str]
    header: tuple[str, ...] | None
    lines: list[Line]
    too_many: bool = False
    sums: list[int] = field(default_factory=list)

    @property
    def kept(self) -> list[Line]:
        """One line for each person."""
        return [line for line in self.lines if line.twin is None]

    @property
    def total(self) -> Decimal:
        """Amounts of all lines but those that only repeat another word for word."""
        return sum((line.amount for line in self.lines if line.counted), Decimal(0))

    @property
    def faults(self) -> int:
        """Cells with a fault."""
        return sum(len(line.faults) for line in self.lines)

    def blocking(self, *, lenient: bool) -> bool:
        """Whether it cannot be taken: `lenient` leaves wrong numbers out, but never a name."""
        if self.too_many or not self.lines or "name" not in self.columns:
            return True
        faults = (self.columns[place] for line in self.lines for place in line.faults)
        return any(not lenient or column in ("name", "amount") for column in faults)


def read_text(text: str) -> list[tuple[str, ...]]:
    """Rows of what was pasted: by tabs, else by commas or wide gaps; empty rows are passed over."""
    rows = []
    for line in unicodedata.normalize("NFKC", text).splitlines():
        cells = line.split("\t") if "\t" in text else _GAP.split(_NUMBERED.sub("", line))
        found = tuple(" ".join(cell.split()) for cell in cells)[:MOST_COLUMNS]
        if any(found):
            rows += _in_one_breath(found)
    return rows


def _in_one_breath(row: tuple[str, ...]) -> list[tuple[str, ...]]:
    """张三、李四、王五 are three."""
    names = row[0].split("、") if len(row) == 1 else []
    if len(names) > 1 and all(_HAN_NAME.fullmatch(name.strip()) for name in names):
        return [(name.strip(),) for name in names]
    return [row]


def judge(rows: Sequence[tuple[str, ...]], columns: Sequence[str] = ()) -> Pasted:
    """Judge every cell; `columns` are the user's own choice where he made one."""
    width = max((len(row) for row in rows), default=0)
    square = [row + ("",) * (width - len(row)) for row in rows]
    head = _header_place(square)
    header = None if head is None else square[head]
    numbered = list(enumerate(square, start=1))[0 if head is None else head + 1 :]
    sums = [number for number, row in numbered if _adds_up(row)]
    body = [(number, row) for number, row in numbered if number not in sums]
    chosen = _chosen(columns, width) or guess([row for _number, row in body], header)
    lines = [_line(number, row, chosen) for number, row in body[:MOST_ROWS]]
    _mark_twins(lines, chosen)
    return Pasted(chosen, header, lines, too_many=len(body) > MOST_ROWS, sums=sums)


def guess(rows: Sequence[tuple[str, ...]], header: tuple[str, ...] | None) -> list[str]:
    """What each column holds, by its title, else by its cells; each meaning is given once."""
    width = len(rows[0]) if rows else len(header or ())
    found = [""] * width
    for place in range(width):
        named = _by_title(header[place]) if header else ""
        if named and named not in found:
            found[place] = named
    scores = [
        (_share(rows, place, meaning), meaning, place)
        for place in range(width)
        for meaning in COLUMNS
        if not found[place]
    ]
    for score, meaning, place in sorted(scores, key=lambda one: -one[0]):
        if score > 0.5 and not found[place] and meaning not in found:
            found[place] = meaning
    return found


def _by_title(title: str) -> str:
    for meaning, words in TITLES.items():
        if any(word in title for word in words):
            return meaning
    return ""


def _header_place(rows: Sequence[tuple[str, ...]]) -> int | None:
    """Where the titles of the columns stand: on top, or below the title lines of the sheet."""
    for place, row in enumerate(rows[: TITLE_LINES + 1]):
        if place and len({_by_title(cell) for cell in row} - {""}) > 1 and _is_header(row):
            return place
        if sum(bool(cell) for cell in row) > IN_A_TITLE:
            break
    return 0 if rows and _is_header(rows[0]) else None


def _adds_up(row: tuple[str, ...]) -> bool:
    """Whether it is the last line of a sheet, with the sum of the others."""
    return any(_SUM.fullmatch(cell.replace(" ", "")) for cell in row)


def _is_header(row: tuple[str, ...]) -> bool:
    """A first row is a header where it names columns and holds no number of a person."""
    named = sum(bool(_by_title(cell)) for cell in row if len(cell) <= 12)
    numbers = any(len(re.sub(r"\D", "", cell)) >= 7 for cell in row)
    return named >= 1 and not numbers and any(_by_title(cell) == "name" for cell in row)


def _share(rows: Sequence[tuple[str, ...]], place: int, meaning: str) -> float:
    """How many of the filled cells look like it."""
    cells = [row[place] for row in rows if row[place]]
    if not cells or (meaning == "amount" and _is_serial(cells)):
        return 0.0
    return sum(_looks(cell, meaning) for cell in cells) / len(cells) - COLUMNS.index(meaning) / 100


def _is_serial(cells: Sequence[str]) -> bool:
    """1, 2, 3, … in the first column of so many lists."""
    if not all(_SERIAL.fullmatch(cell) for cell in cells) or int(cells[0]) not in (0, 1):
        return False
    first = int(cells[0])
    return [int(cell) for cell in cells] == list(range(first, first + len(cells)))


def _looks(cell: str, meaning: str) -> bool:
    digits = plain(cell)
    if meaning == "name":
        if _ETHNICITY.fullmatch(cell):
            return False
        return bool(_HAN_NAME.fullmatch(_joined(cell))) or likely_kind(cell, "") == "organisation"
    if meaning == "gender":
        return cell in GENDERS
    if meaning == "ethnicity":
        return bool(_ETHNICITY.fullmatch(cell))
    if meaning == "occupation":
        return False  # a word like any other: only its title tells
    if meaning == "id":
        return (len(digits) in (15, 17, 18) and digits[:14].isdigit()) or bool(credit_code_of(cell))
    if meaning == "phone":
        return phone_of(cell) is not None and (len(digits) >= 10 or "-" in cell)
    if meaning == "amount":
        return bool(_AMOUNT.fullmatch(cell.replace(" ", ""))) and len(digits) < 11
    return len(cell) > 5 and bool(re.search(r"[村路街号组区镇乡市县]", cell))


def _chosen(columns: Sequence[str], width: int) -> list[str]:
    known = [column if column in COLUMNS else "" for column in columns[:width]]
    return known if len(known) == width and any(known) else []


def _line(number: int, row: tuple[str, ...], columns: Sequence[str]) -> Line:
    told = dict.fromkeys(COLUMNS, "")
    places = {}
    for place, meaning in enumerate(columns):
        if meaning and not told[meaning]:
            told[meaning], places[meaning] = row[place], place
    line = Line(number, row, told)
    told["name"] = _joined(told["name"])
    for meaning, fault in _faults(line):
        line.faults[places.get(meaning, 0)] = fault
    if told["amount"]:
        line.amount = _amount(told["amount"]) or Decimal(0)
    return line


def _joined(name: str) -> str:
    """张 三 as people space it in sheets is 张三, and so is 1、张三 of a typed list."""
    name = _NUMBERED.sub("", name)
    return name.replace(" ", "") if _HAN_NAME.fullmatch(name.replace(" ", "")) else name


def _faults(line: Line) -> Iterable[tuple[str, str]]:
    told = line.told
    if not told["name"]:
        yield "name", "nameless"
    elif len(told["name"]) > LONGEST_NAME:
        yield "name", "long"
    elif re.search(r"\d{5}", told["name"]):
        yield "name", "digits"
    if _SCIENTIFIC.fullmatch(told["id"]):
        yield "id", "scientific"
    elif told["id"] and not (credit_code_of if line.kind == "organisation" else id_of)(told["id"]):
        yield "id", "credit" if line.kind == "organisation" else "id"
    if told["phone"] and phone_of(told["phone"]) is None:
        yield "phone", "phone"
    if told["amount"] and _amount(told["amount"]) is None:
        yield "amount", "amount"
    if told["gender"] and told["gender"] not in GENDERS:
        yield "gender", "gender"


def _amount(text: str) -> Decimal | None:
    bare = re.sub(r"[¥￥,\s]|元$", "", text)
    try:
        found = Decimal(bare.removesuffix("万")) * (TEN_THOUSAND if bare.endswith("万") else 1)
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= LARGEST else None


def _mark_twins(lines: Sequence[Line], columns: Sequence[str]) -> None:
    """Who stands twice: by number, or by name with phone. A name alone is only said to be alike."""
    by_id: dict[str, Line] = {}
    by_contact: dict[tuple[str, str], Line] = {}
    by_name: dict[str, Line] = {}
    for line in lines:
        name, number = line.told["name"], plain(line.told["id"])
        contact = (name, plain(line.told["phone"]))
        first = by_id.get(number) if number else None
        if first is None and contact[1]:
            first = by_contact.get(contact)
            first = None if first and number and plain(first.told["id"]) else first
        if first is not None and first.told["name"] != name:
            line.faults[columns.index("id")] = "other_name"
        elif first is not None:
            line.twin, line.counted = first.number, line.cells != first.cells
        elif name and name in by_name:
            line.namesake = by_name[name].number
        for known, key in ((by_id, number), (by_name, name)):
            if key:
                known.setdefault(key, line)
        if contact[1]:
            by_contact.setdefault(contact, line)


def wrong_numbers_left_out(line: Line, columns: Sequence[str]) -> Mapping[str, str]:
    """What is told of a person when cells with faults are left out."""
    faulty = {columns[place] for place in line.faults}
    return {key: "" if key in faulty else text for key, text in line.told.items()}
