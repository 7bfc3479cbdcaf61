"""Writing what was counted: lines of figures, their parts, and the months of matters.

Arrays go as their own text: a driver's parameter for each of millions of elements takes longer.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from yuantou.indicators.asking import MEANT
from yuantou.indicators.compiler import TOWNSHIP, TYPE
from yuantou.indicators.summing import WHOLE, Series
from yuantou.indicators.tables import Entries, Table
from yuantou.territory.models import Area

CAME_AND_WENT = ("reported", "closed")
_MONTHS_BY = (TYPE,), (TOWNSHIP, TYPE)

_LINE = text("""
    INSERT INTO figure_line (indicator, area_code, level, area_path, months, versions, numerators,
                             denominators, computed_at)
    VALUES (:indicator, :county, 'county', :path, CAST(:months AS date[]),
            CAST(:versions AS integer[]), CAST(:numerators AS integer[]),
            CAST(:denominators AS integer[]), :now)""")
_PACK = text("""
    INSERT INTO figure_pack (indicator, area_code, dimension, area_path, months, "values",
                             versions, numerators, denominators, computed_at)
    VALUES (:indicator, :county, :dimension, :path, CAST(:months AS date[]),
            CAST(:values AS varchar[]), CAST(:versions AS integer[]),
            CAST(:numerators AS integer[]), CAST(:denominators AS integer[]), :now)""")
_MONTHS = text("""
    INSERT INTO dispute_month
      (area_code, month, type, level, area_path, reported, closed, computed_at)
    SELECT a.code, c.month, c.type, a.level, a.path, c.came, c.went, :now
    FROM unnest(CAST(:areas AS varchar[]), CAST(:months AS date[]), CAST(:types AS varchar[]),
                CAST(:came AS integer[]), CAST(:went AS integer[]))
      AS c(code, month, type, came, went) JOIN area a ON a.code = c.code
    ORDER BY a.level, c.month, a.path""")  # a month of all counties lies together

_told = cache(str)  # the same few months and counts, again and again


def write_series(session: Session, found: Collection[Series], now: datetime) -> None:
    """Step: lines of counties, and packs of their parts."""
    counties = select(Area.code, Area.path).where(Area.level == "county")
    paths = {row.code: row.path for row in session.execute(counties)}
    for statement, whole in ((_LINE, True), (_PACK, False)):
        rows = [
            {**_row(one), "path": paths[one.county], "now": now}
            for one in found
            if (one.dimension == WHOLE) is whole and one.county in paths
        ]
        if rows:
            session.execute(statement, rows)


def month_rows(entries: Entries, looks: tuple[int, int]) -> list[dict[str, str]]:
    """Matters that came and went by county or township, month and type, as columns to write.

    `looks`: the numbers of the looks at all that came, and at all that went.
    """
    return [_months_by(Table(entries, columns), entries, looks) for columns in _MONTHS_BY]


def write_months(session: Session, rows: Sequence[dict[str, str]], now: datetime) -> None:
    """Step: write what `month_rows` counted."""
    for each in rows:
        session.execute(_MONTHS, {**each, "now": now})


def _months_by(table: Table, entries: Entries, looks: tuple[int, int]) -> dict[str, str]:
    came, went = (
        table.count(day, entries.answers(look) & MEANT != 0)
        for look, day in zip(looks, CAME_AND_WENT, strict=True)
    )
    part, month = np.nonzero(came + went)
    months = table.months()
    return {
        "areas": _array(_quoted(table.keys[n][-2]) for n in part.tolist()),
        "types": _array(_quoted(table.keys[n][-1]) for n in part.tolist()),
        "months": _array(_told(months[n]) for n in month.tolist()),
        "came": _array(map(_told, came[part, month].tolist())),
        "went": _array(map(_told, went[part, month].tolist())),
    }


def _row(one: Series) -> dict[str, str]:
    return {
        "indicator": one.indicator,
        "county": one.county,
        "dimension": one.dimension,
        "months": _array(map(_told, one.months)),
        "values": _array(map(_quoted, one.values)),
        "versions": _array(map(_told, one.versions)),
        "numerators": _array(map(_told, one.numerators)),
        "denominators": _array(map(_told, one.denominators)),
    }


def _array(elements: Iterable[str]) -> str:
    return "{" + ",".join(elements) + "}"


@cache
def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
