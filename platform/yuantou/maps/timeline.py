"""The months below the map, and a county's run of months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.indicators.disclosure import shown, small
from yuantou.indicators.queries import read_ledger
from yuantou.maps import queries, veils
from yuantou.maps.measures import Measure
from yuantou.maps.queries import month_back
from yuantou.maps.views import View
from yuantou.territory.models import Area

TREND = 24


@dataclass(frozen=True)
class Month:
    """One month of the time line; `share` is the height of its bar out of 100."""

    month: date
    written: str
    share: float
    inside: bool


def timeline(
    session: Session, area: Area, view: View, offered: Sequence[date], sight: Sequence[Area] = ()
) -> list[Month]:
    """Registered disputes month by month of the area that is looked at.

    Who may not open the matters is told the months of the year that he looks at.
    """
    counted = _counted(session, area, offered, view.type)
    if view.fixed:
        open_ = _told(session, area, view, sight)
        counted = [n if month in open_ else None for month, n in zip(offered, counted, strict=True)]
    most = max((each or 0 for each in counted), default=0)
    return [
        Month(
            each,
            shown(count, hidden=False),
            0.0 if small(count) or not most else 100 * (count or 0) / most,
            view.period.first <= each <= view.period.last,
        )
        for each, count in zip(offered, counted, strict=True)
    ]


def _counted(session: Session, area: Area, span: Sequence[date], type_: str) -> list[int | None]:
    """Disputes of each month; None before anything was written down there."""
    counted = queries.by_month(session, area.code, span[0], span[-1], type_)
    first = queries.first_month(session, area.code) or date.max
    return [counted.get(each, 0) if each >= first else None for each in span]


def _told(session: Session, area: Area, view: View, sight: Sequence[Area]) -> set[date]:
    """The months of the year looked at whose counts may be shown."""
    held = veils.counties(session, sight, veils.REPORTED, view.period)
    months = veils.year_of(view.period)
    return {
        month for month in months
        if held is not None and not held.hides(area.code, view.type, month, month)
    }  # fmt: skip


def trend(
    session: Session, area: Area, measure: Measure, view: View, sight: Sequence[Area] = ()
) -> dict[str, Any]:
    """Two years of a figure in one county; small counts are left out.

    Who may not open the matters is told the months of the year that he looks at.
    """
    span = [month_back(view.period.last, back) for back in reversed(range(TREND))]
    if view.fixed:
        span = list(veils.year_of(view.period))
    shut = _shut(session, area, measure, view, sight, span) if view.fixed else set[date]()
    found = _run(session, area, measure, view, span)
    found["values"] = [
        None if month in shut else value for month, value in zip(span, found["values"], strict=True)
    ]
    return found


def _shut(
    session: Session,
    area: Area,
    measure: Measure,
    view: View,
    sight: Sequence[Area],
    span: Sequence[date],
) -> set[date]:
    held = veils.counties(session, sight, measure, view.period)
    if held is None:
        return set()
    type_ = view.type if measure.definition is None else ""
    return {month for month in span if held.hides(area.code, type_, month, month)}


def _run(
    session: Session, area: Area, measure: Measure, view: View, span: Sequence[date]
) -> dict[str, Any]:
    labels = [_("%(y)d年%(m)d月", y=each.year, m=each.month) for each in span]
    if measure.definition is None:
        values: list[float | None] = [
            None if small(count) else count for count in _counted(session, area, span, view.type)
        ]
        return {"labels": labels, "values": values, "name": _("登记件数"), "unit": _("件")}
    ledger = read_ledger(session, [area.code], span[0], span[-1], codes=[measure.code])
    found = ledger.series(measure.code, area.code, span[0], span[-1])
    return {
        "labels": labels,
        "values": [
            None
            if figure.value is None or small(figure.numerator)
            else round(figure.on_screen(figure.value) or 0.0, measure.places)
            for figure in found
        ],
        "name": measure.name,
        "unit": measure.unit,
    }
