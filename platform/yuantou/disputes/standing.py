"""What the rules must know: a dispute and its history as a Matter, a viewer as an Actor."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session, object_session

from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import local
from yuantou.calendar.workdays import WorkCalendar
from yuantou.disputes.codes import read
from yuantou.disputes.filing import lacks
from yuantou.disputes.matter import Actor, Duty, Matter
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.terms import CONFIRMATION, REOPENING, REST, RETURN, last_day, last_moment
from yuantou.disputes.workflow import DisputeState

_RETURN = text(
    "SELECT max(due_at) FROM deadline WHERE dispute_id = :id AND rule = 'return' "
    "AND met_at IS NULL AND lapsed_at IS NULL"
)
CENTRES = ("township_centre", "county_centre")


def history(session: Session, dispute_id: int) -> Sequence[DisputeEvent]:
    """The events of a dispute, oldest first."""
    return session.scalars(
        select(DisputeEvent)
        .where(DisputeEvent.dispute_id == dispute_id)
        .order_by(DisputeEvent.at, DisputeEvent.id)
    ).all()


def former_state(events: Sequence[DisputeEvent]) -> DisputeState | None:
    """The state that was left last, for an act that restores it."""
    left = [e.from_state for e in events if e.from_state and e.from_state != e.to_state]
    return DisputeState(left[-1]) if left else None


def matter_of(
    dispute: Dispute, events: Sequence[DisputeEvent], calendar: WorkCalendar, at: datetime
) -> Matter:
    """The dispute as the rules see it at the moment `at`."""
    codes = read()
    agreed = _last_fact(events, "agreed")
    effective_on = _day(agreed.get("effective_on"))
    closed_on = local(dispute.closed_at).date() if dispute.closed_at else None
    reported = _last_fact(events, "police_informed").get("reported_at")
    return Matter(
        state=DisputeState(dispute.state),
        at=local(at),
        handler_agency_id=dispute.handler_agency_id,
        category=dispute.type,
        refused=dispute.refused,
        consented=any(e.event == "mediation_consented" or e.facts.get("consent") for e in events),
        alleged_abuser=codes.bars_mediation(dispute.flags),
        home_violence="domestic_violence" in dispute.flags,
        report_owed=codes.owes_report(dispute.flags),
        possible_crime=codes.suggests_crime(dispute.flags),
        police_reported_at=datetime.fromisoformat(str(reported)) if reported else None,
        has_path_notice=any(e.facts.get("path_options") for e in events),
        returns=dispute.returns,
        return_until=return_until(dispute, calendar),
        agreement_effective_on=effective_on,
        confirmation_until=last_day(dispute, CONFIRMATION, effective_on, calendar),
        reopening_until=last_day(dispute, REOPENING, closed_on, calendar),
        rest_until=_rest_until(dispute, calendar, at),
        subjects=_codes(agreed.get("subjects")),
        due_on=_day(agreed.get("due_on")),
        closed_on=closed_on,
        missing_documents=_missing_documents(dispute),
    )


def actor_of(viewer: Viewer, dispute: Dispute) -> Actor:
    """What `viewer` is to the dispute."""
    agency = viewer.agency
    duties = set()
    if viewer.id == dispute.reporter_id:
        duties.add(Duty.REPORTER)
    if agency.id == dispute.handler_agency_id:
        duties.add(Duty.HANDLER)
    if agency.kind in CENTRES and dispute.area_path.startswith(agency.area_path):
        duties.add(Duty.COORDINATOR)
        if agency.kind == "county_centre":
            duties.add(Duty.COUNTY)
    if agency.kind == "court":
        duties.add(Duty.COURT)
    return Actor(agency.id, frozenset(duties), frozenset(map(str, viewer.role.permissions)))


def return_until(dispute: Dispute, calendar: WorkCalendar) -> datetime | None:
    """Until when it may be sent back: as the clock of the limits has it, where it runs."""
    if dispute.dispatched_at is None:
        return None
    session = object_session(dispute)
    if session is not None and dispute.state == DisputeState.DISPATCHED:
        kept: datetime | None = session.scalar(_RETURN, {"id": dispute.id})
        if kept is not None:
            return local(kept)
    return last_moment(dispute, RETURN, local(dispute.dispatched_at), calendar)


def _rest_until(dispute: Dispute, calendar: WorkCalendar, at: datetime) -> date | None:
    """How long a rest that begins now may last; asked only where one can begin."""
    if dispute.state != DisputeState.IN_MEDIATION:
        return None
    return last_day(dispute, REST, local(at), calendar)


def _missing_documents(dispute: Dispute) -> tuple[str, ...]:
    """What the file lacks; asked only where it could be closed."""
    session = object_session(dispute)
    if session is None or dispute.state != DisputeState.FOLLOW_UP:
        return ()
    return lacks(session, dispute)


def _last_fact(events: Sequence[DisputeEvent], name: str) -> dict[str, object]:
    return next((event.facts for event in reversed(events) if event.event == name), {})


def _codes(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
