"""How late matters and agreements are entered, judged every night after the figures."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.calendar.clock import now
from yuantou.database.jobs import Job, Progress
from yuantou.indicators.standing.entering import keep_entering


def keep(session: Session, _due: datetime, progress: Progress) -> None:
    """Judge it anew."""
    keep_entering(session, now())
    progress(1, 1)


JOBS = (
    Job("figures.entering", "估计补录", "50 1 * * *", keep, timedelta(days=2), latest_only=True),
)
