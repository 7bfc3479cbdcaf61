"""What was typed or imported, as counts: every fault beside its field or cell, all or nothing."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from yuantou.database.sheets import Row, column_letter, match_header
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.supplying.queries import Duty
from yuantou.indicators.words import say
from yuantou.judiciary.counting import Fault

AREA, MONTH = "area", "month"
MOST = 100_000_000
LONGEST = 20  # signs of a number
EARLIEST = 2000
_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?(?:[-/.]?\d{1,2}日?)?(?:[ T].*)?")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


@dataclass(frozen=True, slots=True)
class Told:
    """One number of an area and month."""

    component: str
    area_code: str
    month: date
    value: int
    line: int | None = None


@dataclass
class Reading:
    """What was understood and what is wrong."""

    told: list[Told] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def titles_of(duty: Duty) -> dict[str, str]:
    """Column titles of an import."""
    return {"地区": AREA, "月份": MONTH, **{_plain(say(name)): name for name in duty.components}}


def _plain(title: str) -> str:
    """A title as the header is compared: without what stands in brackets at its end."""
    return re.sub(r"\([^)]*\)$", "", unicodedata.normalize("NFKC", title).replace(" ", ""))


def of_rows(rows: Sequence[Row], duty: Duty, today: date) -> Reading:
    """The counts of a table; SheetError where its header is not ours."""
    places, body = match_header(rows, titles_of(duty), (AREA, MONTH))
    letters = {key: column_letter(place) for key, place in places.items()}
    made = Reading()
    for row in body:
        texts = {k: row.cells[n] if n < len(row.cells) else "" for k, n in places.items()}
        one = of_texts(texts, duty, today, line=row.line, letters=letters)
        made.told += one.told
        made.faults += one.faults
    _refuse_twice(made)
    return made


def of_texts(
    texts: Mapping[str, str],
    duty: Duty,
    today: date,
    *,
    line: int | None = None,
    letters: Mapping[str, str] | None = None,
) -> Reading:
    """One area's month; empty fields are not supplied."""
    made, where = Reading(), letters or {}

    def fault(key: str, message: str) -> None:
        made.faults.append(Fault(message, key, line, where.get(key)))

    area, month = _area(texts.get(AREA, ""), duty), month_of(texts.get(MONTH, ""))
    if area is None:
        fault(AREA, _("不是本单位可以报的地区"))
    if month is None:
        fault(MONTH, _("月份写成 2026-01"))
    elif month >= today.replace(day=1):
        fault(MONTH, _("只报已经过完的月份"))
    found: dict[str, int] = {}
    for name in duty.components:
        text = unicodedata.normalize("NFKC", texts.get(name, "")).strip()
        if text and not _WHOLE.fullmatch(text):
            fault(name, _("要填整数；没有填 0，不知道就空着"))
        elif len(text) > LONGEST or (text and int(text.replace(",", "")) > MOST):
            fault(name, _("数字太大，请核对"))
        elif text:
            found[name] = int(text.replace(",", ""))
    for each in duty.made:
        if _above_whole(each, found):
            fault(each.numerator[0], _("多于%(whole)s", whole=say(each.denominator[0])))
    if area is not None and month is not None:
        made.told = [Told(name, area, month, value, line) for name, value in found.items()]
    return made


def month_of(text: str) -> date | None:
    """A month as people write it; None where it is none."""
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text).strip())
    try:
        month = date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
    return month if month is not None and month.year >= EARLIEST else None


def _area(text: str, duty: Duty) -> str | None:
    told = text.strip()
    return next((one.code for one in duty.areas if told in (one.code, one.name)), None)


def _above_whole(made: Definition, found: Mapping[str, int]) -> bool:
    names = (*made.numerator, *made.denominator)
    if made.kind != "share" or made.subtract or any(name not in found for name in names):
        return False
    return sum(found[n] for n in made.numerator) > sum(found[n] for n in made.denominator)


def _refuse_twice(made: Reading) -> None:
    seen: set[tuple[str, str, date]] = set()
    for each in made.told:
        key = (each.component, each.area_code, each.month)
        if key in seen:
            made.faults.append(Fault(_("同一地区、月份写了两行"), MONTH, each.line))
        seen.add(key)
