"""The runs of jobs as rows: entered once, claimed by lease, concluded by their owner alone.

due → running → done; a failure goes back to due until the attempts are used up, then failed;
what is too old to be caught up is missed. The clock is the database's. `lease_until` of a due
row is the moment before which it is not tried again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.orm import Session

from yuantou.database.dues import dues
from yuantou.database.jobs import Job

STUCK = timedelta(seconds=30)  # a process stopped between two statements of ours
RETRY = timedelta(minutes=1)
TOO_OLD = "停机超过补做期限，此次及之后到期限为止的运行不再补做"
REPLACED = "停机期间错过，由最近一次代替"
VANISHED = "运行的进程中途消失（被终止或停电），已达到重试次数"

_LAST = text("""
    SELECT j.code, (SELECT max(due) FROM job_run WHERE job = j.code)
    FROM unnest(CAST(:jobs AS text[])) AS j (code)""")
_ENTER = text("""
    INSERT INTO job_run (job, due, state, attempt, error, ended_at)
    VALUES (:job, :due, :state, 0, :error, CASE WHEN :ended THEN now() END)
    ON CONFLICT (job, due) DO NOTHING""")
_REPLACE = text("""
    UPDATE job_run SET state = 'missed', error = :error, ended_at = now(), lease_until = NULL
    WHERE (job, due) IN (SELECT job, due FROM job_run WHERE job = :job AND state = 'due'
                           AND due < :newest FOR UPDATE SKIP LOCKED)""")
_BURY = text("""
    UPDATE job_run SET state = 'failed', error = :error, ended_at = now(), lease_until = NULL
    WHERE (job, due) IN (SELECT job, due FROM job_run WHERE job = :job AND state = 'running'
             AND lease_until < clock_timestamp() AND attempt >= :most FOR UPDATE SKIP LOCKED)""")
_TURN = text("SELECT pg_try_advisory_xact_lock(hashtext('job_run'))")
_CLAIM = text("""
    WITH chosen AS (
      SELECT r.job, r.due, r.owner AS former, j.lease
      FROM job_run r JOIN unnest(CAST(:jobs AS text[]), CAST(:leases AS interval[]))
             AS j (code, lease) ON j.code = r.job
      WHERE r.state IN ('due', 'running') AND coalesce(r.lease_until, r.due) <= clock_timestamp()
        AND r.due = coalesce(CAST(:due AS timestamptz), r.due)
        AND NOT EXISTS (SELECT 1 FROM job_run o WHERE o.job = r.job AND o.state = 'running'
                          AND o.lease_until > clock_timestamp())
      ORDER BY r.due LIMIT 1 FOR UPDATE OF r SKIP LOCKED)
    UPDATE job_run r SET state = 'running', owner = :owner, attempt = r.attempt + 1,
      started_at = clock_timestamp(), heartbeat = clock_timestamp(), ended_at = NULL,
      lease_until = clock_timestamp() + chosen.lease, progress = NULL, error = NULL
    FROM chosen WHERE r.job = chosen.job AND r.due = chosen.due
    RETURNING r.job, r.due, r.attempt, chosen.former""")
_MINE = "WHERE job = :job AND due = :due AND owner = :owner AND attempt = :attempt " + (
    "AND state = 'running'"
)
_BEAT = text(f"""
    UPDATE job_run SET heartbeat = clock_timestamp(), progress = CAST(:progress AS jsonb),
      lease_until = clock_timestamp() + CAST(:lease AS interval) {_MINE}""")  # noqa: S608
_DONE = text(f"""
    UPDATE job_run SET state = 'done', ended_at = clock_timestamp(), lease_until = NULL,
      progress = CAST(:progress AS jsonb) {_MINE}""")  # noqa: S608
_FAIL = text(f"""
    UPDATE job_run SET state = CASE WHEN attempt < :most THEN 'due' ELSE 'failed' END,
      lease_until = CASE WHEN attempt < :most THEN clock_timestamp() + CAST(:rest AS interval) END,
      ended_at = clock_timestamp(), error = :error {_MINE}""")  # noqa: S608
_RETURN = text(f"""
    UPDATE job_run SET state = 'due', attempt = attempt - 1, owner = NULL, lease_until = NULL
    {_MINE}""")  # noqa: S608
_REOPEN = text("""
    INSERT INTO job_run (job, due, state, attempt) VALUES (:job, :due, 'due', 0)
    ON CONFLICT (job, due) DO UPDATE SET state = 'due', attempt = 0, lease_until = NULL
    WHERE job_run.state IN ('failed', 'missed', 'due')""")
_DISMISS = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE usename = current_user AND application_name = :name AND pid <> pg_backend_pid()""")


class RunLost(RuntimeError):
    """The run has gone to another owner; whatever was done for it must be rolled back."""


@dataclass(frozen=True)
class Claim:
    """One run that is ours until its lease ends."""

    job: str
    due: datetime
    owner: str
    attempt: int

    @property
    def connection_name(self) -> str:
        """The name of the connection that works for this run, by which it can be ended."""
        return connection_name(self.job, self.owner)

    def keys(self) -> dict[str, Any]:
        """The values by which only this claim finds its row."""
        return {"job": self.job, "due": self.due, "owner": self.owner, "attempt": self.attempt}


def connection_name(job: str, owner: str) -> str:
    """At most the 63 bytes that PostgreSQL keeps."""
    return f"job {job[:30]} {owner}"[:63]


def plan(engine: Engine, jobs: Sequence[Job]) -> None:
    """Enter what has come due since the last row; safe in any number of schedulers."""
    with engine.begin() as connection:
        now = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        codes = [job.code for job in jobs]
        last = {row.code: row[1] for row in connection.execute(_LAST, {"jobs": codes})}
        for job in jobs:
            _enter(connection, job, last[job.code], now)
            connection.execute(_BURY, {"job": job.code, "most": job.attempts, "error": VANISHED})


def _enter(connection: Connection, job: Job, last: datetime | None, now: datetime) -> None:
    found = dues(job, last, now)
    rows: list[tuple[datetime, str, str | None]]
    rows = [(found.lost, "missed", TOO_OLD)] if found.lost else []
    older = ("missed", REPLACED) if job.latest_only else ("due", None)
    rows += [(due, *older) for due in found.owed[:-1]]
    rows += [(due, "due", None) for due in found.owed[-1:]]
    for due, state, error in rows:
        values = {"job": job.code, "due": due, "state": state, "error": error}
        connection.execute(_ENTER, {**values, "ended": state == "missed"})
    if job.latest_only and found.owed:
        newest = {"job": job.code, "newest": found.owed[-1], "error": REPLACED}
        connection.execute(_REPLACE, newest)


def reopen(engine: Engine, job: str, due: datetime) -> bool:
    """Enter a run by hand, or try again one that failed or was missed; say whether it is due."""
    with engine.begin() as connection:
        return connection.execute(_REOPEN, {"job": job, "due": due}).rowcount == 1


def claim(
    engine: Engine, jobs: Iterable[Job], owner: str, due: datetime | None = None
) -> Claim | None:
    """Take one run, the oldest first and never two of one job at a time; None when none is free.

    The connection of an owner whose lease ran out is ended, so that its locks are given back.
    """
    leases = {job.code: job.lease for job in jobs}
    with engine.begin() as connection:
        _end_when_stuck(connection)
        if not leases or not connection.execute(_TURN).scalar_one():
            return None
        values = {"jobs": list(leases), "leases": list(leases.values()), "owner": owner}
        row = connection.execute(_CLAIM, {**values, "due": due}).one_or_none()
        if row is None:
            return None
        if row.former:
            name = connection_name(row.job, row.former)
            connection.execute(_DISMISS, {"name": name})
    return Claim(row.job, row.due, owner, row.attempt)


def beat(engine: Engine, held: Claim, lease: timedelta, progress: str | None) -> bool:
    """Prolong the lease and show the progress; False when the run is no longer ours."""
    values = {**held.keys(), "lease": lease, "progress": progress}
    return _changed(engine, _BEAT, values)


def conclude(session: Session, held: Claim, progress: str | None) -> None:
    """Step: mark done in the transaction of the effect; RunLost when another owns the run."""
    session.flush()
    _end_when_stuck(session.connection())
    done = session.connection().execute(_DONE, {**held.keys(), "progress": progress})
    if done.rowcount != 1:
        raise RunLost(held.job)


def fail(engine: Engine, held: Claim, attempts: int, error: str) -> bool:
    """Record a failure, to be tried again later or for good; False when no longer ours."""
    rest = RETRY * 4 ** (held.attempt - 1)
    return _changed(engine, _FAIL, {**held.keys(), "most": attempts, "rest": rest, "error": error})


def give_back(engine: Engine, held: Claim) -> None:
    """Leave the run to whoever comes next, as if it had not been tried; end its connection."""
    _changed(engine, _RETURN, held.keys())
    with engine.begin() as connection:
        connection.execute(_DISMISS, {"name": held.connection_name})


def _changed(engine: Engine, statement: TextClause, values: dict[str, Any]) -> bool:
    with engine.begin() as connection:
        return connection.execute(statement, values).rowcount == 1


def _end_when_stuck(connection: Connection) -> None:
    milliseconds = int(STUCK.total_seconds() * 1000)
    connection.execute(
        text("SELECT set_config('idle_in_transaction_session_timeout', :value, true)"),
        {"value": str(milliseconds)},
    )
