"""What is looked at: everything the address of a map says, and how it is written back."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from yuantou.indicators.disclosure import fixed_period
from yuantou.maps.layers import Layer
from yuantou.maps.queries import Period, month_back

LEVELS = ("county", "township", "points")
SHOWS = ("both", "values", "clusters")
COMPARES = ("", "period", "layer")
MONTHS = 48
MOST_BOUNDS = 7
USUAL = 12
FIRST = date(1949, 10, 1)  # no month before the Republic; one that has not begun is the running one


class ViewFault(ValueError):
    """The address asks for what there is not."""


@dataclass(frozen=True)
class View:
    """One state of the map; `other…` is the second map where two are compared.

    `fixed` is the view of who may not open the matters: months, quarters and years alone.
    """

    layer: str
    type: str
    period: Period
    level: str = "county"
    area: str = ""
    show: str = "both"
    smooth: bool = False
    bounds: tuple[float, ...] = ()
    compare: str = ""
    other_layer: str = ""
    other_period: Period | None = None
    fixed: bool = False

    def query(self, **changes: object) -> dict[str, str]:
        """As arguments of a link; what is usual is left out."""
        held = {
            "layer": self.layer,
            "type": self.type,
            "since": f"{self.period.first:%Y-%m}",
            "until": f"{self.period.last:%Y-%m}",
            "level": "" if self.level == "county" else self.level,
            "area": self.area,
            "show": "" if self.show == "both" else self.show,
            "smooth": "1" if self.smooth else "",
            "bounds": ",".join(f"{bound:g}" for bound in self.bounds),
            "compare": self.compare,
            "layer2": self.other_layer if self.compare == "layer" else "",
            "since2": f"{self.other_period.first:%Y-%m}" if self.other_period else "",
            "until2": f"{self.other_period.last:%Y-%m}" if self.other_period else "",
        } | {key: str(value or "") for key, value in changes.items()}
        return {key: value for key, value in held.items() if value}

    def held(self, newest: date) -> Self:
        """The same for who may not open the matters; `newest` is the last whole month."""
        other = self.other_period and _fixed(self.other_period, newest)
        period = _fixed(self.period, newest)
        return replace(self, period=period, other_period=other, fixed=True)

    @property
    def other(self) -> Self | None:
        """The second map as a view of its own; the same figure keeps the first one's classes."""
        if not self.compare:
            return None
        return replace(
            self,
            layer=self.other_layer or self.layer,
            period=self.other_period or self.period,
            bounds=self.bounds if self.compare == "period" else (),
            compare="",
            other_layer="",
            other_period=None,
        )


def read(
    arguments: Mapping[str, str], layers: Collection[str], types: Collection[str], today: date
) -> View:
    """The view of a request; ViewFault where it names what there is not."""
    period = _period(arguments, "since", "until", today)
    compare = _among(arguments.get("compare", ""), COMPARES)
    usual = _year_before(period)
    return View(
        layer=_among(arguments.get("layer") or Layer.RATE, layers),
        type=_among(arguments.get("type", ""), ("", *types)),
        period=period,
        level=_among(arguments.get("level") or "county", LEVELS),
        area=arguments.get("area", "")[:12],
        show=_among(arguments.get("show") or "both", SHOWS),
        smooth=arguments.get("smooth") == "1",
        bounds=_bounds(arguments.get("bounds", "")),
        compare=compare,
        other_layer=_among(arguments.get("layer2") or Layer.REPORTED, layers)
        if compare == "layer"
        else "",
        other_period=_period(arguments, "since2", "until2", today, usual)
        if compare == "period"
        else None,
    )


def months_offered(today: date) -> list[date]:
    """Months of the time line, the oldest first; the running one is the last."""
    newest = today.replace(day=1)
    return [month_back(newest, back) for back in reversed(range(MONTHS))]


def _period(
    arguments: Mapping[str, str], since: str, until: str, today: date, usual: Period | None = None
) -> Period:
    """The asked months, else the last twelve whole ones."""
    last = usual.last if usual else month_back(today.replace(day=1), 1)
    end = _month(arguments.get(until, ""), last, today)
    first = usual.first if usual else month_back(end, USUAL - 1)
    start = _month(arguments.get(since, ""), first, today)
    return Period(min(start, end), max(start, end))


def _fixed(period: Period, newest: date) -> Period:
    return Period(*fixed_period(period.first, period.last, newest))


def _year_before(period: Period) -> Period:
    return Period(month_back(period.first, USUAL), month_back(period.last, USUAL))


def _month(text: str, usual: date, newest: date) -> date:
    try:
        month = date.fromisoformat(f"{text}-01") if text else usual
    except ValueError:
        raise ViewFault(text) from None
    if month < FIRST:
        raise ViewFault(text)
    return min(month, newest.replace(day=1))


def _among(asked: str, known: Collection[str]) -> str:
    if asked not in known:
        raise ViewFault(asked)
    return asked


def _bounds(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(each) for each in text.split(",") if each)
    except ValueError:
        raise ViewFault(text) from None
    if (
        len(found) > MOST_BOUNDS
        or not all(map(math.isfinite, found))
        or list(found) != sorted(found)
    ):
        raise ViewFault(text)
    return found
