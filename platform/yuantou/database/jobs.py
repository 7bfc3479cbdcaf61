"""What a job is: the schedule lies beside the work, the scheduler owns the transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

Progress = Callable[[int, int], None]
Work = Callable[[Session, datetime, Progress], None]
Sign = Callable[[Session], bool]

CRON_FIELDS = 5
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Job:
    """Work at set times: `run(session, due, progress)` as the worker role, never committing.

    `cron` has five fields in Asia/Shanghai, week days by name (mon–sun: APScheduler counts them
    otherwise than cron). Missed runs are caught up within `window`; with `latest_only` just the
    newest of them. A run whose process falls silent for `lease` is taken over by another. Empty
    input is an error to raise: a run without result must not look done. `when` says that there is
    work before the next due time: it is looked for twice a second and done in a transaction of its
    own, without a row in the record of runs.
    """

    code: str
    name_zh: str
    cron: str
    run: Work
    window: timedelta
    latest_only: bool = False
    lease: timedelta = LEASE
    attempts: int = 3
    when: Sign | None = None

    def __post_init__(self) -> None:
        """Refuse what would only show at night."""
        fields = self.cron.split()
        if len(fields) != CRON_FIELDS or any(sign.isdigit() for sign in fields[4]):
            raise ValueError(f"{self.code}: cron needs five fields, week days by name: {self.cron}")
        if not self.name_zh or self.window <= timedelta(0) or self.attempts < 1:
            raise ValueError(f"{self.code}: a job needs a Chinese name, a window and an attempt")


_FORGET = text("""
    DELETE FROM job_run r WHERE state IN ('done', 'missed', 'failed') AND due < :before
      AND due < (SELECT max(due) FROM job_run n WHERE n.job = r.job)""")


def forget_old_runs(session: Session, due: datetime, progress: Progress) -> None:
    """Delete runs that nobody asks about any more; the newest of each job says what is due next."""
    session.execute(_FORGET, {"before": due - KEPT})
    progress(1, 1)


JOBS = (
    Job(
        "jobs.forget",
        "清理旧的运行记录",
        "50 3 * * *",
        forget_old_runs,
        timedelta(days=2),
        latest_only=True,
    ),
)
