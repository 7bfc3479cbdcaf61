"""Batches whose page was closed go on, and what lies about afterwards is cleared away."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.coordination.batches.going_on import go_on
from yuantou.coordination.batches.queries import left_alone
from yuantou.coordination.batches.service import empty_cells
from yuantou.database.jobs import Job, Progress

KEPT = timedelta(days=7)


def clear_exports(session: Session, due: datetime, progress: Progress) -> None:
    """Lines of exports are kept for a week; nothing to clear is no fault."""
    empty_cells(session, due - KEPT)
    progress(1, 1)


def any_left_alone(session: Session) -> bool:
    """Whether a batch waits that no page moves."""
    return left_alone(session, clock.now()) is not None


def go_on_alone(session: Session, _due: datetime, progress: Progress) -> None:
    """A step of the batch that waits longest, in a session of its asker; nothing is no fault."""
    found = left_alone(session, clock.now())
    if found is not None:
        go_on(current_app.extensions["sessions"], found.id, found.account_id)
    progress(1, 1)


JOBS = (
    Job(
        "batches.clear",
        "清理分批导出的内容",
        "35 3 * * *",
        clear_exports,
        timedelta(days=2),
        latest_only=True,
    ),
    Job(
        "batches.go_on",
        "接着办没有办完的批量",
        "*/15 * * * *",
        go_on_alone,
        timedelta(minutes=15),
        latest_only=True,
        when=any_left_alone,
    ),
)
