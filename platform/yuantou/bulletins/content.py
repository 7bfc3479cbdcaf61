"""What a bulletin says: counts under the one disclosure rule, changes, figures, what is missing.

Only what may be shown is kept: a bulletin that is copied, printed or sent gives nothing away.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yuantou.bulletins.change import DOWN, change
from yuantou.bulletins.gathering import Raw
from yuantou.bulletins.measures import EDITION, FIGURES, MEASURES, OF_COURTS
from yuantou.bulletins.periods import Period, Rhythm
from yuantou.indicators.disclosure import conceal, shown, small
from yuantou.indicators.figures import Figure

WHOLE = "new"
TOO_YOUNG = "类型变化：本县登记的历史还不够长，不作比较。"


def content(raw: Raw, period: Period, now: datetime) -> dict[str, Any]:
    """The bulletin of one county."""
    counts = {code: raw.counts[code] for code in MEASURES}
    hidden = _hidden(counts, raw.types)
    comparable = raw.since is not None and raw.since <= period.base_start
    figures = [_figure(each) for each in raw.figures]
    return {
        "edition": EDITION,
        "name": raw.area.name,
        "as_of": now.isoformat(),
        "counts": {code: shown(n, code in hidden) for code, n in counts.items()},
        "types": _types(raw.types, hidden, period, comparable),
        "figures": figures,
        "missing": [*_missing(figures, period), *([] if comparable else [TOO_YOUNG])],
        "quiet": not any(counts.values()) and not raw.types,
    }


def provisional(said: Mapping[str, Any], period: Period, now: datetime) -> bool:
    """Whether the period was not over, or a court's counts were still due."""
    courts = [one for one in said["figures"] if one["code"] == OF_COURTS]
    unsaid = period.rhythm is Rhythm.MONTHLY and any(one["missing"] for one in courts)
    return unsaid or now.date() <= period.end


def _hidden(counts: Mapping[str, int], types: Mapping[str, tuple[int, int]]) -> set[str]:
    """Types are published with their sum: what could be worked out is hidden with the small."""
    cells = {**counts, **{f"type:{code}": now for code, (now, _) in types.items()}}
    return conceal(cells, [(WHOLE, [f"type:{code}" for code in types])])


def _types(
    types: Mapping[str, tuple[int, int]], hidden: set[str], period: Period, comparable: bool
) -> list[dict[str, Any]]:
    """Most first; those that are hidden last, in the order of their names."""

    def place(one: tuple[str, tuple[int, int]]) -> tuple[bool, int, str]:
        veiled = f"type:{one[0]}" in hidden
        return veiled, 0 if veiled else -one[1][0], one[0]

    rows = [
        _type(code, now, earlier, f"type:{code}" in hidden, period.exposure if comparable else None)
        for code, (now, earlier) in sorted(types.items(), key=place)
    ]
    return [row for row in rows if row["count"] != "0" or row["verdict"] == DOWN]


def _type(
    code: str, now: int, earlier: int, veiled: bool, exposure: float | None
) -> dict[str, Any]:
    unsaid = veiled or exposure is None or small(earlier)
    found = None if unsaid else change(now, earlier, exposure or 1)
    return {
        "type": code,
        "count": shown(now, veiled),
        "usual": round(earlier / exposure, 1) if found and exposure else None,
        "ratio": round(found.ratio, 2) if found and found.ratio is not None else None,
        "low": round(found.low, 2) if found else None,
        "high": round(found.high, 2) if found and found.high is not None else None,
        "verdict": found.verdict if found else "",
    }


def _figure(figure: Figure) -> dict[str, Any]:
    scarce = _scarce(figure)
    value, unit = figure.shown
    said = value is not None and not scarce
    return {
        "code": figure.code,
        "version": figure.version,
        "name": figure.definition.name_zh,
        "plain": figure.definition.plain_zh,
        "numerator": figure.definition.numerator_zh,
        "denominator": figure.definition.denominator_zh,
        "source": figure.definition.source,
        "places": figure.definition.places,
        "unit": unit,
        "value": value if said else None,
        "low": figure.on_screen(figure.low) if said else None,
        "high": figure.on_screen(figure.high) if said else None,
        "missing": _why(figure, scarce),
        "months": [figure.start.isoformat(), figure.end.isoformat()],
        "computed_at": figure.computed_at.isoformat() if figure.computed_at else None,
    }


def _scarce(figure: Figure) -> bool:
    """A share of so few that it would tell of single matters."""
    if figure.numerator is None or figure.denominator is None:
        return False
    rest = figure.denominator - figure.numerator
    return small(figure.numerator) or small(figure.denominator) or small(rest)


def _why(figure: Figure, scarce: bool) -> str:
    if scarce:
        return "件数少于 3，不显示"
    return str(figure.missing.message_zh) if figure.missing else ""


def _missing(figures: Sequence[Mapping[str, Any]], period: Period) -> list[str]:
    """What was asked for and cannot be said, in words."""
    found = [f"{one['name']}：{one['missing']}" for one in figures if one["missing"]]
    codes = {one["code"] for one in figures}
    wanted = [*FIGURES, *([OF_COURTS] if period.rhythm is Rhythm.MONTHLY else [])]
    return found + [f"{code}：还没有载入指标口径。" for code in wanted if code not in codes]
