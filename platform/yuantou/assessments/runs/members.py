"""Which matters stand behind the figures of a period, by unit: the rows that cells sum up."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from yuantou.assessments.runs.packing import Entry
from yuantou.assessments.units import AGENCY_MARK, COUNTY, DEPARTMENT, TOWNSHIP
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.compiler import entries
from yuantou.indicators.periods import shift

MOST = 200_000  # of one unit and figure; a longer list is not kept


def members_of(
    session: Session,
    made: Definition,
    start: date,
    end: date,
    *,
    units: Sequence[str],
    as_of: datetime,
    level: str = COUNTY,
) -> Iterator[tuple[str, list[Entry]]]:
    """Unit of a level and its entries in the denominator, in the months from `start` to `end`."""
    found = _counted(made, start, end, as_of, level).subquery()
    listed = func.array_agg(2 * found.c.dispute_id + case((found.c.hit, 1), else_=0))
    rows = session.execute(
        select(found.c.unit, listed, func.count())
        .where(found.c.unit.in_(list(units)), found.c.dispute_id.is_not(None))
        .group_by(found.c.unit)
    )
    for unit, keys, number in rows:
        if number <= MOST:
            yield unit, [(key // 2, bool(key % 2)) for key in keys]


def of_matters(definitions: Iterable[Definition]) -> list[Definition]:
    """Those whose rows are matters of this database."""
    return [made for made in definitions if made.of_matters and made.subject != "unit"]


def _counted(made: Definition, start: date, end: date, as_of: datetime, level: str) -> Select[Any]:
    entry = entries(made, as_of, (start, end)).subquery()
    unit = {
        COUNTY: entry.c.county,
        TOWNSHIP: entry.c.township,
        DEPARTMENT: literal(AGENCY_MARK) + entry.c.agency,
    }[level]
    keys = (unit.label("unit"), entry.c.dispute_id)
    if not made.of_stock:
        return select(*keys, entry.c.hit.label("hit")).where(entry.c.why.is_(None))
    last = shift(end, 1) - timedelta(days=1)
    left = func.coalesce(entry.c.gone.between(start, last), literal(False))
    hit = and_(entry.c.hit, left).label("hit")
    return select(*keys, hit).where(or_(entry.c.why.is_(None), left.is_(False)))
