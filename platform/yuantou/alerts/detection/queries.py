"""One reading of the matters for a night, as the worker: weekly sums, no persons and no words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from yuantou.alerts.detection.series import Place, Series, Tally, assemble
from yuantou.calendar.clock import ZONE
from yuantou.disputes.codes import read as read_codes
from yuantou.maps.queries import drawing
from yuantou.maps.reach.models import Place as Loaded
from yuantou.maps.reach.queries import box
from yuantou.territory.models import Area, Boundary

# Restricted matters count in their county's sums alone, as everywhere.
_TALLY = text("""
    WITH mine AS MATERIALIZED (
      SELECT county_code AS county, type,
             CASE WHEN restricted THEN NULL ELSE area_code END AS place,
             (CAST(:last AS date)
              - CAST(timezone('Asia/Shanghai', reported_at) AS date)) / 7 AS back
      FROM dispute
      WHERE state NOT IN ('draft', 'not_accepted', 'merged')
        AND reported_at >= :since AND reported_at < :until),
    often AS (
      SELECT place, type FROM mine WHERE back < 52 AND place IS NOT NULL
      GROUP BY place, type HAVING count(*) >= :least),
    counted AS (
      SELECT county AS area, type, back, count(*) AS n FROM mine GROUP BY 1, 2, 3
      UNION ALL
      SELECT county, '', back, count(*) FROM mine GROUP BY 1, 3
      UNION ALL
      SELECT place, '', back, count(*) FROM mine WHERE place <> county GROUP BY 1, 3
      UNION ALL
      SELECT m.place, m.type, m.back, count(*) FROM mine m JOIN often USING (place, type)
      WHERE m.place <> m.county GROUP BY 1, 2, 3)
    SELECT area, type, array_agg(back) AS back, array_agg(n) AS number
    FROM counted GROUP BY area, type""")

_ROOM = text("SET LOCAL work_mem = '128MB'")  # one reading is summed in four ways at once

# Of each county without a matter on the last day: the year before its newest one.
_SILENT = text("""
    WITH newest AS (
      SELECT county_code, max(reported_at) AS at FROM dispute
      WHERE state <> 'draft' AND reported_at < :until
      GROUP BY 1 HAVING max(reported_at) < :today)
    SELECT a.code, a.path,
           CAST(timezone('Asia/Shanghai', n.at) AS date) AS newest,
           CAST(timezone('Asia/Shanghai', min(d.reported_at)) AS date) AS oldest,
           count(*) AS number
    FROM newest n JOIN area a ON a.code = n.county_code AND a.valid_to IS NULL
    JOIN dispute d ON d.county_code = n.county_code AND d.state <> 'draft'
     AND d.reported_at <= n.at AND d.reported_at > n.at - interval '364 days'
    GROUP BY 1, 2, n.at""")

_COURTS = text("""
    SELECT c.code, c.name, c.counts_to_code AS area, c.counts_to_path AS path
    FROM court c
    WHERE c.valid_to IS NULL
      AND EXISTS (SELECT 1 FROM court_count k WHERE k.court_code = c.code
                  AND k.released_at IS NOT NULL AND k.month < :month)
      AND NOT EXISTS (SELECT 1 FROM court_count k WHERE k.court_code = c.code
                      AND k.released_at IS NOT NULL AND k.month = :month)
    ORDER BY c.code""")


@dataclass(frozen=True)
class Silence:
    """A county where nothing was logged for so long that about `expected` should have come."""

    code: str
    path: str
    newest: date
    expected: float


@dataclass(frozen=True)
class SilentCourt:
    """A court that released counts before, and none of a month that is due."""

    code: str
    name: str
    area: str
    month: date


def places(session: Session) -> dict[str, Place]:
    """Counties and townships by code.

    A county lies in the middle of its boundary where the territory gives no point; a township
    where an office loaded it, if it did.
    """
    known: dict[str, tuple[float, float]] = _middles(session) | _loaded(session)
    rows = session.execute(
        select(Area.code, Area.path, Area.level, Area.parent_code, Area.lng, Area.lat)
        .where(Area.level.in_(("county", "township")), Area.valid_to.is_(None))
        .order_by(Area.code)
    )
    return {
        row.code: Place(
            row.code, row.path, row.level,
            row.code if row.level == "county" else row.parent_code,
            *known.get(row.code, (row.lng, row.lat)),
        )
        for row in rows
    }  # fmt: skip


def _loaded(session: Session) -> dict[str, tuple[float, float]]:
    asked = select(Loaded.area_code, Loaded.lng, Loaded.lat)
    rows = session.execute(asked.where(Loaded.kind == "township", Loaded.until.is_(None)))
    return {row.area_code: (row.lng, row.lat) for row in rows}


def _middles(session: Session) -> dict[str, tuple[float, float]]:
    """The middle of each county's boundary, for those without a point of their own."""
    rows = session.execute(
        select(Boundary.area_code, Boundary.geometry)
        .join(Area, Area.code == Boundary.area_code)
        .where(Area.level == "county", Area.lng.is_(None), Boundary.valid_to.is_(None))
    )
    found = {}
    for row in rows:
        west, south, east, north = box(row.geometry)
        found[row.area_code] = ((west + east) / 2, (south + north) / 2)
    return found


def series(
    session: Session, found: dict[str, Place], last: date, weeks: int, township_cases: int
) -> Series:
    """Weekly counts up to and with `last`, read in one pass."""
    session.execute(_ROOM)
    since = last - timedelta(days=7 * weeks - 1)
    rows = session.execute(
        _TALLY,
        {
            "last": last,
            "since": _midnight(since),
            "until": _midnight(last + timedelta(days=1)),
            "least": township_cases,
        },
    )
    tallies = [Tally(row.area, row.type, row.back, row.number) for row in rows]
    return assemble(found, read_codes().types, tallies, last, weeks)


def neighbours(session: Session) -> dict[str, list[str]]:
    """Who touches whom, as the base map was drawn; nobody where none is."""
    drawn = drawing(session)
    return drawn.neighbours if drawn else {}


def silent_counties(session: Session, last: date, expected: float) -> list[Silence]:
    """Counties that have worked with the platform and have logged nothing for too long.

    Their pace is that of the year before they fell silent, so that silence never becomes usual;
    the first matter only begins the count of days, or a county of one would have a pace.
    """
    rows = session.execute(
        _SILENT, {"today": _midnight(last), "until": _midnight(last + timedelta(days=1))}
    )
    found = []
    for row in rows:
        days = max(1, (row.newest - row.oldest).days)
        due = (row.number - 1) / days * (last - row.newest).days
        if due >= expected:
            found.append(Silence(row.code, row.path, row.newest, due))
    return found


def silent_courts(session: Session, month: date) -> Sequence[SilentCourt]:
    """Courts that sent nothing for a month, though they once did."""
    rows = session.execute(_COURTS, {"month": month})
    return [SilentCourt(row.code, row.name, row.area, month) for row in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)
