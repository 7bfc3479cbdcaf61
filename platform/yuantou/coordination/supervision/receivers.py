"""Supervision listens to the disputes and to their clocks."""

from typing import Any

from sqlalchemy.orm import Session

from yuantou.coordination.supervision.overdue import settle
from yuantou.coordination.supervision.service import lapse
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.signals import moved
from yuantou.disputes.workflow import ENDS
from yuantou.limits.service import FIRST
from yuantou.limits.signals import followed


@moved.connect
def on_end(dispute: Dispute, *, session: Session, event: DisputeEvent, **_: Any) -> None:
    """Urging ends with the matter."""
    if dispute.state in ENDS:
        lapse(session, dispute, event.at)


@followed.connect
def on_clock(dispute: Dispute, *, session: Session, event: DisputeEvent, **_: Any) -> None:
    """What the system urged ends with the limit that it was for; a new report was never urged."""
    if event.event != FIRST:
        settle(session, dispute, event.at)
