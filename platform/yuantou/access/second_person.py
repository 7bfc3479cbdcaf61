"""What counts only once a second person has approved what the first proposed.

Steps on a row with `proposed_by`, `approved_by`, `approved_at`, `rejected_at`; whoever calls them
writes the audit row and commits. The database holds the same rule as a constraint.
"""

from datetime import datetime
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement
from sqlalchemy.orm import object_session

from yuantou.access.viewer import Viewer

REFUSALS = {
    "not_waiting": _l("这一版已经有人提请或者已经处理。"),
    "not_proposed": _l("还没有人提请启用：先由一个人提请，再由另一个人批准。"),
    "same_person": _l("提请的人不能自己批准，请另一位有权限的人来。"),
    "not_tried": _l("还没有试算完，请等一分钟再看。"),
    "decided": _l("已经处理过了。"),
}


class Refused(ValueError):
    """The act does not fit where the row stands; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Proposal(Protocol):
    """A row that two persons decide on."""

    reason: Any
    proposed_by: Any
    proposed_at: Any
    approved_by: Any
    approved_at: Any
    rejected_at: Any


def undecided(model: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the rows of a table that nobody has decided on yet."""
    return (model.approved_at.is_(None), model.rejected_at.is_(None))


def adopt(row: Proposal, *, by: Viewer, reason: str, at: datetime) -> None:
    """Step: propose what came with the product: it needs two persons like any other."""
    read_anew(row)
    if row.proposed_by is not None or row.approved_at or row.rejected_at:
        raise Refused("not_waiting")
    row.proposed_by, row.proposed_at, row.reason = by.id, at, reason


def approve(row: Proposal, *, by: Viewer, at: datetime, tried: bool = True) -> None:
    """Step: let it count, as the second person, who has its trial before him."""
    refuse_decided(row)
    if row.proposed_by is None:
        raise Refused("not_proposed")
    if row.proposed_by == by.id:
        raise Refused("same_person")
    if not tried:
        raise Refused("not_tried")
    row.approved_by, row.approved_at = by.id, at


def reject(row: Proposal, *, at: datetime) -> None:
    """Step: end a proposal."""
    refuse_decided(row)
    row.rejected_at = at


def refuse_decided(row: Proposal) -> None:
    """Refused where it was approved or ended before."""
    read_anew(row)
    if row.approved_at or row.rejected_at:
        raise Refused("decided")


def read_anew(row: object) -> None:
    """Step: hold the row and read it as it now stands: of two at once the first decides."""
    session = object_session(row)
    if session is not None:
        session.refresh(row, with_for_update=True)
