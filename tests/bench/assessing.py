"""All figures from nothing, from what is kept, after one change, and opened to their rows."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, Select, and_, func, select, text, true
from sqlalchemy.orm import Session
from sqlalchemy.types import Date

from tests.bench.figuring import ended_month
from yuantou.calendar.clock import now
from yuantou.database.connections import Connections
from yuantou.database.session import make_engine
from yuantou.indicators.compiler import Span, entries, spans
from yuantou.indicators.definitions import versions
from yuantou.indicators.jobs import COUNTIES_AT_ONCE
from yuantou.indicators.keeping import keep_all, keep_stale, lay_aside
from yuantou.indicators.periods import shift
from yuantou.indicators.queries import read_ledger, read_lines
from yuantou.territory.models import Area

MONTHS = 24
CHANGED = text("""UPDATE dispute SET outcome = outcome WHERE id = (
    SELECT id FROM dispute WHERE county_code = :county ORDER BY id DESC LIMIT 1)""")
LARGEST = text("""SELECT county_code FROM dispute GROUP BY county_code ORDER BY count(*) DESC
    LIMIT 1""")


def all_anew(connections: Connections) -> float:
    """Seconds to compute every kept figure of every area and month from the rows."""
    with _worker(connections) as session:
        started = time.perf_counter()
        keep_all(session)
        session.commit()
        return time.perf_counter() - started


def plainly_grouped(connections: Connections) -> tuple[float, int]:
    """Seconds of one plain GROUP BY for each figure of matters, by county and month; how many
    cells they gave."""
    with _worker(connections) as session:
        held = spans(versions(session))
        started = time.perf_counter()
        cells = sum(len(session.execute(_grouped(span)).all()) for span in held)
        return time.perf_counter() - started, cells


def _grouped(span: Span) -> Select[tuple[object, ...]]:
    found = entries(span.definition, now()).subquery()
    counted = found.c.why.is_(None)
    month = func.date_trunc("month", found.c.day).cast(Date)
    return (
        select(
            found.c.county,
            month,
            func.count().filter(and_(counted, found.c.hit)),
            func.count().filter(counted),
        )
        .where(true())
        .group_by(found.c.county, month)
    )


def from_kept(connections: Connections) -> float:
    """Seconds to say the same figures of two years for all areas from what is kept."""
    with _worker(connections) as session:
        codes = [span.definition.code for span in spans(versions(session))]
        levels = ("county", "city", "province")
        areas = session.scalars(select(Area.code).where(Area.level.in_(levels))).all()
        last = ended_month()
        started = time.perf_counter()
        ledger = read_ledger(session, areas, shift(last, 1 - MONTHS), last, codes=codes)
        for area in areas:
            for code in codes:
                ledger.figure(code, area, shift(last, -11), last)
        return time.perf_counter() - started


def lines_read(connections: Connections, times: int = 9) -> tuple[list[float], int]:
    """Seconds to read the same figures of every county and month from what is kept, after one
    reading that fills the caches as the GROUP BY before it did; and how many cells they are."""
    found = []
    with _worker(connections) as session:
        codes = {span.definition.code for span in spans(versions(session))}
        counties = set(session.scalars(select(Area.code).where(Area.level == "county")))
        for _ in range(times + 1):
            started = time.perf_counter()
            lines = read_lines(session, counties, codes)
            found.append(time.perf_counter() - started)
    return found[1:], sum(len(line.months) for line in lines.values())


def one_change(connections: Connections, times: int = 10) -> list[float]:
    """Seconds from the commit of one changed matter of the largest county to all its figures.

    Counties are laid aside before, as the night does.
    """
    owner = make_engine(connections.owner)
    found = []
    with Session(owner) as session, _worker(connections) as worker:
        county = session.scalar(LARGEST)
        keep_stale(worker)
        while lay_aside(worker, most=COUNTIES_AT_ONCE):
            worker.commit()
        for _ in range(times):
            session.execute(CHANGED, {"county": county})
            session.commit()
            started = time.perf_counter()
            keep_stale(worker)
            worker.commit()
            found.append(time.perf_counter() - started)
    owner.dispose()
    return found


@contextmanager
def _worker(connections: Connections) -> Iterator[Session]:
    engine: Engine = make_engine(connections.worker)
    with Session(engine) as session:
        yield session
    engine.dispose()
