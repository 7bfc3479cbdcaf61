"""Late entry of matters and agreements: the day that people state against the day they entered it.

Acts that the platform itself times (accepted, concluded, closed) cannot be late. What carries a day
of its own can: an agreement's effect and what was performed, a confirmation applied for or decided,
a call-back, a matter's occurrence; and what comes back within 90 days of closing. `_ENTERED` names
each by its words in vocabulary.py; a figure is provisional where its day or its numerator is.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from geo.delay import completeness, reporting_delay
from yuantou.calendar.clock import local
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.models import Lateness
from yuantou.indicators.periods import first_of, shift
from yuantou.indicators.standing.lateness import COURTS, LONGEST, least_complete, provisional

LONGEST_DAYS = 366  # after which an entry is taken as a find, not as late
LEAST = 20  # entries from which a habit can be told
_HISTORY = 24  # months

Entries = Sequence[tuple[date, int, int]]  # stated day, days until it was entered, how many

_EVENT = """(SELECT min(e.at) FROM dispute_event e
  WHERE e.dispute_id = x.dispute_id AND e.event {event} AND e.at::date >= {day} - 1)"""
_BACK = (
    "x.closed_at",
    """(SELECT min(l.reported_at) FROM matter_link l
      WHERE l.earlier_id = x.id AND l.reported_at > x.closed_at
        AND l.reported_at <= x.closed_at + interval '90 days')""",
    "dispute x",
    "x.closed_at IS NOT NULL AND x.reopened_at IS NULL",
)
_ENTERED = {
    "matter.occurred": ("occurred_on", "reported_at", "dispute x", "state <> 'draft'"),
    "matter.came_back": _BACK,
    "closing.came_back": _BACK,
    "agreement.effective": ("effective_on", "written_at", "agreement x", "true"),
    "agreement.due": ("coalesce(due_on, effective_on)", "written_at", "agreement x", "true"),
    "agreement.performed": ("found_on", "written_at", "performance x", "result = 'performed'"),
    "agreement.applied": (
        "x.applied_on",
        _EVENT.format(event="= 'confirmation_applied'", day="x.applied_on"),
        "confirmation x",
        "x.applied_on IS NOT NULL",
    ),
    "agreement.decided": (
        "x.decided_on",
        _EVENT.format(
            event="IN ('agreement_confirmed', 'confirmation_dismissed')", day="x.decided_on"
        ),
        "confirmation x",
        "x.decided_on IS NOT NULL",
    ),
    "call.called": (
        "x.called_at",
        _EVENT.format(event="= 'followed_up'", day="x.called_at::date"),
        "follow_up x",
        "true",
    ),
}


def keep_entering(session: Session, now: datetime) -> None:
    """Step (worker): keep how complete the last months of each kind of entry are by `now`."""
    today = local(now).date()
    session.execute(delete(Lateness).where(Lateness.source.in_(_ENTERED)))
    rows = [
        {"source": source, "age": age, "share": share, "computed_at": now}
        for source in _ENTERED
        for age, share in shares_by_age(read_entries(session, source, today), today).items()
    ]
    if rows:
        session.execute(insert(Lateness), rows)


def read_entries(session: Session, source: str, today: date) -> Entries:
    """How many of each stated day were entered how many days later, of the last two years."""
    day, entered, table, condition = _ENTERED[source]
    found = text(
        f"""SELECT day, greatest(entered - day, 0) AS late, count(*) FROM (
          SELECT {_day(day)} AS day, {_day(entered)} AS entered FROM {table} WHERE {condition}) q
        WHERE day BETWEEN :since AND :today AND entered <= :today GROUP BY 1, 2"""  # noqa: S608
    )
    span = {"since": shift(first_of(today), -_HISTORY), "today": today}
    return [(day, late, count) for day, late, count in session.execute(found, span)]


def _day(moment: str) -> str:
    """The Shanghai day of a moment, and of a day the day."""
    return f"CAST(timezone('Asia/Shanghai', ({moment})::timestamptz) AS date)"


def shares_by_age(entries: Entries, today: date) -> dict[int, float]:
    """Share that is entered of each of the last months, by its age; none where untold."""
    counts = [count for _day, _late, count in entries]
    if sum(counts) < LEAST:
        return {}
    late = np.repeat([late for _day, late, _count in entries], counts)
    occurred = np.repeat([day.toordinal() for day, _late, _count in entries], counts)
    longest = min(LONGEST_DAYS, today.toordinal() - int(occurred.min()))
    delay = reporting_delay(occurred, occurred + late, today.toordinal(), longest)
    found = {}
    for age in range(LONGEST):
        days = _days_of(shift(first_of(today), -1 - age))
        ages = np.array([(today - day).days for day in days], dtype=float)
        share = float(np.mean(completeness(delay, ages)[0]))
        if not math.isnan(share):
            found[age] = share
    return found


def _days_of(month: date) -> list[date]:
    return [month + timedelta(days=n) for n in range((shift(month, 1) - month).days)]


def read_entering(session: Session, today: date) -> dict[str, dict[date, float]]:
    """The provisional months of each kind of entry, as the worker last judged them."""
    rows = session.execute(
        select(Lateness.source, Lateness.age, Lateness.share).where(Lateness.source != COURTS)
    )
    kept: dict[str, dict[int, float]] = defaultdict(dict)
    for source, age, share in rows:
        kept[source][age] = share
    return {source: provisional(each, today, least_complete()) for source, each in kept.items()}


def late_of(made: Definition, kept: Mapping[str, Mapping[date, float]]) -> dict[date, float]:
    """The provisional months of a figure: of its day, and of what its numerator waits for."""
    return _least(kept.get(f"{made.subject}.{word}", {}) for word in (made.day, *made.numerator))


def _least(found: Iterable[Mapping[date, float]]) -> dict[date, float]:
    least: dict[date, float] = {}
    for each in found:
        for month, share in each.items():
            least[month] = min(share, least.get(month, 1.0))
    return least
