"""The rules of the night, and warnings whose limit passed before anybody acknowledged them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.alerts.lapsing import any_lapsed, lapse
from yuantou.alerts.nightly import judge_night
from yuantou.calendar import clock
from yuantou.database.jobs import Job, Progress


def run(session: Session, _due: datetime, progress: Progress) -> None:
    """Judge what can be judged now."""
    judge_night(session, now=clock.now(), progress=progress)


def press(session: Session, _due: datetime, progress: Progress) -> None:
    """Tell again of what nobody acknowledged in time."""
    lapse(session, now=clock.now())
    progress(1, 1)


JOBS = (
    Job(
        "alerts.rules",
        "按规则预警",
        "10 4 * * *",
        run,
        timedelta(days=2),
        latest_only=True,
        lease=timedelta(minutes=10),
    ),
    Job(
        "alerts.limits",
        "逾期未确认的预警",
        "5 * * * *",
        press,
        timedelta(hours=2),
        latest_only=True,
        when=any_lapsed,
    ),
)
