"""A worker that is killed in between leaves nothing, and the next one sends once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.conftest import Database
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.runs.jobs import JOBS
from yuantou.calendar.clock import now
from yuantou.database import runs
from yuantou.database.execution import carry_out
from yuantou.database.schedule import JobRun
from yuantou.notices.models import Notice

# The program of a worker that dies without a word after its first counties were written.
DYING = """
import os, signal, sys
from datetime import datetime
from yuantou.assessments.runs import publishing
from yuantou.assessments.runs.jobs import JOBS
from yuantou.database import runs
from yuantou.database.execution import carry_out
from yuantou.database.session import make_engine
engine = make_engine(sys.argv[1])
due = datetime.fromisoformat(sys.argv[2])
publishing.still = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
publishing.REPORT_EVERY = 2
assert runs.reopen(engine, JOBS[0].code, due)
held = runs.claim(engine, JOBS, "dying", due)
carry_out(engine, JOBS[0], held)
"""


def _number(owner: Session, table: type) -> int:
    owner.rollback()
    return owner.scalar(select(func.count()).select_from(table)) or 0


def test_a_killed_worker_is_followed_by_one_that_sends_once(
    owner: Session,
    database: Database,
    preview: AssessmentRun,
    second: str,
    client_of: Callable[[str], FlaskClient],
    window_over: Callable[[], None],
) -> None:
    window_over()
    for who in ("sheng", second):
        client_of(who).post(f"/assessments/runs/{preview.id}/approve", data={"revision": 1})
    told, due = _number(owner, Notice), now().replace(second=0, microsecond=0)
    words = [sys.executable, "-c", DYING, database.connections.worker, due.isoformat()]
    killed = subprocess.run(words, check=False, env={**os.environ, "PYTHONPATH": "platform:."})
    assert killed.returncode == -signal.SIGKILL
    assert (_number(owner, AssessmentReport), _number(owner, Notice)) == (0, told)
    owner.execute(update(JobRun).values(lease_until=now() - timedelta(seconds=1)))
    owner.commit()
    engine = database.sessions("worker").kw["bind"]
    for _turn in range(2):
        held = runs.claim(engine, JOBS, "next", due)
        if held:
            assert carry_out(engine, JOBS[0], held)
    assert (_number(owner, AssessmentReport), _number(owner, Notice)) == (3, told + 2)
    assert owner.scalar(select(AssessmentRun.state)) == "done"
