"""The scheduler, a process of its own: `flask --app wsgi scheduler`; any number is harmless."""

import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from contextvars import copy_context
from datetime import datetime, timedelta
from types import FrameType

import click
import structlog
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import Engine, select
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from yuantou.calendar.clock import ZONE, local, now
from yuantou.database import runs
from yuantou.database.connections import Connections
from yuantou.database.dues import next_due
from yuantou.database.execution import carry_out
from yuantou.database.jobs import Job
from yuantou.database.runs import Claim
from yuantou.database.schedule import JobRun
from yuantou.database.session import make_engine

TICK = timedelta(seconds=5)
GLANCE = timedelta(milliseconds=500)
GRACE = timedelta(seconds=3)  # less than the launcher waits
SLOTS = 2
STATES = {
    "due": "待运行",
    "running": "运行中",
    "done": "完成",
    "failed": "失败",
    "missed": "错过",
}

log = structlog.get_logger("yuantou.scheduler")


class Scheduler:
    """Plans, claims and carries out until a signal comes; a lost database is waited for."""

    def __init__(self, engine: Engine, jobs: Sequence[Job], *, tick: timedelta = TICK) -> None:
        self.owner = f"{socket.gethostname()[:12]}-{os.getpid()}-{secrets.token_hex(3)}"
        self.stopping = False
        self._engine, self._tick = engine, tick
        self._jobs = {job.code: job for job in jobs}
        self._held: dict[Claim, threading.Thread] = {}
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)

    def run(self) -> None:
        """Work until told to stop; runs that do not end in time are given back."""
        with self._signals(), closing(self._ours), closing(self._theirs):
            log.info("定时任务已启动", owner=self.owner, jobs=len(self._jobs))
            self._thread(self._look_out).start()
            while not self.stopping:
                self._turn()
                self._wait(self._tick.total_seconds())
            self._leave()

    def _look_out(self) -> None:
        """Do at once what cannot wait for its due time; what fails is left to the due run."""
        eager = [job for job in self._jobs.values() if job.when is not None]
        while eager and not self.stopping:
            try:
                for job in eager:
                    self._do_early(job)
            except SQLAlchemyError as error:
                log.warning("提前运行未成，等下次定时运行", error=type(error).__name__)
                time.sleep(self._tick.total_seconds())
            time.sleep(GLANCE.total_seconds())

    def _do_early(self, job: Job) -> None:
        with Session(self._engine) as session:
            if job.when is not None and job.when(session):
                job.run(session, now(), lambda done, whole: None)
                session.commit()

    def _turn(self) -> None:
        self._held = {held: thread for held, thread in self._held.items() if thread.is_alive()}
        try:
            runs.plan(self._engine, tuple(self._jobs.values()))
            while len(self._held) < SLOTS and (held := self._claim()):
                thread = self._thread(self._carry_out, held)
                self._held[held] = thread
                thread.start()
        except (OperationalError, InterfaceError) as error:
            log.warning("数据库暂不可用，稍后再试", error=type(error).__name__)

    @staticmethod
    def _thread(work: Callable[..., None], *args: object) -> threading.Thread:
        """A thread that finds the application where the scheduler was started within it."""
        within = copy_context()
        return threading.Thread(target=within.run, args=(work, *args), daemon=True)

    def _claim(self) -> Claim | None:
        return runs.claim(self._engine, self._jobs.values(), self.owner)

    def _carry_out(self, held: Claim) -> None:
        carry_out(self._engine, self._jobs[held.job], held, lambda: self.stopping)
        with suppress(OSError):
            self._theirs.send(b"\0")  # the next run need not wait for the tick

    def _leave(self) -> None:
        deadline = time.monotonic() + GRACE.total_seconds()
        for held, thread in self._held.items():
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                with suppress(SQLAlchemyError):
                    runs.give_back(self._engine, held)
        log.info("定时任务已停止", owner=self.owner)

    def _wait(self, seconds: float) -> None:
        """Return at a signal, when a run has ended, or at the next tick."""
        self._ours.settimeout(seconds)
        with suppress(TimeoutError):
            self._ours.recv(100)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def note(_number: int, _frame: FrameType | None) -> None:
            self.stopping = True

        numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        former = [signal.signal(number, note) for number in numbers]
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(-1)
            for number, handler in zip(numbers, former, strict=True):
                signal.signal(number, handler)


@click.command("scheduler")
@with_appcontext
def scheduler_command() -> None:
    """运行定时任务，直到停止。Run the scheduled jobs until stopped."""
    with _worker() as engine:
        Scheduler(engine, _jobs()).run()


@click.group("jobs", cls=AppGroup, invoke_without_command=True)
@click.pass_context
@with_appcontext
def jobs(context: click.Context) -> None:
    """列出定时任务。List the scheduled jobs, when each is due and how it last ended."""
    if context.invoked_subcommand is None:
        _print_jobs()


COMMANDS: tuple[click.Command, ...] = (scheduler_command, jobs)


@jobs.command("run")
@click.argument("code")
@click.option("--due", type=click.DateTime(), help="重做此应运行时间（北京时间）的一次。")
def run_command(code: str, due: datetime | None) -> None:
    """立即运行一项任务。Run one job now, or one due time again."""
    job = next((job for job in _jobs() if job.code == code), None)
    if job is None:
        raise click.ClickException(f"没有任务 {code};flask --app wsgi jobs 可列出全部任务")
    moment = due.replace(tzinfo=ZONE) if due else now()
    with _worker() as engine:
        runs.plan(engine, [job])  # what is owed must not hide behind the row made by hand
        if not runs.reopen(engine, code, moment):
            raise click.ClickException("这一次正在运行或已经完成")
        held = runs.claim(engine, [job], f"hand-{os.getpid()}-{secrets.token_hex(3)}", moment)
        if held is None:
            raise click.ClickException(f"{job.name_zh}正在运行，这一次随后由定时任务接着做")
        click.echo(f"正在运行：{job.name_zh}……")
        if not carry_out(engine, job, held):
            raise click.ClickException(_state_of(engine, held))
        click.echo("完成。")


def _print_jobs() -> None:
    with _worker() as engine, Session(engine) as session:
        for job in _jobs():
            due = _minute(next_due(job, now()))
            click.echo(f"{job.code}  {job.name_zh}")
            click.echo(f"    {job.cron}  下次 {due}  上次 {_describe(_last_run(session, job))}")


def _describe(run: JobRun | None) -> str:
    if run is None:
        return "(从未运行)"
    lasted = run.lasted()
    took = f"，用时 {lasted:.1f} 秒" if lasted is not None else ""
    reason = f":{run.error}" if run.error else ""
    return f"{_minute(run.due)} {STATES[run.state]}{took}{reason}"


def _last_run(session: Session, job: Job) -> JobRun | None:
    mine = select(JobRun).where(JobRun.job == job.code)
    return session.scalars(mine.order_by(JobRun.due.desc()).limit(1)).one_or_none()


def _state_of(engine: Engine, held: Claim) -> str:
    with Session(engine) as session:
        row = session.get_one(JobRun, (held.job, held.due))
    return f"{STATES[row.state]}：{row.error or '被中断'}"


def _minute(moment: datetime | None) -> str:
    return local(moment).strftime("%Y-%m-%d %H:%M") if moment else "(无)"


def _jobs() -> tuple[Job, ...]:
    found: tuple[Job, ...] = current_app.extensions["jobs"]
    return found


@contextmanager
def _worker() -> Iterator[Engine]:
    connections: Connections = current_app.extensions["connections"]
    engine = make_engine(connections.need("worker"))
    try:
        yield engine
    finally:
        engine.dispose()
