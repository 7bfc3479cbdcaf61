"""What is urged by the system: every morning, after the reminders, limits that have passed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.coordination.supervision.overdue import press
from yuantou.database.connections import ROOT
from yuantou.database.jobs import Job, Progress
from yuantou.database.settings import read_settings
from yuantou.limits.catalogue import read_reminders

LIMITS, SETTINGS = ROOT / "config" / "limits.toml", ROOT / "config" / "settings.toml"


def run(session: Session, _due: datetime, progress: Progress) -> None:
    """Urge for limits that passed so many days ago as the reminders say, where this is wanted."""
    after = [one.offset_days for one in read_reminders(LIMITS) if one.offset_days > 0]
    if after and read_settings(SETTINGS).of("supervision", "urge_overdue"):
        press(session, days=min(after), now=clock.now(), progress=progress)


JOBS = (
    Job(
        "supervision.overdue",
        "超期事项自动催办",
        "50 7 * * *",
        run,
        timedelta(days=7),
        latest_only=True,
    ),
)
