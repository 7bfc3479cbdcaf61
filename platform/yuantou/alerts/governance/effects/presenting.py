"""Measured effects in words and as the lines of a chart: nothing is claimed beyond the interval."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from yuantou.alerts.governance.effects.models import EffectMeasure
from yuantou.alerts.governance.effects.reckoning import MEASURED, RUNNING, SHORT, SPARSE
from yuantou.alerts.governance.terms import read
from yuantou.calendar.clock import local
from yuantou.indicators.disclosure import shown, small


@dataclass(frozen=True)
class Horizon:
    """One horizon of one act."""

    days: int
    state: str
    ratio: str
    interval: str
    verdict: str
    words: str
    against: str


@dataclass(frozen=True)
class Chart:
    """Labels and series for macros/charts.html."""

    labels: list[str]
    counts: list[int]
    expected: list[float | None]
    split: int
    words: str


@dataclass(frozen=True)
class Measured:
    """An act with its horizons; the chart is that of the longest."""

    id: str
    title: str
    url_kind: str
    object_id: int
    since: date
    horizons: list[Horizon]
    chart: Chart | None
    hidden: bool
    computed: datetime


def acts(
    rows: Sequence[EffectMeasure],
    meetings: Sequence[Any],
    letters: Sequence[Any],
    open_: Collection[int],
) -> list[Measured]:
    """Effects act by act, in the order of what was done.

    `open_` are the analyses whose matters the reader may see; of others no small count is told.
    """
    titles = {("meeting", one.id): one.title for one in meetings}
    titles |= {("recommendation", row[0].id): row[0].title for row in letters}
    grouped: dict[tuple[str, int], list[EffectMeasure]] = {}
    for row in rows:
        grouped.setdefault((row.kind, row.object_id), []).append(row)
    return [
        measured(held, titles.get(key, ""), open_=held[0].analysis_id in open_)
        for key, held in grouped.items()
    ]


def measured(rows: Sequence[EffectMeasure], title: str, *, open_: bool) -> Measured:
    """One act."""
    last = rows[-1]
    told: Mapping[str, Any] = last.content
    hidden = not open_ and any(small(count) for count in (*told["before"], *told["after"]))
    return Measured(
        id=f"{last.kind}-{last.object_id}",
        title=title,
        url_kind=last.kind,
        object_id=last.object_id,
        since=last.since,
        horizons=[_horizon(row) for row in rows],
        chart=None if hidden else _chart(last),
        hidden=hidden,
        computed=local(last.computed_at),
    )


def _horizon(row: EffectMeasure) -> Horizon:
    told: Mapping[str, Any] = row.content
    ratio = str(told.get("ratio", ""))
    interval = f"{told['lower']}–{told['upper']}" if ratio else ""
    against = told.get("against")
    return Horizon(
        days=row.horizon,
        state=row.state,
        ratio=ratio,
        interval=interval,
        verdict=_verdict(told) if ratio and row.state == MEASURED else "",
        words=_words(row, told),
        against=_("扣除别处同期的变化后为 %(ratio)s 倍（%(lower)s–%(upper)s）", **against)
        if isinstance(against, dict) and against.get("ratio")
        else "",
    )


def _verdict(told: Mapping[str, Any]) -> str:
    if told["upper"] and float(told["upper"]) < 1:
        return "below"
    if told["lower"] and float(told["lower"]) > 1:
        return "above"
    return "within"


def _words(row: EffectMeasure, told: Mapping[str, Any]) -> str:
    terms, before = read().effects, told["before"]
    if row.state == SHORT:
        return _(
            "数据不足：此前只有 %(n)s 期（每期 %(days)s 天），至少要 %(least)s 期。",
            n=len(before), days=terms.period_days, least=terms.least_before)  # fmt: skip
    if row.state == SPARSE:
        return _(
            "数据不足：此前只有 %(n)s 件，至少要 %(least)s 件。",
            n=shown(sum(before), hidden=False), least=terms.least_counted)  # fmt: skip
    if row.state == RUNNING:
        return _(
            "还没有到期：已满 %(n)s 期，共需 %(needed)s 期，眼下的数字会变。",
            n=len(told["after"]), needed=told["needed"])  # fmt: skip
    return {
        "below": _("少于没有采取措施时的预期。"),
        "above": _("多于没有采取措施时的预期。"),
        "within": _("区间包含 1，不能说有变化。"),
        "": _("不能算出比值。"),
    }[_verdict(told) if told.get("ratio") else ""]


def _legend(told: Mapping[str, Any], since: date) -> str:
    if told.get("expected"):
        return _(
            "每 %(days)s 天的件数；虚线是没有采取措施时的预期。竖线处是 %(day)s。",
            days=told["period_days"],
            day=since,
        )
    return _("每 %(days)s 天的件数。竖线处是 %(day)s。", days=told["period_days"], day=since)


def _chart(row: EffectMeasure) -> Chart | None:
    told: Mapping[str, Any] = row.content
    counts = [*told["before"], *told["after"]]
    if len(counts) < 2:
        return None
    first = row.since - timedelta(days=len(told["before"]) * told["period_days"])
    starts = [first + timedelta(days=place * told["period_days"]) for place in range(len(counts))]
    expected: list[float | None] = [float(one) for one in told.get("expected", ())]
    return Chart(
        labels=[f"{day:%y-%m-%d}" for day in starts],
        counts=counts,
        expected=expected or [None] * len(counts),
        split=len(told["before"]),
        words=_legend(told, row.since),
    )
