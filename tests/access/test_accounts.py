"""Accounts by hand: who may open, reset, close them, and what a leaver must hand over."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.access.doors import Client, enter_as, ids, password_on
from tests.access.matters import RESTRICTED, Door, report
from yuantou.access import service
from yuantou.access.service import ManagementRefused
from yuantou.accounts.models import Account, Deputy
from yuantou.accounts.queries import acts_for, deputies_on
from yuantou.audit.models import AuditEvent
from yuantou.calendar.clock import today
from yuantou.disputes.models import Dispute, DisputeEvent, NamedHandler


def _fields(login: str = "xin", role: str = "mediator") -> dict[str, str]:
    return {"login": login, "display_name": "新来的", "role": role}


def _last(owner: Session) -> AuditEvent:
    return owner.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()


def _mediate(owner: Session, dispute: int, login: str) -> None:
    holder = ids(owner)[login]
    values = {"mediator_id": holder, "state": "in_mediation"}
    owner.execute(update(Dispute).where(Dispute.id == dispute).values(values))
    owner.commit()


def test_a_unit_administrator_opens_an_account_that_must_change_its_password(
    app: Flask, client_of: Client
) -> None:
    shown = client_of("guan").post("/accounts/new", data=_fields())
    entered = enter_as(app.test_client(), "xin", password_on(shown.text))
    assert "请先设一个自己的密码" in entered.text


def test_a_unit_administrator_opens_none_elsewhere(client_of: Client, owner: Session) -> None:
    client_of("guan").post("/accounts/new?agency=2", data=_fields())
    guan, made = (
        owner.scalars(select(Account.agency_id).where(Account.login == login)).one()
        for login in ("guan", "xin")
    )
    assert made == guan


@pytest.mark.parametrize(
    "role", ["township", "court_clerk", "unit_administrator", "system_administrator"]
)
def test_a_role_must_fit_the_kind_of_agency_and_the_giver(client_of: Client, role: str) -> None:
    assert client_of("guan").post("/accounts/new", data=_fields(role=role)).status_code == 422


def test_a_login_is_given_once(client_of: Client) -> None:
    answer = client_of("guan").post("/accounts/new", data=_fields(login="tang"))
    assert "已经有人用了" in answer.text
    assert "新来的" in answer.text


@pytest.mark.parametrize("login", ["gao", "guan", "an", "shen"])
def test_a_unit_administrator_manages_no_other_unit_nor_himself(
    client_of: Client, owner: Session, login: str
) -> None:
    number = ids(owner)[login]
    client = client_of("guan")
    assert client.get(f"/accounts/{number}").status_code == 404
    assert client.post(f"/accounts/{number}/reset").status_code == 302
    assert owner.get_one(Account, number).password_hash == "!"


@pytest.mark.parametrize("login", ["bao", "shen", "an"])
def test_a_system_administrator_cannot_take_over_the_other_two(
    client_of: Client, owner: Session, login: str
) -> None:
    client_of("an").post(f"/accounts/{ids(owner)[login]}/reset")
    assert owner.get_one(Account, ids(owner)[login]).password_hash == "!"


def test_a_reset_shows_a_password_once_and_ends_the_sessions(
    app: Flask, client_of: Client, owner: Session
) -> None:
    mei = client_of("mei")
    shown = client_of("guan").post(f"/accounts/{ids(owner)['mei']}/reset")
    assert mei.get("/account").status_code == 302
    assert enter_as(app.test_client(), "mei", password_on(shown.text)).status_code == 200
    facts = [row.facts for row in owner.scalars(select(AuditEvent))]
    assert password_on(shown.text) not in str(facts)


def test_who_holds_nothing_is_closed_at_once(client_of: Client, owner: Session) -> None:
    mei = client_of("mei")
    client_of("guan").post(f"/accounts/{ids(owner)['mei']}/disable")
    assert mei.get("/account").status_code == 302
    assert _last(owner).action == "account:disable"


def test_a_leaver_hands_over_first(viewer_session: Door, client_of: Client, owner: Session) -> None:
    dispute = report(viewer_session)
    _mediate(owner, dispute, "mei")
    answer = client_of("guan").post(f"/accounts/{ids(owner)['mei']}/disable")
    assert "手上还有 1 件" in answer.text
    assert owner.get_one(Account, ids(owner)["mei"]).disabled_at is None


def test_a_colleague_of_another_unit_does_not_take_over(
    viewer_session: Door, client_of: Client, owner: Session
) -> None:
    _mediate(owner, report(viewer_session), "mei")
    target = f"/accounts/{ids(owner)['mei']}/disable"
    answer = client_of("guan").post(target, data={"successor": ids(owner)["gao"]})
    assert answer.status_code == 422


def test_handing_over_and_closing_are_one_step_and_stand_in_the_history(
    viewer_session: Door, client_of: Client, owner: Session
) -> None:
    dispute = report(viewer_session)
    _mediate(owner, dispute, "mei")
    number = ids(owner)
    target = f"/accounts/{number['mei']}/disable"
    client_of("guan").post(target, data={"successor": number["ming"]})
    owner.expire_all()
    assert owner.get_one(Dispute, dispute).mediator_id == number["ming"]
    event = owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "handed_over")).one()
    assert event.facts == {"from": number["mei"], "to": number["ming"]}
    assert owner.get_one(Account, number["mei"]).disabled_at is not None


def test_restricted_matters_go_to_the_successor_alone(
    viewer_session: Door, client_of: Client, owner: Session
) -> None:
    dispute = report(viewer_session, flags=RESTRICTED)
    number = ids(owner)
    target = f"/accounts/{number['mei']}/disable"
    client_of("guan").post(target, data={"successor": number["ming"]})
    named = owner.scalars(
        select(NamedHandler.account_id).where(NamedHandler.dispute_id == dispute)
    ).all()
    assert set(named) == {number["ming"], number["gao"]}


def _deputise(door: Door, owner: Session, first: int, last: int) -> Deputy:
    session, guan = door("guan")
    number = ids(owner)
    return service.add_deputy(
        session,
        by=guan,
        account_id=number["mei"],
        deputy_id=number["ming"],
        first_day=today() + timedelta(days=first),
        last_day=today() + timedelta(days=last),
        reason="休假",
    )


@pytest.mark.parametrize(("first", "last", "sees"), [(-3, 0, 1), (0, 9, 1), (1, 5, 0)])
def test_a_deputy_sees_what_is_named_to_whom_he_stands_in_for_on_his_days_only(
    viewer_session: Door, owner: Session, first: int, last: int, sees: int
) -> None:
    report(viewer_session, flags=RESTRICTED)
    _deputise(viewer_session, owner, first, last)
    session, _ming = viewer_session("ming")
    assert session.scalar(select(func.count()).select_from(Dispute)) == sees


def test_a_deputyship_that_is_ended_shows_nothing_more(
    viewer_session: Door, owner: Session
) -> None:
    report(viewer_session, flags=RESTRICTED)
    deputy = _deputise(viewer_session, owner, 0, 9)
    session, guan = viewer_session("guan")
    service.end_deputy(session, by=guan, deputy_id=deputy.id)
    ming, _viewer = viewer_session("ming")
    assert ming.scalars(select(Dispute.id)).all() == []


def test_a_deputyship_does_not_end_before_it_begins(viewer_session: Door, owner: Session) -> None:
    with pytest.raises(ManagementRefused, match="止日"):
        _deputise(viewer_session, owner, 5, 3)


def test_a_closed_account_is_opened_again_with_a_fresh_password(
    app: Flask, client_of: Client, owner: Session
) -> None:
    guan, target = client_of("guan"), f"/accounts/{ids(owner)['mei']}"
    guan.post(f"{target}/disable")
    shown = guan.post(f"{target}/restore")
    assert enter_as(app.test_client(), "mei", password_on(shown.text)).status_code == 200


def test_whom_a_deputy_acts_for(viewer_session: Door, owner: Session) -> None:
    _deputise(viewer_session, owner, 0, 2)
    number = ids(owner)
    for login, whom in (("ming", {"ming", "mei"}), ("mei", {"mei"})):
        found = acts_for(owner, account_id=number[login], day=today())
        assert found == {number[one] for one in whom}
    after = today() + timedelta(days=3)
    assert acts_for(owner, account_id=number["ming"], day=after) == {number["ming"]}
    standing = deputies_on(owner, account_id=number["mei"], day=today())
    assert [one.login for one in standing] == ["ming"]
