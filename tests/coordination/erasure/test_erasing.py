"""Personal data erased by two persons: keys and words gone, the chain whole, numbers kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, report
from tests.mediation.papers.files import made
from yuantou.calendar.clock import now, today
from yuantou.coordination.erasure.models import Erasure
from yuantou.coordination.erasure.retention import RetentionError, read
from yuantou.disputes.models import Dispute, DisputeEvent, DisputeKey, Party
from yuantou.disputes.parties import NewParty
from yuantou.intake.duplicates import matches_inside, question_of

ClientOf = Callable[[str], FlaskClient]
ZHANG = NewParty(
    side="applicant",
    kind="person",
    name="张三丰",
    phone="13800138000",
    id_number="11010519491231002X",
    gender="male",
    ethnicity="汉族",
    occupation="瓦工",
)
WHY = {"basis": "request", "reason": "当事人书面要求"}


def ended(door: Door) -> str:
    """A matter that was not taken up after all; its number."""
    dispute = report(door, parties=(ZHANG,))
    act(door, "mei", dispute, "accept")
    told = {"reason": "张三丰不愿意", "path_options": ["litigation"]}
    act(door, "mei", dispute, "terminate", **told)
    act(door, "mei", dispute, "advise_path", **told)
    act(door, "mei", dispute, "plan_follow_up", planned_on=today())
    made(door("mei")[0], dispute, "path_notice")
    closed = act(door, "mei", dispute, "close", found="张三丰满意")
    return str(closed.number)


def ask(client_of: ClientOf, number: str) -> int:
    return client_of("bao").post("/erasures", data={"number": number, **WHY}).status_code


def decide(client: FlaskClient, owner: Session, **changes: str) -> int:
    asked = owner.query(Erasure).one()
    words = {"verdict": "erase", "number": asked.number, "note": ""} | changes
    return client.post(f"/erasures/{asked.id}", data=words).status_code


def test_two_persons_erase_and_nothing_is_left(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    number = ended(door)
    assert ask(client_of, number) == 303
    assert decide(client_of("gao"), owner) == 303
    owner.rollback()
    assert owner.query(DisputeKey).count() == 0
    party = owner.query(Party).one()
    assert (party.name_mask, party.name_enc, party.id_index) == ("已销毁", b"", None)
    assert (party.gender_enc, party.ethnicity_enc, party.occupation_enc) == (None, None, None)
    words = owner.query(Dispute).one()
    assert (words.title, words.summary, words.number) == ("已销毁", "已销毁", number)
    told = [event.note for event in owner.query(DisputeEvent)]
    assert not any("张三丰" in note for note in told)
    assert "found" not in str([event.facts for event in owner.query(DisputeEvent)])


def test_the_chain_still_verifies(
    app: Flask, door: Door, client_of: ClientOf, owner: Session
) -> None:
    ask(client_of, ended(door))
    decide(client_of("an"), owner)
    rows = owner.execute(text("SELECT action FROM audit_event ORDER BY seq")).scalars().all()
    assert rows[-2:] == ["erasure:ask", "erasure:carry_out"]
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 0, answer.output


def test_nobody_is_found_by_what_was_erased(
    app: Flask, door: Door, client_of: ClientOf, owner: Session
) -> None:
    number, (session, mei) = ended(door), door("mei")
    with app.app_context():
        question = question_of([ZHANG])
        assert len(matches_inside(session, mei, question)) == 1
    session.rollback()
    ask(client_of, number)
    decide(client_of("gao"), owner)
    assert matches_inside(session, mei, question) == []


def test_the_page_says_so_and_opens_nothing(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    ask(client_of, ended(door))
    decide(client_of("gao"), owner)
    matter, party = owner.query(Dispute).one().id, owner.query(Party).one().id
    mei = client_of("mei")
    page = mei.get(f"/matters/{matter}").text
    assert "个人信息已销毁" in page
    assert "张三丰" not in page
    opened = mei.post(f"/matters/{matter}/parties/{party}", data={"reason": "identity"})
    assert opened.status_code == 302


@pytest.mark.parametrize(("login", "status"), [("bao", 403), ("hu", 404), ("mei", 403)])
def test_who_does_not_decide(
    door: Door, client_of: ClientOf, owner: Session, login: str, status: int
) -> None:
    ask(client_of, ended(door))
    assert decide(client_of(login), owner) == status
    owner.rollback()
    assert owner.query(DisputeKey).count() == 1


def test_only_the_security_administrator_asks(door: Door, client_of: ClientOf) -> None:
    number = ended(door)
    for login in ("gao", "an", "mei", "shen"):
        answer = client_of(login).post("/erasures", data={"number": number, **WHY})
        assert answer.status_code == 403


def test_what_is_still_handled_is_not_erased(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = report(door, parties=(ZHANG,))
    number = str(act(door, "mei", dispute, "accept").number)
    answer = client_of("bao").post("/erasures", data={"number": number, **WHY})
    assert answer.status_code == 422
    assert "没有这个编号的已办结事项" in answer.text
    assert owner.query(Erasure).count() == 0


def test_a_wrong_number_and_a_refusal_keep_it(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    ask(client_of, ended(door))
    assert decide(client_of("gao"), owner, number="凌源") == 422
    assert decide(client_of("gao"), owner, verdict="refuse", note="尚在诉讼") == 303
    owner.rollback()
    assert owner.query(Erasure).one().verdict == "refused"
    assert owner.query(DisputeKey).count() == 1


def test_what_is_due_is_listed_by_class(door: Door, client_of: ClientOf, owner: Session) -> None:
    number = ended(door)
    assert number not in client_of("bao").get("/erasures").text
    long_ago = now() - timedelta(days=366 * 6)
    owner.execute(text("UPDATE dispute SET closed_at = :at"), {"at": long_ago})
    owner.commit()
    assert number in client_of("bao").get("/erasures").text
    assert number in client_of("gao").get("/erasures").text
    assert number not in client_of("hu").get("/erasures").text


def test_a_faulty_file_of_retention_says_where(tmp_path: object) -> None:
    path = tmp_path / "retention.toml"  # type: ignore[operator]
    path.write_text("[backups]\ndays = 90\n[[class]]\ncode = 'x'\n", encoding="utf-8")
    with pytest.raises(RetentionError, match=r"retention\.toml"):
        read(path)
    assert all(each.example for each in read().classes)


def test_deciding_at_once_erases_once(door: Door, client_of: ClientOf, owner: Session) -> None:
    ask(client_of, ended(door))
    decisions = ("gao", "an")
    with ThreadPoolExecutor(len(decisions)) as pool:
        clients = [client_of(login) for login in decisions]
        asked = owner.query(Erasure).one()
        words = {"verdict": "erase", "number": asked.number, "note": ""}
        answers = pool.map(lambda one: one.post(f"/erasures/{asked.id}", data=words), clients)
        assert {answer.status_code for answer in answers} == {303}
    owner.rollback()
    events = owner.query(DisputeEvent).filter_by(event="personal_data_erased")
    assert events.count() == 1
