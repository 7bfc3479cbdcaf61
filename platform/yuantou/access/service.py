"""What administrators do to accounts. Each use case is one transaction and one audit row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from yuantou.access.management import may_manage, may_manage_agency, roles_for
from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account, Deputy
from yuantou.accounts.passwords import hash_random, random_password
from yuantou.accounts.service import set_password
from yuantou.agencies.models import Agency
from yuantou.audit.service import record
from yuantou.calendar import clock


class ManagementRefused(Exception):
    """An account cannot be made or changed so; `field` names what is wrong, the words say why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


@dataclass(frozen=True)
class NewAccount:
    """What a new account says."""

    login: str
    display_name: str
    agency_id: int
    role: str
    demo: bool = False


@dataclass(frozen=True)
class Opened:
    """An account with the password that is shown once."""

    account: Account
    password: str


def create_account(session: Session, *, by: Viewer, new: NewAccount) -> Opened:
    """Make an account with a random password."""
    opened = _open(session, by, new)
    _record(session, by, "account:create", opened.account, role=new.role)
    session.commit()
    return opened


def import_accounts(session: Session, *, by: Viewer, news: Sequence[NewAccount]) -> list[Opened]:
    """Make many accounts, all or none, as one row of the audit."""
    opened = [_open(session, by, new) for new in news]
    record(
        session,
        action="account:import",
        object_type="account",
        object_id=opened[0].account.id if opened else "",
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"accounts": [one.account.id for one in opened]},
    )
    session.commit()
    return opened


def change_account(
    session: Session, *, by: Viewer, account_id: int, display_name: str, role: str
) -> Account:
    """Change the name or the role of an account."""
    account = _managed(session, by, account_id)
    agency = session.get_one(Agency, account.agency_id)
    if role not in {one.code for one in roles_for(by, agency)}:
        raise ManagementRefused("role", _("这个职责不适用于本单位"))
    before, account.role, account.display_name = account.role, role, display_name
    _record(session, by, "account:change", account, role=role, before=before)
    session.commit()
    return account


def reset_password(session: Session, *, by: Viewer, account_id: int) -> Opened:
    """Give an account a random password, to be changed at the next sign-in."""
    account, password = _managed(session, by, account_id), random_password()
    set_password(session, account, hash_random(password), must_change=True)
    _record(session, by, "account:reset", account)
    session.commit()
    return Opened(account, password)


def unlock(session: Session, *, by: Viewer, account_id: int) -> Account:
    """Lift a lock; the security administrator's duty."""
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None or not by.may(Permission.SECURITY_MANAGE):
        raise ManagementRefused("account", _("没有这个账号"))
    account.failures, account.locked_until = 0, None
    _record(session, by, "account:unlock", account)
    session.commit()
    return account


def matters_in_hand(session: Session, account_id: int) -> int:
    """How many open or restricted matters an account holds; no more than the number is told."""
    return int(session.scalar(select(func.matters_in_hand(account_id))) or 0)


def disable_account(
    session: Session, *, by: Viewer, account_id: int, successor_id: int | None
) -> tuple[Account, int]:
    """Close an account after its matters have gone to a colleague of the same unit."""
    account = _managed(session, by, account_id)
    held = matters_in_hand(session, account_id)
    if held and not _may_succeed(session, account, successor_id):
        raise ManagementRefused("successor", _("他手上还有 %(n)s 件，请先选一位同事接手", n=held))
    if held:
        session.scalar(select(func.hand_over(account_id, successor_id)))
    account.disabled_at = clock.now()
    account.session_epoch += 1
    _record(session, by, "account:disable", account, matters=held, successor=successor_id)
    session.commit()
    return account, held


def restore_account(session: Session, *, by: Viewer, account_id: int) -> Opened:
    """Open a closed account again, with a random password."""
    account, password = _managed(session, by, account_id, open_only=False), random_password()
    account.disabled_at = None
    set_password(session, account, hash_random(password), must_change=True)
    _record(session, by, "account:restore", account)
    session.commit()
    return Opened(account, password)


def add_deputy(
    session: Session,
    *,
    by: Viewer,
    account_id: int,
    deputy_id: int,
    first_day: date,
    last_day: date,
    reason: str,
) -> Deputy:
    """Let a colleague act for an account from the first to the last day."""
    account = _managed(session, by, account_id)
    if not _may_succeed(session, account, deputy_id):
        raise ManagementRefused("deputy_id", _("代理人须是本单位在用的另一个账号"))
    if last_day < first_day or last_day < clock.today():
        raise ManagementRefused("last_day", _("止日不能早于起日，也不能早于今天"))
    twin = _standing_deputy(session, account_id, deputy_id, first_day, last_day)
    if twin is not None:
        return twin
    deputy = Deputy(
        account_id=account.id,
        deputy_id=deputy_id,
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        created_by=by.id,
        created_at=clock.now(),
    )
    session.add(deputy)
    days = {"first_day": first_day, "last_day": last_day}
    _record(session, by, "account:deputy", account, deputy=deputy_id, **days)
    session.commit()
    return deputy


def _standing_deputy(
    session: Session, account_id: int, deputy_id: int, first_day: date, last_day: date
) -> Deputy | None:
    """The same, where a second click asked for it again; the account is locked."""
    same = select(Deputy).where(
        Deputy.account_id == account_id,
        Deputy.deputy_id == deputy_id,
        Deputy.first_day == first_day,
        Deputy.last_day == last_day,
    )
    return session.scalars(same).first()


def end_deputy(session: Session, *, by: Viewer, deputy_id: int) -> Account:
    """End a deputyship now."""
    deputy = session.get(Deputy, deputy_id)
    if deputy is None:
        raise ManagementRefused("deputy", _("这项代理已经结束"))
    account = _managed(session, by, deputy.account_id)
    session.delete(deputy)
    _record(session, by, "account:deputy_end", account, deputy=deputy.deputy_id)
    session.commit()
    return account


def _open(session: Session, by: Viewer, new: NewAccount) -> Opened:
    agency = session.get(Agency, new.agency_id)
    if agency is None or not agency.active or not may_manage_agency(by, agency):
        raise ManagementRefused("agency", _("这个单位不归您管理，或已停用"))
    if new.role not in {role.code for role in roles_for(by, agency)}:
        raise ManagementRefused("role", _("这个职责不适用于本单位"))
    if session.scalar(select(Account.id).where(Account.login == new.login)):
        raise ManagementRefused("login", _("账号“%(login)s”已经有人用了", login=new.login))
    password, moment = random_password(), clock.now()
    account = Account(
        login=new.login,
        display_name=new.display_name,
        agency_id=agency.id,
        role=new.role,
        password_hash=hash_random(password),
        must_change=True,
        password_set_at=moment,
        failures=0,
        session_epoch=1,
        demo=new.demo,
        created_at=moment,
    )
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise ManagementRefused("login", _("账号刚刚被别人用了，请换一个")) from error
    return Opened(account, password)


def _managed(session: Session, by: Viewer, account_id: int, *, open_only: bool = True) -> Account:
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None or not may_manage(by, account):
        raise ManagementRefused("account", _("没有这个账号，或不归您管理"))
    if open_only and account.disabled_at is not None:
        raise ManagementRefused("account", _("这个账号已经停用"))
    return account


def _may_succeed(session: Session, account: Account, other_id: int | None) -> bool:
    other = session.get(Account, other_id) if other_id else None
    return (
        other is not None
        and other.id != account.id
        and other.agency_id == account.agency_id
        and other.disabled_at is None
        and other.role != "unit_administrator"
    )


def _record(session: Session, by: Viewer, action: str, account: Account, **facts: object) -> None:
    record(
        session,
        action=action,
        object_type="account",
        object_id=account.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
