"""Trials of schemes, every minute while one waits."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.assessments.schemes.service import try_waiting
from yuantou.database.jobs import Job, Progress

CODE = "schemes.trials"


def run(session: Session, _due: datetime, progress: Progress) -> None:
    """Reckon what was asked for."""
    done = try_waiting(session, progress)
    progress(done, done)


JOBS = (
    Job(
        CODE,
        "试算计分方案",
        "* * * * *",
        run,
        timedelta(minutes=10),
        latest_only=True,
        lease=timedelta(minutes=10),
    ),
)
