"""Each due time of each job takes effect once, whatever happens to the processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from tests import scheduled
from tests.conftest import Database
from tests.processes import Started, processes
from tests.scheduled import GATE, GATED, TRACING
from yuantou.audit.service import record
from yuantou.database import runs
from yuantou.database.execution import carry_out
from yuantou.database.jobs import Job, Progress, forget_old_runs
from yuantou.database.session import make_engine

PATIENCE = 20.0
AT_THE_GATE = "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
LOSS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user "
    "AND datname = current_database() AND pid <> pg_backend_pid()"
)
Start = Callable[..., Started]


@pytest.fixture
def look(database: Database) -> Iterator[Connection]:
    """The owner's view, committing each statement, with the table for traces."""
    engine = make_engine(database.connections.owner).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(scheduled.EFFECT))
        connection.execute(text("GRANT INSERT, SELECT ON effect TO yuantou_worker"))
        yield connection
    engine.dispose()


@pytest.fixture
def worker(database: Database) -> Iterator[Engine]:
    """The worker role's engine."""
    engine = make_engine(database.connections.worker)
    yield engine
    engine.dispose()


@pytest.fixture
def start(database: Database) -> Iterator[Start]:
    """Start schedulers as processes; none outlives the test."""
    with processes() as begin:

        def one(*codes: str) -> Started:
            command = [sys.executable, "-m", "tests.scheduled", database.connections.worker, *codes]
            return begin(command, stderr=subprocess.DEVNULL)

        yield one


def ask(look: Connection, question: str) -> Any:
    return look.execute(text(question)).scalar()


def until(look: Connection, question: str) -> None:
    """Ask the database until it says yes."""
    deadline = time.monotonic() + PATIENCE
    while not ask(look, question):
        if time.monotonic() > deadline:
            rows = look.execute(text("SELECT * FROM job_run ORDER BY due LIMIT 5")).all()
            pytest.fail(f"never came true: {question}\n{rows}")


def run_now(worker: Engine, job: Job) -> bool:
    assert runs.reopen(worker, job.code, datetime.now(UTC))
    held = runs.claim(worker, [job], "test")
    assert held is not None
    return carry_out(worker, job, held)


def job_of(work: Callable[[Session, datetime, Progress], None], **more: Any) -> Job:
    return Job("made", "测试", "* * * * *", work, timedelta(hours=1), **more)


def since(look: Connection, job: str, ago: str) -> None:
    row = "INSERT INTO job_run (job, due, state, attempt) "
    values = "VALUES (:job, now() - CAST(:ago AS interval), 'done', 1)"
    look.execute(text(row + values), {"job": job, "ago": ago})


def test_what_cannot_wait_is_done_long_before_its_due_time(look: Connection, start: Start) -> None:
    start("eager")
    for count in (1, 2):
        look.execute(text("INSERT INTO effect (job, due) VALUES ('wish', now())"))
        until(look, f"SELECT count(*) = {count} FROM effect WHERE job = 'eager'")
    assert ask(look, "SELECT count(*) = 0 FROM job_run WHERE state = 'done'")


def test_two_schedulers_catch_up_three_hours_without_gap_or_repetition(
    look: Connection, start: Start
) -> None:
    since(look, "trace", "2 hours 59 minutes")
    both = [start("trace") for _ in range(2)]
    until(look, "SELECT count(*) >= 179 FROM job_run WHERE state = 'done' AND attempt = 1")
    for process in both:
        process.terminate()
    assert [process.wait(PATIENCE) for process in both] == [0, 0]
    assert ask(look, "SELECT count(*) = count(DISTINCT due) FROM effect")
    assert ask(look, "SELECT count(DISTINCT owner) = 2 FROM job_run WHERE owner IS NOT NULL")
    gap = "SELECT max(gap) FROM (SELECT due - lag(due) OVER (ORDER BY due) AS gap FROM effect) g"
    assert ask(look, gap) == timedelta(minutes=1)


def test_a_killed_run_is_taken_over_and_takes_effect_once(look: Connection, start: Start) -> None:
    look.execute(text("SELECT pg_advisory_lock(:key)"), {"key": GATE})
    victim = start("gated")
    until(look, AT_THE_GATE)
    victim.kill()
    start("gated")
    until(look, "SELECT attempt = 2 FROM job_run WHERE job = 'gated'")
    look.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": GATE})
    until(look, "SELECT state = 'done' FROM job_run WHERE job = 'gated'")
    assert ask(look, "SELECT count(*) FROM effect") == 1


def test_a_process_that_sleeps_past_its_lease_loses_the_run_and_its_locks(
    look: Connection, start: Start
) -> None:
    look.execute(text("SELECT pg_advisory_lock(:key)"), {"key": GATE})
    sleeper = start("gated")
    until(look, AT_THE_GATE)
    sleeper.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, sleeper.pid, os.WSTOPPED)  # its threads stop one after another
    look.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": GATE})
    start("gated")
    until(look, "SELECT state = 'done' AND attempt = 2 FROM job_run WHERE job = 'gated'")
    sleeper.send_signal(signal.SIGCONT)
    sleeper.terminate()
    assert sleeper.wait(PATIENCE) == 0
    assert ask(look, "SELECT count(*) FROM effect") == 1
    assert ask(look, "SELECT state = 'done' AND error IS NULL FROM job_run WHERE job = 'gated'")


@pytest.mark.parametrize("code", ["gated", "numb"])
def test_a_stopped_scheduler_gives_its_run_back_untried(
    look: Connection, start: Start, code: str
) -> None:
    look.execute(text("SELECT pg_advisory_lock(:key)"), {"key": GATE})
    process = start(code)
    working = "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name LIKE 'job %'"
    until(look, working)
    process.terminate()
    assert process.wait(PATIENCE) == 0
    row = look.execute(text("SELECT state, attempt, owner FROM job_run")).one()
    assert tuple(row) == ("due", 0, None)
    until(look, f"SELECT NOT ({working})")
    assert ask(look, "SELECT count(*) FROM effect") == 0


def test_a_scheduler_outlives_the_loss_of_its_connections(
    look: Connection, worker: Engine, start: Start
) -> None:
    look.execute(text("SELECT pg_advisory_lock(:key)"), {"key": GATE})
    start("gated")
    until(look, AT_THE_GATE)
    with worker.connect() as connection:
        connection.execute(LOSS)
    until(look, "SELECT error LIKE '数据库错误%' FROM job_run")
    look.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": GATE})
    look.execute(text("UPDATE job_run SET lease_until = NULL"))  # no need to wait for the retry
    until(look, "SELECT state = 'done' FROM job_run")
    assert ask(look, "SELECT count(*) FROM effect") == 1


def test_a_failure_is_recorded_from_outside_and_tried_again_later(
    look: Connection, worker: Engine
) -> None:
    def fail(session: Session, due: datetime, progress: Progress) -> None:
        scheduled.trace(session, due, progress)
        session.execute(text("SELECT CAST(:name AS int)"), {"name": "梅兰芳"})

    assert not run_now(worker, job_of(fail))
    row = look.execute(text("SELECT state, error, lease_until > now() FROM job_run")).one()
    assert (row[0], row[2]) == ("due", True)
    assert row.error.startswith("数据库错误：")
    assert ask(look, "SELECT count(*) FROM effect") == 0


def test_after_the_last_attempt_a_run_has_failed(look: Connection, worker: Engine) -> None:
    def fail(_session: Session, _due: datetime, _progress: Progress) -> None:
        raise LookupError("13912345678")

    assert not run_now(worker, job_of(fail, attempts=1))
    row = look.execute(text("SELECT state, error, ended_at FROM job_run")).one()
    assert row.state == "failed"
    assert row.ended_at is not None
    assert "LookupError" in row.error
    assert "139" not in row.error


def test_a_run_whose_processes_always_vanish_fails_in_the_end(
    look: Connection, worker: Engine
) -> None:
    job = job_of(scheduled.trace, attempts=1, lease=timedelta(0))
    assert runs.reopen(worker, job.code, datetime.now(UTC))
    assert runs.claim(worker, [job], "vanished")
    runs.plan(worker, [job])
    assert ask(look, "SELECT error FROM job_run WHERE state = 'failed'") == runs.VANISHED


def test_a_job_that_commits_itself_has_no_effect(look: Connection, worker: Engine) -> None:
    def commit(session: Session, due: datetime, progress: Progress) -> None:
        scheduled.trace(session, due, progress)
        session.commit()

    assert not run_now(worker, job_of(commit, attempts=1))
    assert "不得自行提交" in ask(look, "SELECT error FROM job_run")
    assert ask(look, "SELECT count(*) FROM effect") == 0


def test_effect_audit_row_and_done_are_one_transaction(look: Connection, worker: Engine) -> None:
    def note(session: Session, due: datetime, progress: Progress) -> None:
        scheduled.trace(session, due, progress)
        record(session, action="job:test", object_type="job", object_id="made", account_id=None)

    assert run_now(worker, job_of(note))
    marks = "SELECT count(DISTINCT xmin::text) FROM (SELECT xmin FROM effect UNION ALL "
    marks += "SELECT xmin FROM audit_event UNION ALL SELECT xmin FROM job_run) x"
    assert ask(look, marks) == 1
    assert ask(look, "SELECT progress ->> 'done' FROM job_run") == "1"


def test_old_runs_are_forgotten_but_not_the_newest_of_a_job(
    worker: Engine, look: Connection
) -> None:
    for ago in ("100 days", "99 days", "1 day"):
        since(look, "daily", ago)
    since(look, "yearly", "200 days")
    with Session(worker) as session:
        forget_old_runs(session, datetime.now(UTC), lambda _done, _total: None)
        session.commit()
    kept = look.execute(text("SELECT job, count(*) FROM job_run GROUP BY job ORDER BY job")).all()
    assert [tuple(row) for row in kept] == [("daily", 1), ("yearly", 1)]


def test_two_runs_of_one_job_never_overlap(worker: Engine, look: Connection) -> None:
    since(look, "trace", "10 minutes")
    runs.plan(worker, [TRACING])
    assert runs.claim(worker, [TRACING], "one") is not None
    assert runs.claim(worker, [TRACING], "two") is None
    runs.plan(worker, [GATED])
    assert runs.claim(worker, [TRACING, GATED], "two") is not None


def test_of_a_job_that_wants_its_latest_only_older_ones_show_as_missed(
    worker: Engine, look: Connection
) -> None:
    job = job_of(scheduled.trace, latest_only=True)
    since(look, "made", "10 minutes")
    runs.plan(worker, [job])
    states = "SELECT state FROM job_run WHERE attempt = 0 ORDER BY due"
    found = [row[0] for row in look.execute(text(states))]
    assert found == ["missed"] * 9 + ["due"]


def test_planning_twice_enters_nothing_new(worker: Engine, look: Connection) -> None:
    since(look, "trace", "10 minutes")
    for _ in range(2):
        runs.plan(worker, [TRACING])
    assert ask(look, "SELECT count(*) FROM job_run") in (11, 12)  # a minute may turn between them


def test_the_commands_list_and_run_jobs(app: Flask, look: Connection) -> None:
    app.extensions["jobs"] = (TRACING,)
    runner = app.test_cli_runner()
    assert "留痕" in runner.invoke(args=["jobs"]).output
    assert "从未运行" in runner.invoke(args=["jobs"]).output
    done = runner.invoke(args=["jobs", "run", "trace"])
    assert (done.exit_code, "完成" in done.output) == (0, True)
    assert ask(look, "SELECT count(*) FROM effect") == 1
    assert "完成，用时" in runner.invoke(args=["jobs"]).output


def test_a_failed_run_by_hand_says_why(app: Flask) -> None:
    app.extensions["jobs"] = (TRACING,)  # without its table
    done = app.test_cli_runner().invoke(args=["jobs", "run", "trace"])
    assert done.exit_code == 1
    assert "effect" in done.output
    assert "没有任务 nosuch" in app.test_cli_runner().invoke(args=["jobs", "run", "nosuch"]).output


def test_a_failed_due_time_can_be_done_again(app: Flask, look: Connection, worker: Engine) -> None:
    app.extensions["jobs"] = (TRACING,)
    look.execute(
        text("INSERT INTO job_run (job, due, state, attempt) VALUES ('trace', :due, 'failed', 3)"),
        {"due": datetime(2026, 1, 5, 1, 0, tzinfo=UTC)},
    )
    again = ["jobs", "run", "trace", "--due", "2026-01-05 09:00:00"]
    assert app.test_cli_runner().invoke(args=again).exit_code == 0
    assert ask(look, "SELECT due FROM effect") == datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
    assert "已经完成" in app.test_cli_runner().invoke(args=again).output
