"""Carrying out one claimed run: effect and "done" together, failure recorded from outside."""

import json
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import structlog
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from yuantou.database import runs
from yuantou.database.jobs import Job
from yuantou.database.runs import Claim, RunLost
from yuantou.database.session import make_sessions

SLOWEST_BEAT = 5.0  # seconds after which progress shows at the latest
LONGEST_ERROR = 500
OUR_CODE = Path(__file__).resolve().parents[1]

log = structlog.get_logger("yuantou.jobs")


class Interrupted(Exception):
    """The scheduler was told to stop; the run goes back."""


class Pulse:
    """The heartbeat of one run, on a connection of its own."""

    def __init__(self, engine: Engine, job: Job, held: Claim) -> None:
        self.lost = False
        self.progress: str | None = None
        self._engine, self._job, self._held = engine, job, held
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse {job.code}", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()

    def _beat(self) -> None:
        every = min(self._job.lease.total_seconds() / 4, SLOWEST_BEAT)
        while not self._over.wait(every):
            try:
                ours = runs.beat(self._engine, self._held, self._job.lease, self.progress)
            except SQLAlchemyError as error:
                log.warning("心跳未能写入", job=self._job.code, error=type(error).__name__)
            else:
                self.lost = not ours and not self._over.is_set()


def carry_out(
    engine: Engine, job: Job, held: Claim, stopping: Callable[[], bool] = lambda: False
) -> bool:
    """Run the job and record how it ended; True when it is done."""
    with Pulse(engine, job, held) as pulse:
        try:
            _work(engine, job, held, pulse, stopping)
        except Interrupted:
            runs.give_back(engine, held)
        except RunLost:
            log.warning("运行已由其他进程接手", **_names(held))
        except Exception as error:  # whatever a job raises must end up in its row
            _record(engine, job, held, error)
        else:
            log.info("运行完成", **_names(held))
            return True
    return False


def _work(
    engine: Engine, job: Job, held: Claim, pulse: Pulse, stopping: Callable[[], bool]
) -> None:
    def progress(done: int, total: int) -> None:
        pulse.progress = json.dumps({"done": done, "total": total})
        if pulse.lost:
            raise RunLost(held.job)
        if stopping():
            raise Interrupted

    with make_sessions(engine)() as session:
        event.listen(session, "before_commit", _refuse_commit)
        name = {"name": held.connection_name}
        session.execute(text("SELECT set_config('application_name', :name, true)"), name)
        job.run(session, held.due, progress)
        runs.conclude(session, held, pulse.progress)
        event.remove(session, "before_commit", _refuse_commit)
        session.commit()


def _refuse_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        raise RuntimeError("任务不得自行提交：结果与“已完成”须在同一事务中")


def _record(engine: Engine, job: Job, held: Claim, error: Exception) -> None:
    words = describe(error)
    try:
        ours = runs.fail(engine, held, job.attempts, words)
    except SQLAlchemyError:
        log.error("运行失败，且数据库不可达，租约到期后重做", error=words, **_names(held))
        return
    if ours:
        log.error("运行失败", error=words, **_names(held))
    else:
        log.warning("运行已由其他进程接手", **_names(held))


def describe(error: Exception) -> str:
    """The error in words, without the values of a statement: they may be personal data."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    if isinstance(error, DBAPIError):
        return f"数据库错误：{_first_line(error.orig)}"
    if Path(frame.filename).is_relative_to(OUR_CODE):
        return f"{_first_line(error)}({type(error).__name__},{place})"
    return f"程序错误 {type(error).__name__}({place})"


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:LONGEST_ERROR]


def _names(held: Claim) -> dict[str, object]:
    return {"job": held.job, "due": held.due.isoformat(), "attempt": held.attempt}
