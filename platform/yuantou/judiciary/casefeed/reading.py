"""A court's file or message as suits: every fault by its cell; numbers become keyed hashes here.

A number is hashed as soon as it is read and kept nowhere; faults never repeat it.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from yuantou.crypto.fields import blind_index
from yuantou.database.sheets import Row, SheetError, clean, column_letter, match_header
from yuantou.disputes.identity import credit_code_of, id_of
from yuantou.judiciary.casefeed.causes import folded
from yuantou.judiciary.counting import Fault

TITLES = {
    "案号": "case_no",
    "案号密文": "case_hash",
    "案由": "cause",
    "立案日期": "filed_on",
    "乡镇": "township",
    "当事人证件号": "numbers",
    "当事人密文": "hashes",
}
REQUIRED = ("cause", "filed_on")
KEYS = ("case_hash", "cause", "filed_on", "township", "parties")
MOST_SUITS = 50_000
MOST_PERSONS = 200
NAMELESS = 10  # so many suits of which none names a person are a file whose column was left out
LONGEST = 200
_NAMES = re.compile(r"姓名|原告|被告|名字|当事人$|第三人")
BETWEEN = re.compile(r"[\s;；、,，/|]+")
_HASH = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")


@dataclass(frozen=True, slots=True)
class Suit:
    """One suit that holds every rule."""

    cause: str
    type: str
    filed_on: date
    area_code: str | None
    case_hash: bytes | None
    parties: tuple[bytes, ...]

    @property
    def key(self) -> bytes:
        """What knows the same suit again: its number's hash, else all that is told of it."""
        if self.case_hash is not None:
            return self.case_hash
        parts = (self.cause, self.filed_on.isoformat(), self.area_code or "")
        return hashlib.sha256("\x1f".join(parts).encode() + b"".join(self.parties)).digest()


@dataclass(frozen=True, slots=True)
class Frame:
    """What lines are read against: months, townships by name and code, causes, the key, today."""

    first: date
    last: date  # the last day
    townships: Mapping[str, str]
    causes: Mapping[str, str]
    index_key: bytes
    today: date


@dataclass
class Reading:
    """What was understood and what is wrong."""

    suits: list[Suit] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    repeated: int = 0


def of_rows(rows: Sequence[Row], frame: Frame) -> Reading:
    """The suits of a table; SheetError where its header is not ours."""
    _refuse_names(rows)
    places, body = match_header(rows, TITLES, REQUIRED)
    if not {"numbers", "hashes"} & places.keys():
        raise SheetError(_("缺少“当事人证件号”或“当事人密文”一列"), rows[0].line)
    letters = {key: column_letter(place) for key, place in places.items()}
    lines = (
        _Line(
            {k: row.cells[n] if n < len(row.cells) else "" for k, n in places.items()},
            row.line,
            letters,
            frame,
        )
        for row in body
    )
    return _gathered(lines)


def of_message(data: bytes, frame: Frame) -> Reading:
    """The suits of the JSON message: hashes alone; SheetError where it is not one."""
    try:
        rows = json.loads(data)["suits"]
        texts = [_texts(row) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise SheetError(_("不是约定的 JSON：最外层要有 suits 列表，每件只写约定的各项")) from fault
    return _gathered(_Line(each, line, {}, frame) for line, each in enumerate(texts, start=1))


def _texts(row: Mapping[str, object]) -> dict[str, str]:
    if set(row) - set(KEYS):
        raise KeyError("unknown keys")
    parties = row.get("parties", [])
    if not isinstance(parties, list):
        raise TypeError("parties")
    told = {key: _said(row.get(key)) for key in KEYS if key != "parties"}
    return told | {"hashes": " ".join(_said(each) for each in parties)}


def _said(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError("not a text")
    return clean(value or "")


def _refuse_names(rows: Sequence[Row]) -> None:
    for place, title in enumerate(rows[0].cells if rows else ()):
        if _NAMES.search(title.replace(" ", "")):
            raise SheetError(
                _("“%(title)s”这一列不要：本数据不收姓名，请整列删除后再传", title=title[:20]),
                rows[0].line,
                column_letter(place),
            )


def _gathered(lines: Iterable["_Line"]) -> Reading:
    made, seen = Reading(), dict[bytes, Suit]()
    for line in lines:
        suit = line.suit()
        made.faults += line.faults
        if suit is None:
            continue
        before = seen.setdefault(suit.key, suit)
        if before is suit:
            made.suits.append(suit)
        elif before == suit:
            made.repeated += 1
        else:
            line.refuse_otherwise()
            made.faults += line.faults
    if len(made.suits) >= NAMELESS and not any(suit.parties for suit in made.suits):
        made.faults.append(Fault(_("没有一件写了当事人证件号，无法比对；不知道不等于没有回流")))
    if len(made.suits) > MOST_SUITS:
        made.faults.append(Fault(_("一次最多 %(n)s 件，请按月份分开", n=MOST_SUITS)))
    return made


@dataclass
class _Line:
    """One line while it is read."""

    texts: Mapping[str, str]
    line: int
    letters: Mapping[str, str]
    frame: Frame
    faults: list[Fault] = field(default_factory=list)

    def suit(self) -> Suit | None:
        """The suit, None where something is wrong."""
        cause, day, area = self._cause(), self._day(), self._township()
        case, parties = self._case(), self._parties()
        if self.faults or day is None:
            return None
        kind = self.frame.causes.get(folded(cause), "")
        return Suit(cause, kind, day, area, case, parties)

    def refuse_otherwise(self) -> None:
        """The same case number stood in an earlier line with other words."""
        self._fault("case_no", _("同一案号前面写的内容不同，请只留一行"))

    def _text(self, key: str) -> str:
        return unicodedata.normalize("NFKC", self.texts.get(key, "")).strip()

    def _fault(self, key: str, message: str) -> None:
        self.faults.append(Fault(message, key, self.line, self.letters.get(key)))

    def _cause(self) -> str:
        text = self.texts.get("cause", "").strip()
        if not text:
            self._fault("cause", _("没有写案由"))
        if len(text) > LONGEST:
            self._fault("cause", _("案由超过 %(n)s 字", n=LONGEST))
        return text

    def _day(self) -> date | None:
        day = day_of(self._text("filed_on"))
        if day is None:
            self._fault("filed_on", _("立案日期写成 2026-01-31"))
        elif day > self.frame.today:
            self._fault("filed_on", _("立案日期在今天之后"))
        elif not self.frame.first <= day <= self.frame.last:
            self._fault("filed_on", _("立案日期不在所选的月份里"))
        return day

    def _township(self) -> str | None:
        text = self._text("township")
        if text and text not in self.frame.townships:
            self._fault("township", _("不是本地区的乡镇街道：%(name)s", name=text[:40]))
        return self.frame.townships.get(text)

    def _case(self) -> bytes | None:
        told = self._text("case_hash").lower()
        if told and not _HASH.fullmatch(told):
            self._fault("case_hash", _("案号密文应为64位十六进制"))
            return None
        number = self._text("case_no")
        if told:
            return bytes.fromhex(told)
        return blind_index(self.frame.index_key, number) if number else None

    def _parties(self) -> tuple[bytes, ...]:
        found = {*self._told_numbers(), *self._told_hashes()}
        if len(found) > MOST_PERSONS:
            self._fault("hashes", _("一件最多 %(n)s 个当事人", n=MOST_PERSONS))
        return tuple(sorted(found))

    def _told_numbers(self) -> Iterable[bytes]:
        for place, each in enumerate(filter(None, BETWEEN.split(self._text("numbers"))), 1):
            number = id_of(each)
            if number is not None:
                yield blind_index(self.frame.index_key, number)
            elif credit_code_of(each) is None:
                self._fault("numbers", _("第 %(n)s 个证件号不对，请核对（单位不用填）", n=place))

    def _told_hashes(self) -> Iterable[bytes]:
        for place, each in enumerate(filter(None, BETWEEN.split(self._text("hashes"))), 1):
            if _HASH.fullmatch(each.lower()):
                yield bytes.fromhex(each)
            else:
                self._fault("hashes", _("第 %(n)s 个密文不是64位十六进制", n=place))


def day_of(text: str) -> date | None:
    """A day as people write it; None where it is none."""
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
