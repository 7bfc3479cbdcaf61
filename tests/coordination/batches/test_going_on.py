"""A batch whose page was closed goes on as its asker, and no further than he may."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.coordination.matters import Door, agency_of, triaged
from yuantou.audit.models import AuditEvent
from yuantou.calendar import clock
from yuantou.coordination.batches import service
from yuantou.coordination.batches.jobs import any_left_alone, go_on_alone
from yuantou.coordination.batches.models import Batch
from yuantou.coordination.batches.running import Dispatching
from yuantou.database.session import make_engine, make_sessions
from yuantou.disputes.models import Dispute, DisputeEvent

SOON = (clock.today() + timedelta(days=20)).isoformat()


def left(door: Door, owner: Session, ids: list[int], minutes: int = 5) -> int:
    """A batch of dispatches whose page was closed before its first step."""
    session, gao = door("gao")
    facts = {"handler_agency_id": agency_of(door, "ren"), "deadline": SOON, "reason": ""}
    number = service.make(
        session, by=gao, kind="dispatch", submission="e" * 32, ids=ids, facts=facts
    )
    shut = clock.now() - timedelta(minutes=minutes)
    owner.execute(text("UPDATE batch SET attended_at = :shut"), {"shut": shut})
    owner.commit()
    return number


def go(door: Door, database: Database) -> bool:
    """One look of the scheduler; whether anything waited."""
    engine = make_engine(database.connections.worker)
    with make_sessions(engine)() as session, door.app.app_context():
        waited = any_left_alone(session)
        go_on_alone(session, clock.now(), lambda done, total: None)
        session.commit()
    engine.dispose()
    return waited


def stands(owner: Session, batch: int, matter: int) -> tuple[str, str]:
    """State of the batch and of a matter of it."""
    owner.rollback()
    return owner.get_one(Batch, batch).state, owner.get_one(Dispute, matter).state


def test_it_ends_as_its_asker(door: Door, owner: Session, database: Database) -> None:
    made = [triaged(door) for _ in range(2)]
    batch = left(door, owner, made)
    assert go(door, database)
    assert stands(owner, batch, made[1]) == ("done", "dispatched")
    newest = select(DisputeEvent.actor_id).where(DisputeEvent.dispute_id == made[1])
    assert owner.scalar(newest.order_by(DisputeEvent.id.desc())) == door("gao")[1].id
    written = select(AuditEvent.facts["attended"]).where(AuditEvent.action == "batch:step")
    assert owner.scalars(written).all() == [False]
    assert not go(door, database)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account SET disabled_at = now() WHERE login = 'gao'",
        "UPDATE account SET role = 'government' WHERE login = 'gao'",
        "UPDATE account SET agency_id = (SELECT agency_id FROM account WHERE login = 'hu') "
        "WHERE login = 'gao'",
    ],
)
def test_who_may_not_any_more_is_not_acted_for(
    door: Door, owner: Session, database: Database, change: str
) -> None:
    made = triaged(door)
    batch = left(door, owner, [made])
    owner.execute(text(change))
    owner.commit()
    go(door, database)
    assert stands(owner, batch, made) == ("stopped", "triaged")


@pytest.mark.parametrize("minutes", [0, 120])
def test_an_open_page_and_a_forgotten_batch_are_left_alone(
    door: Door, owner: Session, database: Database, minutes: int
) -> None:
    made = triaged(door)
    batch = left(door, owner, [made], minutes)
    assert not go(door, database)
    assert stands(owner, batch, made) == ("waiting", "triaged")


def test_what_cannot_be_carried_out_stops(
    door: Door, owner: Session, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(_run: Dispatching, _dispute: Dispute) -> None:
        raise KeyError("gone")

    monkeypatch.setattr(Dispatching, "do", fall)
    made = triaged(door)
    batch = left(door, owner, [made])
    go(door, database)
    assert stands(owner, batch, made) == ("stopped", "triaged")
