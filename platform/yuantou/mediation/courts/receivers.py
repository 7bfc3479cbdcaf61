"""The court's track listens to the main way of what it entrusted."""

from typing import Any

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.signals import moved
from yuantou.mediation.courts.entrusting import SOURCE
from yuantou.mediation.courts.service import FOLLOWING, follow
from yuantou.mediation.courts.tracking import is_entrusted


@moved.connect
def on_event(
    dispute: Dispute, *, session: Session, event: DisputeEvent, by: Viewer | None, **_: Any
) -> None:
    """Mediation that begins, fails or ends does so for the court as well."""
    if dispute.source == SOURCE and event.event in FOLLOWING and is_entrusted(session, dispute.id):
        follow(session, by=by, dispute=dispute, event=event.event)
