"""Reminders of rounds that end."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.database.jobs import Job, Progress
from yuantou.intake.rounds import queries, service


def remind_of_rounds(session: Session, due: datetime, progress: Progress) -> None:
    """On a round's last day and the day after it, units that have not reported are reminded."""
    found = queries.rounds_to_remind(session, clock.local(due).date())
    progress(0, len(found))
    for number, opened in enumerate(found, start=1):
        service.remind_silent(session, opened, queries.silent_units(session, opened.id), due)
        progress(number, len(found))


JOBS = (
    Job(
        "screening.remind",
        "提醒排查未报单位",
        "30 8 * * *",
        remind_of_rounds,
        timedelta(hours=12),
        latest_only=True,
    ),
)
