"""Summaries and files of a run soon after it was sealed; reminders each working morning."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.assessments.delivery import queries, service, shelf
from yuantou.assessments.delivery.sealing import seal_summaries
from yuantou.calendar import clock
from yuantou.database.jobs import Job, Progress

RECENT = 3  # runs whose files lie ready; older ones are made when they are asked for


def make(session: Session, _due: datetime, progress: Progress) -> None:
    """Seal what summaries are lacking, then make what files are lacking."""
    runs = queries.sealed_runs(session, RECENT)
    for run in runs:
        seal_summaries(session, run, now=clock.now())
    session.flush()
    shelf.forget_older()
    for run in runs:
        there, whole = service.files_made(session, run)
        if there < whole:
            service.make_files(session, run, progress)
    progress(1, 1)


def remind(session: Session, _due: datetime, progress: Progress) -> None:
    """Tell those who have not signed."""
    service.remind(session)
    progress(1, 1)


JOBS = (
    Job(
        "delivery.files",
        "生成评估汇总和文件",
        "*/5 * * * *",
        make,
        timedelta(hours=2),
        latest_only=True,
    ),
    Job(
        "delivery.remind",
        "评估签收提醒",
        "30 8 * * *",
        remind,
        timedelta(days=1),
        latest_only=True,
    ),
)
