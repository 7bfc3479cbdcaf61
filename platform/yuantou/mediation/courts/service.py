"""Acts on the tracks to a court: each one judged by its table, told to the other side, audited."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.effects import kept
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.models import Dispute, Participation
from yuantou.disputes.service import lock, move, note_event
from yuantou.disputes.signals import moved
from yuantou.disputes.standing import history
from yuantou.disputes.tracks import EntrustmentState
from yuantou.disputes.workflow import DisputeState
from yuantou.limits.extending import tracked_refusal
from yuantou.mediation.courts.models import Confirmation, Entrustment
from yuantou.mediation.courts.tracking import ROWS, Place, agreement_id, entrustment_of, places
from yuantou.notices.service import notify

COURT_PART = "court"
FOLLOWING = {  # what the main way says of an entrusted matter is said to the court's track too
    "mediation_started": "mediate_entrusted",
    "mediation_failed": "fail_entrusted",
    "terminated": "fail_entrusted",
}


def act(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    action: str,
    facts: Mapping[str, Any],
    version: int | None = None,
    named_id: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """One act of a track; receiving what a court entrusted takes the matter up as well."""
    at, dispute = now or clock.now(), lock(session, dispute_id, version)
    place = _place(session, by, dispute, action, at)
    refusal = place.track.check(action, place.matter, place.actor, facts)
    if refusal is None and action == "extend_entrusted":
        refusal = tracked_refusal(session, dispute_id, "entrusted", at)
    if refusal is not None:
        raise RefusedError(refusal)
    standing = place.record or _begun(session, dispute, at)
    _write(standing, action, facts, at)
    if action == "apply_confirmation" and facts.get("court_agency_id"):
        _let_court_in(session, dispute, int(facts["court_agency_id"]), named_id, at)
    _note(session, by, dispute, action, facts, at)
    if action == "receive" and dispute.state == DisputeState.REPORTED:
        _accept(session, by, dispute, at)
    _tell(session, by, dispute, action, standing.court_agency_id)
    _audit(session, by, dispute, action)
    session.commit()
    return dispute


def follow(session: Session, *, by: Viewer | None, dispute: Dispute, event: str) -> None:
    """Step: the court's track goes along with mediation begun or ended on the main way."""
    standing, action = entrustment_of(session, dispute.id), FOLLOWING[event]
    row = ROWS[action]
    if EntrustmentState(standing.state) not in row.sources or by is None:
        return
    at = clock.now()
    _write(standing, action, {}, at)
    _note(session, by, dispute, action, {}, at)


def _place(session: Session, by: Viewer, dispute: Dispute, action: str, at: datetime) -> Place:
    found = places(session, by, dispute, history(session, dispute.id), at)
    for place in found:
        if any(row.action == action for row in place.track.table):
            return place
    raise NotVisibleError(dispute.id)


def _begun(session: Session, dispute: Dispute, at: datetime) -> Confirmation:
    agreement = agreement_id(session, dispute.id)
    if agreement is None:
        raise NotVisibleError(dispute.id)
    made = Confirmation(
        dispute_id=dispute.id,
        agreement_id=agreement,
        state="",
        court_code=None,
        court_agency_id=None,
        subjects=[],
        documents="",
        applied_on=None,
        court_case=None,
        decided_on=None,
        execution_on=None,
        reason="",
        updated_at=at,
    )
    session.add(made)
    return made


Standing = Confirmation | Entrustment
_COLUMNS: dict[str, dict[str, str]] = {  # action -> column: fact
    "apply_confirmation": {
        "court_code": "court_code",
        "court_agency_id": "court_agency_id",
        "subjects": "subjects",
        "documents": "application_documents",
        "applied_on": "applied_on",
    },
    "accept_confirmation": {"court_case": "court_case"},
    "decline_confirmation": {"reason": "reason"},
    "confirm": {"decided_on": "decided_on"},
    "dismiss": {"decided_on": "decided_on", "reason": "reason"},
    "withdraw_confirmation": {"reason": "reason"},
    "apply_execution": {"execution_on": "applied_on"},
    "receive": {
        "received_at": "received_at",
        "procedure": "procedure",
        "materials": "materials",
    },
    "succeed_entrusted": {"outcome": "outcome"},
    "return_to_court": {"returned_at": "returned_at"},
}


def _write(standing: Standing, action: str, facts: Mapping[str, Any], at: datetime) -> None:
    for column, fact in _COLUMNS.get(action, {}).items():
        value = facts.get(fact)
        setattr(standing, column, list(value) if isinstance(value, tuple) else value)
    if isinstance(standing, Entrustment) and action == "extend_entrusted":
        standing.extended_on = clock.local(at).date()
    if isinstance(standing, Entrustment) and action == "fail_entrusted":
        standing.reason = str(facts.get("reason") or "")
    standing.state, standing.updated_at = str(ROWS[action].target), at


def _note(
    session: Session,
    by: Viewer,
    dispute: Dispute,
    action: str,
    facts: Mapping[str, Any],
    at: datetime,
) -> None:
    """The history says it, and whoever listens to the main way hears of it."""
    event = note_event(
        session,
        dispute=dispute,
        event=ROWS[action].event,
        by=by,
        note=str(facts.get("reason") or ""),
        facts=kept(facts),
        at=at,
    )
    event.from_state = event.to_state = dispute.state
    dispute.updated_at = at
    session.flush()
    moved.send(dispute, session=session, event=event, by=by)


def _accept(session: Session, by: Viewer, dispute: Dispute, at: datetime) -> None:
    if by.may(Permission.DISPUTE_ACCEPT):
        move(session, by=by, dispute_id=dispute.id, action="accept", now=at)


def _let_court_in(
    session: Session, dispute: Dispute, agency_id: int, named_id: int | None, at: datetime
) -> None:
    known = session.scalars(
        select(Participation.id).where(
            Participation.dispute_id == dispute.id,
            Participation.agency_id == agency_id,
            Participation.until.is_(None),
        )
    ).first()
    if known is None:
        session.add(
            Participation(
                dispute_id=dispute.id, agency_id=agency_id, part=COURT_PART, since=at, until=None
            )
        )
    if dispute.restricted and named_id:
        session.execute(select(func.name_handler(dispute.id, named_id)))


def _tell(
    session: Session, by: Viewer, dispute: Dispute, action: str, court_agency_id: int | None
) -> None:
    """The other side hears of it: the court of what the handler does, the handler of the court."""
    other = dispute.handler_agency_id if by.agency.id == court_agency_id else court_agency_id
    if other is None or other == by.agency.id:
        return
    name = dispute.number or _("未编号事项")
    notify(
        session,
        agency_id=other,
        kind="court_track",
        title=f"{_(ROWS[action].name_zh)}：{name}",
        link=f"/matters/{dispute.id}",
        dispute_id=dispute.id,
    )


def _audit(session: Session, by: Viewer, dispute: Dispute, action: str) -> None:
    record(
        session,
        action=f"dispute:{action}",
        object_type="dispute",
        object_id=dispute.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"state": dispute.state},
    )
