"""Passwords: what a chosen one must be, and what they cost."""

from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.access.doors import GOOD, OTHER, Client, enter_as, give_password
from yuantou.accounts import passwords
from yuantou.accounts.models import Account, PasswordUsed
from yuantou.accounts.policy import read_policy


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Ab3-xyz", "至少 10 位"),
        ("A1b" * 50, "最多 128 位"),
        ("abcdefghijk", "至少要有三种"),
        ("Mei-12345-abc", "不能包含账号"),
        ("Password-2026", "太常见"),
    ],
)
def test_what_is_wrong_with_a_password_is_said(app: Flask, password: str, words: str) -> None:
    with app.test_request_context():
        found = passwords.faults(password, login="mei", length=10)
    assert any(words in fault for fault in found)


def test_a_good_password_and_every_random_one_pass(app: Flask) -> None:
    with app.test_request_context():
        for password in (GOOD, OTHER, *(passwords.random_password() for _n in range(200))):
            assert passwords.faults(password, login="mei", length=10) == []


def test_random_passwords_differ() -> None:
    assert len({passwords.random_password() for _n in range(1000)}) == 1000


def test_a_chosen_password_is_hashed_three_times_over_32_megabytes() -> None:
    stored = passwords.CHOSEN.hash(GOOD)
    assert passwords.matches(stored, GOOD)
    assert stored.startswith("$argon2id$v=19$m=32768,t=3,p=1$")


def test_a_cheap_hash_is_made_dear_at_the_next_sign_in(app: Flask, owner: Session) -> None:
    account = give_password(owner, "mei")
    account.password_hash = passwords.RANDOM.hash(GOOD)
    owner.commit()
    enter_as(app.test_client(), "mei")
    owner.refresh(account)
    assert not passwords.TESTING.check_needs_rehash(account.password_hash)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"present": "wrong", "fresh": OTHER, "again": OTHER}, "现在的密码不对"),
        ({"present": GOOD, "fresh": OTHER, "again": GOOD}, "两次填的新密码不一样"),
        ({"present": GOOD, "fresh": GOOD, "again": GOOD}, "用过的密码不能再用"),
        ({"present": GOOD, "fresh": "short", "again": "short"}, "至少 10 位"),
    ],
)
def test_a_change_that_breaks_a_rule_is_refused(
    client_of: Client, owner: Session, fields: dict[str, str], words: str
) -> None:
    give_password(owner, "mei")
    answer = client_of("mei").post("/password", data=fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert owner.scalars(select(PasswordUsed)).all() == []


def test_the_last_passwords_are_remembered(app: Flask, owner: Session) -> None:
    give_password(owner, "mei")
    client = app.test_client()
    enter_as(client, "mei")
    client.post("/password", data={"present": GOOD, "fresh": OTHER, "again": OTHER})
    back = client.post("/password", data={"present": OTHER, "fresh": GOOD, "again": GOOD})
    assert "用过的密码不能再用" in back.text


def test_guesses_at_the_same_moment_are_all_counted(app: Flask, owner: Session) -> None:
    give_password(owner, "mei")
    guesses = [Thread(target=enter_as, args=(app.test_client(), "mei", "x")) for _n in range(4)]
    for guess in guesses:
        guess.start()
    for guess in guesses:
        guess.join()
    owner.expire_all()
    assert owner.scalars(select(Account.failures).where(Account.login == "mei")).one() == 4


def test_the_rules_in_force_are_those_of_the_settings(app: Flask) -> None:
    policy = read_policy(app.extensions["settings"])
    assert (policy.failures, policy.length, policy.remembered) == (5, 10, 5)
    assert policy.hasher is passwords.CHOSEN
