"""`flask --app wsgi accounts …`: administrators are appointed where the server stands."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.appointment import AppointmentRefused, appoint_administrator, reset_on_site
from yuantou.access.roles import ADMINISTRATORS
from yuantou.accounts.models import Account
from yuantou.database.session import make_engine

FIRST = "system_administrator"

accounts = AppGroup("accounts", help="账号：首位管理员、另外两员、重置。Accounts.")
COMMANDS = (accounts,)


@accounts.command("first-administrator")
@click.option("--login", default="admin", show_default=True, help="登录账号。")
def first_administrator(login: str) -> None:
    """创建系统管理员，密码只显示这一次。"""
    with _owner() as session:
        if session.scalar(select(Account.id).where(Account.role == FIRST).limit(1)):
            raise click.ClickException("已有系统管理员。忘了密码请用 accounts reset。")
        _say(login, appoint_administrator(session, login=login, role=FIRST))
    click.echo(
        "安全管理员、审计管理员须由另外的人担任："
        "flask --app wsgi accounts administrator --role security_administrator --login 账号"
    )


@accounts.command("administrator")
@click.option("--role", type=click.Choice(sorted(ADMINISTRATORS)), required=True)
@click.option("--login", required=True, help="登录账号。")
def administrator(role: str, login: str) -> None:
    """创建三员之一（系统、安全、审计），密码只显示这一次。"""
    with _owner() as session:
        _say(login, appoint_administrator(session, login=login, role=role))


@accounts.command("reset")
@click.argument("login")
def reset(login: str) -> None:
    """重置一个账号的密码并解锁，密码只显示这一次。"""
    with _owner() as session:
        _say(login, reset_on_site(session, login=login))


@contextmanager
def _owner() -> Iterator[Session]:
    engine = make_engine(current_app.extensions["connections"].need("owner"))
    try:
        with Session(engine, expire_on_commit=False) as session:
            yield session
    except AppointmentRefused as refused:
        raise click.ClickException(str(refused)) from refused
    finally:
        engine.dispose()


def _say(login: str, password: str) -> None:
    click.echo(f"账号 {login}  密码 {password}  (只显示这一次，首次登录须修改)")
