"""Matters that a unit does not hold and yet owes an answer in: called, offered, or the reply of a
supervised unit to judge."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    any_,
    column,
    func,
    literal,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import Session

from yuantou.disputes.models import Dispute

# Coordination owns these tables, and coordination stands above: only what is asked is named here.
_WHISTLE = table(
    "whistle",
    column("dispute_id"),
    column("agency_id"),
    column("answered_at"),
    column("due_at"),
)
_TRANSFER = table(
    "transfer",
    column("dispute_id"),
    column("to_agency_id"),
    column("answered_at"),
    column("due_at"),
)
_SUPERVISION = table(
    "supervision",
    column("dispute_id"),
    column("agency_id"),
    column("replied_at"),
    column("closed_at"),
)


class Owed(NamedTuple):
    """Until when a unit owes an answer in a matter, and by which limit."""

    due_at: datetime
    rule: str


def owed_by(agency_id: int) -> ColumnElement[bool]:
    """A whistle or transfer not answered, or a reply to a supervision not judged; as an array, so
    that an index finds them beside the unit's own matters."""
    called = select(_WHISTLE.c.dispute_id).where(
        _WHISTLE.c.agency_id == agency_id, _WHISTLE.c.answered_at.is_(None)
    )
    offered = select(_TRANSFER.c.dispute_id).where(
        _TRANSFER.c.to_agency_id == agency_id, _TRANSFER.c.answered_at.is_(None)
    )
    supervised = select(_SUPERVISION.c.dispute_id).where(
        _SUPERVISION.c.agency_id == agency_id,
        _SUPERVISION.c.replied_at.is_not(None),
        _SUPERVISION.c.closed_at.is_(None),
    )
    ids = union_all(called, offered, supervised).scalar_subquery()
    return Dispute.id == any_(func.array(ids))


def owed_until(session: Session, agency_id: int, ids: Collection[int]) -> dict[int, Owed]:
    """The limit of the answer that a unit owes in each of these matters; the first comes first."""
    if not ids:
        return {}
    called = select(
        _WHISTLE.c.dispute_id, _WHISTLE.c.due_at, literal("whistle").label("rule")
    ).where(
        _WHISTLE.c.agency_id == agency_id,
        _WHISTLE.c.answered_at.is_(None),
        _WHISTLE.c.dispute_id.in_(ids),
    )
    offered = select(
        _TRANSFER.c.dispute_id, _TRANSFER.c.due_at, literal("transfer_answer").label("rule")
    ).where(
        _TRANSFER.c.to_agency_id == agency_id,
        _TRANSFER.c.answered_at.is_(None),
        _TRANSFER.c.dispute_id.in_(ids),
    )
    rows = session.execute(union_all(called, offered)).all()
    found: dict[int, Owed] = {}
    for row in sorted(rows, key=lambda row: row.due_at):
        found.setdefault(row.dispute_id, Owed(row.due_at, row.rule))
    return found
