"""The months below the map, and a county's run of months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.indicators.disclosure import small
from yuantou.indicators.queries import read_ledger
from yuantou.maps import queries
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


def timeline(session: Session, area: Area, view: View, offered: Sequence[date]) -> list[Month]:
    """Registered disputes month by month of the area that is looked at."""
    counted = queries.by_month(session, area.code, offered[0], offered[-1], view.type)
    most = max(counted.values(), default=0)
    return [
        Month(
            each,
            "<3" if small(counted.get(each, 0)) else f"{counted.get(each, 0):,}",
            0.0 if small(counted.get(each, 0)) or not most else 100 * counted.get(each, 0) / most,
            view.period.first <= each <= view.period.last,
        )
        for each in offered
    ]


def trend(session: Session, area: Area, measure: Measure, view: View) -> dict[str, Any]:
    """Two years of a figure in one county; small counts are left out."""
    span = [month_back(view.period.last, back) for back in reversed(range(TREND))]
    labels = [_("%(y)d年%(m)d月", y=each.year, m=each.month) for each in span]
    if measure.definition is None:
        counted = queries.by_month(session, area.code, span[0], span[-1], view.type)
        values: list[float | None] = [
            None if small(counted.get(each, 0)) else counted.get(each, 0) for each in span
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
