"""A bulletin in the words of the page and of the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.bulletins.change import DOWN, UP
from yuantou.bulletins.measures import MEASURES
from yuantou.bulletins.models import Bulletin
from yuantou.bulletins.periods import EARLIER, Rhythm
from yuantou.bulletins.words import span
from yuantou.calendar.clock import local
from yuantou.disputes.codes import read

NAMES = {
    Rhythm.DAILY: _l("日研判"),
    Rhythm.WEEKLY: _l("周调度"),
    Rhythm.MONTHLY: _l("月通报"),
}
_BASES = {
    Rhythm.DAILY: _l("此前 %(n)s 天的日均"),
    Rhythm.WEEKLY: _l("此前 %(n)s 周的周均"),
    Rhythm.MONTHLY: _l("此前 %(n)s 个月的月均"),
}
VERDICTS = {UP: _l("明显增多"), DOWN: _l("明显减少"), "flat": _l("看不出变化")}
LATE = 3600.0
TOP = 3


@dataclass(frozen=True)
class Count:
    """One count with its definition."""

    code: str
    name: str
    definition: str
    written: str
    stock: bool


@dataclass(frozen=True)
class Kind:
    """One type of dispute: its count, what was usual, and the interval of the change."""

    name: str
    written: str
    usual: str
    ratio: str
    interval: str
    verdict: str
    words: str


@dataclass(frozen=True)
class Line:
    """One kept figure."""

    name: str
    value: str | None
    unit: str
    interval: str
    missing: str
    months: str
    computed: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """Everything that page and file show."""

    row: Bulletin
    rhythm: str
    name: str
    span: str
    base: str
    as_of: datetime
    counts: list[Count]
    kinds: list[Kind]
    lines: list[Line]
    missing: list[str]
    quiet: bool
    late: bool

    @property
    def title(self) -> str:
        """What the bulletin is called."""
        return _("%(name)s%(rhythm)s", name=self.name, rhythm=self.rhythm)

    @property
    def causes(self) -> str:
        """The types most reported, as far as they may be named."""
        open_ = [one for one in self.kinds if one.written.replace(",", "").isdigit()]
        named = [one for one in open_ if one.written != "0"][:TOP]
        return "、".join(_("%(name)s %(n)s 件", name=one.name, n=one.written) for one in named)

    @property
    def hot(self) -> list[Kind]:
        """Types whose interval lies above what was usual."""
        return [one for one in self.kinds if one.verdict == UP]


def page(row: Bulletin) -> Page:
    """A bulletin ready for a template."""
    said, rhythm = dict(row.content), Rhythm(row.rhythm)
    return Page(
        row=row,
        rhythm=str(NAMES[rhythm]),
        name=str(said["name"]),
        span=span(row.rhythm, row.period_start, row.period_end),
        base=str(_BASES[rhythm]) % {"n": EARLIER[rhythm]},
        as_of=local(datetime.fromisoformat(str(said["as_of"]))),
        counts=_counts(said),
        kinds=[_kind(one) for one in _rows(said, "types")],
        lines=[_line(one) for one in _rows(said, "figures")],
        missing=[str(words) for words in _rows(said, "missing")],
        quiet=bool(said["quiet"]),
        late=(row.made_at - row.due_at).total_seconds() > LATE,
    )


def _rows(said: Mapping[str, Any], name: str) -> list[Any]:
    return list(said[name])


def _counts(said: Mapping[str, Any]) -> list[Count]:
    return [
        Count(one.code, str(one.name), str(one.definition), said["counts"][one.code], one.stock)
        for one in MEASURES.values()
        if one.code in said["counts"]
    ]


def _kind(one: Mapping[str, Any]) -> Kind:
    kind, verdict = str(one["type"]), str(one["verdict"])
    known = read().types.get(kind)
    return Kind(
        name=_(known.name_zh) if known else kind,
        written=str(one["count"]),
        usual=_plain(one["usual"], 1),
        ratio=_plain(one["ratio"], 2),
        interval=f"{one['low']:.2f}—{_above(one['high'])}" if one["low"] is not None else "—",
        verdict=verdict,
        words=str(VERDICTS.get(verdict, _("不作比较"))),
    )


def _line(one: Mapping[str, Any]) -> Line:
    places = int(one["places"])
    start, end = (date.fromisoformat(day) for day in one["months"])
    computed = one["computed_at"]
    return Line(
        name=_told(one, "name"),
        value=f"{one['value']:,.{places}f}" if one["value"] is not None else None,
        unit=_told(one, "unit"),
        interval=f"{one['low']:,.{places}f}—{one['high']:,.{places}f}"
        if one["low"] is not None and one["high"] is not None
        else "—",
        missing=_told(one, "missing") if one["missing"] else "",
        months=_months(start, end),
        computed=f"{local(datetime.fromisoformat(computed)):%Y-%m-%d %H:%M}" if computed else "",
        words={
            "text": _told(one, "plain"),
            "numerator": _told(one, "numerator"),
            "denominator": _told(one, "denominator"),
            "source": _told(one, "source"),
            "edition": _("第 %(n)s 版", n=one["version"]),
        },
    )


def _told(one: Mapping[str, Any], key: str) -> str:
    """Words that were stored in Chinese, in the reader's language."""
    words: str = _(one[key])
    return words


def _months(start: date, end: date) -> str:
    if start == end:
        return _("%(year)s年%(month)s月", year=end.year, month=end.month)
    return _("%(year)s年%(first)s—%(last)s月", year=end.year, first=start.month, last=end.month)


def _plain(value: float | None, places: int) -> str:
    return "—" if value is None else f"{value:,.{places}f}"


def _above(value: float | None) -> str:
    return "∞" if value is None else f"{value:.2f}"
