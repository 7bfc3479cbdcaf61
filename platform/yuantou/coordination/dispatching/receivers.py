"""The lead of joint handling follows the matter from hand to hand; an offer to another area falls
when the matter goes on meanwhile."""

from typing import Any

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.coordination.dispatching.doors import TRANSFERABLE
from yuantou.coordination.dispatching.joint import keep_lead
from yuantou.coordination.dispatching.transfers import let_fall
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.signals import moved

HANDED_ON = frozenset({"dispatched", "designated", "returned", "escalated"})


@moved.connect
def on_event(
    dispute: Dispute, *, session: Session, event: DisputeEvent, by: Viewer | None = None, **_: Any
) -> None:
    """In the transaction of the hand-over."""
    if event.event in HANDED_ON:
        keep_lead(session, dispute, event.at)
    if dispute.state not in TRANSFERABLE and event.to_state != event.from_state:
        let_fall(session, dispute, by, event.at)
