"""Files that no row speaks of: written for a transaction that never came to its end."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.database.jobs import Job, Progress
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.attachments.store import files

AGE = timedelta(days=1)  # nothing is that long between its file and its row
BATCH = 500

log = structlog.get_logger("yuantou.attachments")


def sweep(session: Session, due: datetime, progress: Progress) -> None:
    """Remove files older than a day that have no row, and half-written ones."""
    old = list(files().written_before(clock.now() - AGE))
    removed = 0
    for start in range(0, len(old), BATCH):
        part = {path.stem: path for path in old[start : start + BATCH]}
        known = set(session.scalars(select(Attachment.stored).where(Attachment.stored.in_(part))))
        for name, path in part.items():
            if name not in known or path.suffix == ".part":
                path.unlink(missing_ok=True)
                removed += 1
        progress(min(start + BATCH, len(old)), len(old))
    if removed:
        log.info("已清理无主文件", files=removed)
    progress(len(old), len(old))


JOBS: tuple[Job, ...] = (
    Job(
        "attachments.sweep",
        "清理无主附件文件",
        "35 3 * * *",
        sweep,
        timedelta(days=2),
        latest_only=True,
    ),
)
