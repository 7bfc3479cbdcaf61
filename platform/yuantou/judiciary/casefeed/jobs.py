"""Forgetting in time: the hashes of old suits, and files that nobody submitted."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from yuantou.calendar.clock import local
from yuantou.database.jobs import Job, Progress
from yuantou.judiciary.casefeed.retention import read

_PERSONS = text(
    "DELETE FROM feed_party WHERE suit_id IN (SELECT id FROM feed_suit WHERE filed_on < :before)"
)
_NUMBERS = text(
    "UPDATE feed_suit SET case_hash = NULL, suit_key = NULL "
    "WHERE filed_on < :before AND suit_key IS NOT NULL"
)
_DRAFTS = text("DELETE FROM feed_batch WHERE submitted_at IS NULL AND entered_at < :since")


def forget_old(session: Session, due: datetime, progress: Progress) -> None:
    """Delete what the retention no longer allows; the day and cause of a suit stay."""
    kept = read()
    before = local(due).date() - timedelta(days=kept.days)
    session.execute(_PERSONS, {"before": before})
    session.execute(_NUMBERS, {"before": before})
    session.execute(_DRAFTS, {"since": due - timedelta(days=kept.draft_days)})
    progress(1, 1)


JOBS = (
    Job(
        "casefeed.forget",
        "清除到期的案件级密文",
        "40 3 * * *",
        forget_old,
        timedelta(days=2),
        latest_only=True,
    ),
)
