"""Administrators: appointed from the command line by who runs the server, never over the web.

So no administrator can take over the account of another by resetting its password.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.roles import ADMINISTRATORS, ROLES
from yuantou.accounts.models import Account
from yuantou.accounts.passwords import hash_random, random_password
from yuantou.accounts.queries import account_by_login
from yuantou.accounts.service import set_password
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.territory.models import Area


class AppointmentRefused(Exception):
    """The appointment cannot be made; the words say why."""


def appoint_administrator(session: Session, *, login: str, role: str) -> str:
    """Make one of the three administrators; returns the password to be typed once."""
    if role not in ADMINISTRATORS:
        raise AppointmentRefused(f"{role} 不是三员之一。")
    if account_by_login(session, login):
        raise AppointmentRefused(f"账号 {login} 已存在。")
    agency, password = _administration(session), random_password()
    account = Account(
        login=login,
        display_name=str(ROLES[role].name),
        agency_id=agency.id,
        role=role,
        password_hash=hash_random(password),
        must_change=True,
        password_set_at=clock.now(),
        failures=0,
        session_epoch=1,
        demo=False,
        created_at=clock.now(),
    )
    session.add(account)
    session.flush()
    _record(session, account, "account:appoint", role)
    session.commit()
    return password


def reset_on_site(session: Session, *, login: str) -> str:
    """Give an account a random password to be typed once, and lift its lock."""
    account = account_by_login(session, login)
    if account is None:
        raise AppointmentRefused(f"没有账号 {login}。")
    password = random_password()
    set_password(session, account, hash_random(password), must_change=True)
    _record(session, account, "account:reset", account.role)
    session.commit()
    return password


def _administration(session: Session) -> Agency:
    found = select(Agency).where(Agency.kind == AgencyKind.ADMINISTRATION).order_by(Agency.id)
    return session.scalar(found.limit(1)) or _new_administration(session)


def _new_administration(session: Session) -> Agency:
    root = session.scalar(select(Area).where(Area.parent_code.is_(None)).limit(1))
    if root is None:
        raise AppointmentRefused("还没有载入区划：请先运行 flask --app wsgi territory load。")
    agency = Agency(
        code="administration",
        name="平台运行管理",
        kind=AgencyKind.ADMINISTRATION,
        area_code=root.code,
        area_path=root.path,
        active=True,
        demo=False,
        created_at=clock.now(),
    )
    session.add(agency)
    session.flush()
    return agency


def _record(session: Session, account: Account, action: str, role: str) -> None:
    record(
        session,
        action=action,
        object_type="account",
        object_id=account.id,
        account_id=None,
        agency_id=account.agency_id,
        facts={"role": role, "where": "command line"},
    )
