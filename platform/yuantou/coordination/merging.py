"""One matter closed into another, and taken out again when they were not the same after all."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.coordination.acting import finish, name_of, tell
from yuantou.coordination.queries import by_number
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import move, note_event


def merge(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    master_number: str,
    reason: str,
) -> Dispute:
    """Close the report into the other one, which keeps a note of it."""
    master = by_number(session, by, master_number.strip())
    if master is None or master.id == dispute_id or master.master_id is not None:
        raise RefusedError(_no_master(master, dispute_id))
    dispute = move(
        session,
        by=by,
        dispute_id=dispute_id,
        action="merge",
        facts={"master_id": master.id},
        note=reason,
        version=version,
    )
    _note(session, by, master, "merged_into", _("并入：%(title)s", title=name_of(dispute)), dispute)
    return finish(session, by, dispute, "merge", master=master.id)


def unmerge(
    session: Session, *, by: Viewer, dispute_id: int, version: int | None = None, reason: str
) -> Dispute:
    """Take the matter out of the merger: its state, owner, parties and limits are as before."""
    merged = session.get(Dispute, dispute_id)
    master_id = merged.master_id if merged else None
    dispute = move(
        session,
        by=by,
        dispute_id=dispute_id,
        action="unmerge",
        facts={"reason": reason},
        note=reason,
        version=version,
    )
    master = session.get(Dispute, master_id) if master_id else None
    if master is not None:
        words = _("移出：%(title)s", title=name_of(dispute))
        _note(session, by, master, "taken_out", words, dispute)
    tell(session, dispute, "dispute_unmerged", _("解除并案：%(number)s", number=name_of(dispute)))
    return finish(session, by, dispute, "unmerge", master=master_id)


def _note(
    session: Session, by: Viewer, master: Dispute, event: str, words: str, dispute: Dispute
) -> None:
    facts: dict[str, Any] = {"dispute_id": dispute.id}
    note_event(session, dispute=master, event=event, by=by, note=words, facts=facts)


def _no_master(master: Dispute | None, dispute_id: int) -> Refusal:
    text = N_("范围内没有这个编号的事项，请核对编号")
    if master is not None:
        own = master.id == dispute_id
        text = N_("不能并入自己") if own else N_("那一件已并入别的事项，请写最终那一件的编号")
    return Refusal("no_master", text, "", Ground.FORM, "master_number")
