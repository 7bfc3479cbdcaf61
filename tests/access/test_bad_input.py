"""What people and machines type that is no answer: never an error page, never half written."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.access.doors import Client, enter_as
from yuantou.accounts.models import Account

NASTY = (
    "\x00",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "😀" * 30,
    "%_\\",
    "a" * 5000,
)


@pytest.mark.parametrize("typed", NASTY)
def test_a_nasty_login_is_only_a_wrong_one(app: Flask, typed: str) -> None:
    assert enter_as(app.test_client(), typed, typed).status_code == 422


@pytest.mark.parametrize("typed", NASTY)
def test_nasty_words_in_a_filter_find_nothing(client_of: Client, typed: str) -> None:
    words = {"q": typed, "action": typed, "object": typed, "since": typed, "page": typed}
    for login, page in (("an", "/accounts"), ("an", "/agencies"), ("shen", "/audit")):
        answer = client_of(login).get(page, query_string=words)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("typed", NASTY)
def test_a_nasty_name_is_kept_as_text_or_refused(
    client_of: Client, owner: Session, typed: str
) -> None:
    fields = {"login": "xin.nasty", "display_name": typed, "role": "mediator"}
    answer = client_of("guan").post("/accounts/new", data=fields)
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text
    name = owner.scalar(select(Account.display_name).where(Account.login == "xin.nasty"))
    assert name is None or not {"\x00", "\u202e"} & set(name)


def test_days_out_of_reach_are_no_filter(client_of: Client) -> None:
    for day in ("9999-12-31", "0001-01-01", "2026-02-30"):
        assert client_of("shen").get(f"/audit?since={day}&until={day}").status_code == 200


def test_numbers_out_of_reach_find_nothing(client_of: Client) -> None:
    far = 10**20
    assert client_of("guan").get(f"/accounts/{far}").status_code == 404
    assert client_of("shen").get(f"/audit?account={far}").status_code == 404
