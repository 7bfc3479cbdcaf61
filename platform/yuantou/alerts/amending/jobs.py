"""Trying proposed versions of rules on the past, as soon as one waits."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.alerts.amending.service import preview_waiting, waits
from yuantou.database.jobs import Job, Progress


def run(session: Session, _due: datetime, progress: Progress) -> None:
    """Try what was not tried yet."""
    done = preview_waiting(session)
    progress(done, done)


JOBS = (
    Job(
        "alerts.previews",
        "试算新的预警规则",
        "* * * * *",
        run,
        timedelta(minutes=10),
        latest_only=True,
        lease=timedelta(minutes=10),
        when=waits,
    ),
)
