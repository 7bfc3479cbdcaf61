"""How long settled matters stay settled: counts by day from closing, kept by county and month.

A part of dimension `lasting` holds, for one day after closing, how many came back on that day
(`numerator`) and how many were watched no further (`denominator`): all that Kaplan and Meier need,
and nobody's matter. Coming back is being reopened, being reported anew by the same persons as the
same type, or being sued where the courts' case feed links it; a suit that was filed after agreement
and before closing ends the settlement on the day of closing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import Integer, extract, func, select, text
from sqlalchemy.orm import Session

from geo.survival import Survival, kaplan_meier
from yuantou.calendar.clock import local
from yuantou.indicators.models import FigurePart
from yuantou.territory.models import Area

CODE, DIMENSION = "D180", "lasting"
SHORT, LONG = 90, 180
_BEYOND = LONG + 1
AGREED = ["agreed_oral", "agreed_written"]

_OF_COUNTIES, _OF_MATTERS = "d.county_code = ANY(:counties)", "d.id = ANY(:which)"
# Each settlement from its closing (`spell`) to what ended it first (`ended`): one for the counts
# that are kept and for the matters behind them (lasting_members.py).
_SPELLS = """
    WITH told AS (
      SELECT e.id, e.dispute_id, e.event, e.at, d.county_code
      FROM dispute d JOIN dispute_event e ON e.dispute_id = d.id
      WHERE {whose} AND d.reopened_at IS NOT NULL
        AND e.event IN ('agreed', 'replied', 'mediation_failed', 'terminated',
                        'closed', 'reopened')),
    counted AS (
      SELECT told.*, lead(event) OVER turns AS next, lead(at) OVER turns AS next_at,
             count(*) FILTER (WHERE event NOT IN ('closed', 'reopened'))
               OVER (PARTITION BY dispute_id ORDER BY id) AS conclusions
      FROM told
      WINDOW turns AS (PARTITION BY dispute_id, event IN ('closed', 'reopened') ORDER BY id)),
    turned AS (
      SELECT counted.*, first_value(event)
        OVER (PARTITION BY dispute_id, conclusions ORDER BY id) AS concluded
      FROM counted),
    spell AS (
      SELECT d.id, d.county_code, CAST(NULL AS date) AS back, d.reopened_at IS NOT NULL AS again,
             CAST(timezone('Asia/Shanghai', d.closed_at) AS date) AS day,
             CAST(timezone('Asia/Shanghai', d.concluded_at) AS date) AS agreed
      FROM dispute d
      WHERE {whose} AND d.outcome = ANY(:agreed) AND d.closed_at <= :now
      UNION ALL
      SELECT dispute_id, county_code, CAST(timezone('Asia/Shanghai', next_at) AS date), true,
             CAST(timezone('Asia/Shanghai', at) AS date), CAST(NULL AS date)
      FROM turned
      WHERE event = 'closed' AND next = 'reopened' AND concluded = 'agreed' AND next_at <= :now),
    ending AS (
      SELECT id, day, back, 'reopened' AS why FROM spell WHERE back IS NOT NULL
      UNION ALL
      SELECT s.id, s.day, CAST(timezone('Asia/Shanghai', l.reported_at) AS date), 'again'
      FROM spell s JOIN matter_link l ON l.earlier_id = s.id
      WHERE l.reported_at <= :now
        AND CAST(timezone('Asia/Shanghai', l.reported_at) AS date) > s.day
      UNION ALL
      SELECT s.id, s.day, greatest(l.filed_on, s.day), 'sued' FROM spell s
      JOIN suit_link l ON l.dispute_id = s.id
      WHERE l.filed_on > least(s.agreed, s.day) AND l.filed_on <= :today),
    ended AS (
      SELECT id, day, min(back) AS back, (array_agg(why ORDER BY back, why))[1] AS why
      FROM ending GROUP BY id, day),
    stood AS (
      SELECT id, day, county_code FROM spell WHERE NOT again
      UNION ALL SELECT DISTINCT id, day, county_code FROM spell WHERE again)"""
SPELLS = _SPELLS.format(whose=_OF_COUNTIES)

# Most stand as they stood: only what moved is written.
_SETTLED = """,
    found AS (
      SELECT s.id, s.day, s.county_code, e.back, e.why
      FROM stood s LEFT JOIN ended e ON e.id = s.id AND e.day = s.day),
    kept AS (SELECT * FROM settlement d WHERE {kept}),
    moved AS (
      SELECT f.*, o.dispute_id AS kept_id, o.closed_on AS kept_on
      FROM found f FULL JOIN kept o ON o.dispute_id = f.id AND o.closed_on = f.day
      WHERE (f.id, f.county_code, f.back, f.why)
        IS DISTINCT FROM (o.dispute_id, o.county_code, o.back_on, CAST(o.why AS text))),
    gone AS (
      DELETE FROM settlement o USING moved m
      WHERE m.id IS NULL AND o.dispute_id = m.kept_id AND o.closed_on = m.kept_on)
    INSERT INTO settlement (dispute_id, closed_on, county_code, back_on, why)
    SELECT id, day, county_code, back, why FROM moved WHERE id IS NOT NULL
    ON CONFLICT (dispute_id, closed_on) DO UPDATE SET
      county_code = excluded.county_code, back_on = excluded.back_on, why = excluded.why"""
_SETTLED_OF_COUNTIES = text((_SPELLS + _SETTLED).format(whose=_OF_COUNTIES, kept=_OF_COUNTIES))
_SETTLED_OF_MATTERS = text(
    (_SPELLS + _SETTLED).format(whose=_OF_MATTERS, kept="d.dispute_id = ANY(:which)")
)

_KEEP = text("""
    WITH watched AS (
      SELECT county_code, CAST(date_trunc('month', closed_on) AS date) AS month,
             least(coalesce(back_on, :today) - closed_on, :beyond) AS days,
             back_on IS NOT NULL AND back_on - closed_on < :beyond AS returned
      FROM settlement WHERE county_code = ANY(:counties)),
    counted AS (
      SELECT county_code, month, lpad(CAST(days AS text), 3, '0') AS value,
             count(*) FILTER (WHERE returned) AS back, count(*) FILTER (WHERE NOT returned) AS still
      FROM watched GROUP BY county_code, month, days)
    INSERT INTO figure_pack (indicator, area_code, dimension, area_path, months, "values",
                             versions, numerators, denominators, computed_at)
    SELECT :code, a.code, :dimension, a.path, array_agg(c.month), array_agg(c.value),
           array_agg(1), array_agg(CAST(c.back AS integer)),
           array_agg(CAST(c.still AS integer)), :now
    FROM counted c JOIN area a ON a.code = c.county_code
    GROUP BY a.code, a.path""")


def keep_settlements(session: Session, counties: Sequence[str], now: datetime) -> None:
    """Step: keep anew the settlements of these counties."""
    asked = {"counties": list(counties), "now": now, "today": local(now).date()}
    session.execute(_SETTLED_OF_COUNTIES, {**asked, "agreed": AGREED})


def keep_settlements_of(session: Session, matters: Collection[int], now: datetime) -> None:
    """Step: keep anew the settlements of these matters."""
    asked = {"which": list(matters), "now": now, "today": local(now).date()}
    session.execute(_SETTLED_OF_MATTERS, {**asked, "agreed": AGREED})


def keep_lasting(session: Session, counties: Sequence[str], now: datetime) -> None:
    """Step: the counts of settlements of these counties by day after closing."""
    named = {"beyond": _BEYOND, "code": CODE, "dimension": DIMENSION}
    asked = {"counties": list(counties), "now": now, "today": local(now).date()}
    session.execute(_KEEP, {**asked, **named})


@dataclass(frozen=True, slots=True)
class Lasting:
    """The settled matters of an area and year of closing. `events`: how many came back in time."""

    closed: int
    early: int
    late: int
    curve: Survival

    @property
    def events(self) -> int:
        """How many came back within the longer time."""
        return self.early + self.late


Days = dict[int, tuple[int, int]]


def lasting(days: Days) -> Lasting:
    """Kaplan and Meier's curve of counts by day: (came back, watched no further)."""
    time = [day for day, counts in days.items() for day in [day] * sum(counts)]
    event = [ended for back, still in days.values() for ended in [*[True] * back, *[False] * still]]
    curve = kaplan_meier(
        np.array(time, dtype=float), np.array(event, dtype=float), at=(SHORT, LONG)
    )
    early = sum(back for day, (back, _still) in days.items() if day <= SHORT)
    late = sum(back for day, (back, _still) in days.items() if SHORT < day <= LONG)
    return Lasting(len(time), early, late, curve)


def read_days(session: Session, area: Area, first: date, last: date) -> dict[tuple[str, int], Days]:
    """Counts by day after closing, by county and year of closing, under an area."""
    year = extract("year", FigurePart.month).cast(Integer).label("year")
    rows = session.execute(
        select(
            FigurePart.area_code,
            year,
            FigurePart.value,
            func.sum(FigurePart.numerator),
            func.sum(FigurePart.denominator),
        )
        .where(
            FigurePart.indicator == CODE,
            FigurePart.dimension == DIMENSION,
            FigurePart.month.between(first, last),
            FigurePart.area_path >= area.path,
            FigurePart.area_path < area.path[:-1] + "0",
        )
        .group_by(FigurePart.area_code, year, FigurePart.value)
    )
    found: dict[tuple[str, int], Days] = {}
    for county, when, value, back, still in rows:
        found.setdefault((county, when), {})[int(value)] = int(back), int(still)
    return found


def together(parts: Sequence[Days]) -> Days:
    """The counts of several areas or years as one."""
    whole: Days = {}
    for part in parts:
        for day, (back, still) in part.items():
            before = whole.get(day, (0, 0))
            whole[day] = before[0] + back, before[1] + still
    return whole
