"""Every line of a list judged by cell: what is wrong where, and the report that it makes.

A title is made from what happened, as on the phone: titles of other systems name people.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from wtforms import ValidationError

from yuantou.database.text import clean, whole_number
from yuantou.disputes.codes import read
from yuantou.disputes.identity import credit_code_of, id_of, phone_of
from yuantou.disputes.organisations import likely_kind
from yuantou.disputes.parties import NewParty
from yuantou.disputes.service import NewDispute
from yuantou.disputes.telling import told_party
from yuantou.exchange.imports.fields import REQUIRED
from yuantou.intake.titles import title_of
from yuantou.mediation.fields import EARLIEST, refuse_identity

LONGEST = {"summary": 2000, "place": 100, "number": 60}
MOST_INVOLVED = 100_000
MOST_AMOUNT = 10**11
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
USUAL_SOURCE = "initiative"


@dataclass(frozen=True)
class Ground:
    """What lines are judged against: townships by code, and the day."""

    townships: Mapping[str, str]
    today: date
    demo: bool = False


@dataclass
class Judged:
    """One line: its cells by field, faults by field, and the report where there is no fault."""

    line: int
    cells: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    twin: int | None = None
    values: dict[str, object] = field(default_factory=dict)

    def draft(self, submission: str, demo: bool) -> NewDispute:
        """The report of a line without fault."""
        if self.faults:
            raise ValueError(f"line {self.line} has faults")
        kind = str(self.values["type"])
        summary = str(self.values["summary"])
        amount = self.values.get("amount")
        occurred_on = self.values["occurred_on"]
        assert isinstance(occurred_on, date)  # noqa: S101 — the reader of days gives days
        return NewDispute(
            submission=submission,
            summary=summary,
            type=kind,
            source=str(self.values["source"]),
            place=str(self.values["place"]),
            area_code=str(self.values["area"]),
            occurred_on=occurred_on,
            involved=int(str(self.values["involved"])),
            title=title_of(read().types[kind].short_zh, summary),
            amount=float(str(amount)) if amount is not None else None,
            flags=("minor",) if any(party.minor for party in self.parties()) else (),
            demo=demo,
        )

    def parties(self) -> list[NewParty]:
        """Who was named."""
        told = (
            (side, *(self.cells.get(key, "") for key in (side, f"{side}_phone", f"{side}_id")))
            for side in ("applicant", "respondent")
        )
        return [
            told_party(likely_kind(name, number), side, name, phone, number)
            for side, name, phone, number in told
            if name
        ]


def judge(
    lines: Sequence[tuple[int, Sequence[str]]], columns: Sequence[str], ground: Ground
) -> list[Judged]:
    """All lines; one that says the same as an earlier one is its twin."""
    first: dict[tuple[str, ...], int] = {}
    found = []
    for number, cells in lines:
        named = {
            name: clean(cells[place]) if place < len(cells) else ""
            for place, name in enumerate(columns)
            if name
        }
        judged = Judged(number, named)
        for name, reader in _READERS.items():
            _read(judged, name, reader, ground)
        _check_parties(judged)
        same = tuple(named.get(name, "") for name in ("summary", "place", "occurred_on"))
        earlier = first.setdefault(same, number)
        judged.twin = earlier if earlier != number else None
        found.append(judged)
    return found


Reader = Callable[[str, Ground], object]


def _read(judged: Judged, name: str, reader: Reader, ground: Ground) -> None:
    text = judged.cells.get(name, "")
    try:
        if not text and name in REQUIRED:
            raise ValidationError(_("没有填写"))
        if len(text) > LONGEST.get(name, 2000):
            raise ValidationError(_("超过 %(n)s 个字", n=LONGEST.get(name, 2000)))
        judged.values[name] = reader(text, ground)
    except ValidationError as fault:
        judged.faults[name] = str(fault)


def _words(text: str, _ground: Ground) -> object:
    refuse_identity(text)
    return text


def _type(text: str, _ground: Ground) -> object:
    types = read().types
    plain = text.removesuffix("纠纷")
    for each in types.values():
        if plain in (each.code, each.name_zh, each.short_zh):
            return each.code
    raise ValidationError(
        _("没有“%(text)s”这一类；请用系统里的 %(n)s 类名称", text=text[:20], n=len(types))
    )


def _area(text: str, ground: Ground) -> object:
    if not text and len(ground.townships) == 1:
        return next(iter(ground.townships))
    plain = re.sub("(街道办事处|街道|镇|乡)$", "", text)
    found = [
        code
        for code, name in ground.townships.items()
        if text in (code, name) or (plain and plain == re.sub("(街道|镇|乡)$", "", name))
    ]
    if len(found) == 1:
        return found[0]
    if not text:
        raise ValidationError(_("没有填写乡镇街道"))
    if found:
        raise ValidationError(_("“%(text)s”对应几个地方，请写区划代码", text=text[:20]))
    raise ValidationError(_("“%(text)s”不在您的辖区内", text=text[:20]))


def _day(text: str, ground: Ground) -> object:
    parts = _DAY.match(text)
    digits = (text[:4], text[4:6], text[6:8]) if re.fullmatch(r"\d{8}", text) else None
    try:
        day = date(*map(int, digits or (parts.groups() if parts else ())))
    except (TypeError, ValueError):
        raise ValidationError(_("日期看不懂，请写成 2026-03-01")) from None
    if day > ground.today:
        raise ValidationError(_("不能晚于今天"))
    if day < EARLIEST:
        raise ValidationError(_("不能早于 1949 年 10 月 1 日"))
    return day


def _involved(text: str, _ground: Ground) -> object:
    if not text:
        return 2
    number = whole_number(re.sub("[人名,，]", "", text).removesuffix(".0"))
    if number is None or not 1 <= number <= MOST_INVOLVED:
        raise ValidationError(_("人数请填 1 到 100000"))
    return number


def _amount(text: str, _ground: Ground) -> object:
    if not text:
        return None
    try:
        amount = float(re.sub("[元,，\\s]", "", text))
    except ValueError:
        raise ValidationError(_("金额请只写数字，单位元")) from None
    if not 0 <= amount <= MOST_AMOUNT:
        raise ValidationError(_("金额不能小于 0，也不能超过一千亿元"))
    return round(amount, 2)


def _source(text: str, _ground: Ground) -> object:
    if not text:
        return USUAL_SOURCE
    for each in read().sources.values():
        if text in (each.code, each.name_zh):
            return each.code
    raise ValidationError(_("没有“%(text)s”这种来源", text=text[:20]))


def _check_parties(judged: Judged) -> None:
    for side in ("applicant", "respondent"):
        name, phone, number = (
            judged.cells.get(key, "") for key in (side, f"{side}_phone", f"{side}_id")
        )
        if len(name) > 50:
            judged.faults[side] = _("超过 %(n)s 个字", n=50)
        if (phone or number) and not name:
            judged.faults[side] = _("写了电话或证件号的，请写姓名或名称")
        if phone and phone_of(phone) is None:
            judged.faults[f"{side}_phone"] = _("电话号码不对：手机 11 位，座机带区号")
        read_number = credit_code_of if likely_kind(name, number) == "organisation" else id_of
        if number and read_number(number) is None:
            judged.faults[f"{side}_id"] = _("号码不对，请核对有没有抄错；不清楚可以不填")


_READERS: dict[str, Reader] = {
    "summary": _words,
    "type": _type,
    "area": _area,
    "place": _words,
    "occurred_on": _day,
    "involved": _involved,
    "amount": _amount,
    "source": _source,
    "number": _words,
}
