"""Drafts that were thrown away are forgotten."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session

from yuantou.database.jobs import Job, Progress
from yuantou.intake.drafts.models import Draft

KEPT = timedelta(days=7)

log = structlog.get_logger("yuantou.drafts")


def forget_discarded(session: Session, due: datetime, progress: Progress) -> None:
    """Delete what was typed in drafts that were thrown away a week ago."""
    gone = session.execute(
        delete(Draft).where(Draft.discarded_at < due - KEPT).returning(Draft.dispute_id)
    ).all()
    if gone:
        log.info("已清除丢弃的草稿", drafts=len(gone))
    progress(1, 1)


JOBS: tuple[Job, ...] = (
    Job(
        "drafts.forget",
        "清除丢弃的草稿",
        "25 3 * * *",
        forget_discarded,
        timedelta(days=2),
        latest_only=True,
    ),
)
