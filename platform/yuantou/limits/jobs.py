"""Every week all deadlines are recomputed from their histories, so that no clock runs wrong."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.calendar.clock import now
from yuantou.database.jobs import Job, Progress
from yuantou.disputes.models import Dispute
from yuantou.limits.verification import differences


class ClockDiffers(RuntimeError):
    """Live deadlines are not what their histories say."""


def verify_all(session: Session, due: datetime, progress: Progress) -> None:
    """Recompute all; a difference makes the run fail and names the first disputes."""
    total, done = session.scalar(select(func.count()).select_from(Dispute)) or 0, 0

    def looked(many: int) -> None:
        nonlocal done
        done += many
        progress(done, max(total, done))

    found = {each.dispute_id for each in differences(session, now(), looked=looked)}
    if found:
        first = ", ".join(map(str, sorted(found)[:5]))
        raise ClockDiffers(f"{len(found)} disputes differ, see `flask limits verify`: {first}")
    progress(done, done)


JOBS = (
    Job(
        "limits.verify",
        "由经过重算全部时限并比对",
        "20 4 * * sun",
        verify_all,
        timedelta(days=3),
        latest_only=True,
    ),
)
