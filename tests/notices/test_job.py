"""Delivery as the scheduler runs it: claims of its own, effect and "done" together."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.coordination.matters import Door
from tests.notices.letters import messages, switch, tell
from tests.notices.post_office import Office
from yuantou.calendar import clock
from yuantou.database import runs
from yuantou.database.execution import carry_out
from yuantou.database.schedule import JobRun
from yuantou.notices.jobs import JOBS
from yuantou.notices.outbox import forget


def _run(database: Database) -> bool:
    """One due time of the delivery, as the scheduler claims and carries it out."""
    database.sessions("worker")
    engine, due = database.engines["worker"], clock.now().replace(second=0, microsecond=0)
    assert runs.reopen(engine, JOBS[0].code, due)
    held = runs.claim(engine, JOBS, "test", due)
    assert held is not None
    return carry_out(engine, JOBS[0], held)


def test_the_scheduler_delivers_what_waits(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    switch(door, "mei")
    tell(door, "mei", now=clock.now(), urgent=True)
    assert _run(database)
    assert [row.state for row in messages(owner)] == ["delivered"]
    assert owner.query(JobRun).one().state == "done"


def test_a_refusal_is_no_failure_of_the_job(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    office.manner = "refuse"
    switch(door, "mei")
    tell(door, "mei", now=clock.now(), urgent=True)
    assert _run(database)
    assert [(row.state, row.attempts) for row in messages(owner)] == [("waiting", 1)]


def test_what_was_delivered_is_forgotten_in_the_end_and_trouble_is_not(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    switch(door, "mei")
    tell(door, "mei", now=clock.now(), urgent=True)
    _run(database)
    office.manner = "silent"
    tell(door, "mei", now=clock.now(), urgent=True)
    owner.query(JobRun).delete()
    owner.commit()
    _run(database)
    with database.sessions("worker")() as session:
        assert forget(session, before=clock.now() + timedelta(days=1)) == 1
        session.commit()
    assert [row.state for row in messages(owner)] == ["unknown"]
