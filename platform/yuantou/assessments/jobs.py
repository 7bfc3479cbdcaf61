"""The runs on schedule: monthly day 6, quarterly day 7, yearly 8 January, at 06:00 (示例).

They are prepared here and stand in preview; publishing waits for two persons (runs/jobs.py).
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.periods import last_day, month_before, months_back
from yuantou.assessments.runs.machine import RunKind
from yuantou.assessments.runs.preparing import open_run, prepare
from yuantou.assessments.service import SCHEME, open_monthly
from yuantou.calendar.clock import local
from yuantou.calendar.clock import now as clock_now
from yuantou.database.jobs import Job, Progress

CODE = "assessments.monthly"
QUARTER = 3


def run(session: Session, due: datetime, progress: Progress) -> None:
    """Prepare the month before `due`; a period that was assessed by hand stays as it is."""
    period_end = last_day(month_before(local(due).date()))
    if queries.latest_run(session, SCHEME, period_end):
        progress(1, 1)
        return
    made = open_monthly(session, period_end=period_end, due_at=due)
    prepare(session, made, now=clock_now(), progress=progress)


def run_quarter(session: Session, due: datetime, progress: Progress) -> None:
    """Prepare the quarter before `due`."""
    end = last_day(month_before(local(due).date()))
    _prepare(session, RunKind.QUARTERLY, months_back(end, QUARTER - 1), end, due, progress)


def run_year(session: Session, due: datetime, progress: Progress) -> None:
    """Prepare the year before `due`."""
    end = last_day(month_before(local(due).date()))
    _prepare(session, RunKind.YEARLY, end.replace(month=1, day=1), end, due, progress)


def _prepare(
    session: Session, kind: RunKind, start: date, end: date, due: datetime, progress: Progress
) -> None:
    if queries.last_edition(session, SCHEME, kind, start, end):
        progress(1, 1)
        return
    made = open_run(session, kind=kind, start=start, end=end, due_at=due, scheme_code=SCHEME)
    prepare(session, made, now=clock_now(), progress=progress)


JOBS: tuple[Job, ...] = (
    Job(CODE, "月度评估", "0 6 6 * *", run, window=timedelta(days=62)),  # 示例
    Job("assessments.quarterly", "季度评估", "0 6 7 1,4,7,10 *", run_quarter, timedelta(days=62)),
    Job("assessments.yearly", "年度评估", "0 6 8 1 *", run_year, timedelta(days=62)),
)
