"""Signing in through the front door."""

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.accounts.passwords import TESTING
from yuantou.calendar.clock import now

Client = Callable[[str], FlaskClient]
GOOD = "Qing-Shan-Lv-Shui-7"
OTHER = "Da-Hai-Chao-Ping-8"


def give_password(owner: Session, login: str, password: str = GOOD, **changes: Any) -> Account:
    """Let a person of the cast sign in."""
    account = owner.query(Account).filter_by(login=login).one()
    account.password_hash, account.password_set_at = TESTING.hash(password), now()
    for name, value in changes.items():
        setattr(account, name, value)
    owner.commit()
    return account


def enter_as(client: FlaskClient, login: str, password: str = GOOD, **fields: str) -> Any:
    """Send the sign-in form."""
    return client.post("/sign-in", data={"login": login, "password": password, **fields})


def ids(owner: Session) -> dict[str, int]:
    """Ids of the cast by login."""
    return {one.login: one.id for one in owner.query(Account).all()}


def password_on(page: str) -> str:
    """The password that a page shows once."""
    found = re.search(r"[A-Za-z0-9]{4}(?:-[A-Za-z0-9]{4}){3}", page)
    assert found is not None
    return found[0]
