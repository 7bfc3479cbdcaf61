"""What a row of counts must be: every fault with its line, its column and the difference."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from yuantou.judiciary.columns import (
    ATTRIBUTIONS,
    BASES,
    CAUSE,
    COURT_AREA,
    FILE_FIRST,
    INCLUDED,
    MEASURES,
    NOT_ASKED,
    REGIMES,
    TOWNSHIP,
    Measure,
    regime_of,
)

MOST = 1_000_000
EARLIEST = 1949
LONGEST_REASON = 500
_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?(?:[-/.]?\d{1,2}日?)?")
_INTEGER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


@dataclass(frozen=True)
class Place:
    """A court as the rules need it. `townships` gives the code for a name or code of its area."""

    code: str
    name: str
    reportable: bool = True
    townships: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A row as typed: texts by key, and the letter of each column where it came from a file."""

    texts: Mapping[str, str]
    line: int | None = None
    letters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and by how much where a sum does not add up."""

    message: str
    key: str = ""
    line: int | None = None
    column: str | None = None
    difference: int | None = None


@dataclass(frozen=True)
class Count:
    """One court's month that holds every rule; numbers not sent are None, never 0."""

    court: str
    month: date
    regime: str
    basis: str
    numbers: Mapping[str, int | None]
    by_cause: Mapping[str, int] | None = None
    by_township: Mapping[str, int] | None = None
    attribution: str = COURT_AREA
    reason: str = ""
    line: int | None = None

    @property
    def content_hash(self) -> str:
        """Identity of what was counted; the reason and the line are not part of it."""
        held = [self.court, self.month.isoformat(), self.regime, self.basis, self.attribution]
        parts = (held, self.numbers, self.by_cause, self.by_township)
        text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=dict)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class _Reading:
    """One entry while it is read: what was understood, and what is wrong so far."""

    entry: Entry
    faults: list[Fault] = field(default_factory=list)

    def text(self, key: str) -> str:
        return self.entry.texts.get(key, "").strip()

    def fault(self, key: str, message: str, difference: int | None = None) -> None:
        column = self.entry.letters.get(key)
        self.faults.append(Fault(message, key, self.entry.line, column, difference))


def check(
    entries: Iterable[Entry], places: Mapping[str, Place], today: date
) -> tuple[list[Count], list[Fault]]:
    """Every entry as a count, and every fault of them all; `places` is by `folded` name or code."""
    counts: list[Count] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, date], int | None] = {}
    for entry in entries:
        count, wrong = check_entry(entry, places, today)
        faults += wrong
        if count is None:
            continue
        before = (count.court, count.month)
        if before in seen:
            message = _("同一法院同一月份已在第 %(n)s 行写过，请删去一行", n=seen[before])
            faults.append(Fault(message, "month", entry.line, entry.letters.get("month")))
            continue
        seen[before] = entry.line
        counts.append(count)
    return counts, faults


def check_entry(
    entry: Entry, places: Mapping[str, Place], today: date
) -> tuple[Count | None, list[Fault]]:
    """One entry as a count, or its faults."""
    reading = _Reading(entry)
    place, month = _place(reading, places), _month(reading, today)
    regime = _regime(reading, month)
    basis = _basis(reading, regime)
    numbers = {measure.key: _number(reading, measure, regime) for measure in MEASURES}
    causes = _parts(reading, CAUSE)
    townships = _townships(reading, place)
    attribution = _attribution(reading, townships)
    if len(reading.text("reason")) > LONGEST_REASON:
        reading.fault("reason", _("更正说明最多 %(n)s 字", n=LONGEST_REASON))
    _refuse_sums(reading, numbers, basis, causes, townships)
    if reading.faults or place is None or month is None:
        return None, reading.faults
    made = Count(
        place.code,
        month,
        regime,
        basis,
        numbers,
        causes,
        townships,
        attribution,
        reading.text("reason"),
        entry.line,
    )
    return made, []


def folded(text: str) -> str:
    """Names are compared without spaces and without regard to the width of letters."""
    return unicodedata.normalize("NFKC", text).replace(" ", "").lower()


def change_percent(now: int, before: int) -> int | None:
    """Month-on-month change in percent; None where there is nothing to compare with."""
    return None if before == 0 else round((now / before - 1) * 100)


def batch_hash(counts: Sequence[Count]) -> str:
    """Identity of a batch: the same counts in any order, file format or encoding."""
    joined = "\n".join(sorted(count.content_hash for count in counts))
    return hashlib.sha256(joined.encode()).hexdigest()


def _place(reading: _Reading, places: Mapping[str, Place]) -> Place | None:
    text = reading.text("court")
    place = places.get(folded(text))
    if not text:
        reading.fault("court", _("没有写法院"))
    elif place is None:
        reading.fault(
            "court", _("没有“%(name)s”这个法院，请照法院名册写全称或代码", name=text[:40])
        )
    elif not place.reportable:
        message = _("“%(name)s”不在您的报送范围内", name=place.name)
        reading.fault("court", message)
    return place


def _month(reading: _Reading, today: date) -> date | None:
    text = folded(reading.text("month"))
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) == 0:
        words = _("没有写月份") if not text else _("月份“%(text)s”看不懂", text=text[:20])
        reading.fault("month", _("%(words)s，请写成 2025-01", words=words))
        return None
    month = date(int(found[1]), int(found[2]), 1)
    if month.year >= EARLIEST and month <= today:
        return month
    late = _("%(month)s 还没有到，不能报送", month=f"{month:%Y-%m}")
    reading.fault("month", late if month > today else _("月份早于 1949 年，请检查"))
    return None


def _regime(reading: _Reading, month: date | None) -> str:
    """The regime of the month; '' where the month is not known, so that nothing hangs on it."""
    fits = regime_of(month) if month else ""
    given = _choice(reading, "regime", REGIMES)
    if month and given and given != fits:
        message = _(
            "%(month)s 应为“%(fits)s”，这里写的是“%(given)s”",
            month=f"{month:%Y-%m}",
            fits=REGIMES[fits],
            given=REGIMES[given],
        )
        reading.fault("regime", message)
    return fits


def _basis(reading: _Reading, regime: str) -> str:
    given = _choice(reading, "basis", BASES)
    if not regime:
        return NOT_ASKED
    if regime == FILE_FIRST and given in ("", NOT_ASKED):
        if given or not reading.text("basis"):
            message = _("2025 年起必须写明口径：民事一审新收含不含先行调解成功")
            reading.fault("basis", message)
        return INCLUDED
    if regime != FILE_FIRST and given not in ("", NOT_ASKED):
        reading.fault("basis", _("2024 年及以前没有先行调解口径，请留空或写“不适用”"))
    return given if regime == FILE_FIRST else NOT_ASKED


def _choice(reading: _Reading, key: str, words: Mapping[str, Any]) -> str:
    """The code that a text stands for; its code, its words, or its words before the brackets."""
    text = folded(reading.text(key))
    for code, label in words.items():
        full = folded(str(label))
        if text and text in (code.lower(), full, full.partition("(")[0]):
            return code
    if text:
        options = "、".join(str(label) for label in words.values())
        message = _("“%(text)s”不在可选项里，请写：%(options)s", text=text[:20], options=options)
        reading.fault(key, message)
    return ""


def _number(reading: _Reading, measure: Measure, regime: str) -> int | None:
    text = reading.text(measure.key)
    if text and regime and measure.regime not in ("", regime):
        message = _("%(regime)s的月份没有这一项，请留空", regime=REGIMES[regime])
        reading.fault(measure.key, message)
        return None
    if not text and measure.required:
        reading.fault(measure.key, _("没有填。没有案件请填 0；数字还不知道，这个月先不要报"))
    return _integer(reading, measure.key, text)


def _integer(reading: _Reading, key: str, text: str) -> int | None:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("，", ",")
    if not plain:
        return None
    if _INTEGER.fullmatch(plain) and plain.isascii():
        number = int(plain.replace(",", "")[:12])
        if number <= MOST:
            return number
        reading.fault(key, _("%(text)s 大得不合常理，请检查是否多写了位数", text=text[:20]))
    elif re.fullmatch(r"[-−]\d+(\.\d+)?", plain):
        reading.fault(key, _("不能是负数：%(text)s", text=text[:20]))
    elif re.fullmatch(r"\d+\.\d+", plain):
        reading.fault(key, _("必须是整数：%(text)s", text=text[:20]))
    else:
        reading.fault(key, _("不是数字：“%(text)s”；没有数字请留空", text=text[:20]))
    return None


def _parts(reading: _Reading, prefix: str) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for key in reading.entry.texts:
        if key.startswith(prefix):
            number = _integer(reading, key, reading.text(key))
            if number is not None:
                found[key.removeprefix(prefix)] = number
    return found or None


def _townships(reading: _Reading, place: Place | None) -> dict[str, int] | None:
    parts = _parts(reading, TOWNSHIP)
    if parts is None or place is None:
        return None
    known: dict[str, int] = {}
    for name, number in parts.items():
        code = place.townships.get(folded(name))
        if code is None:
            message = _("“%(name)s”不是%(court)s辖区的乡镇街道", name=name[:20], court=place.name)
            reading.fault(TOWNSHIP + name, message)
        else:
            known[code] = known.get(code, 0) + number
    return known


def _attribution(reading: _Reading, townships: Mapping[str, int] | None) -> str:
    given = _choice(reading, "attribution", ATTRIBUTIONS)
    if townships and given in ("", COURT_AREA):
        message = _("写了分乡镇数，就要写明归属方式：按被告住所地、原告住所地或纠纷发生地")
        reading.fault("attribution", message)
    return given or COURT_AREA


def _refuse_sums(
    reading: _Reading,
    numbers: Mapping[str, int | None],
    basis: str,
    causes: Mapping[str, int] | None,
    townships: Mapping[str, int] | None,
) -> None:
    civil = numbers["civil_first_new"]
    if civil is not None and causes is not None and not _cause_faults(reading):
        _refuse_difference(reading, sum(causes.values()), civil)
    if civil is not None and townships and sum(townships.values()) > civil:
        over = sum(townships.values()) - civil
        message = _("分乡镇合计比民事一审新收多 %(n)s 件", n=over)
        reading.fault("civil_first_new", message, over)
    for whole, part in (
        ("first_mediation", "first_mediation_success"),
        ("prelit", "prelit_success"),
    ):
        _refuse_more(reading, part, numbers[part], numbers[whole])
    if basis == INCLUDED:
        _refuse_more(reading, "first_mediation_success", numbers["first_mediation_success"], civil)


def _cause_faults(reading: _Reading) -> bool:
    return any(fault.key.startswith(CAUSE) for fault in reading.faults)


def _refuse_difference(reading: _Reading, parts: int, civil: int) -> None:
    if parts != civil:
        message = _(
            "各案由合计 %(parts)s 件，民事一审新收 %(civil)s 件，相差 %(difference)s 件",
            parts=parts,
            civil=civil,
            difference=abs(parts - civil),
        )
        reading.fault("civil_first_new", message, parts - civil)


def _refuse_more(reading: _Reading, key: str, part: int | None, whole: int | None) -> None:
    if part is not None and whole is not None and part > whole:
        message = _(
            "%(part)s 件多于总数 %(whole)s 件，相差 %(n)s 件",
            part=part,
            whole=whole,
            n=part - whole,
        )
        reading.fault(key, message, part - whole)
