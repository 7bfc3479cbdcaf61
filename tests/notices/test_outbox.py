"""What leaves the house: once, with a known result or one that says it is unknown."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.access.doors import Client, ids
from tests.conftest import Database
from tests.coordination.matters import Door, dispatched, report
from tests.notices.letters import MONDAY, messages, post, switch, tell
from tests.notices.post_office import Office, closed_port
from yuantou.accounts.models import Account, Deputy
from yuantou.audit.models import AuditEvent
from yuantou.calendar import clock
from yuantou.calendar.clock import today
from yuantou.calendar.workdays import WorkCalendar, day_end
from yuantou.disputes.models import Dispute
from yuantou.notices.outbox import LEFT, STUCK, sweep
from yuantou.notices.service import notify

ROOT = Path(__file__).resolve().parents[2]
NIGHT = MONDAY.replace(hour=22)
SUNDAY = MONDAY - timedelta(days=1)


def test_who_switched_nothing_on_is_told_in_the_inbox_alone(door: Door, owner: Session) -> None:
    tell(door, "mei")
    assert messages(owner) == []


def test_a_message_says_topic_and_link_and_nothing_else(
    door: Door, database: Database, owner: Session, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUANTOU_SITE_URL", "https://yuantou.example.org/")
    switch(door, "mei")
    tell(door, "mei", body="当事人张三")
    assert post(database) == {"delivered": 1}
    assert office.arrived == [
        "您有一条“交办与流转”通知。\n请登录查看：https://yuantou.example.org/matters/7"
    ]
    assert [row.state for row in messages(owner)] == ["delivered"]


def test_what_was_delivered_is_not_sent_again(
    door: Door, database: Database, office: Office
) -> None:
    switch(door, "mei")
    tell(door, "mei")
    post(database)
    assert post(database, MONDAY + timedelta(hours=1)) == {}
    assert len(office.arrived) == 1


def test_a_notice_that_is_taken_back_leaves_no_message(door: Door, owner: Session) -> None:
    switch(door, "mei")
    session, viewer = door("mei")
    notify(session, agency_id=viewer.agency.id, kind="x", title="不算数")
    session.rollback()
    assert messages(owner) == []


def test_a_refusal_is_known_tried_again_later_and_then_given_up(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    office.manner = "refuse"
    switch(door, "mei")
    tell(door, "mei")
    at = MONDAY
    for waited in (0, 10, 20, 40):
        at += timedelta(minutes=waited)
        post(database, at)
    (message,) = messages(owner)
    assert (message.state, message.attempts, message.error) == ("failed", 3, "对方接口拒绝")
    assert len(office.arrived) == 3


def test_an_answer_that_never_comes_is_unknown_and_not_repeated(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    office.manner = "silent"
    switch(door, "mei")
    tell(door, "mei")
    assert post(database) == {"unknown": 1}
    assert post(database, MONDAY + timedelta(hours=5)) == {}
    assert len(office.arrived) == 1
    assert messages(owner)[0].error == "已交出，未等到答复"


def test_a_server_that_is_not_there_is_a_known_failure(
    door: Door, database: Database, owner: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUANTOU_CHANNEL_WEBHOOK", f"json://127.0.0.1:{closed_port()}/")
    switch(door, "mei")
    tell(door, "mei")
    assert post(database) == {"failed": 1}
    assert messages(owner)[0].error == "连不上对方服务器"


def test_mail_is_delivered_to_the_sealed_address(
    door: Door, database: Database, owner: Session, mail: Office
) -> None:
    switch(door, "mei", "mail", "mei@example.org")
    tell(door, "mei")
    assert post(database) == {"delivered": 1}
    assert "mei@example.org" in mail.arrived[0]


def test_a_mail_server_that_refuses_is_known_and_one_that_falls_silent_is_not(
    door: Door, database: Database, owner: Session, mail: Office
) -> None:
    switch(door, "mei", "mail", "mei@example.org")
    mail.manner = "refuse"
    tell(door, "mei")
    assert post(database) == {"failed": 1}
    mail.manner = "silent"
    tell(door, "mei")
    assert post(database) == {"unknown": 1}
    assert len(mail.arrived) == 1


def test_a_sender_that_is_killed_leaves_an_unknown_fate(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    office.manner = "silent"
    office_url = office.url().replace("rto=0.5", "rto=60")
    switch(door, "mei")
    tell(door, "mei")
    environment = {**os.environ, "YUANTOU_CHANNEL_WEBHOOK": office_url, "PYTHONPATH": "platform:."}
    command = [sys.executable, "-m", "tests.notices.delivering", database.connections.worker]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as sender:
        assert office.noticed.wait(30)
        sender.send_signal(signal.SIGKILL)
    assert [row.state for row in messages(owner)] == ["sending"]
    office.manner = "oblige"
    assert post(database, MONDAY + STUCK + timedelta(seconds=1)) == {}
    (message,) = messages(owner)
    assert (message.state, len(office.arrived)) == ("unknown", 1)


def test_the_administrator_sees_what_is_unknown_and_sends_it_again_by_hand(
    door: Door, database: Database, owner: Session, office: Office, client_of: Client
) -> None:
    office.manner = "silent"
    switch(door, "mei")
    tell(door, "mei")
    post(database)
    (message,) = messages(owner)
    an = client_of("an")
    assert "外发情况（1 条待处理）" in an.get("/notices").text
    assert "结果不明" in an.get("/notices/outbox").text
    office.manner = "oblige"
    assert an.post(f"/notices/outbox/{message.id}/again").status_code == 302
    post(database, day_end(WorkCalendar().next_workday(today())).replace(hour=10))
    assert [row.state for row in messages(owner)] == ["delivered"]
    assert owner.query(AuditEvent).filter_by(action="outbox:again").count() == 1


def test_only_the_system_administrator_looks_into_the_outbox(client_of: Client) -> None:
    for login in ("mei", "gao", "sheng", "bao", "shen", "guan"):
        assert client_of(login).get("/notices/outbox").status_code == 403
        assert client_of(login).post("/notices/outbox/1/again").status_code == 403


def test_nobody_is_disturbed_at_night_or_on_a_day_off_but_for_red_matters(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    switch(door, "mei")
    tell(door, "mei", now=SUNDAY)
    assert post(database, SUNDAY.replace(hour=10)) == {}
    assert post(database, NIGHT - timedelta(days=3)) == {}
    tell(door, "mei", now=SUNDAY, urgent=True)
    assert post(database, SUNDAY.replace(hour=23)) == {"delivered": 1}
    assert post(database, MONDAY) == {"delivered": 1}


def test_many_at_once_are_one_message(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    switch(door, "mei")
    for kind in ("dispute_dispatched", "reminder_due", "reminder_due", "overdue", "overdue", "x"):
        tell(door, "mei", kind)
    assert post(database) == {"delivered": 1}
    (message,) = office.arrived
    assert message.startswith("您有 6 条新通知：交办与流转 1 条，期限提醒 2 条，超期与督办 2 条")
    assert {row.state for row in messages(owner)} == {"delivered"}


def test_who_wants_one_message_a_day_gets_one(
    door: Door, database: Database, office: Office
) -> None:
    switch(door, "mei", daily=True)
    early = MONDAY.replace(hour=8)
    tell(door, "mei", now=early)
    assert post(database, early) == {}
    assert post(database, MONDAY) == {"delivered": 1}
    tell(door, "mei", now=MONDAY)
    assert post(database, MONDAY + timedelta(hours=2)) == {}
    assert post(database, MONDAY + timedelta(days=1)) == {"delivered": 1}


def test_a_muted_topic_and_a_channel_that_is_off_send_nothing(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    switch(door, "mei", wanted=("reminder",))
    switch(door, "ming", active=False)
    tell(door, "mei")
    assert messages(owner) == []
    tell(door, "mei", "reminder_due")
    assert [row.account_id for row in messages(owner)] == [ids(owner)["mei"]]
    switch(door, "mei", active=False)
    assert post(database) == {}
    assert [row.state for row in messages(owner)] == ["dropped"]


def test_who_left_while_a_message_waited_gets_none(
    door: Door, database: Database, owner: Session, office: Office
) -> None:
    switch(door, "mei")
    tell(door, "mei")
    owner.execute(update(Account).where(Account.login == "mei").values(disabled_at=MONDAY))
    owner.commit()
    assert post(database) == {}
    assert [(row.state, row.error) for row in messages(owner)] == [("dropped", LEFT)]


@pytest.mark.parametrize(("days", "sent"), [(0, 2), (1, 1)])
def test_a_deputy_whose_days_are_over_gets_none(
    door: Door, database: Database, owner: Session, office: Office, days: int, sent: int
) -> None:
    known = ids(owner)
    day = {"first_day": today(), "last_day": today()}
    told = {"reason": "休假", "created_by": known["guan"], "created_at": MONDAY}
    owner.add(Deputy(account_id=known["mei"], deputy_id=known["ming"], **day, **told))
    owner.commit()
    switch(door, "mei")
    switch(door, "ming")
    session, mei = door("mei")
    notify(session, agency_id=mei.agency.id, account_id=mei.id, kind="x", title="有一件")
    session.commit()
    later = clock.now() + timedelta(days=days)
    with database.sessions("worker")() as worker:
        sweep(worker, now=later)
    assert [row.state for row in messages(owner)].count("waiting") == sent


def test_a_closed_channel_keeps_its_messages_waiting(
    door: Door, database: Database, owner: Session
) -> None:
    switch(door, "mei")
    tell(door, "mei")
    assert post(database) == {}
    assert [row.state for row in messages(owner)] == ["waiting"]


def test_a_matters_notice_names_its_number(door: Door, owner: Session) -> None:
    for login in ("ren", "zhu"):
        switch(door, login)
    matter = dispatched(door, to="ren")
    tell(door, "ren", dispute_id=matter)
    (message,) = messages(owner)
    assert message.account_id == ids(owner)["ren"]
    assert message.number == owner.get_one(Dispute, matter).number


def test_a_matter_with_a_mediator_is_told_to_him_and_not_to_his_colleagues(
    door: Door, owner: Session
) -> None:
    for login in ("mei", "ming"):
        switch(door, login)
    matter = report(door)
    owner.get_one(Dispute, matter).mediator_id = ids(owner)["ming"]
    owner.commit()
    tell(door, "mei", dispute_id=matter)
    assert [row.account_id for row in messages(owner)] == [ids(owner)["ming"]]


def test_a_restricted_matters_notice_leaves_for_its_named_handlers_alone(
    door: Door, owner: Session
) -> None:
    for login in ("mei", "ming"):
        switch(door, login)
    matter = report(door, flags=("domestic_violence",))
    tell(door, "mei", dispute_id=matter)
    assert [row.account_id for row in messages(owner)] == [ids(owner)["mei"]]
