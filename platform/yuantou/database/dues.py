"""When a job is due: APScheduler reads the cron line, nothing else of it is used."""

from dataclasses import dataclass
from datetime import datetime

from apscheduler.triggers.cron import CronTrigger

from yuantou.database.jobs import Job
from yuantou.database.session import TIMEZONE


@dataclass(frozen=True)
class Dues:
    """Due times to enter, oldest first, and the first of those too old to be caught up."""

    owed: tuple[datetime, ...] = ()
    lost: datetime | None = None


def next_due(job: Job, after: datetime) -> datetime | None:
    """The first due time after `after`; None for a cron line that never comes true."""
    found: datetime | None = _trigger(job).get_next_fire_time(after, after)
    return found


def dues(job: Job, last: datetime | None, now: datetime) -> Dues:
    """What came due after `last` and until `now`; a job that never ran owes its newest only."""
    earliest = now - job.window
    first_lost = next_due(job, last) if last and last < earliest else None
    owed = _until(job, max(last, earliest) if last else earliest, now)
    return Dues(
        owed if last else owed[-1:],
        first_lost if first_lost and first_lost <= earliest else None,
    )


def _until(job: Job, start: datetime, end: datetime) -> tuple[datetime, ...]:
    trigger, found = _trigger(job), []
    moment = trigger.get_next_fire_time(start, start)
    while moment is not None and moment <= end:
        found.append(moment)
        moment = trigger.get_next_fire_time(moment, moment)
    return tuple(found)


def _trigger(job: Job) -> CronTrigger:
    return CronTrigger.from_crontab(job.cron, timezone=TIMEZONE)
