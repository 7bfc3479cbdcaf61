"""Rounds: drawn from what was closed, called by another unit, hidden from who handled it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import GONGYINGZI
from tests.coordination.closed import closed, later, period
from tests.coordination.matters import Door, agency_of
from yuantou.coordination.sampling import queries, service
from yuantou.coordination.sampling.models import SampleAnswer, SampleRound, SampleTask
from yuantou.coordination.sampling.service import Told
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.models import DisputeEvent
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]
GOOD = Told(True, "yes", "yes", "yes")


def drawn(door: Door, login: str = "gao", size: int = 4, **changes: Any) -> SampleRound:
    session, viewer = door(login)
    asked: dict[str, Any] = (
        {"submission": "one", "name": "十月", "size": size, "due_on": later()} | period() | changes
    )
    return service.draw_round(session, by=viewer, **asked)


def tasks(owner: Session) -> list[SampleTask]:
    owner.rollback()
    return list(owner.scalars(select(SampleTask).order_by(SampleTask.id)))


def answer(door: Door, login: str, task: int, told: Told = GOOD) -> None:
    session, viewer = door(login)
    service.answer(session, by=viewer, task_id=task, told=told)


def test_a_draw_keeps_seed_list_and_size_and_can_be_redrawn(door: Door, owner: Session) -> None:
    closed(door, owner, number=5)
    closed(door, owner, "ren", 2)
    made = drawn(door, size=4)
    assert (made.frame_size, len(tasks(owner)), bool(made.seed)) == (7, 4, True)
    session, _viewer = door("gao")
    assert queries.redraw(session, made.id).holds
    owner.execute(text("DELETE FROM sample_task WHERE id = (SELECT min(id) FROM sample_task)"))
    owner.commit()
    assert not queries.redraw(door("gao")[0], made.id).holds


def test_a_double_click_is_one_round(door: Door, owner: Session) -> None:
    closed(door, owner, number=3)
    assert drawn(door).id == drawn(door).id


def test_who_handled_it_does_not_call(door: Door, owner: Session) -> None:
    closed(door, owner)
    closed(door, owner, "gao")
    drawn(door)
    callers = {task.handler_agency_id: task.caller_agency_id for task in tasks(owner)}
    county, township = agency_of(door, "gao"), agency_of(door, "tang")
    assert callers == {agency_of(door, "mei"): county, county: township}
    with pytest.raises(IntegrityError, match="another_unit"):
        owner.execute(text("UPDATE sample_task SET caller_agency_id = handler_agency_id"))


def test_restricted_matters_and_other_counties_are_not_drawn(door: Door, owner: Session) -> None:
    kept, hidden = closed(door, owner, number=2)
    closed(door, owner, "kai", area=GONGYINGZI)
    owner.execute(text("UPDATE dispute SET restricted = true WHERE id = :id"), {"id": hidden})
    owner.commit()
    drawn(door)
    assert [task.dispute_id for task in tasks(owner)] == [kept]


def test_nothing_closed_nothing_drawn(door: Door) -> None:
    with pytest.raises(RefusedError) as refused:
        drawn(door)
    assert refused.value.refusal.code == "nothing_closed"


def test_only_supervisors_learn_what_was_closed(door: Door, owner: Session) -> None:
    closed(door, owner)
    for login in ("mei", "zhou", "hu", "ren-da"):
        session, _viewer = door(login)
        assert queries.closed_matters(session, **period()) == []


def test_the_handler_reads_no_answer_open_or_closed(door: Door, owner: Session) -> None:
    closed(door, owner)
    made = drawn(door)
    task = tasks(owner)[0]
    answer(door, "gao", task.id, Told(True, "no", "no", "no", "没有这回事"))
    session, _viewer = door("mei")
    assert session.get(SampleRound, made.id) is None
    service.close_round(door("gao")[0], by=door("gao")[1], round_id=made.id)
    session, _viewer = door("mei")
    assert session.get(SampleRound, made.id) is not None
    assert session.scalars(select(SampleAnswer)).all() == []
    assert session.scalars(select(SampleTask)).all() == []


def test_the_drawer_reads_no_answer_about_its_own_work(door: Door, owner: Session) -> None:
    closed(door, owner, "gao")
    made = drawn(door)
    answer(door, "tang", tasks(owner)[0].id)
    session, viewer = door("gao")
    assert session.scalars(select(SampleAnswer)).all() == []
    service.close_round(session, by=viewer, round_id=made.id)
    assert session.scalars(select(SampleAnswer)).all() == []
    assert made.id in [row.id for row in queries.drawn_by_unit(session, viewer)]


def test_only_the_calling_unit_answers_and_only_while_the_round_runs(
    door: Door, owner: Session
) -> None:
    closed(door, owner)
    made = drawn(door)
    task = tasks(owner)[0].id
    for login in ("mei", "tang", "hu"):
        with pytest.raises(NotVisibleError):
            answer(door, login, task)
    answer(door, "gao", task, Told(False))
    answer(door, "gao", task)
    service.close_round(door("gao")[0], by=door("gao")[1], round_id=made.id)
    with pytest.raises(RefusedError):
        answer(door, "gao", task)


def test_sums_say_how_many_and_the_history_that_a_call_was_made(door: Door, owner: Session) -> None:
    closed(door, owner, number=4)
    made = drawn(door)
    for task, told in zip(
        tasks(owner), [GOOD, GOOD, Told(True, "no", "no", "no"), Told(False)], strict=True
    ):
        answer(door, "gao", task.id, told)
    session, viewer = door("gao")
    held = service.close_round(session, by=viewer, round_id=made.id)
    assert held.results is not None
    row = held.results[0]
    assert (row["drawn"], row["called"], row["reached"]) == (4, 4, 3)
    assert (row["genuine"], row["genuine_of"], row["satisfied"]) == (2, 3, 2)
    noted = owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "sample_called")).all()
    assert [(event.note, list(event.facts)) for event in noted] == [("", ["round_id"])] * 4
    notices = owner.scalars(select(Notice).where(Notice.agency_id == agency_of(door, "mei"))).all()
    assert [notice.title for notice in notices if notice.kind == "sampling"] == [
        "抽查回访结果已公布"
    ]


def test_the_city_draws_and_the_counties_call(door: Door, owner: Session) -> None:
    closed(door, owner, number=2)
    closed(door, owner, "kai", area=GONGYINGZI)
    drawn(door, "qi")
    callers = {task.caller_agency_id for task in tasks(owner)}
    assert callers == {agency_of(door, "gao"), agency_of(door, "hu")}


def test_a_round_is_walked_on_its_pages(door: Door, client_of: ClientOf, owner: Session) -> None:
    closed(door, owner, number=4)
    gao = client_of("gao")
    form = {
        "submission": "web",
        "name": "十月抽查",
        "size": "4",
        "due_on": later().isoformat(),
        **{name: day.isoformat() for name, day in period().items()},
    }
    assert gao.get("/sampling/new").status_code == 200
    where = gao.post("/sampling/new", data=form).headers["Location"]
    assert "重抽一遍，结果一致" in gao.get(where).get_data(as_text=True)
    said = {"reached": "yes", "genuine": "yes", "performed": "yes", "satisfied": "fair"}
    for task in tasks(owner):
        blank = gao.post(f"/sampling/calls/{task.id}", data={"reached": "yes"})
        assert blank.status_code == 422
        assert gao.post(f"/sampling/calls/{task.id}", data=said).status_code == 303
    gao.post(f"{where}/close")
    shown = gao.get(where).get_data(as_text=True)
    assert "100.0%" in shown
    assert "51.0%–100.0%" in shown
    told = client_of("mei").get(where).get_data(as_text=True)
    assert "100.0%" in told
    assert "旧事" not in told
    assert client_of("kai").get(where).status_code == 404
