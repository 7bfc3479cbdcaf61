"""Figures as the pages show them: rounded, small counts hidden, every word said."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from yuantou.calendar.clock import local
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.counting import APART
from yuantou.indicators.covering import Cover, why_hidden
from yuantou.indicators.disclosure import conceal, shown, small
from yuantou.indicators.figures import Change, Figure, Mean
from yuantou.indicators.kept import MonthOfCourts
from yuantou.indicators.ledger import Ledger
from yuantou.indicators.membership import Membership
from yuantou.indicators.periods import months, shift
from yuantou.indicators.rates import total
from yuantou.indicators.standing.baseline import FEWEST, Natural, natural
from yuantou.indicators.supplying.queries import Revision

TREND_MONTHS = 36
BREAK = date(2025, 1, 1)


@dataclass(frozen=True)
class Shown:
    """One figure ready for a template."""

    figure: Figure
    hidden: bool
    change: Change | None = None
    means: tuple[Mean, ...] = ()

    @property
    def value(self) -> str | None:
        """The value in the screens' unit, None where it is missing or hidden."""
        return None if self.hidden else self._said(self.figure.value)

    @property
    def told(self) -> Figure:
        """The figure, bare of its counts where it is hidden: what others are weighed against."""
        return self.figure.told(missing=self.figure.missing) if self.hidden else self.figure

    @property
    def interval(self) -> str | None:
        """Both ends of the interval."""
        if self.hidden or self.figure.low is None:
            return None
        return f"{self._said(self.figure.low)}—{self._said(self.figure.high)}"

    def of(self, measure: str) -> bool:
        """Whether the figure is made of that measure."""
        return self.figure.definition.measure == measure

    @property
    def missing(self) -> str | None:
        """Why there is no value."""
        if self.hidden:
            return why_hidden(self.figure)
        return self.figure.missing.message_zh if self.figure.missing else None

    @property
    def basis(self) -> str:
        """The population by kind and year, or the cases that a share is of."""
        used = self.figure.population
        if used is not None:
            return _("%(kind)s %(year)s年 %(persons)s人", kind=used.kind_zh, year=used.year,
                     persons=f"{used.persons:,}")  # fmt: skip
        if self.hidden or self.figure.numerator is None or self.figure.definition.kind == "rate":
            return ""
        return f"{self.figure.numerator:,} / {self.figure.denominator or 0:,}"

    @property
    def computed(self) -> str | None:
        """When it was computed."""
        at = self.figure.computed_at
        return f"{local(at):%Y-%m-%d %H:%M}" if at else None

    @property
    def compared(self) -> str:
        """Year-on-year, or why not."""
        if self.change is None or self.hidden:
            return ""
        if self.change.value is None:
            return "" if self.figure.value is None else str(self.change.reason_zh or "")
        share = self.figure.definition.kind == "share"
        words = _("%(n)s个百分点", n=_signed(self.change.value)) if share else (
            f"{_signed(self.change.value * 100)}%"
        )  # fmt: skip
        return f"{self.change.label_zh} {words}"

    def mean(self, level: str) -> str | None:
        """The mean of that level in the screens' unit."""
        found = [mean.figure for mean in self.means if mean.level == level]
        return self._said(found[0].value) if found else None

    def _said(self, value: float | None) -> str | None:
        scaled = self.figure.on_screen(value)
        return None if scaled is None else f"{scaled:,.{self.figure.definition.places}f}"


def shown_figures(
    ledger: Ledger, codes: Sequence[str], area_code: str, start: date, end: date, cover: Cover
) -> list[Shown]:
    """Every indicator of one area with change and means."""
    found = [ledger.figure(code, area_code, start, end) for code in codes]
    hidden = cover.hidden(found)
    return [
        Shown(
            figure,
            place in hidden,
            cover.change(ledger.year_on_year(figure.code, area_code, start, end)),
            cover.means(ledger.means(figure.code, area_code, start, end)),
        )
        for place, figure in enumerate(found)
    ]


def by_year(
    ledger: Ledger, code: str, area_code: str, ends: Sequence[date], cover: Cover
) -> list[tuple[int, Shown]]:
    """A figure of years, year for year."""
    return [
        (end.year, shown_figures(ledger, [code], area_code, end.replace(month=1), end, cover)[0])
        for end in ends
    ]


def shared_warnings(found: Sequence[Shown]) -> list[str]:
    """Warnings that more than one figure carries: said once."""
    tally = Counter(warning for one in found for warning in one.figure.warnings)
    return [warning for warning, times in tally.items() if times > 1]


def mean_notes(found: Sequence[Shown]) -> list[str]:
    """What the means warn of beyond their figures: of how many counties they are."""
    notes = (
        _("%(area)s平均：%(note)s", area=mean.area_name, note=warning)
        for one in found
        for mean in one.means
        for warning in mean.figure.warnings
        if warning not in one.figure.warnings and mean.figure.value is not None
    )
    return list(dict.fromkeys(notes))


def shown_areas(ledger: Ledger, one: Shown, areas: Sequence[str], cover: Cover) -> list[Shown]:
    """The counties under an area, in their order and without ranks; what it totals is known."""
    whole = one.figure
    below = [ledger.figure(whole.code, area, whole.start, whole.end) for area in areas]
    hidden = cover.hidden([*below, whole])
    return [Shown(figure, place in hidden) for place, figure in enumerate(below)]


def component_rows(
    held: Sequence[MonthOfCourts], names: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Component by component the sum over the months, and the part counted apart; small hidden."""
    cells = {
        (name, prefix): total(row.components.get(f"{prefix}{name}") for row in held)
        for name in names
        for prefix in ("", APART)
    }
    wholes = {("", prefix): total(cells[name, prefix] for name in names) for prefix in ("", APART)}
    sums = [(whole, [(name, whole[1]) for name in names]) for whole in wholes]
    hidden = conceal({**cells, **wholes}, sums)
    said = {
        key: _("未报齐") if value is None else shown(value, key in hidden)
        for key, value in cells.items()
    }
    return [(name, said[name, ""], said[name, APART]) for name in names]


def supplied_words(held: Sequence[Revision], agency: int, *, opens: bool) -> dict[int, str]:
    """How each supplied number is written: small ones hidden from all but who supplies or opens.

    Beside the sum of the months another month is hidden with it.
    """
    mine = {each.row.id for each in held if opens or each.row.agency_id == agency}
    newest: dict[tuple[str, date], int | None] = {}
    for each in held:
        newest.setdefault((each.row.component, each.row.month), each.row.value)
    names = {name for name, _month in newest}
    wholes = {(name, date.min): total(v for k, v in newest.items() if k[0] == name)
              for name in names}  # fmt: skip
    sums = [(whole, [key for key in newest if key[0] == whole[0]]) for whole in wholes]
    hidden = conceal({**newest, **wholes}, sums)
    return {
        each.row.id: _("已撤销")
        if each.row.value is None
        else f"{each.row.value:,}"
        if each.row.id in mine
        else shown(each.row.value, (each.row.component, each.row.month) in hidden)
        for each in held
    }


def counted_words(found: Membership, one: Shown, *, opens: bool) -> str | None:
    """How many of a figure's matters the viewer may see, and how many he may not."""
    if one.hidden:
        return None
    if not opens and small(found.outside):
        return _("您的范围内 %(n)s 件；范围外不足3件，不写件数", n=found.inside)
    return _(
        "分母 %(all)s 件，您的范围内 %(n)s 件，范围外 %(m)s 件",
        all=found.whole,
        n=found.inside,
        m=found.outside,
    )


def popover(definition: Definition, query: dict[str, Any]) -> dict[str, str]:
    """The words of the popover beside a figure."""
    return {
        "text": definition.plain_zh,
        "numerator": definition.numerator_zh,
        "denominator": definition.denominator_zh,
        "source": source_of(definition),
        "edition": edition_of(definition),
        "url": url_for("indicators.show", code=definition.code, **query) + "#definition",
    }


def source_of(definition: Definition) -> str:
    """Where the definition comes from; examples say so."""
    mark = _("示例，待主管部门确认") if definition.example else ""
    return f"{definition.source}（{mark}）" if mark else definition.source


def edition_of(definition: Definition) -> str:
    """Version and day since when it holds."""
    return _("第 %(n)s 版，%(day)s 起", n=definition.version, day=definition.valid_from.isoformat())


def trend_since(end: date) -> date:
    """The first month of the trend line."""
    return shift(end, 1 - TREND_MONTHS)


@dataclass(frozen=True)
class Trend:
    """Month by month for the line chart."""

    labels: list[str]
    values: list[float | None]
    cut: int | None
    bounds: list[dict[str, float]]
    said: str
    hollow: tuple[int, ...] = ()


def trend(ledger: Ledger, code: str, area_code: str, end: date, cover: Cover) -> Trend:
    """The monthly figure over three years with natural limits; small counts leave a gap."""
    span = list(months(trend_since(end), end))
    found = [ledger.figure(code, area_code, month, month) for month in span]
    hidden = cover.hidden(found)
    places = found[-1].definition.places
    values = [
        None
        if place in hidden or one.value is None
        else round(one.on_screen(one.value) or 0, places)
        for place, one in enumerate(found)
    ]
    cut = span.index(BREAK) if BREAK in span and found[-1].definition.regimes else None
    labels = [f"{month:%y-%m}" for month in span]
    parts = [(first, natural(values[first:until])) for first, until in _parts(len(span), cut)]
    return Trend(
        labels,
        values,
        cut,
        [
            _bound(first, until, part, found[-1].definition)
            for first, until, part in _known(parts, len(span))
        ],
        _wavering(labels, parts),
        tuple(
            at
            for at, one in enumerate(found)
            if one.definition.of_courts and one.end in ledger.late
        ),
    )


def _parts(count: int, cut: int | None) -> list[tuple[int, int]]:
    """The runs of months that are counted alike."""
    return [(0, cut), (cut, count)] if cut else [(0, count)]


def _known(
    parts: Sequence[tuple[int, Natural | None]], count: int
) -> Iterator[tuple[int, int, Natural]]:
    ends = [first for first, _part in parts[1:]] + [count]
    for (first, part), until in zip(parts, ends, strict=True):
        if part is not None:
            yield first, until - 1, part


def _bound(first: int, last: int, part: Natural, made: Definition) -> dict[str, float]:
    """The limits of a run of months; a share's end at the whole."""
    high = min(part.high, made.screen[0]) if made.kind == "share" else part.high
    ends = {"lower": part.low, "mean": part.mean, "upper": high}
    return {"start": first, "end": last, **{k: round(v, made.places) for k, v in ends.items()}}


def _wavering(labels: Sequence[str], parts: Sequence[tuple[int, Natural | None]]) -> str:
    """What the limits say of the months, as a question."""
    held = [(first, part) for first, part in parts if part is not None]
    if not held:
        return _("能比较的月份不到 %(n)s 个，不画自然波动界。", n=FEWEST)
    outside = [labels[first + at] for first, part in held for at in part.beyond]
    if outside:
        return _(
            "超出自然波动界的月份：%(months)s。请看看那时发生了什么（界限没有扣除季节，春节月份常偏低）。",
            months="、".join(outside),
        )
    if held[-1][1].runs and held[-1][0] + held[-1][1].runs[-1] >= len(labels) - 2:
        return _("都在自然波动界内，但最近连续 7 个月以上在均值同一侧，像是水平变了。")
    return _("各月都在自己的自然波动界内。")


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):.1f}"
