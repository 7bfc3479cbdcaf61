"""What is hidden on the map from who may not open the matters: cells of one table a year.

The tables of indicators are those of the figures' pages (indicators/veils.py); the map's own
figures and the townships of a county have tables of their own, made in the same way.
"""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from geo.arrays import Integers
from yuantou.indicators import veils as tables
from yuantou.indicators.disclosure import Group, Side
from yuantou.indicators.models import DisputeMonth, FigureCell, FigurePart
from yuantou.indicators.veils import ALL, REST, Row, Veils, newest_month
from yuantou.maps.layers import Layer
from yuantou.maps.measures import Measure
from yuantou.maps.queries import Period
from yuantou.territory.models import Area

__all__ = ["REPORTED", "Veils", "counties", "hidden_townships", "newest_month", "year_of"]

REPORTED = Measure(Layer.REPORTED, "", "", 0)


def year_of(period: Period) -> Sequence[date]:
    """The whole months of the year that a period lies in; the running month is alone."""
    return tables.year_of(period.last)


def counties(
    session: Session, sight: Sequence[Area], measure: Measure, period: Period
) -> Veils | None:
    """The tables of a figure of counties; None for figures of which no matters are kept.

    A page asks for one several times: it is kept as long as the session lasts.
    """
    made = measure.definition
    if made is not None:
        return tables.of_figure(session, made, period.last) if made.of_matters else None
    code = Layer.REPORTED if measure.code == Layer.RATE else measure.code
    kept: dict[Hashable, Veils] = session.info.setdefault("veils", {})
    key = (code, *year_of(period), *(area.code for area in sight))
    if key not in kept:
        rows = _of_disputes(session, measure, year_of(period), None)
        kept[key] = _veils(_places(sight), measure, period, [rows], typed=True)
    return kept[key]


def hidden_townships(
    session: Session, areas: Sequence[Area], measure: Measure, type_: str, period: Period
) -> set[str]:
    """Those of the townships whose figure must not be shown: a table for each county.

    What restricted matters leave between a county and its townships is a part that is never shown.
    """
    below: dict[str, list[str]] = {}
    for area in areas:
        below.setdefault(area.parent_code or "", []).append(area.code)
    held = _below(session, measure, period, list(below), [area.code for area in areas])
    if held is None:
        return {area.code for area in areas}
    asked, hidden = type_ if measure.definition is None else ALL, set[str]()
    for county, codes in below.items():
        known = {*codes, county}
        lines = [[row for row in rows if row[0] in known] for rows in held]
        found = _of_county(county, codes, measure, period, lines)
        hidden |= {code for code in codes if found.hides(code, asked, *span_of(measure, period))}
    return hidden


def _of_county(
    county: str, codes: Sequence[str], measure: Measure, period: Period, lines: Sequence[list[Row]]
) -> Veils:
    keys = (*codes, REST)
    side = Side((*keys, county), (Group(len(keys), tuple(range(len(keys)))),))
    rows = [_with_rest(each, county) for each in lines]
    return _veils(side, measure, period, rows, typed=measure.definition is None)


def _with_rest(rows: Sequence[Row], county: str) -> list[Row]:
    """The townships' rows, and type by type what is left of the county's."""
    rest: dict[str, Integers] = {}
    for place, type_, counts in rows:
        sign = 1 if place == county else -1
        rest[type_] = rest.get(type_, 0) + sign * np.asarray(counts, dtype=np.int64)
    return [row for row in rows if row[0] != county] + [
        (REST, type_, np.maximum(counts, 0).tolist()) for type_, counts in rest.items()
    ]


def _below(
    session: Session, measure: Measure, period: Period, counties: list[str], codes: list[str]
) -> list[list[Row]] | None:
    """The counts of townships and of their counties, one list for each count of the figure."""
    made, months = measure.definition, year_of(period)
    if made is None:
        return [_of_disputes(session, measure, months, (*counties, *codes))]
    if not made.of_matters:
        return None
    whole = _whole(made.code, months).where(FigureCell.area_code.in_(counties))
    parts = _by_value(FigurePart.value, literal(ALL), made.code, "township", months)
    rows = [*session.execute(whole), *session.execute(parts.where(FigurePart.value.in_(codes)))]
    return _split(rows, measure, len(months))


def span_of(measure: Measure, period: Period) -> tuple[date, date]:
    """The period, or its end where what is open then is counted."""
    return (period.last, period.last) if _of_stock(measure) else (period.first, period.last)


def _veils(
    side: Side, measure: Measure, period: Period, held: Sequence[Sequence[Row]], *, typed: bool
) -> Veils:
    months = year_of(period)
    over = Side(tuple((m, m) for m in months)) if _of_stock(measure) else tables.times(months)
    kinds = tables.types() if typed else Side((ALL,))
    return Veils([tables.concealed(rows, (side, kinds, over)) for rows in held])


def _places(sight: Sequence[Area]) -> Side:
    """Counties, then what is over them as far as the viewer sees, the nearest first."""
    paths = sorted({area.path for area in sight})
    return tables.side_of(paths, root=_shared(paths))


def _shared(paths: Sequence[str]) -> str:
    """The path of the smallest place over all of them."""
    first, last = paths[0].split("/"), paths[-1].split("/")
    alike = next((n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]),
                 len(first) - 1)  # fmt: skip
    return "/".join(first[:alike]) + "/"


def _of_stock(measure: Measure) -> bool:
    return measure.definition is None and measure.code == Layer.OPEN


def _split(rows: Sequence[Any], measure: Measure, months: int) -> list[list[Row]]:
    """Numerators, and the denominators of a share."""
    made = measure.definition
    starts = (2, 2 + months) if made is not None and made.kind == "share" else (2,)
    return [
        [(row[0], row[1], [int(each) for each in row[start : start + months]]) for row in rows]
        for start in starts
    ]


def _by_value(place: Any, type_: Any, code: str, dimension: str, months: Sequence[date]) -> Any:
    columns = (FigurePart.numerator, FigurePart.denominator)
    return (
        select(place, type_, *(_in(one, FigurePart.month, m) for one in columns for m in months))
        .where(
            FigurePart.indicator == code,
            FigurePart.dimension == dimension,
            FigurePart.month.between(months[0], months[-1]),
        )
        .group_by(place, FigurePart.value)
    )


def _whole(code: str, months: Sequence[date]) -> Any:
    columns = (FigureCell.numerator, FigureCell.denominator)
    return (
        select(
            FigureCell.area_code,
            literal(ALL),
            *(_in(one, FigureCell.month, m) for one in columns for m in months),
        )
        .where(
            FigureCell.indicator == code,
            FigureCell.level == "county",
            FigureCell.month.between(months[0], months[-1]),
        )
        .group_by(FigureCell.area_code)
    )


def _of_disputes(
    session: Session, measure: Measure, months: Sequence[date], places: Sequence[str] | None
) -> list[Row]:
    """Disputes reported in each month, or open at its end: one row a place and type."""
    stock, month = _of_stock(measure), DisputeMonth.month
    number = DisputeMonth.reported - DisputeMonth.closed if stock else DisputeMonth.reported
    asked: Any = (
        select(
            DisputeMonth.area_code,
            DisputeMonth.type,
            *(_in(number, month, each, before=stock) for each in months),
        )
        .where(month <= months[-1])
        .group_by(DisputeMonth.area_code, DisputeMonth.type)
    )
    if not stock:
        asked = asked.where(month >= months[0])
    if places is None:
        asked = asked.where(DisputeMonth.level == "county")
    else:
        asked = asked.where(DisputeMonth.area_code.in_(places))
    return [
        (row[0], row[1], [max(int(each), 0) for each in row[2:]]) for row in session.execute(asked)
    ]


def _in(number: Any, month: Any, wanted: date, *, before: bool = False) -> Any:
    """The sum of a month; with `before` of all until its end."""
    of_month = month <= wanted if before else month == wanted
    return func.coalesce(func.sum(number).filter(of_month), 0)
