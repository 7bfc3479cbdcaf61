"""Rounds of cross-review: strangers only, starred names, access that ends, an answer, no ranks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.cast import DONGJIE, GONGYINGZI
from tests.coordination.closed import closed, later, period
from tests.coordination.matters import Door, agency_of
from yuantou.calendar import clock
from yuantou.coordination.review import queries, service
from yuantou.coordination.review.checklist import read
from yuantou.coordination.review.models import ReviewFile, ReviewRound
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.parties import NewParty, add_party, keyring

ClientOf = Callable[[str], FlaskClient]
GOOD = {item.code: {"verdict": "ok", "note": ""} for item in read()}


def opened(door: Door, login: str = "qi", **changes: Any) -> ReviewRound:
    session, viewer = door(login)
    asked: dict[str, Any] = (
        {"submission": "one", "name": "十月", "per_area": 2, "due_on": later()} | period() | changes
    )
    return service.open_round(session, by=viewer, **asked)


def files(owner: Session) -> list[ReviewFile]:
    owner.rollback()
    return list(owner.scalars(select(ReviewFile).order_by(ReviewFile.id)))


def account(door: Door, login: str) -> int:
    return door(login)[1].id


def read_by(door: Door, login: str, file: int) -> dict[str, Any] | None:
    session, _viewer = door(login)
    with door.app.app_context():
        return queries.file_under_review(session, file, keyring())


def name_party(door: Door, owner: Session, dispute: int, name: str) -> None:
    with door.app.app_context():
        party = NewParty("applicant", "person", name, phone="13912345678")
        add_party(owner, dispute=owner.get_one(Dispute, dispute), party=party)
    owner.execute(
        text("UPDATE dispute SET summary = :words WHERE id = :id"),
        {"words": f"{name}家院墙滴水", "id": dispute},
    )
    owner.commit()


def test_the_city_lets_counties_review_one_another(door: Door, owner: Session) -> None:
    closed(door, owner, number=3)
    closed(door, owner, "kai", 1, GONGYINGZI)
    opened(door)
    pairs = sorted((file.area_code, file.reviewer_id) for file in files(owner))
    ours, theirs = account(door, "gao"), account(door, "hu")
    assert pairs == [("211324", ours), ("211382", theirs), ("211382", theirs)]


def test_the_county_lets_townships_review_one_another(door: Door, owner: Session) -> None:
    closed(door, owner)
    closed(door, owner, "dong", 1, DONGJIE)
    opened(door, "gao")
    chosen = {file.area_code: file.reviewer_id for file in files(owner)}
    assert chosen == {"211382001": account(door, "dong"), DONGJIE: account(door, "tang")}


def test_without_strangers_there_is_no_round(door: Door, owner: Session) -> None:
    closed(door, owner, "gao")
    owner.execute(text("UPDATE account SET disabled_at = now() WHERE login = 'hu'"))
    owner.commit()
    with pytest.raises(RefusedError) as refused:
        opened(door)
    assert refused.value.refusal.code == "no_reviewers"


def test_restricted_matters_are_left_out_even_later(door: Door, owner: Session) -> None:
    first, second = closed(door, owner, number=2)
    owner.execute(text("UPDATE dispute SET restricted = true WHERE id = :id"), {"id": first})
    owner.commit()
    opened(door)
    held = files(owner)
    assert [file.dispute_id for file in held] == [second]
    assert read_by(door, "hu", held[0].id) is not None
    owner.execute(text("UPDATE dispute SET restricted = true WHERE id = :id"), {"id": second})
    owner.commit()
    assert read_by(door, "hu", held[0].id) is None


def test_the_reviewer_reads_one_file_with_starred_names_and_nothing_else(
    door: Door, owner: Session
) -> None:
    dispute, *_others = closed(door, owner)
    name_party(door, owner, dispute, "张大山")
    opened(door)
    shown = read_by(door, "hu", files(owner)[0].id)
    assert shown is not None
    assert shown["summary"] == "张∗∗家院墙滴水"
    assert "张大山" not in str(shown)
    assert "sealed" not in str(shown)
    assert "key" not in shown
    session, _viewer = door("hu")
    assert session.get(Dispute, dispute) is None


def test_only_the_assigned_reviewer_reads_and_only_in_time(door: Door, owner: Session) -> None:
    closed(door, owner)
    opened(door)
    file = files(owner)[0].id
    assert [read_by(door, login, file) for login in ("gao", "mei", "qi", "kai")] == [None] * 4
    owner.execute(
        text("UPDATE review_file SET until = :past"), {"past": clock.now() - timedelta(hours=1)}
    )
    owner.commit()
    assert read_by(door, "hu", file) is None


def test_opening_and_judging_stand_in_the_history_and_end_access(
    door: Door, owner: Session
) -> None:
    dispute, *_others = closed(door, owner)
    opened(door)
    file = files(owner)[0].id
    session, viewer = door("hu")
    service.open_file(session, by=viewer, file_id=file)
    service.open_file(session, by=viewer, file_id=file)
    service.judge(session, by=viewer, file_id=file, findings=GOOD, opinion="")
    asked = select(DisputeEvent).where(DisputeEvent.dispute_id == dispute)
    seen = owner.scalars(asked.order_by(DisputeEvent.id)).all()[-2:]
    assert [(event.event, event.actor_id) for event in seen] == [
        ("review_opened", None),
        ("file_reviewed", None),
    ]
    assert read_by(door, "hu", file) is None
    with pytest.raises(RefusedError):
        service.judge(session, by=viewer, file_id=file, findings=GOOD, opinion="")
    session.rollback()


def test_gaps_and_faults_without_a_word_are_refused(door: Door, owner: Session) -> None:
    closed(door, owner)
    opened(door)
    file, (session, viewer) = files(owner)[0].id, door("hu")
    for changed, code in (
        ({"verdict": "none", "note": ""}, "not_judged"),
        ({"verdict": "flaw", "note": ""}, "not_explained"),
    ):
        with pytest.raises(RefusedError) as refused:
            service.judge(
                session, by=viewer, file_id=file, findings=GOOD | {"free": changed}, opinion=""
            )
        session.rollback()
        assert refused.value.refusal.code == code


def test_the_reviewed_unit_sees_findings_when_handed_in_and_answers_once(
    door: Door, owner: Session
) -> None:
    closed(door, owner)
    opened(door)
    file, (session, viewer) = files(owner)[0].id, door("hu")
    assert door("mei")[0].get(ReviewFile, file) is None
    service.judge(session, by=viewer, file_id=file, findings=GOOD, opinion="齐全")
    ours, mei = door("mei")
    service.reply(ours, by=mei, file_id=file, words="无异议")
    with pytest.raises(RefusedError):
        service.reply(ours, by=mei, file_id=file, words="再说一遍")
    ours.rollback()
    others, kai = door("kai")
    with pytest.raises(NotVisibleError):
        service.reply(others, by=kai, file_id=file, words="不是我们的")


def test_a_round_is_walked_on_its_pages(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, *_others = closed(door, owner)
    name_party(door, owner, dispute, "李小河")
    qi, hu, mei = client_of("qi"), client_of("hu"), client_of("mei")
    form = {"submission": "web", "name": "十月评查", "per_area": "1", "due_on": later().isoformat()}
    form |= {name: day.isoformat() for name, day in period().items()}
    assert qi.get("/review/new").status_code == 200
    where = qi.post("/review/new", data=form).headers["Location"]
    file = files(owner)[0].id
    assert "先打开卷宗" in hu.get(f"/review/files/{file}").get_data(as_text=True)
    hu.post(f"/review/files/{file}/open")
    shown = hu.get(f"/review/files/{file}").get_data(as_text=True)
    assert "李∗∗家院墙滴水" in shown
    assert "李小河" not in shown
    empty = hu.post(f"/review/files/{file}", data={})
    assert (empty.status_code, empty.text.count('<li><a href="#verdict_')) == (422, len(read()))
    said = {f"verdict_{item.code}": "ok" for item in read()} | {"opinion": "齐全"}
    assert hu.post(f"/review/files/{file}", data=said).status_code == 303
    assert "逐项意见" in mei.get(f"/review/files/{file}").get_data(as_text=True)
    assert mei.post(f"/review/files/{file}/reply", data={"words": "无异议"}).status_code == 303
    summed = qi.get(where).get_data(as_text=True)
    assert "100.0%" in summed
    assert "已答复" in summed
    assert client_of("kai").get(f"/review/files/{file}").status_code == 404
    assert client_of("kai").get(where).status_code == 403
    assert agency_of(door, "mei") == files(owner)[0].reviewed_agency_id
    assert owner.scalar(select(func.count()).select_from(ReviewRound)) == 1
