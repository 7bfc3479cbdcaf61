"""Trying proposed versions on real data, every minute while one waits."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.database.jobs import Job, Progress
from yuantou.indicators.editions.service import preview_waiting


def run(session: Session, _due: datetime, progress: Progress) -> None:
    """Try what was not tried yet."""
    done = preview_waiting(session)
    progress(done, done)


JOBS = (
    Job(
        "figures.previews",
        "试算新的指标口径",
        "* * * * *",
        run,
        timedelta(minutes=10),
        latest_only=True,
        lease=timedelta(minutes=10),
    ),
)
