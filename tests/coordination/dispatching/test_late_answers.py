"""Late answers are told once, to who owes them and to who waits."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import Database
from tests.coordination.matters import Door, agency_of, report, triaged
from yuantou.calendar import clock
from yuantou.coordination.dispatching.jobs import tell_late
from yuantou.notices.models import Notice

Do = Callable[..., TestResponse]


def run(database: Database, hours: int) -> None:
    with database.sessions("worker")() as session:
        tell_late(session, clock.now() + timedelta(hours=hours), lambda done, of: None)
        session.commit()


def told(owner: Session) -> list[int]:
    owner.rollback()
    asked = select(Notice.agency_id).where(Notice.kind == "answer_late")
    return sorted(owner.scalars(asked))


def test_a_silent_department_and_its_caller_are_told_once(
    door: Door, do: Do, database: Database, owner: Session
) -> None:
    housing, centre = agency_of(door, "zhu"), agency_of(door, "tang")
    do("tang", triaged(door), "whistle", partners=[housing], wanted="到现场")
    run(database, 23)
    assert told(owner) == []
    run(database, 25)
    run(database, 26)
    assert told(owner) == sorted([housing, centre])


def test_a_late_transfer_is_told_to_both_centres(
    door: Door, do: Do, database: Database, owner: Session
) -> None:
    dispute = report(door, "tang")
    do("tang", dispute, "transfer", to_agency_id=agency_of(door, "dong"), reason="在东街")
    run(database, 24 * 20)
    assert told(owner) == sorted([agency_of(door, "tang"), agency_of(door, "dong")])


def test_a_late_outside_answer_is_told_to_who_waits_for_it(
    door: Door, do: Do, database: Database, owner: Session
) -> None:
    dispute = triaged(door)
    soon = (clock.today() + timedelta(days=3)).isoformat()
    out = {"body": "hotline", "external_name": "凌源 12345", "reason": "核实", "due_on": soon}
    assert do("tang", dispute, "refer-out", **out).status_code == 303
    run(database, 24 * 2)
    assert told(owner) == []
    run(database, 24 * 5)
    assert told(owner) == [agency_of(door, "tang")]
