"""The lead of joint handling follows the matter from hand to hand."""

from typing import Any

from sqlalchemy.orm import Session

from yuantou.coordination.dispatching.joint import keep_lead
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.signals import moved

HANDED_ON = frozenset({"dispatched", "designated", "returned", "escalated"})


@moved.connect
def on_event(dispute: Dispute, *, session: Session, event: DisputeEvent, **_: Any) -> None:
    """In the transaction of the hand-over."""
    if event.event in HANDED_ON:
        keep_lead(session, dispute, event.at)
