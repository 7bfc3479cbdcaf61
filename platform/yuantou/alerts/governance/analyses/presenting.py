"""A frozen analysis in words: shares with small counts hidden, and the comparison as a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from yuantou.alerts.governance.analyses.models import Analysis
from yuantou.alerts.governance.analyses.queries import Members
from yuantou.disputes.codes import read
from yuantou.indicators.disclosure import conceal, shown, small

Line = tuple[str, str]
_WHOLE, _REST = "", "\0rest"


def lines(
    counted: Sequence[Sequence[Any]],
    whole: int,
    names: Mapping[str, str],
    *,
    open_: bool,
    parted: bool = True,
) -> list[Line]:
    """Names with counts; where rows are not open to the reader small ones are hidden.

    Where they part the whole, what restricted matters leave between must not be worked out either.
    """
    counts = {str(code): int(number) for code, number in counted}
    hidden: set[str] = set()
    rest = whole - sum(counts.values())
    if not open_:
        cells = {**counts, _WHOLE: whole, _REST: max(rest, 0)}
        sums = [(_WHOLE, (*counts, _REST))] if parted and rest >= 0 else []
        hidden = conceal(cells, sums)
    return [
        (names.get(code, code), f"{number:,}" if open_ else shown(number, code in hidden))
        for code, number in counts.items()
    ]


def shares(
    analysis: Analysis, areas: Mapping[str, str], *, open_: bool, wide: bool
) -> dict[str, Any]:
    """What the page shows of the frozen counts; `wide`: all matters of the place are open too."""
    frozen: Mapping[str, Any] = analysis.frozen
    kinds = {code: _(kind.name_zh) for code, kind in read().types.items()}
    size = analysis.size
    months = [[month, number] for month, number in frozen.get("months", {}).items()]
    return {
        "size": shown(size, hidden=False) if not open_ else f"{size:,}",
        "types": lines(frozen.get("types", ()), size, kinds, open_=open_),
        "places": lines(frozen.get("places", ()), size, areas, open_=open_),
        "months": lines(months, size, {}, open_=open_),
        "organisations": lines(
            frozen.get("organisations", ()), size, {}, open_=open_, parted=False
        ),
        "involved": f"{frozen.get('involved', 0):,}" if open_ else "",
        "amount": frozen.get("amount", "") if open_ else "",
        "baseline": compared_words(frozen.get("baseline"), open_=wide),
    }


def led_words(analysis: Analysis, agency: str, areas: Mapping[str, str], *, own: bool) -> str:
    """That a class is led over several counties, and what of it is in no list."""
    names = "、".join(areas.get(code, code) for code in analysis.counties)
    said = _("由%(agency)s牵头，涉及 %(names)s；各县看和办本县的事项。", agency=agency, names=names)
    hidden = int(str(analysis.frozen.get("restricted", 0)))
    if not own or not hidden:
        return said
    number = shown(hidden, hidden=small(hidden))
    told = _("另有限制知悉的 %(n)s 件，只计数，由指名的承办人办理。", n=number)
    return said + told


def others(members: Members) -> str:
    """How many of a led class are in other counties, for one of them."""
    return shown(members.unseen, hidden=small(members.unseen))


def compared_words(base: Mapping[str, Any] | None, *, open_: bool) -> str:
    """The comparison with the months before: only what the interval supports is claimed."""
    if not base:
        return _("没有选定类型，不与平时比较。")
    if "ratio" not in base:
        return _("此前没有同类事项，不能比较。")
    if not open_ and any(small(int(base[name])) for name in ("recent", "earlier")):
        return _("同类事项不足 3 件，不列比较。")
    told = {
        "from_": base["from"],
        "n": base["recent"],
        "expected": base["expected"],
        "ratio": base["ratio"],
        "lower": base["lower"],
        "upper": base["upper"],
    }
    said = _(
        "自 %(from_)s 起 %(n)s 件，按此前的速度应为 %(expected)s 件，"
        "为平时的 %(ratio)s 倍（95%% 区间 %(lower)s–%(upper)s）。",
        **told,
    )
    return said + _verdict(base)


def _verdict(base: Mapping[str, Any]) -> str:
    if float(base["lower"]) > 1:
        return _("多于平时。")
    if float(base["upper"]) < 1:
        return _("少于平时。")
    return _("区间包含 1，不能说多于或者少于平时。")
