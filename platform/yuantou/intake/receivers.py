"""Intake listens to parties that are told after the report."""

from typing import Any

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.signals import party_told
from yuantou.intake.service import report_twins


@party_told.connect
def on_party(
    dispute: Dispute, *, session: Session, event: DisputeEvent, by: Viewer, **_: Any
) -> None:
    """Whoever comes in later may make the matter a twin as well."""
    report_twins(session, by=by, dispute=dispute, at=event.at)
