"""Which drafts there are: one's own with what they tell, those of colleagues by name and time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import cipher_of
from yuantou.disputes.workflow import DisputeState
from yuantou.intake.drafts.models import Draft

MOST = 100
CONTEXT = "draft"
Content = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Own:
    """A draft of the viewer's own, opened."""

    row: Draft
    submission: str
    content: Content


def own_drafts(session: Session, viewer: Viewer, *, discarded: bool = False) -> list[Own]:
    """The viewer's drafts, latest first; what was thrown away apart."""
    thrown = Draft.discarded_at.is_not(None) if discarded else Draft.discarded_at.is_(None)
    rows = session.execute(
        select(Draft, Dispute.submission)
        .join(Dispute, Dispute.id == Draft.dispute_id)
        .where(Draft.account_id == viewer.id, thrown, Dispute.state == DisputeState.DRAFT)
        .order_by(Draft.saved_at.desc())
        .limit(MOST)
    ).all()
    return [Own(row, submission, opened(session, row)) for row, submission in rows]


def drafts_of_colleagues(session: Session, viewer: Viewer) -> list[tuple[Draft, str]]:
    """Who else of the unit keeps a draft, and since when; never what it tells."""
    rows = session.execute(
        select(Draft, Account.display_name)
        .join(Account, Account.id == Draft.account_id)
        .where(
            Draft.agency_id == viewer.agency.id,
            Draft.account_id != viewer.id,
            Draft.discarded_at.is_(None),
        )
        .order_by(Draft.saved_at.desc())
        .limit(MOST)
    ).all()
    return [(row, name) for row, name in rows]


def own_draft(session: Session, viewer: Viewer, dispute_id: int) -> Own | None:
    """One draft of the viewer's own that was not thrown away."""
    row = session.get(Draft, dispute_id)
    if row is None or row.account_id != viewer.id or row.discarded_at is not None:
        return None
    submission = session.scalar(select(Dispute.submission).where(Dispute.id == dispute_id))
    return Own(row, submission, opened(session, row)) if submission else None


def draft_under(session: Session, viewer: Viewer, submission: str) -> Draft | None:
    """The viewer's draft that this form made before."""
    return session.scalars(
        select(Draft)
        .join(Dispute, Dispute.id == Draft.dispute_id)
        .where(Dispute.submission == submission, Draft.account_id == viewer.id)
    ).first()


def count_own(session: Session, viewer: Viewer) -> int:
    """How many drafts wait for the viewer."""
    mine = select(func.count()).where(
        Draft.agency_id == viewer.agency.id,
        Draft.account_id == viewer.id,
        Draft.discarded_at.is_(None),
    )
    return session.scalar(mine) or 0


def opened(session: Session, row: Draft) -> Content:
    """What was typed; for the eyes of its author."""
    text = cipher_of(session, row.dispute_id).open(row.sealed, CONTEXT)
    told: Content = json.loads(text)
    return told
