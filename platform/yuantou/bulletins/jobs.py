"""Bulletins of the day, the week and the month; what was missed is made up for, period by period.

Times are 示例: before the morning's meeting; the month's after the courts' closing day.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.bulletins.periods import Rhythm
from yuantou.bulletins.service import complete, publish
from yuantou.calendar import clock
from yuantou.database.jobs import Job, Progress


def daily(session: Session, due: datetime, progress: Progress) -> None:
    """The day before, and what monthly bulletins were waiting for."""
    publish(session, rhythm=Rhythm.DAILY, due=due, now=clock.now(), progress=progress)
    complete(session, now=clock.now(), progress=progress)


def weekly(session: Session, due: datetime, progress: Progress) -> None:
    """The week before."""
    publish(session, rhythm=Rhythm.WEEKLY, due=due, now=clock.now(), progress=progress)


def monthly(session: Session, due: datetime, progress: Progress) -> None:
    """The month before."""
    publish(session, rhythm=Rhythm.MONTHLY, due=due, now=clock.now(), progress=progress)


JOBS = (
    Job("bulletins.daily", "日研判", "10 7 * * *", daily, timedelta(days=14)),
    Job("bulletins.weekly", "周调度", "20 7 * * mon", weekly, timedelta(days=35)),
    Job("bulletins.monthly", "月通报", "30 7 6 * *", monthly, timedelta(days=93)),
)
