"""What the detectors are given: the items of a quarter in columns, read as the worker.

Only ids, codes, moments and, for texts, the words while they are compared. Restricted matters and
those that came in with a list take no part where they would only show how lists are brought in.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.arrays import Integers
from yuantou.calendar.clock import ZONE
from yuantou.indicators.periods import shift

QUARTER = 3
REFILED_DAYS = 30
SUED_DAYS = 180
_OPEN = "NOT d.restricted AND d.state <> 'draft'"
_NO_LIST = "NOT EXISTS (SELECT 1 FROM import_line i WHERE i.dispute_id = d.id)"
# The month is assessed at six on the sixth: moments of the seven days before, told by their month.
_EDITED_LATE = """EXISTS (SELECT 1 FROM dispute_event e WHERE e.dispute_id = d.id
  AND (e.event IN ('merged', 'declined') OR e.event = 'corrected'
    AND e.facts -> 'fields' ?| array['type', 'area_code', 'occurred_on'])
  AND date_trunc('month', e.at AT TIME ZONE 'Asia/Shanghai' - interval '126 hours')
    <> date_trunc('month', e.at AT TIME ZONE 'Asia/Shanghai' + interval '42 hours'))"""


def _sql(
    value: str,
    moment: str,
    *more: str,
    source: str = "dispute d",
    unit: str = "d.handler_agency_id",
    alike: str = "a.kind || '|' || d.type",
) -> str:
    """One row an item whose `moment` lies in the quarter."""
    columns = f"d.id, {unit} AS unit, {alike} AS stratum, {value} AS value"
    rows = f"{source} JOIN agency a ON a.id = {unit}"
    held = (f"{moment} >= :start", f"{moment} < :end", _OPEN, *more)
    return " ".join(("SELECT", columns, "FROM", rows, "WHERE", " AND ".join(held)))


_SQL = {
    "deadline_day": _sql(
        "w.met_at > w.due_at - interval '1 day'",
        "w.met_at",
        "w.met_at <= w.due_at",
        "w.due_at >= w.started_at + interval '3 days'",
        "w.promised_on IS NULL",
        # what one act ended counts once: items have to be apart from one another
        """NOT EXISTS (SELECT 1 FROM deadline o WHERE o.dispute_id = w.dispute_id
          AND o.met_at = w.met_at AND o.id > w.id AND o.met_at <= o.due_at
          AND o.due_at >= o.started_at + interval '3 days' AND o.promised_on IS NULL)""",
        source="deadline w JOIN dispute d ON d.id = w.dispute_id",
        unit="w.agency_id",
        alike="a.kind || '|' || w.rule",
    ),
    "refiled": _sql(
        """EXISTS (SELECT 1 FROM matter_link l
          WHERE l.earlier_id = d.id AND l.reported_at >= d.closed_at
            AND l.reported_at < d.closed_at + make_interval(days => :refiled))""",
        "d.closed_at",
    ),
    "churn": _sql(
        """EXISTS (SELECT 1 FROM dispute_event e
          WHERE e.dispute_id = d.id AND e.event IN ('merged', 'unmerged'))""",
        "d.reported_at",
    ),
    "instant": _sql(
        "f.written_at - g.written_at < interval '30 minutes' AND f.found_on = g.effective_on",
        "f.written_at",
        "f.result = 'performed'",
        source="performance f JOIN agreement g ON g.id = f.agreement_id "
        "JOIN dispute d ON d.id = f.dispute_id",
    ),
    "same_summaries": _sql("d.summary", "d.reported_at", _NO_LIST),
    "same_records": _sql(
        "m.content",
        "m.written_at",
        "m.id = (SELECT min(o.id) FROM mediation_record o WHERE o.dispute_id = d.id)",
        source="mediation_record m JOIN dispute d ON d.id = m.dispute_id",
    ),
    "late_edits": _sql(_EDITED_LATE, "d.reported_at"),
    "sued": _sql(
        """EXISTS (SELECT 1 FROM suit_link s WHERE s.dispute_id = d.id AND s.filed_on
          BETWEEN d.concluded_at::date AND d.concluded_at::date + :sued)""",
        "d.concluded_at",
        "d.outcome IN ('agreed_oral', 'agreed_written')",
    ),
    "bursts": _sql(
        "extract(epoch FROM d.reported_at)::float8 / 60",
        "d.reported_at",
        "d.occurred_on = (d.reported_at AT TIME ZONE 'Asia/Shanghai')::date",
        _NO_LIST,
        unit="d.reporting_agency_id",
        alike="a.kind",
    ),
}
_FEED = text("SELECT to_regclass('suit_link') IS NOT NULL")
_SUITS = text("SELECT EXISTS (SELECT 1 FROM suit_link)")


@dataclass(frozen=True)
class Items:
    """One row an item: its matter, its unit, what makes it comparable, and what is looked at."""

    dispute: Integers
    unit: Integers
    stratum: Integers
    value: NDArray[Any]


def quarter_of(day: date) -> date:
    """The first day of a day's quarter."""
    return date(day.year, day.month - (day.month - 1) % QUARTER, 1)


def quarter_due(day: date, wait_days: int) -> date:
    """The newest quarter that ended so many days ago."""
    return shift(quarter_of(day - timedelta(days=wait_days)), -QUARTER)


def read(session: Session, kind: str, quarter: date) -> Items | None:
    """The items of a quarter; None where the source of them is not there."""
    if kind == "sued" and not (session.scalar(_FEED) and session.scalar(_SUITS)):
        return None
    span = {
        "start": datetime(quarter.year, quarter.month, 1, tzinfo=ZONE),
        "end": datetime.combine(shift(quarter, QUARTER), datetime.min.time(), ZONE),
        "refiled": REFILED_DAYS,
        "sued": SUED_DAYS,
    }
    found = session.execute(text(_SQL[kind]), span).all()
    _, stratum = np.unique(np.array([row.stratum for row in found]), return_inverse=True)
    return Items(
        np.array([row.id for row in found], dtype=np.int64),
        np.array([row.unit for row in found], dtype=np.int64),
        np.asarray(stratum, dtype=np.int64),
        np.array([row.value for row in found], dtype=None if found else object),
    )
