"""What is hidden from who may not open the matters: one table a year and figure, never a view.

A view of the map is a cell of that table. Which cells are hidden does not depend on what is asked,
so that no two views, months and quarters, types and all types, tell what a third hides.
"""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from geo.arrays import Integers
from yuantou.calendar.clock import today
from yuantou.disputes.codes import read as read_codes
from yuantou.indicators.disclosure import Group, Side, Veil, veil
from yuantou.indicators.models import DisputeMonth, FigureCell, FigurePart
from yuantou.maps.layers import Layer
from yuantou.maps.measures import Measure
from yuantou.maps.queries import Period, month_back
from yuantou.territory.models import Area

ALL, REST = "", "rest"
REPORTED = Measure(Layer.REPORTED, "", "", 0)
Row = tuple[str, str, Sequence[int]]  # place, type, month by month


class Veils:
    """The tables of one figure and year below one area; several where a share has two counts."""

    def __init__(self, tables: Sequence[Veil]) -> None:
        self.tables = tables

    def hides(self, place: str, type_: str, period: Period) -> bool:
        """Whether a figure of a place, type and fixed period must not be shown."""
        times = {key for table in self.tables for key in table.sides[2].keys}
        span = time_of(period)
        time: Hashable = span if span in times else period.last
        return any(table.hides(place, type_, time) for table in self.tables)


def newest_month() -> date:
    """The last whole month."""
    return month_back(today().replace(day=1), 1)


def counties(
    session: Session, sight: Sequence[Area], measure: Measure, period: Period
) -> Veils | None:
    """The tables of all counties in sight; None for figures of which no matters are kept.

    A page asks for one several times: it is kept as long as the session lasts.
    """
    code = Layer.REPORTED if measure.code == Layer.RATE else measure.code
    kept: dict[Hashable, Veils | None] = session.info.setdefault("veils", {})
    key = (code, *year_of(period), *(area.code for area in sight))
    if key not in kept:
        held = _rows(session, measure, period)
        kept[key] = (
            None
            if held is None
            else _veils(_places(sight), measure, period, held, typed=measure.typed)
        )
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
        tables = [[row for row in rows if row[0] in known] for rows in held]
        found = _of_county(county, codes, measure, period, tables)
        hidden |= {code for code in codes if found.hides(code, asked, period)}
    return hidden


def _of_county(
    county: str, codes: Sequence[str], measure: Measure, period: Period, tables: Sequence[list[Row]]
) -> Veils:
    keys = (*codes, REST)
    side = Side((*keys, county), (Group(len(keys), tuple(range(len(keys)))),))
    rows = [_with_rest(each, county) for each in tables]
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


def time_of(period: Period) -> Hashable:
    """The key of a month, a quarter or a year."""
    if period.first == period.last:
        return period.first
    quarter = period.last.month - period.first.month < 3
    return ("quarter" if quarter else "year", period.first)


def _veils(
    side: Side, measure: Measure, period: Period, held: Sequence[Sequence[Row]], *, typed: bool
) -> Veils:
    sides = (side, _types() if typed else Side((ALL,)), _times(measure, period))
    return Veils([_veiled(*_laid(rows, sides), sides) for rows in held])


@lru_cache(maxsize=16)
def _veiled(body: bytes, shape: tuple[int, ...], sides: tuple[Side, ...]) -> Veil:
    """The same counts are concealed once, whoever asks."""
    return veil(np.frombuffer(body, dtype=np.int64).reshape(shape), sides)


def _laid(rows: Sequence[Row], sides: Sequence[Side]) -> tuple[bytes, tuple[int, ...]]:
    """The single cells of a table out of rows, and its shape."""
    places = [{key: at for at, key in enumerate(side.keys)} for side in sides[:2]]
    shape = [len(side.keys) - len(side.groups) for side in sides]
    table = np.zeros(shape, dtype=np.int64)
    for place, type_, counts in rows:
        at = (places[0].get(place), places[1].get(type_))
        if None not in at:
            table[at] += counts
    return table.tobytes(), table.shape


def _places(sight: Sequence[Area]) -> Side:
    """Counties, then what is over them as far as the viewer sees, the nearest first."""
    paths = sorted({area.path for area in sight})
    root = _shared(paths)
    above = sorted(
        {up for path in paths for up in _over(path) if up.startswith(root)} - set(paths),
        key=lambda path: (-path.count("/"), path),
    )
    every = [*paths, *above]
    at = {path: place for place, path in enumerate(every)}
    groups = [
        Group(at[up], tuple(at[path] for path in every if _parent(path) == up)) for up in above
    ]
    return Side(tuple(path.strip("/").split("/")[-1] for path in every), tuple(groups))


def _shared(paths: Sequence[str]) -> str:
    """The path of the smallest place over all of them."""
    first, last = paths[0].split("/"), paths[-1].split("/")
    alike = next((n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]),
                 len(first) - 1)  # fmt: skip
    return "/".join(first[:alike]) + "/"


def _parent(path: str) -> str:
    return path[: path.rstrip("/").rfind("/") + 1]


def _over(path: str) -> Iterator[str]:
    while path := _parent(path):
        yield path


def _types() -> Side:
    kinds = tuple(read_codes().types)
    return Side((*kinds, ALL), (Group(len(kinds), tuple(range(len(kinds)))),))


def _times(measure: Measure, period: Period) -> Side:
    """The months of the year so far with quarters and year; of a stock, and of the running month,
    nothing sums up."""
    months = year_of(period)
    if len(months) == 1 or _of_stock(measure):
        return Side(tuple(months))
    quarters = sorted({(month.month - 1) // 3 for month in months})
    groups = [
        Group(
            len(months) + at,
            tuple(n for n, month in enumerate(months) if (month.month - 1) // 3 == quarter),
        )
        for at, quarter in enumerate(quarters)
    ]
    parts = tuple(range(len(months), len(months) + len(quarters)))
    year = Group(len(months) + len(quarters), parts)
    named = [("quarter", months[0].replace(month=3 * quarter + 1)) for quarter in quarters]
    return Side((*months, *named, ("year", months[0])), (*groups, year))


def year_of(period: Period) -> Sequence[date]:
    """The whole months of the year that a period lies in; the running month is alone."""
    newest = newest_month()
    if period.last > newest:
        return [period.last]
    january = period.last.replace(month=1)
    number = 12 if newest.year > january.year else newest.month
    return [january.replace(month=month) for month in range(1, number + 1)]


def _of_stock(measure: Measure) -> bool:
    made = measure.definition
    return made.of_stock if made is not None else measure.code == Layer.OPEN


def _rows(session: Session, measure: Measure, period: Period) -> list[list[Row]] | None:
    """The counts of all counties in sight, one list for each count of the figure."""
    made, months = measure.definition, year_of(period)
    if made is None:
        return [_of_disputes(session, measure, months, None)]
    if not made.of_matters:
        return None
    asked = (
        _by_value(FigurePart.area_code, FigurePart.value, made.code, "type", months)
        if measure.typed
        else _whole(made.code, months)
    )
    return _split(session.execute(asked).all(), measure, len(months))


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
