"""Units whose figures are made, planted so that the questions to units can be held to a truth."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import psycopg

from yuantou.indicators.integrity.gathering import QUARTER, REFILED_DAYS, quarter_due
from yuantou.indicators.periods import shift
from yuantou.synth.land import Land
from yuantou.synth.planting import Planted

LEAST = 4_000  # of fewer disputes these would be too large a part
WAIT_DAYS = 35
TYPE = "neighborhood"
EXTRA = {"deadline_day": 30, "same_records": 30, "instant": 36, "refiled": 60}
BEFORE = {"refiled": 60, "instant": 40, "deadline_day": 30, "same_records": 15}
RECORD = (
    "双方到调解室，经讲法律、讲道理，互相谅解，当场握手言和，表示今后和睦相处，不再为此事争执。"
)

_SAME = "UPDATE mediation_record SET content = %(text)s WHERE dispute_id = ANY(%(ids)s)"
_LAST_DAY = """UPDATE deadline SET met_at = due_at - interval '2 hours'
WHERE dispute_id = ANY(%(ids)s) AND met_at <= due_at AND promised_on IS NULL
  AND due_at >= started_at + interval '3 days' AND due_at < %(now)s
  AND agency_id IN (SELECT id FROM agency WHERE kind = 'committee')"""
_AT_ONCE = """WITH paid AS (
  UPDATE performance f SET written_at = g.written_at + interval '4 minutes',
    found_on = g.effective_on
  FROM agreement g WHERE g.id = f.agreement_id AND f.dispute_id = ANY(%(ids)s)
    AND f.result = 'performed' RETURNING f.dispute_id, f.written_at),
told AS (
  UPDATE dispute_event e SET at = paid.written_at FROM paid
  WHERE e.dispute_id = paid.dispute_id AND e.event = 'performed')
UPDATE dispute d SET performed_at = paid.written_at FROM paid WHERE d.id = paid.dispute_id"""
# The persons of a closed matter come again: the later one carries the earlier one's indexes.
_AGAIN = """UPDATE party l SET id_index = e.id_index, contact_index = e.contact_index
FROM party e WHERE e.dispute_id = %(earlier)s AND l.dispute_id = %(later)s
  AND e.position = l.position AND e.kind = 'person' AND l.kind = 'person'"""
_CLOSED = """SELECT id, closed_at, reported_at FROM dispute WHERE id = ANY(%(ids)s)
ORDER BY reported_at, id"""


def plant_gaming(land: Land, disputes: int, first: date, today: date, seed: int) -> list[Planted]:
    """One committee of each kind, in the quarter that is tested as of `today`."""
    quarter = quarter_due(today, WAIT_DAYS)
    flat = sum(len(each) for each in land.townships)
    if disputes < LEAST or quarter - timedelta(days=max(BEFORE.values())) < first:
        return []
    starts = np.concatenate(([0], np.cumsum([len(each) for each in land.townships])))
    chosen = np.random.default_rng([seed, 24]).permutation(flat)[: len(EXTRA)].tolist()
    return [
        Planted(
            kind,
            TYPE,
            (land.counties[int(np.searchsorted(starts, place, side="right")) - 1].code,),
            (place,),
            quarter - timedelta(days=BEFORE[kind]),
            shift(quarter, QUARTER) - timedelta(days=1 if kind == "refiled" else 40),
            1.0,
            extra,
        )
        for (kind, extra), place in zip(EXTRA.items(), chosen, strict=False)
    ]


def make_up(
    connection: psycopg.Connection[Any], planted: Sequence[dict[str, Any]], now: str
) -> None:
    """Change the planted matters as their units would have."""
    for event in planted:
        given = {"ids": event["dispute_ids"], "now": now, "text": RECORD}
        if event["kind"] == "same_records":
            connection.execute(_SAME, given)
        elif event["kind"] == "deadline_day":
            connection.execute(_LAST_DAY, given)
        elif event["kind"] == "instant":
            connection.execute(_AT_ONCE, given)
        elif event["kind"] == "refiled":
            _refile(connection, given)


def _refile(connection: psycopg.Connection[Any], given: dict[str, Any]) -> None:
    """Let each closed matter come again as the next one reported soon after."""
    rows = connection.execute(_CLOSED, given).fetchall()
    used: set[int] = set()
    soon = timedelta(days=REFILED_DAYS)
    for number, closed_at, _reported in rows:
        if closed_at is None or number in used:
            continue
        later = next(
            (
                other
                for other, _closed, reported in rows
                if other not in used and closed_at < reported < closed_at + soon
            ),
            None,
        )
        if later is not None:
            used.add(later)
            connection.execute(_AGAIN, {"earlier": number, "later": later})
