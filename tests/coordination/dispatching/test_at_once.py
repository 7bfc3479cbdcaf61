"""Two people at the same moment, in sessions of their own: one is first, nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import DONGJIE
from tests.coordination.matters import Door, agency_of, dispatched, report
from yuantou.coordination.dispatching import joint, transfers
from yuantou.coordination.dispatching.models import Transfer
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.models import Dispute, DisputeEvent

Do = Callable[..., TestResponse]
Act = tuple[str, Callable[..., Any], dict[str, Any]]


def at_once(door: Door, dispute: int, *acts: Act) -> list[str]:
    """Do them together; what became of each."""
    start = Barrier(len(acts))
    opened = [(door(login), act, given) for login, act, given in acts]

    def one(prepared: tuple[Any, Callable[..., Any], dict[str, Any]]) -> str:
        (session, viewer), act, given = prepared
        start.wait(timeout=30)
        try:
            with door.app.test_request_context():
                act(session, by=viewer, dispute_id=dispute, **given)
        except (RefusedError, StaleDisputeError, NotVisibleError) as fault:
            session.rollback()
            return type(fault).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, opened))


def test_a_transfer_is_taken_or_taken_back_never_both(door: Door, do: Do, owner: Session) -> None:
    dispute = report(door, "tang")
    do("tang", dispute, "transfer", to_agency_id=agency_of(door, "dong"), reason="在东街")
    found = at_once(
        door,
        dispute,
        ("dong", transfers.accept, {"area_code": DONGJIE}),
        ("tang", transfers.withdraw, {"reason": "再核实"}),
    )
    assert sorted(found)[-1] == "done"
    assert found.count("done") == 1
    outcome = owner.scalars(select(Transfer.outcome)).one()
    holder = "dong" if outcome == "accepted" else "tang"
    assert owner.get_one(Dispute, dispute).handler_agency_id == agency_of(door, holder)


def test_two_helpers_write_at_once_and_both_stand(door: Door, do: Do, owner: Session) -> None:
    dispute = dispatched(door)
    partners = [agency_of(door, "zhu"), agency_of(door, "tang")]
    do("gao", dispute, "join", partners=partners, reason="一起办")
    found = at_once(
        door,
        dispute,
        ("zhu", joint.contribute, {"words": "住建的话"}),
        ("tang", joint.contribute, {"words": "街道的话"}),
    )
    assert found == ["done", "done"]
    written = select(DisputeEvent.note).where(DisputeEvent.event == "contributed")
    assert sorted(owner.scalars(written)) == ["住建的话", "街道的话"]
