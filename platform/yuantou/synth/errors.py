"""Slips of the pen, planted so that the questions about data are held to a truth: which matters."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import psycopg

LEAST = 2_000  # of fewer disputes these would be too large a part
EACH = 6
BEFORE = (49, 24)  # days before today, so that no quarter that is tested yet is touched
KINDS = ("wrong_date", "impossible_amount", "doubled_row")
Row = tuple[int, str, str, str]  # id, township, type, county
Rows = Sequence[Row]

_FIT = """SELECT id, area_code, type, county_code FROM dispute
WHERE demo AND NOT restricted AND state NOT IN ('draft', 'not_accepted', 'merged')
  AND reported_at >= %(first)s AND reported_at < %(last)s AND NOT id = ANY(%(taken)s)
ORDER BY reported_at, id"""
_DATES = """UPDATE dispute SET occurred_on = CASE WHEN id %% 2 = 0
  THEN CAST(reported_at AS date) + 365 ELSE date '1925-01-01' END WHERE id = ANY(%(ids)s)"""
_AMOUNTS = "UPDATE dispute SET amount = 99999999999.99 WHERE id = ANY(%(ids)s)"
_TWICE = """UPDATE dispute l SET occurred_on = e.occurred_on, summary = e.summary, place = e.place,
  title = e.title, amount = e.amount, involved = e.involved
FROM dispute e WHERE e.id = %(earlier)s AND l.id = %(later)s"""
_SAME_PEOPLE = """UPDATE party l SET id_index = e.id_index, contact_index = e.contact_index
FROM party e WHERE e.dispute_id = %(earlier)s AND l.dispute_id = %(later)s
  AND e.position = l.position"""


def spoil(
    connection: psycopg.Connection[Any],
    planted: Sequence[dict[str, Any]],
    disputes: int,
    today: date,
    seed: int,
) -> list[dict[str, Any]]:
    """Write some matters of a few townships down wrongly; rows of the truth table that say which.

    No matter is added and none that was planted otherwise is touched.
    """
    if disputes < LEAST:
        return []
    first, last = (today - timedelta(days=back) for back in BEFORE)
    taken = [number for event in planted for number in event["dispute_ids"]]
    given = {"first": first, "last": last, "taken": taken}
    rows: list[Row] = connection.execute(_FIT, given).fetchall()
    order = np.random.default_rng([seed, 35])
    told: list[dict[str, Any]] = []
    for kind in KINDS:
        used = {number for event in told for number in event["dispute_ids"]}
        chosen = _chosen(kind, [row for row in rows if row[0] not in used], order)
        if not chosen:
            continue
        ids = [row[0] for row in chosen]
        _write_down(connection, kind, ids)
        told.append(
            {
                "kind": kind, "type": "", "areas": [chosen[0][3]], "first": first.isoformat(),
                "last": last.isoformat(), "extra": 0, "dispute_ids": ids,
            }
        )  # fmt: skip
    return told


def _chosen(kind: str, rows: Iterable[Row], order: np.random.Generator) -> Rows:
    """An even number of matters of one township; of one type where they become the same."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[1], row[2] if kind == "doubled_row" else ""].append(row)
    able = [held for _key, held in sorted(groups.items()) if len(held) > 1]
    if not able:
        return ()
    most = max(len(held) for held in able)
    large = [held for held in able if len(held) >= min(EACH, most)]
    held = large[int(order.integers(len(large)))]
    return held[: min(EACH, len(held) // 2 * 2)]


def _write_down(connection: psycopg.Connection[Any], kind: str, ids: Sequence[int]) -> None:
    if kind == "wrong_date":
        connection.execute(_DATES, {"ids": list(ids)})
    elif kind == "impossible_amount":
        connection.execute(_AMOUNTS, {"ids": list(ids)})
    else:
        for earlier, later in zip(ids[::2], ids[1::2], strict=True):
            given = {"earlier": earlier, "later": later}
            connection.execute(_TWICE, given)
            connection.execute(_SAME_PEOPLE, given)
