"""What was asked of the desk in words: one chip for each condition, each with its way out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.disputes.codes import read
from yuantou.disputes.filters import Filters
from yuantou.disputes.workflow import DisputeState

ORDER_NAMES = {"due": _l("按期限"), "new": _l("新登记在前"), "old": _l("先登记在前")}
_SPANS = (
    ("reported", _l("登记")),
    ("due", _l("期限")),
    ("closed", _l("办结")),
)


@dataclass(frozen=True)
class Chip:
    """One condition and the address without it."""

    label: str
    url: str


def chips(
    filters: Filters,
    asked: Mapping[str, Any],
    link: Callable[..., str],
    names: Mapping[str, Mapping[Any, str]],
) -> list[Chip]:
    """Every condition but the view; `names` holds those of areas, agencies and series."""
    return [Chip(label, link(**_without(asked, gone))) for label, gone in _said(filters, names)]


def _without(asked: Mapping[str, Any], gone: Mapping[str, str | None]) -> dict[str, Any]:
    """The question without one condition, or without one of its several values."""
    kept = dict(asked)
    for name, value in gone.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = [each for each in kept.get(name, ()) if each != value]
    return kept


def _said(
    filters: Filters, names: Mapping[str, Mapping[Any, str]]
) -> Iterator[tuple[str, dict[str, str | None]]]:
    codes = read()
    for state in filters.states:
        yield _(DisputeState(state).name_zh), {"state": state}
    for name, known in (
        ("type", codes.types),
        ("risk", codes.risks),
        ("source", codes.sources),
    ):
        if code := getattr(filters, name):
            yield _(known[code].name_zh), {name: None}
    for name in ("area", "agency", "series"):
        if number := getattr(filters, name):
            yield names.get(name, {}).get(number) or str(number), {name: None}
    if filters.recent:
        yield _("近 %(n)s 天登记", n=filters.recent), {"recent": None}
    for name, label in _SPANS:
        first, last = (getattr(filters, f"{name}_{end}") for end in ("from", "to"))
        if first or last:
            yield f"{label} {_span(first, last)}", {f"{name}_from": None, f"{name}_to": None}
    yield from _of_course(filters)


def _of_course(filters: Filters) -> Iterator[tuple[str, dict[str, str | None]]]:
    if filters.overdue:
        yield _("已超期"), {"overdue": None}
    if filters.supervised:
        yield _("督办中"), {"supervised": None}
    if filters.returned:
        yield _("退回 %(n)s 次以上", n=filters.returned), {"returned": None}
    if filters.text:
        yield _("含“%(what)s”", what=filters.text), {"q": None}
    if filters.order:
        yield str(ORDER_NAMES[filters.order]), {"order": None}


def _span(first: date | None, last: date | None) -> str:
    start, end = (day.isoformat() if day else "" for day in (first, last))
    if first and first == last:
        return start
    if start and end:
        return _("%(start)s 至 %(end)s", start=start, end=end)
    return _("%(start)s 起", start=start) if start else _("到 %(end)s", end=end)
