"""Slips of the pen, planted so that the questions about data are held to a truth: which matters."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import psycopg

from yuantou.synth.land import Land
from yuantou.synth.planting import Planted

LEAST = 2_000  # of fewer disputes these would be too large a part
TYPE = "neighborhood"
EACH = 6
BEFORE = (49, 24)  # days before today, so that no quarter that is tested yet is touched
KINDS = ("wrong_date", "impossible_amount", "doubled_row")

_FIT = """SELECT id FROM dispute WHERE id = ANY(%(ids)s) AND NOT restricted
  AND state NOT IN ('draft', 'not_accepted', 'merged') ORDER BY reported_at, id"""
_DATES = """UPDATE dispute SET occurred_on = CASE WHEN id %% 2 = 0
  THEN CAST(reported_at AS date) + 365 ELSE date '1925-01-01' END WHERE id = ANY(%(ids)s)"""
_AMOUNTS = "UPDATE dispute SET amount = 99999999999.99 WHERE id = ANY(%(ids)s)"
_TWICE = """UPDATE dispute l SET occurred_on = e.occurred_on, summary = e.summary, place = e.place,
  title = e.title, amount = e.amount, involved = e.involved
FROM dispute e WHERE e.id = %(earlier)s AND l.id = %(later)s"""
_SAME_PEOPLE = """UPDATE party l SET id_index = e.id_index, contact_index = e.contact_index
FROM party e WHERE e.dispute_id = %(earlier)s AND l.dispute_id = %(later)s
  AND e.position = l.position"""


def plant_errors(land: Land, disputes: int, first: date, today: date, seed: int) -> list[Planted]:
    """One township of each kind, whose matters of one type are written down wrongly."""
    since, until = (today - timedelta(days=back) for back in BEFORE)
    flat = sum(len(each) for each in land.townships)
    if disputes < LEAST or since < first:
        return []
    starts = np.concatenate(([0], np.cumsum([len(each) for each in land.townships])))
    chosen = np.random.default_rng([seed, 35]).permutation(flat)[: len(KINDS)].tolist()
    return [
        Planted(
            kind,
            TYPE,
            (land.counties[int(np.searchsorted(starts, place, side="right")) - 1].code,),
            (place,),
            since,
            until,
            1.0,
            EACH,
        )
        for kind, place in zip(KINDS, chosen, strict=False)
    ]


def spoil(connection: psycopg.Connection[Any], planted: Sequence[dict[str, Any]]) -> None:
    """Write them down wrongly; the truth table then names those that were, and no rise."""
    for event in planted:
        if event["kind"] not in KINDS:
            continue
        rows = connection.execute(_FIT, {"ids": event["dispute_ids"]}).fetchall()
        ids = [number for (number,) in rows]
        if event["kind"] == "wrong_date":
            connection.execute(_DATES, {"ids": ids})
        elif event["kind"] == "impossible_amount":
            connection.execute(_AMOUNTS, {"ids": ids})
        else:
            ids = _double(connection, ids)
        event["dispute_ids"], event["extra"] = ids, 0


def _double(connection: psycopg.Connection[Any], ids: list[int]) -> list[int]:
    """Every second one becomes the same as the one before it."""
    pairs = list(zip(ids[::2], ids[1::2], strict=False))
    for earlier, later in pairs:
        given = {"earlier": earlier, "later": later}
        connection.execute(_TWICE, given)
        connection.execute(_SAME_PEOPLE, given)
    return [number for pair in pairs for number in pair]
