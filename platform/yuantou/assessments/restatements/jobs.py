"""Comparing what was sent with what is known: when asked, and every morning the last runs."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.assessments.restatements.service import reckon_asked, reckon_last
from yuantou.database.jobs import Job, Progress


def run_asked(session: Session, _due: datetime, progress: Progress) -> None:
    """Answer what was asked."""
    reckon_asked(session, progress)


def run_last(session: Session, _due: datetime, progress: Progress) -> None:
    """Look at the last runs."""
    reckon_last(session, progress)


JOBS = (
    Job(
        "assessments.asked",
        "评估更正申请的比对",
        "* * * * *",
        run_asked,
        timedelta(minutes=10),
        latest_only=True,
    ),
    Job(
        "assessments.ledger",
        "已发评估与现在数据的比对",
        "20 5 * * *",
        run_last,
        timedelta(days=2),
        latest_only=True,
    ),
)
