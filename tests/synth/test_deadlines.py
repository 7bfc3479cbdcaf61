"""Deadlines made for whole columns are those that the limits' service makes step by step."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.synth.conftest import NOW
from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.limits.models import Deadline
from yuantou.limits.service import follow

Line = tuple[str, datetime, datetime, datetime | None, datetime | None, int, list[str]]


def _lines(session: Session, dispute_id: int) -> list[Line]:
    rows = session.scalars(select(Deadline).where(Deadline.dispute_id == dispute_id))
    return sorted(
        (
            (
                row.rule,
                row.started_at,
                row.due_at,
                row.met_at,
                row.lapsed_at,
                row.agency_id,
                [str(datetime.fromisoformat(str(p["start"])).timestamp()) for p in row.pauses],
            )
            for row in rows
        ),
        key=lambda line: (line[1], line[0]),
    )


def _replay(session: Session, dispute: Dispute, holders: Iterator[int]) -> None:
    """Let the service follow the history again, the dispute looking each time as it then did."""
    session.execute(delete(Deadline).where(Deadline.dispute_id == dispute.id))
    dispute.risk, dispute.complexity = read().least_risk(dispute.flags), None
    events = session.scalars(
        select(DisputeEvent)
        .where(DisputeEvent.dispute_id == dispute.id)
        .order_by(DisputeEvent.at, DisputeEvent.id)
    ).all()
    for event, holder in zip(events, holders, strict=True):
        facts: dict[str, Any] = event.facts
        dispute.state, dispute.handler_agency_id = str(event.to_state), holder
        if event.event == "triaged":
            dispute.risk, dispute.complexity = facts["risk"], facts["complexity"]
        follow(session, dispute, event)


def _holders(session: Session, dispute: Dispute) -> Iterator[int]:
    """The handler after each event, as participations and facts tell it."""
    current, events = (
        dispute.reporting_agency_id,
        session.scalars(
            select(DisputeEvent)
            .where(DisputeEvent.dispute_id == dispute.id)
            .order_by(DisputeEvent.at, DisputeEvent.id)
        ),
    )
    desk = current
    for event in events:
        if event.event == "dispatched":
            current = int(str(event.facts["handler_agency_id"]))
        elif event.event == "returned":
            current = desk
        elif event.event == "escalated":
            current = -1
        yield current


@pytest.mark.parametrize("special", ["", "suspended", "returned", "reopened", "defaulted", "red"])
def test_replaying_a_history_gives_the_same_deadlines(session: Session, special: str) -> None:
    query = select(Dispute).where(
        ~Dispute.id.in_(select(DisputeEvent.dispute_id).where(DisputeEvent.event == "escalated"))
    )
    if special == "red":
        query = query.where(Dispute.risk == "red")
    elif special:
        query = query.where(
            Dispute.id.in_(select(DisputeEvent.dispute_id).where(DisputeEvent.event == special))
        )
    disputes = session.scalars(
        query.order_by(Dispute.id.desc()).limit(25 if not special else 6)
    ).all()
    assert len(disputes) >= 2
    for dispute in disputes:
        told = (dispute.next_due_at, dispute.next_due_rule)
        made = _lines(session, dispute.id)
        _replay(session, dispute, iter(list(_holders(session, dispute))))
        session.flush()
        assert made == _lines(session, dispute.id), (dispute.id, dispute.state)
        assert told == (dispute.next_due_at, dispute.next_due_rule), (dispute.id, dispute.state)


def test_some_limits_are_missed_and_most_are_kept(session: Session) -> None:
    rows = session.scalars(
        select(Deadline).where(Deadline.rule == "accept", Deadline.due_at <= NOW)
    ).all()
    kept = [row.met_at is not None and row.met_at <= row.due_at for row in rows]
    assert 0.93 < sum(kept) / len(kept) < 1
