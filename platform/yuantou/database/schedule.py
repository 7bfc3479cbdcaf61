"""What ran when: one row per job and due time, claimed by lease."""

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Moment, Words
from yuantou.database.session import Model


class JobRun(Model):
    """One due time of one job: due, running, done, failed or missed."""

    __tablename__ = "job_run"
    __table_args__ = (Index("ix_job_run_open", "state", "due"),)

    job: Mapped[Code] = mapped_column(primary_key=True)
    due: Mapped[Moment] = mapped_column(primary_key=True)
    state: Mapped[Code]
    owner: Mapped[Code | None]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[Moment | None]
    heartbeat: Mapped[Moment | None]
    started_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    progress: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    error: Mapped[Words | None]

    def lasted(self) -> float | None:
        """Seconds between start and end, None while it runs."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()
