"""Letters: who writes which kind, how they go, what is overdue, and who reads them when."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.alerts.governance.stories import analysed, drafted, sent, step, wages
from tests.conftest import Database
from tests.coordination.conftest import door
from tests.coordination.matters import Door, agency_of
from yuantou.alerts.governance.recommendations.letter import paper
from yuantou.alerts.governance.recommendations.models import Recommendation
from yuantou.alerts.governance.recommendations.service import reply_by, rewrite
from yuantou.alerts.governance.reminding import remind
from yuantou.alerts.governance.terms import read
from yuantou.calendar import clock
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.notices.models import Notice

__all__ = ["door"]


def letter_of(owner: Session, number: int) -> Recommendation:
    owner.expire_all()
    return owner.get_one(Recommendation, number)


@pytest.mark.parametrize(
    ("login", "kind"), [("lu", "judicial"), ("jian", "procuratorial"), ("gao", "risk")]
)
def test_who_writes_which_kind(door: Door, owner: Session, login: str, kind: str) -> None:
    assert letter_of(owner, drafted(door, None, login)).kind == kind


def test_a_department_writes_none(door: Door, client_of: Client) -> None:
    with pytest.raises(NotVisibleError):
        drafted(door, None, "ren", "zhu")
    assert client_of("ren").get("/sources/letters/new").status_code == 403


def test_the_clerk_drafts_and_the_reviewer_signs(door: Door, client_of: Client) -> None:
    made = drafted(door, None, "kang")
    assert client_of("kang").post(f"/sources/letters/{made}/sign").status_code == 403
    assert step(door, "lu", made, "sign") == "signed"


def test_numbers_follow_one_another_and_are_given_once(door: Door, owner: Session) -> None:
    first, second = drafted(door, None), drafted(door, None)
    for made in (first, second):
        step(door, "gao", made, "sign")
    year = clock.today().year
    assert letter_of(owner, first).number == f"凌源险函〔{year}〕1号"
    assert letter_of(owner, second).number == f"凌源险函〔{year}〕2号"
    step(door, "gao", first, "unsign")
    step(door, "gao", first, "sign")
    assert letter_of(owner, first).number == f"凌源险函〔{year}〕1号"


def test_the_whole_way_of_a_letter(door: Door, owner: Session, client_of: Client) -> None:
    made = sent(door, analysed(door, wages(door)))
    assert letter_of(owner, made).due_on == reply_by(clock.today(), 2)
    assert step(door, "ren", made, "receive") == "received"
    assert step(door, "ren", made, "reply", "已核查，设了专户") == "replied"
    assert step(door, "gao", made, "ask_again", "请附清单") == "received"
    assert step(door, "ren", made, "reply", "清单已附") == "replied"
    assert step(door, "gao", made, "accept", "采纳") == "accepted"
    assert step(door, "gao", made, "archive") == "archived"
    page = client_of("ren").get(f"/sources/letters/{made}").text
    assert "清单已附" in page
    assert "请附清单" in page
    assert "已核查，设了专户" in page  # the first reply stays in the history


def test_the_addressee_sees_it_from_its_sending_on(door: Door, client_of: Client) -> None:
    made = drafted(door, None)
    reader = client_of("ren")
    assert reader.get(f"/sources/letters/{made}").status_code == 404
    step(door, "gao", made, "sign")
    assert reader.get(f"/sources/letters/{made}").status_code == 404
    step(door, "gao", made, "send")
    assert reader.get(f"/sources/letters/{made}").status_code == 200
    assert "收到风险提示函" in reader.get("/notices?tab=told").text
    for stranger in ("hu", "zhu", "ke"):
        assert client_of(stranger).get(f"/sources/letters/{made}").status_code == 404


def test_a_letter_waits_in_the_inbox_of_who_must_answer(door: Door, client_of: Client) -> None:
    made = sent(door, analysed(door, wages(door)))
    assert f"/sources/letters/{made}" in client_of("ren").get("/notices").text
    assert f"/sources/letters/{made}" not in client_of("zhu").get("/notices").text


def test_a_courts_draft_is_its_own_until_it_is_sent(door: Door, client_of: Client) -> None:
    made = drafted(door, None, "lu")
    assert client_of("gao").get(f"/sources/letters/{made}").status_code == 404
    step(door, "lu", made, "sign")
    step(door, "lu", made, "send")
    assert client_of("gao").get(f"/sources/letters/{made}").status_code == 200


def test_nobody_takes_anothers_step(door: Door) -> None:
    made = sent(door, None)
    for login, action in (("gao", "receive"), ("ren", "withdraw"), ("zhu", "receive")):
        with pytest.raises(NotVisibleError):
            step(door, login, made, action, "x")
    with pytest.raises(RefusedError, match="先改了"):
        step(door, "ren", made, "reply", "还没签收")


def test_a_double_click_is_one_step(door: Door, owner: Session) -> None:
    made = sent(door, None)
    step(door, "ren", made, "receive")
    first = letter_of(owner, made).received_at
    assert step(door, "ren", made, "receive") == "received"
    assert letter_of(owner, made).received_at == first


def test_withdrawn_it_goes_back_to_a_draft_and_out_of_sight(door: Door, client_of: Client) -> None:
    made = sent(door, None)
    with pytest.raises(RefusedError, match="写几句"):
        step(door, "gao", made, "withdraw")
    step(door, "gao", made, "withdraw", "收函单位不对")
    step(door, "gao", made, "redraft")
    assert client_of("ren").get(f"/sources/letters/{made}").status_code == 404
    session, viewer = door("gao")
    texts = {"title": "改", "problem": "改", "basis": "改", "advice": "改"}
    changed = rewrite(
        session, by=viewer, letter_id=made, texts=texts, addressee_id=agency_of(door, "zhu")
    )
    assert (changed.title, changed.state) == ("改", "draft")


def asked_again(door: Door, *, sent_at: datetime, at: datetime) -> int:
    """A letter that was answered, and asked about once more at `at`."""
    made = sent(door, None, at=sent_at)
    for login, action, words in (
        ("ren", "receive", ""),
        ("ren", "reply", "已核查"),
        ("gao", "ask_again", "请附清单"),
    ):
        step(door, login, made, action, words, at=at)
    return made


def test_asked_again_late_has_a_fresh_limit_and_the_history_shows_both(
    door: Door, owner: Session, client_of: Client
) -> None:
    at = clock.now()
    made = asked_again(door, sent_at=at - timedelta(days=100), at=at)
    first = reply_by(clock.local(at - timedelta(days=100)).date(), 2)
    fresh = clock.local(at).date() + timedelta(days=read().again_days)
    assert letter_of(owner, made).due_on == fresh
    page = client_of("ren").get(f"/sources/letters/{made}").text
    assert f"原回复期限 {first}，新的回复期限 {fresh}" in page
    assert f"回复期限 {first}" in page
    with door.app.test_request_context():
        sheet = paper(letter_of(owner, made), "综治中心", "人社局")
    asked = next(part.words for part in sheet.parts if part.title == "回复")
    assert asked == f"请于 {first} 前书面回复办理情况。"
    assert "超期" not in page


def test_asked_again_early_keeps_the_days_that_are_left(
    door: Door, owner: Session, client_of: Client
) -> None:
    at = clock.now()
    made = asked_again(door, sent_at=at, at=at)
    due = reply_by(clock.local(at).date(), 2)
    assert letter_of(owner, made).due_on == due
    assert f"回复期限不变：{due}" in client_of("ren").get(f"/sources/letters/{made}").text


def test_the_fresh_limit_is_reminded_of_anew(
    door: Door, owner: Session, database: Database
) -> None:
    at = clock.now()
    made = asked_again(door, sent_at=at - timedelta(days=100), at=at)
    late = at + timedelta(days=read().again_days + 1)
    with database.sessions("worker")() as session:
        assert [remind(session, day) for day in (at, late, late)] == [0, 1, 0]
        session.commit()
    assert letter_of(owner, made).told == "1"


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 23), date(2027, 1, 23)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 30), date(2028, 2, 29)),
    ],
)
def test_two_months_end_on_the_same_day_or_the_months_last(day: date, due: date) -> None:
    assert reply_by(day, 2) == due


def test_reminders_come_once_a_step_and_the_late_are_listed(
    door: Door, owner: Session, database: Database, client_of: Client
) -> None:
    made = sent(door, None, at=clock.now() - timedelta(days=70))
    with database.sessions("worker")() as session:
        assert remind(session, clock.now()) == 1
        session.commit()
        assert remind(session, clock.now()) == 0
    told = owner.scalars(select(Notice.title).where(Notice.link == f"/sources/letters/{made}"))
    late = [title for title in told if "超期" in title]
    assert len(late) == 2
    page = client_of("gao").get("/sources/letters/?overdue=1").text
    assert "关于工资专户监管的建议" in page
    assert "超期" in client_of("ren").get("/sources/").text


def test_the_letter_as_a_file(door: Door, client_of: Client) -> None:
    made = sent(door, None)
    for form, sign in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = client_of("ren").get(f"/sources/letters/{made}/letter.{form}")
        assert answer.data.startswith(sign)
