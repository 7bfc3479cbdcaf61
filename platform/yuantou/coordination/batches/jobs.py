"""What lies about after batches is cleared away."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.coordination.batches.service import empty_cells
from yuantou.database.jobs import Job, Progress

KEPT = timedelta(days=7)


def clear_exports(session: Session, due: datetime, progress: Progress) -> None:
    """Lines of exports are kept for a week; nothing to clear is no fault."""
    empty_cells(session, due - KEPT)
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
)
