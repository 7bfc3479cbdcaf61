"""Use cases on the parties of a matter: one is added, corrected, opened; values stay sealed.

History and audit hold references, who, when and why; never what was written.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes import parties
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_, Duty, Ground, Refusal
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.organisations import UNSURE
from yuantou.disputes.parties import NewParty, OpenedParty
from yuantou.disputes.service import add_flag, lock, note_event
from yuantou.disputes.signals import party_told
from yuantou.disputes.standing import actor_of
from yuantou.disputes.workflow import LIVE

MINOR = "minor"
EVENTS = {"add": "party_added", "correct": "party_corrected", "settle": "party_settled"}


def telling_refusal(dispute: Dispute, by: Viewer) -> Refusal | None:
    """Why `by` may not add or correct a party now."""
    if dispute.state not in LIVE:
        words = N_("这件事项已经终结，不能再登记、更正当事人")
        return Refusal("ended", words, "", Ground.STATE)
    duties = actor_of(by, dispute).duties
    handles = Duty.HANDLER in duties and by.may(Permission.DISPUTE_HANDLE)
    own = Duty.COORDINATOR in duties or by.agency.id == dispute.reporting_agency_id
    if handles or (own and by.may(Permission.DISPUTE_ACCEPT)):
        return None
    words = N_("由承办单位、登记单位或者综治中心登记、更正当事人")
    return Refusal("not_handler", words, "", Ground.DUTY)


def add_party(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    told: NewParty,
    version: int | None = None,
    now: datetime | None = None,
) -> Party:
    """One more party of a live matter; a child makes the matter restricted."""
    dispute = _locked(session, by, dispute_id, version)
    party = parties.add_party(session, dispute=dispute, party=told)
    _finish(session, by, dispute, party, "add", now or clock.now())
    return party


def correct_party(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    party_id: int,
    told: NewParty,
    reason: str,
    reason_words: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Party:
    """Write a party anew; what stood there wrongly is gone, that it was changed stays."""
    dispute = _locked(session, by, dispute_id, version)
    party = session.get(Party, party_id)
    if party is None or party.dispute_id != dispute.id:
        raise NotVisibleError(party_id)
    parties.replace_party(session, party=party, told=told)
    at = now or clock.now()
    _finish(session, by, dispute, party, "correct", at, note=reason_words, reason=reason)
    return party


def looking_refusal(dispute: Dispute, by: Viewer) -> Refusal | None:
    """Why `by` may not say whether a party is an organisation: that is the county's."""
    if Duty.COUNTY in actor_of(by, dispute).duties and by.may(Permission.DISPUTE_DISPATCH):
        return None
    return Refusal("not_county", N_("由县综治中心核对单位名称"), "", Ground.DUTY)


def settle_kind(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    party_id: int,
    kind: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Party:
    """The county's second look: an organisation counts as one from now on, a person never does."""
    dispute = lock(session, dispute_id, version)
    refusal = looking_refusal(dispute, by)
    if refusal is not None:
        raise RefusedError(refusal)
    party = session.get(Party, party_id)
    if party is None or party.dispute_id != dispute.id or party.kind != UNSURE:
        raise NotVisibleError(party_id)
    parties.settle_kind(session, party=party, kind=kind)
    _finish(session, by, dispute, party, "settle", now or clock.now(), found=kind)
    return party


def open_party(session: Session, *, by: Viewer, party_id: int, reason: str) -> OpenedParty:
    """Show a party in clear; who, when and why stays in the history and in the audit."""
    opened = parties.open_party(session, by=by, party_id=party_id, reason=reason)
    _audit(session, by, "party:open", party_id, {})
    session.commit()
    return opened


def _locked(session: Session, by: Viewer, dispute_id: int, version: int | None) -> Dispute:
    dispute = lock(session, dispute_id, version)
    refusal = telling_refusal(dispute, by)
    if refusal is not None:
        raise RefusedError(refusal)
    return dispute


def _finish(
    session: Session,
    by: Viewer,
    dispute: Dispute,
    party: Party,
    action: str,
    at: datetime,
    note: str = "",
    **facts: str,
) -> None:
    """A new version of the matter, so that a form sent twice is stale; its history; the audit."""
    if party.minor:
        add_flag(session, by=by, dispute=dispute, flag=MINOR)
    dispute.updated_at = at
    event = EVENTS[action]
    known = {"party_id": party.id, **facts}
    row = note_event(session, dispute=dispute, event=event, by=by, note=note, facts=known, at=at)
    told = {"dispute_id": dispute.id, "restricted": dispute.restricted, **facts}
    session.flush()
    party_told.send(dispute, session=session, event=row, by=by)
    _audit(session, by, f"party:{action}", party.id, told)
    session.commit()


def _audit(session: Session, by: Viewer, action: str, party_id: int, facts: dict[str, Any]) -> None:
    record(
        session,
        action=action,
        object_type="party",
        object_id=party_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
