"""Every night: what came after the warnings."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.alerts.record.leads import keep_leads
from yuantou.calendar import clock
from yuantou.database.jobs import Job, Progress


def run(session: Session, due: datetime, progress: Progress) -> None:
    """Reckon the leads."""
    kept = keep_leads(session, clock.local(due).date())
    progress(kept, kept)


JOBS = (
    Job(
        "alerts.leads",
        "核对预警之后的情况",
        "20 5 * * *",
        run,
        timedelta(days=2),
        latest_only=True,
    ),
)
