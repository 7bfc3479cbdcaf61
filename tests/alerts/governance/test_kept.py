"""Nothing that was typed is lost: in a step that is refused, and where a colleague was first."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.alerts.governance.stories import analysed, drafted, sent, settled, step, wages
from tests.alerts.governance.test_meetings import called, task
from tests.coordination.conftest import door
from tests.coordination.matters import Door, agency_of
from yuantou.alerts.governance.analyses.service import write
from yuantou.alerts.governance.meetings.models import Meeting, MeetingTask
from yuantou.alerts.governance.meetings.service import extend, hold
from yuantou.calendar import clock
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.notices.models import Notice

__all__ = ["door"]
LONG = "我们查了三处工地。" * 20


def held(door: Door, meeting: int, decisions: str) -> str:
    """Minutes by the host; returns what stands."""
    session, viewer = door("gao")
    with session:
        came = {agency_of(door, "ren"): "任局长"}
        return hold(session, by=viewer, meeting_id=meeting, decisions=decisions,
                    attended=came).decisions  # fmt: skip


def put(client: FlaskClient, address: str, **told: object) -> tuple[int, str]:
    answer = client.post(address, data=told)
    return answer.status_code, answer.text


def test_a_reply_that_is_too_long_stays_on_the_page(door: Door, client_of: Client) -> None:
    letter = sent(door, None)
    step(door, "ren", letter, "receive")
    code, page = put(client_of("ren"), f"/sources/letters/{letter}/reply", words=LONG * 20)
    assert code == 422
    assert LONG * 20 in page
    assert '<details class="reveal" open>' in page


def test_a_reply_that_came_second_is_refused_and_shown(door: Door, client_of: Client) -> None:
    letter = sent(door, None)
    step(door, "ren", letter, "receive")
    for _twice in range(2):
        assert step(door, "ren", letter, "reply", "已整改") == "replied"
    code, page = put(client_of("ren"), f"/sources/letters/{letter}/reply", words=LONG)
    assert code == 422
    assert LONG in page
    assert "没有存入" in page


def test_minutes_that_came_second_do_not_vanish(door: Door, client_of: Client) -> None:
    meeting = called(door)
    assert held(door, meeting, "设专户") == held(door, meeting, "设专户")
    with pytest.raises(RefusedError):
        held(door, meeting, "不设专户")
    code, page = put(client_of("gao"), f"/sources/meetings/{meeting}/hold", decisions=LONG)
    assert code == 422
    assert LONG in page


def test_findings_that_came_second_do_not_vanish(door: Door, client_of: Client) -> None:
    analysis = analysed(door, wages(door))
    settled(door, analysis)
    settled(door, analysis)
    session, viewer = door("gao")
    with session, pytest.raises(RefusedError):
        write(session, by=viewer, analysis_id=analysis, findings="另一稿", advice="")
    code, page = put(client_of("gao"), f"/sources/analyses/{analysis}", findings=LONG, advice="")
    assert code == 422
    assert LONG in page


def test_a_report_that_came_second_is_refused_and_shown(door: Door, client_of: Client) -> None:
    number = task(door, called(door))
    reader = client_of("ren")
    for _twice in range(2):
        assert put(reader, f"/sources/tasks/{number}/report", words="已查")[0] == 303
    code, page = put(reader, f"/sources/tasks/{number}/report", words=LONG)
    assert code == 422
    assert LONG in page


def test_who_drafts_does_not_take_back_what_another_signed(door: Door, client_of: Client) -> None:
    letter = drafted(door, None, "kang")
    step(door, "lu", letter, "sign")
    for action in ("unsign", "withdraw"):
        with pytest.raises(NotVisibleError):
            step(door, "kang", letter, action, "写错了")
    assert "/withdraw" not in client_of("kang").get(f"/sources/letters/{letter}").text
    assert step(door, "lu", letter, "withdraw", "写错了") == "withdrawn"


def test_the_host_puts_off_a_task_and_says_why(
    door: Door, owner: Session, client_of: Client
) -> None:
    number = task(door, meeting := called(door), days=2)
    owner.get_one(MeetingTask, number).told = "-7"
    owner.commit()
    later = clock.today() + timedelta(days=20)
    told = {f"longer-{number}-due_on": f"{later}", f"longer-{number}-words": "等工程结算"}
    for _twice in range(2):
        assert put(client_of("gao"), f"/sources/tasks/{number}/extend", **told)[0] == 303
    owner.expire_all()
    row = owner.get_one(MeetingTask, number)
    assert (row.due_on, row.told) == (later, "")
    page = client_of("ren").get(f"/sources/meetings/{meeting}").text
    assert "延期 1 次，最近的理由：等工程结算" in page
    titles = owner.scalars(select(Notice.title).where(Notice.title.like("会商任务期限%"))).all()
    assert len(titles) == 1


@pytest.mark.parametrize(("days", "words", "said"), [(-3, "等结算", "比现在的期限晚"),
                                                     (20, "", "延期的理由")])  # fmt: skip
def test_a_task_is_not_drawn_forward_nor_put_off_without_a_reason(
    door: Door, client_of: Client, days: int, words: str, said: str
) -> None:
    number = task(door, called(door), days=10)
    day = clock.today() + timedelta(days=10 + days)
    told = {f"longer-{number}-due_on": f"{day}", f"longer-{number}-words": words}
    code, page = put(client_of("gao"), f"/sources/tasks/{number}/extend", **told)
    assert code == 422
    assert said in page
    assert f'value="{day}"' in page


def test_who_owes_a_task_does_not_put_it_off(door: Door, owner: Session) -> None:
    number = task(door, called(door))
    for login in ("ren", "hu"):
        session, viewer = door(login)
        with session, pytest.raises(NotVisibleError):
            extend(session, by=viewer, task_id=number, words="没空",
                   due_on=clock.today() + timedelta(days=90))  # fmt: skip
    assert owner.query(Meeting).count() == 1


def test_nobody_is_asked_for_yesterday(door: Door, client_of: Client, owner: Session) -> None:
    meeting = called(door)
    day = clock.today() - timedelta(days=1)
    told = {"agency_id": agency_of(door, "ren"), "what": "核查专户", "due_on": f"{day}"}
    code, page = put(client_of("gao"), f"/sources/meetings/{meeting}/tasks", **told)
    assert code == 422
    assert "期限不能早于今天" in page
    assert owner.query(MeetingTask).count() == 0
