"""Deadlines listen to the disputes."""

from typing import Any

from sqlalchemy.orm import Session

from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.signals import moved, opened
from yuantou.limits.service import follow
from yuantou.limits.signals import followed


@opened.connect
@moved.connect
def on_event(dispute: Dispute, *, session: Session, event: DisputeEvent, **_: Any) -> None:
    """Start, meet, pause or end deadlines in the transaction of the event."""
    follow(session, dispute, event)
    followed.send(dispute, session=session, event=event)
