"""Writing what mediation brings: sessions, agreements, performance, other ways, call-backs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_, Duty, Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import lock, move, note_event
from yuantou.disputes.standing import actor_of
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.facts import Call, Found, Held, Terms, Told
from yuantou.mediation.models import (
    Agreement,
    FollowUp,
    MediationRecord,
    PathNotice,
    Performance,
)

BEFORE_FOLLOW_UP = (DisputeState.PERFORMED, DisputeState.PATH_ADVISED, DisputeState.REPLIED)
RECORDED_IN = (DisputeState.IN_MEDIATION,)
CALLED_IN = (*BEFORE_FOLLOW_UP, DisputeState.FOLLOW_UP)


def act(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    action: str,
    facts: Mapping[str, Any],
    note: str = "",
    version: int | None = None,
) -> Dispute:
    """An act of the workflow table that leaves no paper of its own."""
    dispute = move(
        session,
        by=by,
        dispute_id=dispute_id,
        action=action,
        facts=facts,
        note=note,
        version=version,
    )
    _commit(session, by, dispute, action)
    return dispute


def record_session(session: Session, *, by: Viewer, dispute_id: int, held: Held) -> Dispute:
    """One session of mediation goes on record; the state stays."""
    dispute = lock(session, dispute_id)
    _demand(recording_refusal(dispute, by))
    session.add(
        MediationRecord(
            dispute_id=dispute.id,
            held_at=held.held_at,
            place=held.place,
            attendees=held.attendees,
            content=held.content,
            written_by=by.id,
            written_at=clock.now(),
        )
    )
    note_event(session, dispute=dispute, event="mediation_recorded", by=by)
    _commit(session, by, dispute, "record")
    return dispute


def agree(
    session: Session, *, by: Viewer, dispute_id: int, terms: Terms, version: int | None = None
) -> Dispute:
    """The parties agree, orally or in writing."""
    dispute = settle(session, by=by, dispute_id=dispute_id, terms=terms, version=version)
    _commit(session, by, dispute, "agree")
    return dispute


def settle(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    terms: Terms,
    version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Step: write the agreement, and go on to its performance where the terms say so."""
    at = now or clock.now()
    facts = {
        "agreement_form": terms.form,
        "agreement_content": terms.content,
        "amount": terms.amount,
        "due_on": terms.due_on,
        "effective_on": terms.effective_on,
        "signature": terms.signature or "",
        "subjects": terms.subjects,
    }
    dispute = move(
        session,
        by=by,
        dispute_id=dispute_id,
        action="agree",
        facts=facts,
        version=version,
        now=at,
    )
    agreement = _agreement(session, by, dispute, terms, at)
    if terms.mode == "immediate":
        found = Found(terms.effective_on, "performed", _("当场履行"), terms.amount)
        _write_performance(session, by, agreement, found, at)
        _perform(session, by, dispute.id, found, None, at)
    elif terms.due_on:
        move(
            session,
            by=by,
            dispute_id=dispute_id,
            action="begin_performance",
            facts={"due_on": terms.due_on},
            now=at,
        )
    return dispute


def perform(
    session: Session, *, by: Viewer, dispute_id: int, found: Found, version: int | None = None
) -> Dispute:
    """What was promised was done; part of it leaves the state as it is."""
    dispute = lock(session, dispute_id, version)
    at = clock.now()
    if found.result == "performed":
        _perform(session, by, dispute_id, found, None, at)
    else:
        _demand(_handler_refusal(dispute, by))
        note_event(session, dispute=dispute, event="partly_performed", by=by, at=at)
    _write_performance(session, by, current_agreement(session, dispute), found, at)
    _commit(session, by, dispute, "perform")
    return dispute


def default(
    session: Session, *, by: Viewer, dispute_id: int, found: Found, version: int | None = None
) -> Dispute:
    """The promised day passed without performance."""
    at = clock.now()
    dispute = move(
        session,
        by=by,
        dispute_id=dispute_id,
        action="default",
        facts={"defaulted_on": found.on},
        version=version,
        now=at,
    )
    _write_performance(session, by, current_agreement(session, dispute), found, at)
    _commit(session, by, dispute, "default")
    return dispute


def end(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    action: str,
    told: Told,
    reason: str = "",
    refused: bool = False,
    version: int | None = None,
) -> Dispute:
    """`fail`, `terminate` or `advise_path`: the parties hear of the other ways (Art. 26).

    `refused`: a party does not want mediation, which stays on the matter beyond this end.
    """
    at = clock.now()
    if refused:
        facts = {"reason": reason}
        move(
            session,
            by=by,
            dispute_id=dispute_id,
            action="note_refusal",
            facts=facts,
            version=version,
            now=at,
        )
        version = None
    dispute = move(
        session,
        by=by,
        dispute_id=dispute_id,
        action=action,
        facts={"reason": reason, "path_options": told.paths},
        note=reason,
        version=version,
        now=at,
    )
    session.add(
        PathNotice(
            dispute_id=dispute.id,
            paths=list(told.paths),
            told_at=at,
            manner=told.manner,
            note=told.note,
            written_by=by.id,
        )
    )
    _commit(session, by, dispute, action)
    return dispute


def follow_up(
    session: Session, *, by: Viewer, dispute_id: int, call: Call, version: int | None = None
) -> Dispute:
    """A call-back, planned on the spot where it was not, closing the file where it may."""
    dispute, at = lock(session, dispute_id, version), clock.now()
    _demand(calling_refusal(dispute, by))
    if dispute.state in BEFORE_FOLLOW_UP:
        planned = {"planned_on": clock.local(call.called_at).date()}
        move(session, by=by, dispute_id=dispute_id, action="plan_follow_up", facts=planned, now=at)
    session.add(_call(dispute, by, call))
    facts = {"reached": call.reached, "hidden_risk": call.hidden_risk}
    note_event(session, dispute=dispute, event="followed_up", by=by, facts=facts, at=at)
    if call.close_file:
        found = {"found": call.note}
        move(session, by=by, dispute_id=dispute_id, action="close", facts=found, now=at)
    _commit(session, by, dispute, "follow_up")
    return dispute


def recording_refusal(dispute: Dispute, by: Viewer) -> Refusal | None:
    """Why `by` may not put a session on record now."""
    return _state_refusal(dispute, RECORDED_IN, N_("记调解")) or _handler_refusal(dispute, by)


def calling_refusal(dispute: Dispute, by: Viewer) -> Refusal | None:
    """Why `by` may not record a call-back now."""
    return _state_refusal(dispute, CALLED_IN, N_("记回访")) or _handler_refusal(dispute, by)


def current_agreement(session: Session, dispute: Dispute) -> Agreement:
    """The agreement in force."""
    found = session.scalars(
        select(Agreement)
        .where(Agreement.dispute_id == dispute.id, Agreement.superseded_at.is_(None))
        .order_by(Agreement.id.desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotVisibleError(dispute.id)
    return found


def _agreement(
    session: Session, by: Viewer, dispute: Dispute, terms: Terms, at: datetime
) -> Agreement:
    _supersede(session, dispute, at)
    made = Agreement(
        dispute_id=dispute.id,
        form=terms.form,
        content=terms.content,
        amount=terms.amount,
        perform_mode=terms.mode,
        due_on=terms.due_on,
        signature=terms.signature,
        effective_on=terms.effective_on,
        superseded_at=None,
        written_by=by.id,
        written_at=at,
    )
    session.add(made)
    session.flush()
    return made


def _supersede(session: Session, dispute: Dispute, at: datetime) -> None:
    earlier: Sequence[Agreement] = session.scalars(
        select(Agreement).where(
            Agreement.dispute_id == dispute.id, Agreement.superseded_at.is_(None)
        )
    ).all()
    for agreement in earlier:
        agreement.superseded_at = at


def _perform(
    session: Session, by: Viewer, dispute_id: int, found: Found, version: int | None, at: datetime
) -> Dispute:
    return move(
        session,
        by=by,
        dispute_id=dispute_id,
        action="perform",
        facts={"performed_on": found.on, "evidence": found.evidence},
        version=version,
        now=at,
    )


def _write_performance(
    session: Session, by: Viewer, agreement: Agreement, found: Found, at: datetime
) -> None:
    session.add(
        Performance(
            dispute_id=agreement.dispute_id,
            agreement_id=agreement.id,
            found_on=found.on,
            result=found.result,
            amount=found.amount,
            evidence=found.evidence,
            written_by=by.id,
            written_at=at,
        )
    )


def _call(dispute: Dispute, by: Viewer, call: Call) -> FollowUp:
    return FollowUp(
        dispute_id=dispute.id,
        called_at=call.called_at,
        reached=call.reached,
        performed=call.performed,
        satisfied=call.satisfied,
        hidden_risk=call.hidden_risk,
        note=call.note,
        written_by=by.id,
    )


def _state_refusal(dispute: Dispute, states: Sequence[DisputeState], name: str) -> Refusal | None:
    state = DisputeState(dispute.state)
    if state in states:
        return None
    text = N_("这件事项现在是“%(state)s”，不能“%(act)s”。可能已有人先办，请刷新后再看。")
    values = {"state": state.name_zh, "act": name}
    return Refusal("wrong_state", text, "", Ground.STATE, values=values)


def _handler_refusal(dispute: Dispute, by: Viewer) -> Refusal | None:
    if Duty.HANDLER in actor_of(by, dispute).duties:
        return None
    return Refusal("not_your_duty", N_("由承办单位登记。"), "", Ground.DUTY)


def _demand(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise RefusedError(refusal)


def _commit(session: Session, by: Viewer, dispute: Dispute, action: str) -> None:
    record(
        session,
        action=f"dispute:{action}",
        object_type="dispute",
        object_id=dispute.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"state": dispute.state},
    )
    session.commit()
