"""A scheduler for the tests to kill: `python -m tests.scheduled URL`, with jobs that leave traces.

The table `effect` has no key: what ran twice would show twice. `gated` waits for an advisory lock
that the test holds, so that the test decides when it goes on.
"""

import sys
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from yuantou.database.jobs import Job, Progress
from yuantou.database.session import make_engine
from yuantou.scheduler import Scheduler

GATE = 7
EFFECT = "CREATE TABLE effect (job text, due timestamptz, backend int DEFAULT pg_backend_pid())"
TRACE = text("INSERT INTO effect (job, due) VALUES (:job, :due)")
LEASE = timedelta(seconds=1)


def trace(session: Session, due: datetime, progress: Progress) -> None:
    """Leave one row."""
    progress(0, 1)
    session.execute(TRACE, {"job": "trace", "due": due})
    progress(1, 1)


def gated(session: Session, due: datetime, progress: Progress) -> None:
    """Take a lock that the next attempt needs, leave one row, then wait at the gate."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": GATE + 1})
    session.execute(TRACE, {"job": "gated", "due": due})
    session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": GATE})
    progress(1, 1)


def numb(session: Session, due: datetime, progress: Progress) -> None:
    """Leave one row, then compute for ever without a word until the connection is gone."""
    session.execute(TRACE, {"job": "numb", "due": due})
    while session.scalar(text("SELECT 1")):
        pass


def wished(session: Session) -> bool:
    """Whether there are more wishes than were answered."""
    counts = "SELECT count(*) FILTER (WHERE job = 'wish') > count(*) FILTER (WHERE job = 'eager')"
    return bool(session.scalar(text(f"{counts} FROM effect")))


def answer(session: Session, due: datetime, progress: Progress) -> None:
    """Leave one row."""
    session.execute(TRACE, {"job": "eager", "due": due})


TRACING = Job("trace", "留痕", "* * * * *", trace, timedelta(hours=3), lease=LEASE)
GATED = Job("gated", "等候", "0 0 * * *", gated, timedelta(days=2), lease=LEASE)
NUMB = Job("numb", "不应答", "0 0 * * *", numb, timedelta(days=2), lease=LEASE)
EAGER = Job("eager", "随到随办", "0 0 1 1 *", answer, timedelta(minutes=1), when=wished)
JOBS = {job.code: job for job in (TRACING, GATED, NUMB, EAGER)}


if __name__ == "__main__":
    chosen = [JOBS[code] for code in sys.argv[2:]]
    Scheduler(make_engine(sys.argv[1]), chosen, tick=timedelta(milliseconds=100)).run()
