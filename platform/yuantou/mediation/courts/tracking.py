"""Where a matter stands on the two tracks that lead to a court, and what a viewer may do there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.disputes.machine import Transition, door_refusal
from yuantou.disputes.matter import Actor, Duty, Matter, Refusal
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.service import working_calendar
from yuantou.disputes.standing import actor_of, matter_of
from yuantou.disputes.tracks import (
    COURT_ENTRUSTMENT,
    JUDICIAL_CONFIRMATION,
    ConfirmationState,
    EntrustmentState,
    Track,
)
from yuantou.mediation.courts.models import Confirmation, Entrustment
from yuantou.mediation.models import Agreement

ENTRUSTED = "entrusted"
ROWS: dict[str, Transition[Any]] = {
    row.action: row for track in (JUDICIAL_CONFIRMATION, COURT_ENTRUSTMENT) for row in track.table
}


@dataclass(frozen=True)
class Place:
    """A matter on one track: its record, its state there, and who looks at it."""

    track: Track[Any]
    record: Confirmation | Entrustment | None
    matter: Matter
    actor: Actor

    def open_rows(self) -> list[Transition[Any]]:
        """What may be done now."""
        return self.track.allowed(self.matter, self.actor)

    def shut_rows(self) -> list[tuple[Transition[Any], Refusal]]:
        """What may not, and why."""
        return self.track.explain(self.matter, self.actor)

    def refusal(self, row: Transition[Any]) -> Refusal | None:
        """Why the form of this act may not be opened."""
        return door_refusal(row, self.matter, self.actor)


def places(
    session: Session,
    viewer: Viewer,
    dispute: Dispute,
    events: Sequence[DisputeEvent],
    now: datetime,
) -> list[Place]:
    """The tracks that this matter is on or may enter; asks nothing of a matter that is on none."""
    names = {event.event for event in events}
    if not names & {"agreed", ENTRUSTED}:
        return []
    seen = matter_of(dispute, events, working_calendar(session), now)
    found = []
    if ENTRUSTED in names:
        found += [_entrusted(session, viewer, dispute, seen)]
    if "agreed" in names:
        found += [_confirmed(session, viewer, dispute, seen)]
    return found


def entrustment_of(session: Session, dispute_id: int) -> Entrustment:
    """What the court entrusted."""
    return session.scalars(select(Entrustment).where(Entrustment.dispute_id == dispute_id)).one()


def is_entrusted(session: Session, dispute_id: int) -> bool:
    """Whether a court entrusted it here, rather than told of it otherwise."""
    asked = select(Entrustment.id).where(Entrustment.dispute_id == dispute_id)
    return session.scalars(asked).first() is not None


def agreement_id(session: Session, dispute_id: int) -> int | None:
    """The agreement in force."""
    return session.scalars(
        select(Agreement.id)
        .where(Agreement.dispute_id == dispute_id, Agreement.superseded_at.is_(None))
        .order_by(Agreement.id.desc())
        .limit(1)
    ).first()


def _confirmed(session: Session, viewer: Viewer, dispute: Dispute, seen: Matter) -> Place:
    record = session.scalars(
        select(Confirmation)
        .join(Agreement, Agreement.id == Confirmation.agreement_id)
        .where(Agreement.dispute_id == dispute.id, Agreement.superseded_at.is_(None))
        .order_by(Agreement.id.desc())
        .limit(1)
    ).first()
    state = ConfirmationState(record.state) if record else ConfirmationState.NONE
    known = seen.subjects | frozenset(record.subjects if record else ())
    matter = replace(seen, state=state, subjects=known)
    court = record.court_agency_id if record else None
    actor = _actor(viewer, dispute, court)
    if record is not None and record.court_code and court is None:
        actor = _for_the_court(actor)
    return Place(JUDICIAL_CONFIRMATION, record, matter, actor)


def _entrusted(session: Session, viewer: Viewer, dispute: Dispute, seen: Matter) -> Place:
    record = entrustment_of(session, dispute.id)
    matter = replace(seen, state=EntrustmentState(record.state))
    return Place(COURT_ENTRUSTMENT, record, matter, _actor(viewer, dispute, record.court_agency_id))


def _for_the_court(actor: Actor) -> Actor:
    """The handler writes down what a court decides that does not use the platform."""
    if Duty.HANDLER not in actor.duties or Permission.DISPUTE_HANDLE not in actor.permissions:
        return actor
    return replace(
        actor,
        duties=actor.duties | {Duty.COURT},
        permissions=actor.permissions | {str(Permission.CONFIRMATION_DECIDE)},
    )


def _actor(viewer: Viewer, dispute: Dispute, court_agency_id: int | None) -> Actor:
    """A court acts on what lies before it, and on nothing else."""
    actor = actor_of(viewer, dispute)
    if viewer.agency.id == court_agency_id:
        return actor
    return replace(actor, duties=actor.duties - {Duty.COURT})
