"""Every night: what many matters share, and which of it rises."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.database.jobs import Job, Progress
from yuantou.maps.sources.gathering import Span
from yuantou.maps.sources.keeping import scan_all
from yuantou.maps.sources.kinds import terms


def run(session: Session, due: datetime, progress: Progress) -> None:
    """Scan the weeks up to the day of the run."""
    told = terms()
    span = Span.before(clock.local(due).date(), told.weeks)
    kept = scan_all(session, span, told, now=clock.now())
    progress(kept.sources, kept.sources)


JOBS = (
    Job(
        "sources.scan",
        "排查共同源头",
        "10 2 * * *",
        run,
        timedelta(days=2),
        latest_only=True,
        lease=timedelta(minutes=10),
    ),
)
