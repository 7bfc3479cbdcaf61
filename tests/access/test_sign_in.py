"""Signing in and out: who gets in, who does not, and what is written down."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.access.doors import GOOD, OTHER, enter_as, give_password
from yuantou.access import sign_in as story
from yuantou.accounts.models import Account
from yuantou.audit.models import AuditEvent
from yuantou.calendar import clock


def _actions(owner: Session) -> list[str]:
    return list(owner.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_a_mediator_signs_in_and_is_led_to_a_first_page(app: Flask, owner: Session) -> None:
    give_password(owner, "mei")
    client = app.test_client()
    answer = enter_as(client, "mei")
    assert answer.status_code == 302
    assert answer.location == "/"
    assert client.get("/").status_code == 302
    assert _actions(owner) == ["account:sign_in"]


def test_the_page_that_was_asked_for_opens_after_the_sign_in(app: Flask, owner: Session) -> None:
    give_password(owner, "mei")
    client = app.test_client()
    answer = client.get("/account?x=1")
    assert answer.location == "/sign-in?next=/account?x%3D1"
    assert enter_as(client, "mei", next="/account?x=1").location == "/account?x=1"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site(app: Flask, owner: Session, elsewhere: str) -> None:
    give_password(owner, "mei")
    assert enter_as(app.test_client(), "mei", next=elsewhere).location == "/"


def test_a_wrong_password_and_an_unknown_login_get_the_same_words(
    app: Flask, owner: Session
) -> None:
    give_password(owner, "mei")
    wrong = enter_as(app.test_client(), "mei", "not this one")
    unknown = enter_as(app.test_client(), "nobody", "not this one")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("mei", "") == unknown.text.replace("nobody", "")
    assert _actions(owner) == ["account:sign_in_failed"] * 2


def test_what_was_typed_into_the_login_is_not_written_into_the_audit(
    app: Flask, owner: Session
) -> None:
    enter_as(app.test_client(), "my-secret-by-mistake")
    row = owner.scalars(select(AuditEvent)).one()
    assert row.object_id == "unknown"
    assert "mistake" not in str(row.facts)


def test_five_failures_lock_the_account_even_for_the_right_password(
    app: Flask, owner: Session
) -> None:
    give_password(owner, "mei")
    client = app.test_client()
    for _time in range(5):
        enter_as(client, "mei", "wrong")
    assert enter_as(client, "mei").status_code == 422
    assert _actions(owner)[4:] == ["account:lock", "account:sign_in_failed"]


def test_a_lock_ends_by_itself(app: Flask, owner: Session) -> None:
    give_password(owner, "mei", locked_until=clock.now() - timedelta(seconds=1))
    assert enter_as(app.test_client(), "mei").status_code == 302


def test_a_disabled_account_does_not_enter(app: Flask, owner: Session) -> None:
    give_password(owner, "mei", disabled_at=clock.now())
    assert enter_as(app.test_client(), "mei").status_code == 422


def test_signing_out_ends_the_session_and_is_written_down(app: Flask, owner: Session) -> None:
    give_password(owner, "mei")
    client = app.test_client()
    enter_as(client, "mei")
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/account").status_code == 302
    assert _actions(owner)[-1] == "account:sign_out"


def test_a_session_in_which_nothing_happens_ends(
    app: Flask, owner: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(owner, "mei")
    client = app.test_client()
    enter_as(client, "mei")
    start = clock.now()
    for minutes, status in ((29, 200), (58, 200), (89, 302)):
        monkeypatch.setattr(story, "now", lambda at=minutes: start + timedelta(minutes=at))
        assert client.get("/account").status_code == status


def test_a_first_password_is_changed_before_anything_else(app: Flask, owner: Session) -> None:
    give_password(owner, "mei", must_change=True)
    client = app.test_client()
    assert "请先设一个自己的密码" in enter_as(client, "mei").text
    assert client.get("/account").location == "/password"
    changed = {"present": GOOD, "fresh": OTHER, "again": OTHER}
    assert client.post("/password", data=changed).location == "/"
    assert client.get("/account").status_code == 200


def test_an_old_password_is_changed_before_anything_else(app: Flask, owner: Session) -> None:
    give_password(owner, "mei", password_set_at=clock.now() - timedelta(days=91))
    client = app.test_client()
    enter_as(client, "mei")
    assert client.get("/account").location == "/password"


def test_changing_the_password_ends_other_sessions(app: Flask, owner: Session) -> None:
    give_password(owner, "mei")
    here, there = app.test_client(), app.test_client()
    enter_as(here, "mei")
    enter_as(there, "mei")
    here.post("/password", data={"present": GOOD, "fresh": OTHER, "again": OTHER})
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_too_many_attempts_from_one_address_wait(app: Flask, owner: Session) -> None:
    client = app.test_client()
    answers = {enter_as(client, f"guess-{n}").status_code for n in range(31)}
    assert answers == {422, 429}


def test_a_random_password_answers_no_faster_than_a_chosen_one(app: Flask, owner: Session) -> None:
    account = owner.query(Account).filter_by(login="mei").one()
    assert account.password_hash == "!"
    assert enter_as(app.test_client(), "mei", "!").status_code == 422
