"""Keeping, throwing away and taking back drafts. Submitting one is logging a dispute."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.errors import NotVisibleError
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import cipher_of
from yuantou.disputes.service import lock, move, note_event, open_draft
from yuantou.intake.drafts.models import Draft
from yuantou.intake.drafts.queries import CONTEXT, Content, draft_under, opened


class StaleDraftError(Exception):
    """Another tab has written since; `saves` is the count that stands now."""

    def __init__(self, saves: int) -> None:
        super().__init__(f"kept {saves} times by now")
        self.saves = saves


def keep(
    session: Session,
    *,
    by: Viewer,
    submission: str,
    content: Content,
    saves: int,
    now: datetime | None = None,
) -> Draft:
    """Keep what was typed under the token of its form; the same sent twice is kept once.

    `saves` is the count that the page was opened with: where another tab has written since,
    StaleDraftError tells the count that stands now, and nothing is overwritten. IntegrityError
    where the token belongs to somebody else's form.
    """
    at = now or clock.now()
    held = draft_under(session, by, submission)
    try:
        row = _rewritten(session, by, held, content, saves, at) if held else None
        if row is None:
            row = _begun(session, by, submission, content, at)
    except IntegrityError:
        session.rollback()
        held = draft_under(session, by, submission)
        if held is None:
            raise
        row = _rewritten(session, by, held, content, saves, at)
    session.commit()
    return row


def discard(session: Session, *, by: Viewer, dispute_id: int, now: datetime | None = None) -> None:
    """Throw a draft away; it can be taken back until it is forgotten."""
    at = now or clock.now()
    row = _own(session, by, dispute_id)
    if row.discarded_at is not None:
        return
    move(session, by=by, dispute_id=dispute_id, action="discard", now=at)
    row.discarded_at = at
    _audit(session, by, "draft:discard", dispute_id)
    session.commit()


def restore(session: Session, *, by: Viewer, dispute_id: int, now: datetime | None = None) -> None:
    """Take a draft back that was thrown away."""
    row = _own(session, by, dispute_id)
    if row.discarded_at is None:
        return
    _taken_back(session, by, lock(session, dispute_id), row, now or clock.now())
    _audit(session, by, "draft:restore", dispute_id)
    session.commit()


def forget(session: Session, dispute_id: int) -> None:
    """Step: what was typed is needed no more, the report tells it."""
    row = session.get(Draft, dispute_id)
    if row is not None:
        session.delete(row)


def _begun(session: Session, by: Viewer, submission: str, content: Content, at: datetime) -> Draft:
    dispute = open_draft(session, by=by, submission=submission, now=at)
    row = Draft(
        dispute_id=dispute.id,
        account_id=by.id,
        agency_id=by.agency.id,
        sealed=_sealed(session, dispute.id, content),
        saves=1,
        saved_at=at,
        discarded_at=None,
    )
    session.add(row)
    session.flush()
    _audit(session, by, "draft:keep", dispute.id)
    return row


def _rewritten(
    session: Session, by: Viewer, held: Draft, content: Content, saves: int, at: datetime
) -> Draft:
    dispute = lock(session, held.dispute_id)
    session.refresh(held)
    if opened(session, held) == content and held.discarded_at is None:
        return held
    if held.saves != saves:
        count = held.saves
        session.rollback()
        raise StaleDraftError(count)
    held.sealed, held.saved_at = _sealed(session, dispute.id, content), at
    held.saves, dispute.updated_at = held.saves + 1, at
    if held.discarded_at is not None:
        _taken_back(session, by, dispute, held, at)
    _audit(session, by, "draft:keep", dispute.id)
    return held


def _taken_back(session: Session, by: Viewer, dispute: Dispute, row: Draft, at: datetime) -> None:
    row.discarded_at = None
    note_event(session, dispute=dispute, event="draft_restored", by=by, at=at)


def _own(session: Session, by: Viewer, dispute_id: int) -> Draft:
    row = session.get(Draft, dispute_id, with_for_update=True, populate_existing=True)
    if row is None or row.account_id != by.id:
        raise NotVisibleError(dispute_id)
    return row


def _sealed(session: Session, dispute_id: int, content: Content) -> bytes:
    text = json.dumps(dict(content), ensure_ascii=False)
    return cipher_of(session, dispute_id).seal(text, CONTEXT)


def _audit(session: Session, by: Viewer, action: str, dispute_id: int) -> None:
    facts: dict[str, Any] = {}
    record(
        session,
        action=action,
        object_type="dispute",
        object_id=dispute_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
