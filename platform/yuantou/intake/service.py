"""Logging a dispute in one transaction, with its parties, its oral agreement and its twins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.codes import read
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import NewParty, add_parties
from yuantou.disputes.service import (
    NewDispute,
    lock,
    move,
    note_event,
    open_dispute,
    submit_draft,
)
from yuantou.disputes.standing import history
from yuantou.disputes.workflow import DisputeState
from yuantou.intake.crowd import reminds, risk_of
from yuantou.intake.drafts.queries import draft_under
from yuantou.intake.drafts.service import forget
from yuantou.intake.duplicates import report_outside
from yuantou.intake.models import DuplicateHint
from yuantou.intake.queries import county_centre, made_before, submitted
from yuantou.mediation.facts import Terms
from yuantou.mediation.service import settle
from yuantou.notices.service import notify

TWICE = "uq_dispute_submission"
TWINS = "/intake/twins"
Also = Callable[[Dispute, datetime], None]


class SubmissionTakenError(Exception):
    """Somebody else's form was sent under this token."""


@dataclass(frozen=True)
class Oral:
    """An oral agreement as it was told on the spot; both sides consented."""

    content: str
    due_on: date | None
    performed: bool = False

    @property
    def mode(self) -> str:
        """How it is performed, in the words of an agreement."""
        if self.performed:
            return "immediate"
        return "by_date" if self.due_on else "none"


@dataclass(frozen=True)
class Logged:
    """What a submission led to; `refusal` says why the agreement could not be entered."""

    dispute_id: int
    again: bool = False
    refusal: Refusal | None = None


def log_dispute(
    session: Session,
    *,
    by: Viewer,
    draft: NewDispute,
    parties: Sequence[NewParty] = (),
    oral: Oral | None = None,
    also: Also | None = None,
    now: datetime | None = None,
) -> Logged:
    """One submission, one dispute: a second sending finds the first.

    `also` does in the same transaction what the place of intake adds to it.
    """
    before = made_before(session, by, draft.submission)
    kept = before is not None and before.state == DisputeState.DRAFT
    if before is not None and not kept:
        return Logged(before.id, again=True)
    try:
        return _log(session, by, draft, parties, oral, also, now or clock.now(), kept=kept)
    except RefusedError:
        session.rollback()  # a draft that was sent twice at once is a report by now
        first = submitted(session, by, draft.submission)
        if first is None:
            raise
        return Logged(first.id, again=True)
    except IntegrityError as error:
        session.rollback()
        if TWICE not in str(error.orig):
            raise
        first = submitted(session, by, draft.submission)
        if first is None:
            raise SubmissionTakenError(draft.submission) from error
        return Logged(first.id, again=True)


def supplement(session: Session, *, by: Viewer, dispute_id: int, words: str) -> Dispute:
    """What was typed belongs to a dispute that is there already: it joins its history."""
    dispute = lock(session, dispute_id)
    if words == dispute.summary or _said_already(session, dispute, by, words):
        return dispute
    note_event(session, dispute=dispute, event="supplemented", by=by, note=words)
    _audit(session, by, "dispute:supplement", dispute.id, {})
    session.commit()
    return dispute


def _said_already(session: Session, dispute: Dispute, by: Viewer, words: str) -> bool:
    """Whether the newest event is the same addition by the same person: a second click."""
    newest = history(session, dispute.id)[-1]
    return (newest.event, newest.actor_id, newest.note) == ("supplemented", by.id, words)


def report_twins(session: Session, *, by: Viewer, dispute: Dispute, at: datetime) -> None:
    """Step: the county centre hears of possible twins out of sight; never who they are."""
    twins = report_outside(session, dispute)
    county = county_centre(session, dispute.county_code) if twins else None
    if county is None or county == by.agency.id:
        return
    title = _("有 %(n)s 件疑似重复登记待核对", n=twins)
    notify(session, agency_id=county, kind="duplicate", title=title, link=TWINS, now=at)


def settle_hint(
    session: Session,
    *,
    by: Viewer,
    hint_id: int,
    verdict: str,
    note: str = "",
    now: datetime | None = None,
) -> DuplicateHint:
    """The county coordinator says whether two disputes are the same."""
    hint = session.get(DuplicateHint, hint_id, with_for_update=True, populate_existing=True)
    if hint is None:
        raise NotVisibleError(hint_id)
    hint.settled_at, hint.settled_by, hint.verdict = now or clock.now(), by.id, verdict
    dispute = session.get(Dispute, hint.dispute_id)
    if dispute is not None:
        facts = {"other_id": hint.other_id, "verdict": verdict}
        note_event(
            session, dispute=dispute, event="duplicate_settled", by=by, note=note, facts=facts
        )
    _audit(session, by, "duplicate:settle", hint.dispute_id, {"hint": hint.id, "verdict": verdict})
    session.commit()
    return hint


def _log(
    session: Session,
    by: Viewer,
    draft: NewDispute,
    parties: Sequence[NewParty],
    oral: Oral | None,
    also: Also | None,
    at: datetime,
    *,
    kept: bool,
) -> Logged:
    dispute = _reported(session, by, draft, at, kept=kept)
    _tell_of_crowd(session, by, dispute, at)
    if parties:
        add_parties(session, dispute=dispute, told=parties)
        report_twins(session, by=by, dispute=dispute, at=at)
    if also is not None:
        also(dispute, at)
    refusal = _settle_orally(session, by, dispute, oral, at) if oral else None
    facts = {
        "parties": len(parties),
        "oral": oral is not None,
        "state": dispute.state,
        "refused": refusal.code if refusal else None,
    }
    _audit(session, by, "dispute:log", dispute.id, facts)
    session.commit()
    return Logged(dispute.id, refusal=refusal)


def _reported(
    session: Session, by: Viewer, draft: NewDispute, at: datetime, *, kept: bool
) -> Dispute:
    """A new report, or the draft that was kept under the same token."""
    held = draft_under(session, by, draft.submission) if kept else None
    if held is None:
        return open_dispute(session, by=by, draft=draft, now=at)
    dispute = submit_draft(session, by=by, dispute_id=held.dispute_id, draft=draft, now=at)
    forget(session, dispute.id)
    return dispute


def _tell_of_crowd(session: Session, by: Viewer, dispute: Dispute, at: datetime) -> None:
    """The county centre hears of many people in one matter."""
    if not reminds(dispute.involved, dispute.type, dispute.flags):
        return
    county = county_centre(session, dispute.county_code)
    if county is None or county == by.agency.id:
        return
    notify(
        session,
        agency_id=county,
        kind="crowd",
        title=_("新登记的事项涉及 %(n)s 人", n=dispute.involved),
        link=f"/matters/{dispute.id}",
        dispute_id=dispute.id,
        now=at,
    )


def _settle_orally(
    session: Session, by: Viewer, dispute: Dispute, oral: Oral, at: datetime
) -> Refusal | None:
    """Walk from the report to the agreement; where the law stops, keep what was agreed."""
    try:
        for step in _steps(session, by, dispute, oral, at):
            step()
    except RefusedError as refused:
        facts = {"due_on": oral.due_on.isoformat() if oral.due_on else None}
        note_event(
            session,
            dispute=dispute,
            event="oral_agreement_noted",
            by=by,
            note=oral.content,
            facts=facts,
            at=at,
        )
        return refused.refusal
    return None


def _steps(
    session: Session, by: Viewer, dispute: Dispute, oral: Oral, at: datetime
) -> list[Callable[[], object]]:
    """Accept, triage, mediate, agree: each judged by the workflow table on its own."""
    risk = risk_of(read().least_risk(dispute.flags), dispute.involved, dispute.type, dispute.flags)
    triage = {"category": dispute.type, "risk": risk, "path": "mediation", "complexity": "simple"}

    def go(action: str, facts: dict[str, Any]) -> Callable[[], object]:
        return lambda: move(
            session, by=by, dispute_id=dispute.id, action=action, facts=facts, now=at
        )

    terms = Terms("oral", oral.content, oral.mode, clock.local(at).date(), oral.due_on)
    return [
        go("accept", {"consent": True}),
        go("triage", triage),
        go("mediate", {"mediator_id": by.id, "consent": True}),
        lambda: settle(session, by=by, dispute_id=dispute.id, terms=terms, now=at),
    ]


def _audit(
    session: Session, by: Viewer, action: str, dispute_id: int, facts: dict[str, Any]
) -> None:
    record(
        session,
        action=action,
        object_type="dispute",
        object_id=dispute_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
