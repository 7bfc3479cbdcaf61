"""Keeping the figures: what the rows say, summed by area and month, an area at a time.

A trigger marks every changed row by its matter. A county is always counted whole, from what changed
and from what was laid aside (aside.py), and its city and province are the sums of the kept
counties: so what was kept step by step is what computing everything anew would give. The cells of a
moment (`now`) hold what was due by then.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import and_, delete, func, select, text
from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.calendar.clock import ZONE, local
from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import DisputeState
from yuantou.indicators import aside
from yuantou.indicators.asking import Look
from yuantou.indicators.compiler import DIMENSIONS, Span, spans
from yuantou.indicators.counting import keep_counts
from yuantou.indicators.definitions import versions
from yuantou.indicators.marks import every_county, linked, taken
from yuantou.indicators.models import DisputeMonth, FigureLine, FigurePack
from yuantou.indicators.standing.lasting import (
    keep_lasting,
    keep_settlements,
    keep_settlements_of,
)
from yuantou.indicators.standing.lateness import keep_lateness
from yuantou.indicators.summing import WHOLE, Asked, Series, by_subject, rules_of, series
from yuantou.indicators.tables import Entries, Reading, reading
from yuantou.indicators.vocabulary import SUBJECTS
from yuantou.indicators.writing import CAME_AND_WENT, month_rows, write_months, write_series
from yuantou.territory.models import Area

KEEPING_LOCK = 0x59554E54
COUNTY, CITY, PROVINCE = "county", "city", "province"
MATTER, UNIT = "matter", "unit"

_UNREAD = {"synchronize_session": False}  # else every deleted row comes back to be forgotten

Progress = Callable[[int, int], None]
Source = Callable[[str, Sequence[Look], Sequence[str]], Reading]
Put = tuple[list[Look], list[str]]  # looks of definitions, and the limits that they are about


@dataclass(frozen=True)
class Kept:
    """How many areas were computed, by what they count."""

    disputes: int
    counts: int


def keep_stale(session: Session, *, now: datetime | None = None) -> Kept:
    """Step: compute anew what the triggers marked since the last time."""
    session.execute(_LOCK)
    at, marks = now or clock.now(), taken(session)
    counties, counts = marks.counties, sorted(marks.counts)
    if counties:
        session.execute(_ROOM)
        keep_settlements(session, sorted(marks.whole), at)
        keep_settlements_of(session, {each for some in marks.matters.values() for each in some}, at)
        changed = aside.changes(session, counties, marks)
        source = _changed_source(session, counties, changed, at, _seals(session, at))
        _keep_disputes(session, counties, at, source)
    if counts:
        keep_counts(session, counts, at)
        keep_lateness(session, at)
    return Kept(len(counties), len(counts))


def keep_all(
    session: Session, *, now: datetime | None = None, progress: Progress | None = None
) -> Kept:
    """Step: compute every area anew, from nothing."""
    session.execute(_LOCK)
    linked(session)
    aside.forget(session)
    at, tell = now or clock.now(), progress or _silent
    counties = every_county(session)
    keep_counts(session, None, at)
    keep_lateness(session, at)
    tell(1, 2)
    session.execute(_ROOM)
    keep_settlements(session, counties, at)
    session.execute(_WHOLE)
    _keep_disputes(session, counties, at, _whole_source(session, at))
    tell(2, 2)
    return Kept(len(counties), len(counties))


def lay_aside(session: Session, *, most: int, now: datetime | None = None) -> int:
    """Step: lay the entries of counties aside that were not yet today; how many were."""
    session.execute(_LOCK)
    session.execute(_ROOM)
    at = now or clock.now()
    seals = _seals(session, at)
    counties = aside.lacking(session, MATTER, seals[MATTER])[:most]
    source = _changed_source(session, counties, (), at, seals)
    for name, asked in _asked(spans(versions(session)), at).items():
        source(name, *_put(name, asked, at))
    return len(counties)


def _whole_source(session: Session, now: datetime) -> Source:
    """Every row of the province is read."""
    return lambda name, asked, rules: reading(session, SUBJECTS[name], asked, now, None, rules)


def _changed_source(
    session: Session,
    counties: Sequence[str],
    changed: Collection[int],
    now: datetime,
    seals: Mapping[str, bytes],
) -> Source:
    """What changed is read, and the rest was laid aside; units are few."""

    def found(name: str, asked: Sequence[Look], rules: Sequence[str]) -> Reading:
        if name == UNIT:
            return reading(session, SUBJECTS[name], asked, now, counties, rules)
        entries = aside.entries_of(session, name, asked, now, counties, changed, rules, seals[name])
        return lambda: entries

    return found


def _keep_disputes(
    session: Session, counties: Sequence[str], now: datetime, source: Source
) -> None:
    """Step: the cells and counts of `counties`, their townships, and the sums above them."""
    held = spans(versions(session))
    above = _above(session, counties)
    _forget(session, counties, above)
    keep_lasting(session, counties, now)
    _fill(session, held, source, now)
    for level in (CITY, PROVINCE):
        areas = [code for code, kind in above if kind == level]
        _sum_lines(session, level, areas, now)
        _sum_disputes(session, level, areas, now)


_LOCK = select(func.pg_advisory_xact_lock(KEEPING_LOCK))
# Entries come together by place, type and agency. The planner takes these as independent and
# expects many times the groups that there are: it would sort all rows to save memory.
_ROOM = text("""SELECT set_config('work_mem', '64MB', true),
                       set_config('hash_mem_multiplier', '32', true)""")
# Of whole tables: else most rows are fetched by an index, or sorted to be put together.
_WHOLE = text("""SELECT set_config('random_page_cost', '2', true),
                        set_config('enable_sort', 'off', true),
                        set_config('enable_incremental_sort', 'off', true),
                        set_config('parallel_tuple_cost', '0.01', true)""")


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
    for table, gone in (
        (FigureLine, FigureLine.area_code.in_(areas)),
        (FigurePack, FigurePack.area_code.in_(counties)),
        (DisputeMonth, DisputeMonth.area_code.in_(areas)),
        (DisputeMonth, DisputeMonth.area_code.in_(below)),
    ):
        session.execute(delete(table).where(gone), execution_options=_UNREAD)


def _fill(session: Session, held: Sequence[Span], source: Source, now: datetime) -> None:
    """The lines of counties and their parts; a figure may be of two subjects, by its versions."""
    found: dict[tuple[str, str, str], Series] = {}
    every = _asked(held, now)
    months: list[dict[str, str]] = []
    for name, entries in _read_ahead(source, every, now):
        if name == MATTER:
            own = len(every[MATTER])
            months = month_rows(entries, (own, own + 1))
        for dimension in (WHOLE, *DIMENSIONS):
            for one in series(entries, every[name], dimension, now):
                key = one.indicator, one.county, one.dimension
                found[key] = found[key] + one if key in found else one
    write_months(session, months, now)
    write_series(session, found.values(), now)


def _read_ahead(
    source: Source, every: Mapping[str, Asked], now: datetime
) -> Iterator[tuple[str, Entries]]:
    """The entries of each subject; while some are counted, the database finds the next."""
    with ThreadPoolExecutor(1) as pool:
        asked = {name: _put(name, each, now) for name, each in every.items()}
        waiting = iter(asked.items())
        ahead = _begun(pool, source, waiting)
        while ahead:
            name, asking = ahead
            read = asking.result()
            ahead = _begun(pool, source, waiting)
            entries = read()
            del asking, read  # both hold what the database sent
            if entries:
                yield name, entries


def _begun(
    pool: ThreadPoolExecutor, source: Source, waiting: Iterator[tuple[str, Put]]
) -> tuple[str, Future[Reading]] | None:
    name, put = next(waiting, (None, None))
    return (name, pool.submit(source, name, *put)) if name and put else None


def _asked(held: Sequence[Span], now: datetime) -> Mapping[str, Asked]:
    """What is asked of each subject; of matters always, for they are counted by month too."""
    return {MATTER: ()} | by_subject(held, now)


def _put(name: str, asked: Asked, now: datetime) -> Put:
    """What is put to a subject.

    Of matters also every one reported by now, as it came and as it was closed.
    """
    own = [look for _, look in asked]
    if name == MATTER:
        known = and_(Dispute.state != DisputeState.DRAFT, Dispute.reported_at <= now)
        own += [Look(day, known) for day in CAME_AND_WENT]
    return own, rules_of(asked)


def _seals(session: Session, now: datetime) -> Mapping[str, bytes]:
    """What is asked of each subject today, whatever the hour."""
    day = datetime.combine(local(now).date(), time.max, ZONE)
    asked = _asked(spans(versions(session)), day)
    return {name: aside.seal(name, *_put(name, each, day), day) for name, each in asked.items()}


_SUM_LINES = text("""
    INSERT INTO figure_line (indicator, area_code, level, area_path, months, versions,
                             numerators, denominators, computed_at)
    SELECT s.indicator, a.code, a.level, a.path, array_agg(s.month), array_agg(s.version),
           array_agg(s.numerator), array_agg(s.denominator), :now
    FROM area a CROSS JOIN LATERAL (
      SELECT c.indicator, c.month, max(c.version) AS version,
             CAST(sum(c.numerator) AS integer) AS numerator,
             CAST(sum(c.denominator) AS integer) AS denominator
      FROM figure_cell c
      WHERE c.area_code IN (SELECT k.code FROM area k
                            WHERE k.level = 'county' AND starts_with(k.path, a.path))
      GROUP BY c.indicator, c.month) s
    WHERE a.code = ANY(:areas) AND a.level = :level
    GROUP BY s.indicator, a.code, a.level, a.path""")

_SUM_DISPUTES = text("""
    INSERT INTO dispute_month
      (area_code, month, type, level, area_path, reported, closed, computed_at)
    SELECT a.code, d.month, d.type, a.level, a.path, sum(d.reported), sum(d.closed), :now
    FROM area a JOIN area k ON k.level = 'county' AND starts_with(k.path, a.path)
    JOIN dispute_month d ON d.area_code = k.code
    WHERE a.code = ANY(:areas) AND a.level = :level
    GROUP BY a.code, d.month, d.type""")


def _sum_lines(session: Session, level: str, areas: Sequence[str], now: datetime) -> None:
    session.execute(_SUM_LINES, {"areas": list(areas), "level": level, "now": now})


def _sum_disputes(session: Session, level: str, areas: Sequence[str], now: datetime) -> None:
    session.execute(_SUM_DISPUTES, {"areas": list(areas), "level": level, "now": now})
