"""A day past a limit the system urges, once for each limit, and the act itself clears it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.coordination.matters import Door, act, agency_of, dispatched, report
from yuantou.audit.models import AuditEvent
from yuantou.calendar import clock
from yuantou.coordination.supervision import jobs, service
from yuantou.coordination.supervision.models import (
    Supervision,
    SupervisionCause,
    SupervisionLetter,
)
from yuantou.coordination.supervision.overdue import press
from yuantou.disputes.models import DisputeEvent
from yuantou.limits.models import Deadline
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]
DAY = timedelta(days=1)


def late(door: Door, owner: Session, rule: str = "accept", **more: object) -> int:
    """A matter of the committee whose `rule` passed yesterday."""
    number = report(door)
    overdue(owner, number, rule, **more)
    return number


def overdue(owner: Session, number: int, rule: str, **more: object) -> None:
    now = clock.now()
    values = {"started_at": now - 9 * DAY, "due_at": now - DAY, **more}
    where = (Deadline.dispute_id == number, Deadline.rule == rule)
    owner.execute(update(Deadline).where(*where).values(values))
    owner.commit()


def morning(database: Database, at: datetime | None = None) -> int:
    with database.sessions("worker")() as session:
        done = press(session, days=1, now=at or clock.now(), progress=lambda _done, _all: None)
        session.commit()
    return done


def held(owner: Session, number: int) -> Supervision:
    owner.expire_all()
    return owner.scalars(select(Supervision).where(Supervision.dispute_id == number)).one()


def test_a_day_late_the_county_urges_through_the_system(
    door: Door, database: Database, owner: Session
) -> None:
    number = late(door, owner)
    assert morning(database) == 1
    one, letter = held(owner, number), owner.scalars(select(SupervisionLetter)).one()
    assert (one.state, one.agency_id, one.rank) == ("reminded", agency_of(door, "gao"), 1)
    assert one.due_at is not None
    assert one.due_at > clock.now()
    assert (letter.issued_by, letter.to_agency_id) == (None, agency_of(door, "mei"))
    notice = owner.scalars(select(Notice).where(Notice.kind == "urged")).one()
    assert notice.agency_id == agency_of(door, "mei")
    assert "院墙" not in notice.title


def test_it_stands_in_the_history_and_in_the_chain(
    door: Door, database: Database, owner: Session
) -> None:
    number = late(door, owner)
    morning(database)
    event = owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "reminded")).one()
    assert (event.actor_id, event.agency_id) == (None, agency_of(door, "gao"))
    assert event.facts["rule"] == "accept"
    row = owner.scalars(select(AuditEvent).where(AuditEvent.action == "supervision:remind")).one()
    assert (row.object_id, row.account_id) == (str(number), None)


def test_each_limit_once_however_often_the_job_runs(
    door: Door, database: Database, owner: Session
) -> None:
    number = late(door, owner)
    assert [morning(database), morning(database, clock.now() + DAY)] == [1, 0]
    act(door, "mei", number, "accept")
    overdue(owner, number, "triage")
    assert [morning(database), morning(database)] == [1, 0]
    assert len(owner.scalars(select(SupervisionCause)).all()) == 2


def test_the_act_of_the_limit_clears_it(door: Door, database: Database, owner: Session) -> None:
    number = late(door, owner)
    morning(database)
    act(door, "mei", number, "accept")
    one = held(owner, number)
    assert one.state == "cleared"
    assert one.closed_at is not None
    events = owner.scalars(select(DisputeEvent.event).where(DisputeEvent.dispute_id == number))
    assert list(events).count("supervision_cleared") == 1


def test_another_act_does_not(door: Door, database: Database, owner: Session) -> None:
    number = late(door, owner)
    act(door, "mei", number, "accept")
    overdue(owner, number, "finish")
    morning(database)
    act(door, "mei", number, "triage", category="neighborhood", risk="green", path="mediation")
    assert held(owner, number).state == "reminded"


def test_where_a_person_urged_too_it_stays(door: Door, database: Database, owner: Session) -> None:
    number = late(door, owner)
    morning(database)
    session, gao = door("gao")
    later = clock.now() + timedelta(hours=1)
    urged = service.remind(session, by=gao, dispute_ids=[number], message="请说明", now=later)
    assert urged.done == 1
    act(door, "mei", number, "accept")
    assert held(owner, number).state == "reminded"


def test_what_stands_still_is_met_or_passed_long_ago_is_left_alone(
    door: Door, database: Database, owner: Session
) -> None:
    now = clock.now()
    begun = (now - 3 * DAY).isoformat()
    late(door, owner, pauses=[{"start": begun, "end": None, "reason": "鉴定"}])
    late(door, owner, met_at=now)
    late(door, owner, due_at=now - 20 * DAY)
    late(door, owner, due_at=now)
    assert morning(database) == 0


def test_an_order_that_stands_asks_for_enough(
    door: Door, database: Database, owner: Session
) -> None:
    number, (session, gao) = dispatched(door), door("gao")
    until = clock.today() + 5 * DAY
    service.supervise(
        session, by=gao, dispute_id=number, reason="超期", demands="查明", time_limit=until
    )
    overdue(owner, number, "sign")
    assert morning(database) == 1
    assert held(owner, number).state == "supervised"
    assert len(owner.scalars(select(SupervisionLetter)).all()) == 1
    assert morning(database) == 0


def test_what_the_centre_handles_itself_the_city_urges(
    door: Door, database: Database, owner: Session
) -> None:
    number = report(door, "gao")
    overdue(owner, number, "accept")
    morning(database)
    assert (held(owner, number).agency_id, held(owner, number).rank) == (agency_of(door, "qi"), 2)


def test_it_is_in_the_lists_and_can_be_answered(
    door: Door, client_of: ClientOf, database: Database, owner: Session
) -> None:
    number = late(door, owner)
    morning(database)
    assert "院墙滴水争议" in client_of("gao").get("/supervision/?tab=unanswered").text
    assert "院墙滴水争议" in client_of("mei").get("/supervision/").text
    session, mei = door("mei")
    service.answer(session, by=mei, dispute_id=number, reply="人手不足，今日受理")
    assert "院墙滴水争议" in client_of("gao").get("/supervision/?tab=answered").text
    page = client_of("gao").get(f"/matters/{number}").text
    assert "人手不足" in page
    assert "系统自动" in page


def test_the_reply_waits_for_the_supervisor_and_the_urging_does_not(
    door: Door, client_of: ClientOf, database: Database, owner: Session
) -> None:
    number, gao = late(door, owner), client_of("gao")
    morning(database)
    assert "院墙滴水争议" not in gao.get("/notices?tab=todo").text
    session, mei = door("mei")
    service.answer(session, by=mei, dispute_id=number, reply="今日受理")
    assert "院墙滴水争议" in gao.get("/notices?tab=todo").text


def test_an_office_can_switch_it_off(
    door: Door,
    database: Database,
    owner: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late(door, owner)
    made = {}
    for wanted in ("false", "true"):
        settings = tmp_path / f"{wanted}.toml"
        settings.write_text(f"[supervision]\nurge_overdue = {wanted}\n")
        monkeypatch.setattr(jobs, "SETTINGS", settings)
        with database.sessions("worker")() as session:
            jobs.run(session, clock.now(), lambda _done, _all: None)
            session.commit()
        made[wanted] = len(owner.scalars(select(Supervision)).all())
        owner.rollback()
    assert made == {"false": 0, "true": 1}
