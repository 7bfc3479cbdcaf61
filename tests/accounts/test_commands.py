"""Administrators are appointed on the command line, their passwords shown once."""

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.access.doors import enter_as, password_on
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.audit.models import AuditEvent


def _run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["accounts", *words])
    return done.exit_code, done.output


def _without_administrators(owner: Session) -> None:
    owner.execute(delete(Account).where(Account.role.like("%\\_administrator")))
    owner.execute(delete(Agency).where(Agency.kind == "administration"))
    owner.commit()


def test_a_clean_installation_gets_its_first_administrator(app: Flask, owner: Session) -> None:
    _without_administrators(owner)
    code, words = _run(app, "first-administrator")
    assert code == 0
    entered = enter_as(app.test_client(), "admin", password_on(words))
    assert "请先设一个自己的密码" in entered.text
    actions = owner.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions == ["account:appoint", "account:sign_in"]


def test_there_is_one_first_administrator(app: Flask) -> None:
    code, words = _run(app, "first-administrator")
    assert code == 1
    assert "已有系统管理员" in words


def test_the_other_two_are_appointed_apart(app: Flask, owner: Session) -> None:
    options = ("--role", "audit_administrator", "--login", "auditor")
    code, _words = _run(app, "administrator", *options)
    assert code == 0
    made = owner.scalars(select(Account).where(Account.login == "auditor")).one()
    assert (made.role, made.must_change) == ("audit_administrator", True)


def test_a_login_that_exists_is_refused(app: Flask) -> None:
    code, words = _run(app, "administrator", "--role", "audit_administrator", "--login", "mei")
    assert (code, "已存在" in words) == (1, True)


def test_a_forgotten_password_is_reset_on_site(app: Flask, owner: Session) -> None:
    _code, words = _run(app, "reset", "shen")
    assert enter_as(app.test_client(), "shen", password_on(words)).status_code == 200
    assert _run(app, "reset", "nobody")[0] == 1
