"""Meetings: who is called and told, what is decided, and tasks with their limits."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.alerts.governance.stories import analysed, wages
from tests.conftest import Database
from tests.coordination.conftest import door
from tests.coordination.matters import Door, agency_of
from yuantou.alerts.governance.meetings.models import Meeting, MeetingAgency, MeetingTask
from yuantou.alerts.governance.meetings.queries import agencies, tasks
from yuantou.alerts.governance.meetings.service import act_on_task, call, give, hold, turn
from yuantou.alerts.governance.reminding import remind, step
from yuantou.alerts.governance.terms import read
from yuantou.calendar import clock
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.notices.models import Notice

__all__ = ["door"]


def called(door: Door, analysis: int | None = None, *logins: str) -> int:
    """A meeting of the county with the units of `logins`."""
    session, viewer = door("gao")
    units = [agency_of(door, login) for login in logins or ("ren", "lu")]
    with session:
        return call(
            session,
            by=viewer,
            submission=uuid4().hex,
            title="欠薪会商",
            held_at=clock.now() + timedelta(days=3),
            place="二楼会议室",
            agenda="为什么反复欠薪",
            agencies=units,
            analysis_id=analysis,
        ).id


def task(door: Door, meeting: int, days: int = 10) -> int:
    """A task for the labour bureau."""
    session, viewer = door("gao")
    with session:
        return give(
            session,
            by=viewer,
            meeting_id=meeting,
            submission=uuid4().hex,
            agency_id=agency_of(door, "ren"),
            what="核查专户",
            due_on=clock.today() + timedelta(days=days),
        ).id


def act(door: Door, login: str, number: int, action: str, words: str = "") -> str:
    """One step of a task; returns its state."""
    session, viewer = door(login)
    with session:
        return act_on_task(session, by=viewer, task_id=number, action=action, words=words).state


def test_the_called_are_told_and_read_the_sums_of_the_analysis(
    door: Door, client_of: Client
) -> None:
    analysis = analysed(door, wages(door))
    assert client_of("zhu").get(f"/sources/analyses/{analysis}").status_code == 404
    meeting = called(door, analysis, "zhu")
    reader = client_of("zhu")
    assert reader.get(f"/sources/meetings/{meeting}").status_code == 200
    page = reader.get(f"/sources/analyses/{analysis}").text
    assert "凌源宏达建筑公司" in page
    assert "拖欠工资" not in page
    assert "请参加研判会商" in reader.get("/notices?tab=told").text


def test_who_is_not_called_sees_nothing(door: Door, client_of: Client) -> None:
    meeting = called(door)
    for stranger in ("zhu", "hu", "ke", "tang"):
        assert client_of(stranger).get(f"/sources/meetings/{meeting}").status_code == 404


def test_only_units_of_the_area_can_be_called(door: Door) -> None:
    with pytest.raises(RefusedError, match="至少一个"):
        called(door, None, "hu", "ke")


def test_decisions_and_who_came_stand_in_the_minutes(
    door: Door, owner: Session, client_of: Client
) -> None:
    meeting = called(door)
    session, viewer = door("gao")
    came = {agency_of(door, "ren"): "任局长"}
    hold(session, by=viewer, meeting_id=meeting, decisions="设专户", attended=came)
    rows = owner.execute(select(MeetingAgency.agency_id, MeetingAgency.attended))
    assert {row.agency_id: row.attended for row in rows} == {
        agency_of(door, "ren"): True,
        agency_of(door, "lu"): False,
    }
    for form, sign in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = client_of("lu").get(f"/sources/meetings/{meeting}/minutes.{form}")
        assert answer.data.startswith(sign)


def test_the_minutes_are_the_same_paper_for_all_who_were_called(
    door: Door, client_of: Client
) -> None:
    meeting = called(door)
    task(door, meeting)
    session, viewer = door("gao")
    came = {agency_of(door, "ren"): "任局长"}
    hold(session, by=viewer, meeting_id=meeting, decisions="设专户", attended=came)
    page = client_of("lu").get(f"/sources/meetings/{meeting}").text
    for words in ("凌源市人力资源和社会保障局", "凌源市人民法院", "任局长", "核查专户"):
        assert words in page
    assert "/report" not in page
    for login in ("gao", "ren", "lu"):
        reader, _viewer = door(login)
        assert len(agencies(reader, meeting)) == 2
        assert len(tasks(reader, meeting)) == 1
    stranger, _viewer = door("zhu")
    assert (len(agencies(stranger, meeting)), len(tasks(stranger, meeting))) == (0, 0)


def test_a_meeting_is_cancelled_restored_held_and_mended(door: Door, owner: Session) -> None:
    meeting = called(door)
    session, viewer = door("gao")
    for action, state in (("cancel", "cancelled"), ("cancel", "cancelled"), ("restore", "called")):
        assert turn(session, by=viewer, meeting_id=meeting, action=action).state == state
    hold(session, by=viewer, meeting_id=meeting, decisions="一", attended={})
    assert turn(session, by=viewer, meeting_id=meeting, action="amend").state == "called"
    hold(session, by=viewer, meeting_id=meeting, decisions="二", attended={})
    assert owner.get_one(Meeting, meeting).decisions == "二"


def test_a_task_goes_to_its_owner_and_back(door: Door, client_of: Client) -> None:
    meeting = called(door)
    number = task(door, meeting)
    assert "核查专户" in client_of("ren").get("/sources/").text
    with pytest.raises(NotVisibleError):
        act(door, "lu", number, "report", "不是我的")
    with pytest.raises(RefusedError, match="写几句"):
        act(door, "ren", number, "report")
    assert act(door, "ren", number, "report", "已查") == "reported"
    assert act(door, "gao", number, "return", "请附表") == "open"
    assert act(door, "ren", number, "report", "表已附") == "reported"
    assert act(door, "gao", number, "accept") == "done"
    assert act(door, "gao", number, "reopen") == "open"


def test_the_task_of_another_unit_is_no_door_for_strangers(door: Door, owner: Session) -> None:
    number = task(door, called(door))
    with pytest.raises(NotVisibleError):
        act(door, "hu", number, "report", "x")
    assert owner.get_one(MeetingTask, number).state == "open"


def test_the_ladder_of_reminders() -> None:
    due, terms = clock.today(), read()
    days = (9, 7, 3, 1, 0, -1, -6, -7, -20)
    found = [step(due, due - timedelta(days=left), terms) for left in days]
    assert found == ["", "-7", "-7", "-1", "-1", "1", "1", "7", "14"]


def test_the_owner_is_reminded_before_and_the_host_too_after(
    door: Door, database: Database, owner: Session
) -> None:
    meeting = called(door)
    task(door, meeting, days=1)
    late = task(door, meeting, days=1)
    owner.get_one(MeetingTask, late).due_on = clock.today() - timedelta(days=2)
    owner.commit()
    with database.sessions("worker")() as session:
        assert remind(session, clock.now()) == 2
        session.commit()
    link = f"/sources/meetings/{meeting}"
    told = owner.execute(
        select(Notice.agency_id, Notice.title).where(
            Notice.link == link, Notice.title.like("会商任务%")
        )
    ).all()
    ren, gao = agency_of(door, "ren"), agency_of(door, "gao")
    assert sorted(row.agency_id for row in told) == sorted([ren, ren, gao])
