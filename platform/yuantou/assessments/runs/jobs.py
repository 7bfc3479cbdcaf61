"""Going on with the runs that wait for the worker: preparing anew, publishing what was approved."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.runs.machine import RunState
from yuantou.assessments.runs.preparing import (
    Called,
    NothingToAssess,
    Progress,
    note_act,
    prepare,
)
from yuantou.assessments.runs.publishing import DraftsAltered, publish
from yuantou.assessments.runs.queries import JOB, next_work
from yuantou.calendar.clock import now as clock_now
from yuantou.database.jobs import Job

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('assessment_run'))")


def run(session: Session, _due: datetime, progress: Progress) -> None:
    """Work on the oldest run that waits; whole or not at all, so nothing is sent twice."""
    work(session, progress)


def work(session: Session, progress: Progress, now: datetime | None = None) -> None:
    """Step (worker): what `run` does, at a moment."""
    session.execute(_ONE_AT_A_TIME)
    made = next_work(session)
    if made is None:
        return
    at = now or clock_now()
    noted = len(session.info.get("audit", ()))
    try:
        with session.begin_nested():
            _go_on(session, made, at, progress)
    except Called:
        _take_back(session, made, noted)
    except (NothingToAssess, DraftsAltered, queries.SchemeUnknown) as why:
        _take_back(session, made, noted)
        made.state, made.error = RunState.FAILED, str(why)
        note_act(session, made, "fail", by=None, note=str(why), at=at)


def _go_on(session: Session, made: AssessmentRun, now: datetime, progress: Progress) -> None:
    if made.state == RunState.PREPARING:
        prepare(session, made, now=now, progress=progress)
    else:
        publish(session, made, now=now, progress=progress)


def _take_back(session: Session, made: AssessmentRun, noted: int) -> None:
    """Forget the audit rows of what was rolled back, and read the run as it now stands."""
    del session.info.get("audit", [])[noted:]
    session.refresh(made)


JOBS = (
    Job(
        JOB,
        "评估的准备与发布",
        "* * * * *",
        run,
        timedelta(minutes=10),
        latest_only=True,
    ),
)
