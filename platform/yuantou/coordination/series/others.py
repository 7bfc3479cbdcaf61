"""A party's other matters, only those that the asker's own unit handles, with a typed reason.

The question stands in the history of the matter from which it was asked and in the audit chain.
No number of a person is kept or shown anywhere else.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.disputes.conditions import HIDDEN
from yuantou.disputes.errors import NotVisibleError
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.search import admit
from yuantou.disputes.service import note_event

MOST = 50


def other_matters(
    session: Session, *, by: Viewer, dispute_id: int, party_id: int, reason: str
) -> Sequence[Dispute]:
    """Matters of the own unit with the same ID number, or the same name and phone."""
    admit(by)
    dispute = session.get(Dispute, dispute_id)
    party = session.get(Party, party_id)
    if dispute is None or party is None or party.dispute_id != dispute.id:
        raise NotVisibleError(party_id)
    found = _with_party(session, by, party)
    note_event(
        session,
        dispute=dispute,
        event="others_asked",
        by=by,
        note=reason,
        facts={"party_id": party.id},
    )
    record(
        session,
        action="party:others",
        object_type="party",
        object_id=party.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"dispute": dispute.id, "found": [one.id for one in found]},
    )
    session.commit()
    return found


def _with_party(session: Session, by: Viewer, party: Party) -> Sequence[Dispute]:
    same = [
        column == value
        for column, value in (
            (Party.id_index, party.id_index),
            (Party.contact_index, party.contact_index),
        )
        if value is not None
    ]
    if not same:
        return []
    asked = select(Dispute).where(
        by.scope.visible(Dispute),
        Dispute.handler_agency_id == by.agency.id,
        Dispute.id != party.dispute_id,
        Dispute.state.not_in(HIDDEN),
        Dispute.id.in_(select(Party.dispute_id).where(or_(*same))),
    )
    return session.scalars(asked.order_by(Dispute.reported_at.desc()).limit(MOST)).all()
