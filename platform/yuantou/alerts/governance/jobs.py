"""Every night effects are measured anew; every morning units hear what they owe."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.alerts.governance.effects.service import remeasure
from yuantou.alerts.governance.reminding import remind
from yuantou.calendar.clock import now
from yuantou.database.jobs import Job, Progress


def measure(session: Session, _due: datetime, progress: Progress) -> None:
    """Measure what was done."""
    remeasure(session, now(), progress)
    progress(1, 1)


def tell(session: Session, _due: datetime, progress: Progress) -> None:
    """Remind of replies and tasks."""
    progress(remind(session, now()), 1)


JOBS = (
    Job(
        "governance.effects",
        "重算源头治理成效",
        "10 3 * * *",
        measure,
        timedelta(days=3),
        latest_only=True,
    ),
    Job(
        "governance.reminders",
        "提醒回复与会商任务",
        "40 7 * * *",
        tell,
        timedelta(days=7),
        latest_only=True,
    ),
)
