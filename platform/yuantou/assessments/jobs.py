"""The monthly run: day 6 at 06:00 (示例), for the year up to the month that ended."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.periods import last_day, month_before
from yuantou.assessments.service import SCHEME, assess
from yuantou.calendar.clock import local
from yuantou.database.jobs import Job, Progress

CODE = "assessments.monthly"


def run(session: Session, due: datetime, progress: Progress) -> None:
    """Assess the month before `due`; a period that was assessed by hand stays as it is."""
    period_end = last_day(month_before(local(due).date()))
    if queries.latest_run(session, SCHEME, period_end):
        progress(1, 1)
        return
    assess(session, period_end=period_end, due_at=due, progress=progress)


JOBS: tuple[Job, ...] = (
    Job(CODE, "月度评估", "0 6 6 * *", run, window=timedelta(days=62)),  # 示例
)
