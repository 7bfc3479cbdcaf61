"""Keeping the figures: what the rows say, summed by area and month, an area at a time.

A trigger marks the area of every changed row. An area is always computed whole, from all its rows,
and its city and province are the sums of the kept counties: so what was kept step by step is what
computing everything anew would give. The cells of a moment (`now`) hold what was due by then.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Subquery,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import DateTime

from yuantou.calendar import clock
from yuantou.indicators.compiler import Span, spans, tally_apart
from yuantou.indicators.counting import keep_counts
from yuantou.indicators.definitions import versions
from yuantou.indicators.models import PACKED, DisputeMonth, FigureCell, FigurePack, StaleArea
from yuantou.indicators.standing.lasting import keep_lasting
from yuantou.indicators.standing.lateness import keep_lateness
from yuantou.territory.models import Area

KEEPING_LOCK = 0x59554E54
COUNTY, CITY, PROVINCE = "county", "city", "province"
ALL = "*"  # too many parties changed at once to name their matters

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Kept:
    """How many areas were computed, by what they count."""

    disputes: int
    counts: int


def keep_stale(session: Session, *, now: datetime | None = None) -> Kept:
    """Step: compute anew what the triggers marked since the last time."""
    session.execute(select(func.pg_advisory_xact_lock(KEEPING_LOCK)))
    marked = session.execute(delete(StaleArea).returning(StaleArea.kind, StaleArea.area_code)).all()
    moved = _linked_anew(session, {code for kind, code in marked if kind == "parties"})
    disputes = sorted({code for kind, code in marked if kind == "disputes"} | moved)
    counts = sorted({code for kind, code in marked if kind == "counts"})
    at = now or clock.now()
    if disputes:
        keep_disputes(session, disputes, at)
    if counts:
        keep_counts(session, counts, at)
        keep_lateness(session, at)
    return Kept(len(disputes), len(counts))


def keep_all(
    session: Session, *, now: datetime | None = None, progress: Progress | None = None
) -> Kept:
    """Step: compute every area anew, from nothing."""
    session.execute(select(func.pg_advisory_xact_lock(KEEPING_LOCK)))
    marked = session.scalars(
        delete(StaleArea).where(StaleArea.kind == "parties").returning(StaleArea.area_code)
    )
    _linked_anew(session, set(marked))
    session.execute(delete(StaleArea))
    at, tell = now or clock.now(), progress or _silent
    counties = list(session.scalars(select(Area.code).where(Area.level == COUNTY)))
    keep_counts(session, None, at)
    keep_lateness(session, at)
    tell(1, 2)
    session.execute(_WHOLE)
    keep_disputes(session, counties, at)
    tell(2, 2)
    return Kept(len(counties), len(counties))


def keep_disputes(session: Session, counties: Sequence[str], now: datetime) -> None:
    """Step: the cells and counts of `counties`, their townships, and the sums above them."""
    session.execute(_LINK_SUITS, {"counties": list(counties)})
    held = spans(versions(session))
    above = _above(session, counties)
    _forget(session, counties, above)
    _count_disputes(session, counties, now)
    keep_lasting(session, counties, now)
    if held:
        _fill(session, held, counties, now)
    for level in (CITY, PROVINCE):
        areas = [code for code, kind in above if kind == level]
        _sum_cells(session, level, areas, now)
        _sum_disputes(session, level, areas, now)


_ROOM = text("SET LOCAL work_mem = '64MB'")  # one reading sums by four keys at once
_WHOLE = text("SET LOCAL random_page_cost = 4")  # else most of a table is fetched by its index
_LINK = text("SELECT link_matters(CAST(:which AS bigint[]))")
_LINK_SUITS = text("SELECT link_suits(CAST(:counties AS text[]))")
_LINKED = text("""
    SELECT DISTINCT county_code FROM dispute
    WHERE id IN (SELECT earlier_id FROM matter_link WHERE later_id = ANY (:which))
       OR id = ANY (:which)""")


def _linked_anew(session: Session, marked: set[str]) -> set[str]:
    """Link the matters whose parties changed to others of the same persons; counties concerned."""
    if not marked:
        return set()
    if ALL in marked:
        session.execute(_LINK, {"which": None})
        return set(session.scalars(select(Area.code).where(Area.level == COUNTY)))
    asked = {"which": [int(each) for each in marked]}
    before = session.scalars(_LINKED, asked).all()
    session.execute(_LINK, asked)
    return {*before, *session.scalars(_LINKED, asked)}


def _silent(_done: int, _all: int) -> None:
    """No one asked for progress."""


def _above(session: Session, counties: Sequence[str]) -> list[tuple[str, str]]:
    """Codes and levels of the cities and provinces over `counties`."""
    paths = session.scalars(select(Area.path).where(Area.code.in_(counties)))
    codes = {code for path in paths for code in path.strip("/").split("/")[:-1]}
    rows = session.execute(select(Area.code, Area.level).where(Area.code.in_(codes)))
    return [(row.code, row.level) for row in rows]


def _forget(session: Session, counties: Sequence[str], above: Sequence[tuple[str, str]]) -> None:
    areas = [*counties, *(code for code, _ in above)]
    below = select(Area.code).where(Area.level == "township", Area.parent_code.in_(counties))
    for table in (FigureCell, DisputeMonth):
        session.execute(delete(table).where(table.area_code.in_(areas)))
    session.execute(delete(FigurePack).where(FigurePack.area_code.in_(counties)))
    session.execute(delete(DisputeMonth).where(DisputeMonth.area_code.in_(below)))


_COUNT = text("""
    WITH counted AS (
      SELECT county_code, CASE WHEN NOT restricted AND area_code <> county_code THEN area_code END
               AS township, type, date_trunc('month', timezone('Asia/Shanghai', reported_at)) AS at,
             count(*) AS reported, 0 AS closed
      FROM dispute
      WHERE county_code = ANY(:counties) AND state <> 'draft' AND reported_at <= :now
      GROUP BY 1, 2, 3, 4
      UNION ALL
      SELECT county_code, CASE WHEN NOT restricted AND area_code <> county_code THEN area_code END,
             type, date_trunc('month', timezone('Asia/Shanghai', closed_at)), 0, count(*)
      FROM dispute
      WHERE county_code = ANY(:counties) AND state <> 'draft' AND reported_at <= :now
        AND closed_at IS NOT NULL
      GROUP BY 1, 2, 3, 4),
    placed AS (
      SELECT coalesce(township, county_code) AS code, at, type,
             sum(reported) AS reported, sum(closed) AS closed
      FROM counted
      GROUP BY GROUPING SETS ((township, at, type), (county_code, at, type))
      HAVING grouping(township) = 1 OR township IS NOT NULL)
    INSERT INTO dispute_month
      (area_code, month, type, level, area_path, reported, closed, computed_at)
    SELECT a.code, c.at, c.type, a.level, a.path, c.reported, c.closed, :now
    FROM placed c JOIN area a ON a.code = c.code
    ORDER BY a.level, c.at, a.path""")


def _count_disputes(session: Session, counties: Sequence[str], now: datetime) -> None:
    session.execute(_COUNT, {"counties": list(counties), "now": now})


def _fill(session: Session, held: Sequence[Span], counties: Sequence[str], now: datetime) -> None:
    """The cells of counties and their parts, subject by subject: a statement reads its rows once
    for each day."""
    session.execute(_ROOM)
    by_subject: dict[str, list[Span]] = defaultdict(list)
    for span in held:
        by_subject[span.definition.subject].append(span)
    for found in by_subject.values():
        cells, parts = tally_apart(found, now, counties)
        into_cells = _into(FigureCell, _cells(cells.subquery(), now)).cte("cells")
        session.execute(_into(FigurePack, _packed(parts.subquery(), now)).add_cte(into_cells))


def _cells(found: Subquery, now: datetime) -> Select[Any]:
    return (
        select(
            found.c.indicator,
            Area.code.label("area_code"),
            found.c.month,
            found.c.version,
            Area.level,
            Area.path.label("area_path"),
            found.c.numerator,
            found.c.denominator,
            _moment(now),
        )
        .join_from(found, Area, Area.code == found.c.county)
        .where(Area.level == COUNTY)
    )


def _packed(found: Subquery, now: datetime) -> Select[Any]:
    named = (found.c.indicator, Area.code.label("area_code"), found.c.dimension)
    arrays: list[ColumnElement[Any]] = [
        func.array_agg(cast(found.c[name], kind)).label(f"{name}s") for name, kind in PACKED.items()
    ]
    return (
        select(*named, Area.path.label("area_path"), *arrays, _moment(now))
        .join_from(found, Area, Area.code == found.c.county)
        .where(Area.level == COUNTY)
        .group_by(*named, Area.path)
    )


def _moment(now: datetime) -> ColumnElement[datetime]:
    return literal(now, DateTime(timezone=True)).label("computed_at")


def _into(table: type[FigureCell | FigurePack], rows: Select[Any]) -> Insert:
    return insert(table).from_select([each.name for each in rows.selected_columns], rows)


_SUM_CELLS = text("""
    INSERT INTO figure_cell (indicator, area_code, month, version, level, area_path,
                             numerator, denominator, computed_at)
    SELECT c.indicator, a.code, c.month, max(c.version), a.level, a.path,
           sum(c.numerator), sum(c.denominator), :now
    FROM area a JOIN area k ON k.level = 'county' AND starts_with(k.path, a.path)
    JOIN figure_cell c ON c.area_code = k.code
    WHERE a.code = ANY(:areas) AND a.level = :level
    GROUP BY c.indicator, a.code, c.month""")

_SUM_DISPUTES = text("""
    INSERT INTO dispute_month
      (area_code, month, type, level, area_path, reported, closed, computed_at)
    SELECT a.code, d.month, d.type, a.level, a.path, sum(d.reported), sum(d.closed), :now
    FROM area a JOIN area k ON k.level = 'county' AND starts_with(k.path, a.path)
    JOIN dispute_month d ON d.area_code = k.code
    WHERE a.code = ANY(:areas) AND a.level = :level
    GROUP BY a.code, d.month, d.type""")


def _sum_cells(session: Session, level: str, areas: Sequence[str], now: datetime) -> None:
    session.execute(_SUM_CELLS, {"areas": list(areas), "level": level, "now": now})


def _sum_disputes(session: Session, level: str, areas: Sequence[str], now: datetime) -> None:
    session.execute(_SUM_DISPUTES, {"areas": list(areas), "level": level, "now": now})
