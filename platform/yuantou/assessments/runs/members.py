"""Which matters stand behind the figures of a period, by unit: the rows that cells sum up.

The database hands over the keys of a unit as one piece of bytes: a year's figures stand on millions
of entries, and a row or a number in Python for each would cost more than counting them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.types import LargeBinary

from yuantou.assessments.runs.packing import Entry, Keys, pack
from yuantou.assessments.units import AGENCY_MARK, COUNTY, DEPARTMENT, TOWNSHIP
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.eras import entries_over
from yuantou.indicators.periods import shift

MOST = 200_000  # of one unit and figure; a longer list is not kept


Packed = tuple[str, str, int, bytes]  # figure, unit, how many entries, and these in few bytes


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
    asked = keys_of(session, made, start, end, units=units, as_of=as_of, level=level)
    for unit, keys in _read(session.connection(), asked):
        ids, hits = (keys // 2).tolist(), (keys % 2 == 1).tolist()
        yield unit, list(zip(ids, hits, strict=True))


def keys_of(
    session: Session,
    made: Definition,
    start: date,
    end: date,
    *,
    units: Sequence[str],
    as_of: datetime,
    level: str = COUNTY,
) -> Select[Any]:
    """What asks for each unit and the keys of its entries: twice the id, plus one where it hits."""
    found = _counted(session, made, start, end, as_of, level).subquery()
    key = 2 * found.c.dispute_id + case((found.c.hit, 1), else_=0)
    none = cast(literal(b""), LargeBinary)
    return (
        select(found.c.unit, func.string_agg(func.int8send(key), none))
        .where(found.c.unit.in_(list(units)), found.c.dispute_id.is_not(None))
        .group_by(found.c.unit)
        .having(func.count() <= MOST)
    )


@contextmanager
def packed_meanwhile(
    session: Session, asked: Mapping[str, Select[Any]]
) -> Iterator[Future[list[Packed]]]:
    """The lists of these figures, read and packed while the caller reckons.

    Until it has the result, or leaves, the caller asks the database for nothing.
    """
    session.flush()
    connection = session.connection()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="members") as hand:
        yield hand.submit(_packed, connection, asked)


def _packed(connection: Connection, asked: Mapping[str, Select[Any]]) -> list[Packed]:
    return [
        (code, unit, len(keys), pack(keys))
        for code, question in asked.items()
        for unit, keys in _read(connection, question)
    ]


def _read(connection: Connection, asked: Select[Any]) -> Iterator[tuple[str, Keys]]:
    for unit, keys in connection.execute(asked):
        yield unit, np.frombuffer(keys, dtype=">i8").astype(np.int64)


def of_matters(definitions: Iterable[Definition]) -> list[Definition]:
    """Those whose rows are matters of this database."""
    return [made for made in definitions if made.of_matters and made.subject != "unit"]


def _counted(
    session: Session, made: Definition, start: date, end: date, as_of: datetime, level: str
) -> Select[Any]:
    entry = entries_over(session, made, as_of, start, end).subquery()
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
