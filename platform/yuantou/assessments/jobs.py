"""The runs on schedule: monthly day 6, quarterly day 7, yearly 8 January, at 06:00 (示例).

Each level is judged by the scheme that the office chose for the year; counties always by one. They
are prepared and stand in preview; publishing waits for two persons (runs/jobs.py).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.periods import last_day, month_before, months_back
from yuantou.assessments.runs.machine import RunKind
from yuantou.assessments.runs.preparing import open_run, prepare
from yuantou.assessments.schemes.choosing import in_use
from yuantou.assessments.service import open_monthly
from yuantou.assessments.units import COUNTY
from yuantou.calendar.clock import local
from yuantou.calendar.clock import now as clock_now
from yuantou.database.jobs import Job, Progress

CODE = "assessments.monthly"
QUARTER = 3


def run(session: Session, due: datetime, progress: Progress) -> None:
    """Prepare the month before `due`; a period that was assessed by hand stays as it is."""
    end = _last(due)
    made = {
        level: open_monthly(session, period_end=end, due_at=due, scheme_code=scheme)
        for level, scheme in _in_use(session, end)
        if not queries.latest_run(session, scheme, end)
    }
    _prepare(session, made, progress)


def run_quarter(session: Session, due: datetime, progress: Progress) -> None:
    """Prepare the quarter before `due`."""
    end = _last(due)
    _open(session, RunKind.QUARTERLY, months_back(end, QUARTER - 1), end, due, progress)


def run_year(session: Session, due: datetime, progress: Progress) -> None:
    """Prepare the year before `due`."""
    end = _last(due)
    _open(session, RunKind.YEARLY, end.replace(month=1, day=1), end, due, progress)


def _last(due: datetime) -> date:
    return last_day(month_before(local(due).date()))


def _in_use(session: Session, end: date) -> Iterator[tuple[str, str]]:
    """The levels that are judged in the year, each with its scheme."""
    for level, scheme in in_use(session, end.year).items():
        if scheme:
            yield level, scheme


def _open(
    session: Session, kind: RunKind, start: date, end: date, due: datetime, progress: Progress
) -> None:
    made = {
        level: open_run(session, kind=kind, start=start, end=end, due_at=due, scheme_code=scheme)
        for level, scheme in _in_use(session, end)
        if not queries.last_edition(session, scheme, kind, start, end)
    }
    _prepare(session, made, progress)


def _prepare(session: Session, made: dict[str, AssessmentRun], progress: Progress) -> None:
    """Counties now; runs of other levels wait for the worker, where each may fail by itself."""
    if COUNTY not in made:
        progress(1, 1)
        return
    prepare(session, made[COUNTY], now=clock_now(), progress=progress)


JOBS: tuple[Job, ...] = (
    Job(CODE, "月度评估", "0 6 6 * *", run, window=timedelta(days=62)),  # 示例
    Job("assessments.quarterly", "季度评估", "0 6 7 1,4,7,10 *", run_quarter, timedelta(days=62)),
    Job("assessments.yearly", "年度评估", "0 6 8 1 *", run_year, timedelta(days=62)),
)
