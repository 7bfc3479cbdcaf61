"""Many matters at once: each judged on its own, refusals said, nothing twice, a way back."""

import io
from collections.abc import Callable, Sequence
from datetime import timedelta

from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import DONGJIE
from tests.coordination.matters import Door, act, agency_of, dispatched, report, triaged
from yuantou.calendar import clock
from yuantou.coordination.batches import service
from yuantou.coordination.batches.models import Batch, BatchItem
from yuantou.disputes.models import Dispute
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]
SOON = (clock.today() + timedelta(days=20)).isoformat()
MARK = "a" * 32


def send(client: FlaskClient, to: int, picked: Sequence[int], **more: object) -> TestResponse:
    data = {"kind": "dispatch", "picked": list(picked), "handler_agency_id": to, "deadline": SOON}
    return client.post("/batches/", data=data | {"submission": MARK} | more)


def states(owner: Session, ids: Sequence[int]) -> list[str]:
    owner.rollback()
    rows = owner.execute(select(Dispute.id, Dispute.state).where(Dispute.id.in_(ids)))
    found = {row.id: row.state for row in rows}
    return [found[one] for one in ids]


def test_many_are_dispatched_and_the_agency_is_told_once(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    made = [triaged(door) for _ in range(3)]
    labour = agency_of(door, "ren")
    answer = send(client_of("gao"), labour, made)
    assert answer.status_code == 303
    assert states(owner, made) == ["dispatched"] * 3
    told = owner.scalars(select(Notice.title).where(Notice.agency_id == labour)).all()
    assert told == ["批量交办 3 件，请签收"]


def test_each_is_judged_on_its_own_and_refusals_say_why(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    ready, early = triaged(door), report(door, title="还没研判的")
    hidden = triaged(door, flags=("domestic_violence",), title="限制知悉的")
    answer = send(client_of("gao"), agency_of(door, "ren"), [early, ready, hidden])
    html = client_of("gao").get(answer.location).get_data(as_text=True)
    assert states(owner, [early, ready, hidden]) == ["reported", "dispatched", "triaged"]
    assert "还没研判的" in html
    assert "请逐件交办" in html
    batch = owner.scalars(select(Batch)).one()
    assert (batch.state, batch.done, batch.refused) == ("done", 1, 2)


def test_sending_the_form_twice_is_one_batch(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    made = triaged(door)
    gao, labour = client_of("gao"), agency_of(door, "ren")
    first, second = (send(gao, labour, [made]).location for _ in range(2))
    assert first == second
    assert len(owner.scalars(select(Batch)).all()) == 1


def test_what_was_stopped_half_way_goes_on_where_it_stood(door: Door, owner: Session) -> None:
    made = [triaged(door) for _ in range(3)]
    session, gao = door("gao")
    facts = {"handler_agency_id": agency_of(door, "ren"), "deadline": SOON, "reason": ""}
    number = service.make(session, by=gao, kind="dispatch", submission=MARK, ids=made, facts=facts)
    owner.execute(text("UPDATE batch_item SET state = 'done' WHERE position = 1"))
    owner.commit()
    batch = service.step(session, by=gao, batch_id=number)
    assert states(owner, made) == ["triaged", "dispatched", "dispatched"]
    assert (batch.state, batch.done) == ("done", 2)


def test_handlers_are_urged_and_what_was_just_urged_is_left(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    sent, own = dispatched(door), report(door, title="还没交办的")
    asked = {"kind": "remind", "picked": [sent, sent, own], "message": "请抓紧办理"}
    gao = client_of("gao")
    first, second = (
        gao.post("/batches/", data=asked | {"submission": mark}).location
        for mark in (MARK, "c" * 32)
    )
    told = owner.scalars(select(Notice).where(Notice.dispute_id == sent)).all()
    assert "请抓紧办理" in gao.get(f"/matters/{sent}").get_data(as_text=True)
    assert any("催办" in notice.title for notice in told)
    assert "刚刚催过" in gao.get(second).get_data(as_text=True)
    assert first != second
    assert client_of("tang").post("/batches/", data=asked).status_code == 403


def test_what_nobody_signed_is_taken_back(door: Door, client_of: ClientOf, owner: Session) -> None:
    made = [triaged(door) for _ in range(2)]
    gao, labour = client_of("gao"), agency_of(door, "ren")
    place = send(gao, labour, made).location
    act(door, "ren", made[0], "sign")
    undone = gao.post(f"{place}/undo").location
    assert states(owner, made) == ["signed", "triaged"]
    assert "不能撤回" in gao.get(undone).get_data(as_text=True)
    back = owner.get_one(Dispute, made[1])
    assert (back.handler_agency_id, back.dispatched_at) == (agency_of(door, "gao"), None)
    assert gao.post(f"{place}/undo").location == undone
    running = "SELECT rule FROM deadline WHERE dispute_id = :id AND met_at IS NULL"
    left = owner.execute(text(running), {"id": made[1]}).scalars().all()
    assert not {"sign", "return", "dispatch_term"} & set(left)


def test_a_stopped_batch_leaves_the_rest(door: Door, owner: Session) -> None:
    made = triaged(door)
    session, gao = door("gao")
    facts = {"handler_agency_id": agency_of(door, "ren"), "deadline": SOON}
    number = service.make(
        session, by=gao, kind="dispatch", submission=MARK, ids=[made], facts=facts
    )
    service.stop(session, by=gao, batch_id=number)
    assert service.step(session, by=gao, batch_id=number).done == 0
    assert states(owner, [made]) == ["triaged"]


def test_another_countys_agency_is_no_choice(door: Door, client_of: ClientOf) -> None:
    made = triaged(door)
    answer = send(client_of("gao"), agency_of(door, "hu"), [made])
    assert answer.status_code == 422


def test_another_county_does_nothing_with_what_it_cannot_see(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    made = triaged(door)
    client_of("hu").post("/batches/", data={"kind": "export", "picked": [made], "submission": MARK})
    assert owner.scalars(select(BatchItem)).all() == []
    assert client_of("mei").post("/batches/", data={"kind": "dispatch"}).status_code == 403


def test_a_batch_is_seen_by_who_made_it_alone(door: Door, client_of: ClientOf) -> None:
    place = send(client_of("gao"), agency_of(door, "ren"), [triaged(door)]).location
    for login in ("tang", "hu"):
        assert client_of(login).get(place).status_code == 404
        assert client_of(login).post(f"{place}/step").status_code == 404


def test_the_whole_answer_is_meant_where_nothing_is_ticked(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    here, there = triaged(door), report(door, "dong", area_code=DONGJIE)
    question = {"view": "open", "state": ["triaged"], "kind": "dispatch"}
    html = client_of("gao").post("/batches/prepare", data=question).get_data(as_text=True)
    assert "共 1 件" in html
    send(client_of("gao"), agency_of(door, "ren"), [], view="open", state=["triaged"])
    assert states(owner, [here, there]) == ["dispatched", "reported"]


def test_nothing_chosen_or_typed_wrong_keeps_the_form(door: Door, client_of: ClientOf) -> None:
    past = (clock.today() - timedelta(days=1)).isoformat()
    answer = send(client_of("gao"), 0, [triaged(door)], deadline=past, reason="同一家公司")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("请选择承办单位", "期限不能早于今天", "同一家公司"):
        assert words in html


def test_an_export_in_batches_is_marked_and_logged(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    report(door, title="=1+1")
    report(door, flags=("domestic_violence",), title="不可外传的事")
    gao = client_of("gao")
    place = gao.post("/batches/", data={"view": "all", "submission": MARK}).location
    answer = gao.post(f"{place}/file")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    cells = [str(cell) for row in rows for cell in row]
    assert "=1+1" in cells
    assert "不可外传的事" not in cells
    assert any("高协调" in cell and "导出" in cell for cell in cells)
    asked = "SELECT facts ->> 'rows' FROM audit_event WHERE action = 'dispute:export'"
    assert owner.execute(text(asked)).scalars().all() == ["2"]


def test_lines_of_an_export_are_kept_for_a_week(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    report(door)
    gao = client_of("gao")
    place = gao.post("/batches/", data={"view": "all", "submission": MARK}).location
    service.empty_cells(owner, clock.now() + timedelta(minutes=1))
    owner.commit()
    html = gao.post(f"{place}/file", follow_redirects=True).get_data(as_text=True)
    assert "已过保留期" in html


def test_what_left_the_sight_meanwhile_is_not_done(door: Door, owner: Session) -> None:
    made = triaged(door)
    session, gao = door("gao")
    number = service.make(session, by=gao, kind="export", submission=MARK, ids=[made], facts={})
    act(door, "mei", made, "note_refusal", reason="不愿")
    owner.execute(text("UPDATE dispute SET restricted = true"))
    owner.commit()
    batch = service.step(session, by=gao, batch_id=number)
    assert (batch.state, batch.done) == ("done", 0)
