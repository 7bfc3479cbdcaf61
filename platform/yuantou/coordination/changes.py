"""What happened to a matter since a form was opened, in the words of its timeline."""

from sqlalchemy.orm import Session

from yuantou.coordination.queries import names
from yuantou.coordination.story import actor_words, event_name
from yuantou.disputes.models import Dispute
from yuantou.disputes.standing import history
from yuantou.mediation.queries import Change


def changes_since(session: Session, dispute: Dispute, event_id: int) -> list[Change]:
    """What happened after that event, oldest first."""
    events = [event for event in history(session, dispute.id) if event.id > event_id]
    known = names(session, dispute, events)
    return [Change(one.at, event_name(one), actor_words(one, known)) for one in events]
