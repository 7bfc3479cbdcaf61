"""Going on with the runs that wait for the worker: preparing anew, publishing what was approved."""

from datetime import datetime, timedelta

import structlog
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
from yuantou.assessments.runs.queries import JOB, drafted, ending, next_work
from yuantou.assessments.runs.words import issue
from yuantou.assessments.units import units
from yuantou.calendar.clock import local
from yuantou.calendar.clock import now as clock_now
from yuantou.database.execution import describe
from yuantou.database.jobs import Job
from yuantou.notices.service import notify

log = structlog.get_logger("yuantou.assessments")
FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # of this run alone
REMIND_BEFORE = timedelta(hours=24)
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
    except FAULTS as fault:
        words = describe(fault)
        log.error("评估运行出错", run=made.id, error=words)
        _take_back(session, made, noted)
        made.state, made.error = RunState.FAILED, words
        note_act(session, made, "fail", by=None, note=words, at=at)


def run_reminder(session: Session, _due: datetime, progress: Progress) -> None:
    """Remind the counties whose correction window ends today or tomorrow."""
    remind(session, clock_now())
    progress(1, 1)


def remind(session: Session, now: datetime) -> int:
    """Step (worker): one notice to each county of a window that ends; returns how many."""
    told = 0
    for made in ending(session, now, now + REMIND_BEFORE):
        known = units(session, made.level, made.period_end)
        last = local(made.preview_until or now)
        for code in drafted(session, made).keys() & known.keys():
            agency = known[code].agency
            if agency is None:
                continue
            notify(
                session,
                agency_id=agency,
                kind="assessment",
                title=f"{issue(made)}评估预览稿：更正期{last.month}月{last.day}日结束",
                body="没有异议的不用处理；有异议的请在期限内提出并附依据。",
                link=f"/assessments/runs/{made.id}/drafts/{code}",
                now=now,
            )
            told += 1
    return told


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
    Job(
        "assessments.window",
        "评估更正期结束提醒",
        "30 8 * * *",
        run_reminder,
        timedelta(hours=12),
        latest_only=True,
    ),
)
