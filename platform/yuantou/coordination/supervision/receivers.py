"""Supervision listens to the disputes."""

from typing import Any

from sqlalchemy.orm import Session

from yuantou.coordination.supervision.service import lapse
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.signals import moved
from yuantou.disputes.workflow import ENDS


@moved.connect
def on_end(dispute: Dispute, *, session: Session, event: DisputeEvent, **_: Any) -> None:
    """Urging ends with the matter."""
    if dispute.state in ENDS:
        lapse(session, dispute, event.at)
