"""Matters that a unit does not hold and yet owes an answer in: called, offered or supervised."""

from sqlalchemy import ColumnElement, any_, column, func, select, table, union_all

from yuantou.disputes.models import Dispute

# Coordination owns these tables, and coordination stands above: only what is asked is named here.
_WHISTLE = table("whistle", column("dispute_id"), column("agency_id"), column("answered_at"))
_TRANSFER = table("transfer", column("dispute_id"), column("to_agency_id"), column("answered_at"))
_SUPERVISION = table(
    "supervision",
    column("dispute_id"),
    column("agency_id"),
    column("replied_at"),
    column("closed_at"),
)


def owed_by(agency_id: int) -> ColumnElement[bool]:
    """A whistle or transfer not answered, or a supervision not replied to; as an array, so that
    an index finds them beside the unit's own matters."""
    called = select(_WHISTLE.c.dispute_id).where(
        _WHISTLE.c.agency_id == agency_id, _WHISTLE.c.answered_at.is_(None)
    )
    offered = select(_TRANSFER.c.dispute_id).where(
        _TRANSFER.c.to_agency_id == agency_id, _TRANSFER.c.answered_at.is_(None)
    )
    supervised = select(_SUPERVISION.c.dispute_id).where(
        _SUPERVISION.c.agency_id == agency_id,
        _SUPERVISION.c.replied_at.is_(None),
        _SUPERVISION.c.closed_at.is_(None),
    )
    ids = union_all(called, offered, supervised).scalar_subquery()
    return Dispute.id == any_(func.array(ids))
