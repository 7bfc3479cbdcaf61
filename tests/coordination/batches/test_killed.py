"""A scheduler that is killed in the middle of a batch: its successor does the rest, once."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import monotonic

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.coordination.batches.test_going_on import left
from tests.coordination.matters import Door, triaged
from tests.processes import Started, processes
from yuantou.audit.models import AuditEvent
from yuantou.coordination.batches.models import Batch, BatchItem
from yuantou.disputes.models import DisputeEvent
from yuantou.notices.models import Notice

PATIENCE = 60
MATTERS = 5
# A scheduler of this one job, in steps of two matters; it dies in the step of that number, when
# the rows of the step are written and not yet committed. Step 0 never comes.
SCHEDULER = """
import os, signal, sys
from yuantou.app import create_app
from yuantou.coordination.batches import service
from yuantou.coordination.batches.jobs import JOBS
from yuantou.database.connections import Connections
from yuantou.database.session import make_engine
from yuantou.scheduler import Scheduler
service.CHUNK = 2
service.step.__kwdefaults__["seconds"] = 0.0
steps, note = [], service._note
def noted(session, *told):
    note(session, *told)
    session.flush()
    steps.append(told)
    if len(steps) == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
service._note = noted
jobs = [job for job in JOBS if job.code == "batches.go_on"]
with create_app(Connections(*sys.argv[1:3]), testing=True).app_context():
    Scheduler(make_engine(sys.argv[2]), jobs).run()
"""
Start = Callable[[int], Started]


@pytest.fixture
def start(database: Database) -> Iterator[Start]:
    """Start a scheduler that dies in a step; none outlives the test."""
    with processes() as begin:

        def one(dies_in: int) -> Started:
            urls = (database.connections.app, database.connections.worker)
            command = [sys.executable, "-c", SCHEDULER, *urls, str(dies_in)]
            return begin(command, stdout=subprocess.DEVNULL)

        yield one


def stands(owner: Session) -> tuple[str, int, int, int]:
    """State of the batch, matters it counts, lines that are done, dispatches in the histories."""
    owner.rollback()
    batch = owner.scalars(select(Batch)).one()
    lines = select(func.count()).where(BatchItem.state == "done")
    events = select(func.count()).where(DisputeEvent.event == "dispatched")
    return batch.state, batch.done, owner.scalar(lines) or 0, owner.scalar(events) or 0


def until(owner: Session, state: str) -> None:
    """Look until the batch is there."""
    deadline = monotonic() + PATIENCE
    while stands(owner)[0] != state:
        assert monotonic() < deadline, stands(owner)


def test_what_was_committed_stays_and_the_rest_is_done_once(
    door: Door, owner: Session, start: Start
) -> None:
    matters = [triaged(door) for _ in range(MATTERS)]
    left(door, owner, matters)
    owner.execute(text("DELETE FROM notice"))
    owner.commit()
    assert start(2).wait(PATIENCE) == -signal.SIGKILL
    assert stands(owner) == ("waiting", 2, 2, 2)
    start(0)
    until(owner, "done")
    assert stands(owner) == ("done", MATTERS, MATTERS, MATTERS)
    sent = select(DisputeEvent.dispute_id).where(DisputeEvent.event == "dispatched")
    assert sorted(owner.scalars(sent)) == sorted(matters)
    steps = select(AuditEvent.facts["done"]).where(AuditEvent.action == "batch:step")
    told = [number for done in owner.scalars(steps) for number in done]
    assert sorted(told) == sorted(matters)
    assert owner.scalar(select(func.count()).select_from(Notice)) == 3  # one a step, none twice
