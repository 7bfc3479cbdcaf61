"""Reminders every morning; a day that was missed is made up for by the next run."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.database.connections import ROOT
from yuantou.database.jobs import Job, Progress
from yuantou.limits.catalogue import read_reminders
from yuantou.reminders.service import remind

LIMITS = ROOT / "config" / "limits.toml"


def run(session: Session, _due: datetime, progress: Progress) -> None:
    """Remind of what is due by now."""
    remind(session, reminders=read_reminders(LIMITS), now=clock.now(), progress=progress)


JOBS = (
    Job(
        "reminders.daily",
        "期限提醒与超期督办通知",
        "40 7 * * *",
        run,
        timedelta(days=7),
        latest_only=True,
    ),
)
