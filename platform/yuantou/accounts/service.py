"""What a person does with his own account: sign in and out, change password and language."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.accounts import passwords
from yuantou.accounts.models import Account, PasswordUsed
from yuantou.accounts.policy import Policy
from yuantou.accounts.queries import account_by_login, passwords_of
from yuantou.audit.service import record
from yuantou.calendar import clock


class SignInRefused(Exception):
    """Wrong login or password, a locked or a disabled account: it is never said which."""


class PasswordRefused(Exception):
    """A chosen password breaks the rules. `field` is 'present' or 'fresh'."""

    def __init__(self, field: str, faults: list[str]) -> None:
        super().__init__("；".join(faults))
        self.field, self.faults = field, faults


def sign_in(
    session: Session,
    *,
    login: str,
    password: str,
    policy: Policy,
    address: str = "",
    now: datetime | None = None,
) -> Account:
    """Let a person in, or raise SignInRefused; either is written down."""
    now = now or clock.now()
    account = account_by_login(session, login)
    right = _verify(account, password, policy)
    if account is not None:
        account = _hold(session, account.id)
    if account is None or not _may_enter(account, right=right, now=now):
        _count_failure(session, account, policy=policy, address=address, now=now)
        session.commit()
        raise SignInRefused
    account.failures, account.locked_until, account.last_sign_in_at = 0, None, now
    if not account.must_change and passwords.cheap(account.password_hash, policy.hasher):
        account.password_hash = policy.hasher.hash(password)
    _record(session, account, "account:sign_in", address=address)
    session.commit()
    return account


def sign_out(session: Session, *, account: Account, idle: bool = False) -> None:
    """A person left, or was signed out because nothing happened; copies of his cookie end too."""
    account.session_epoch += 1
    _record(session, account, "account:idle_out" if idle else "account:sign_out")
    session.commit()


def change_password(
    session: Session,
    *,
    account: Account,
    present: str,
    fresh: str,
    policy: Policy,
    now: datetime | None = None,
) -> Account:
    """Change one's own password, which ends every other session; or raise PasswordRefused."""
    held = _hold(session, account.id)
    if not passwords.matches(held.password_hash, present):
        raise PasswordRefused("present", [_("现在的密码不对")])
    faults = passwords.faults(fresh, login=held.login, length=policy.length)
    if not faults and passwords.used_before(fresh, passwords_of(session, held, policy.remembered)):
        faults = [_("最近 %(n)s 次用过的密码不能再用", n=policy.remembered + 1)]
    if faults:
        raise PasswordRefused("fresh", faults)
    set_password(session, held, policy.hasher.hash(fresh), must_change=False, now=now)
    _record(session, held, "account:password")
    session.commit()
    return held


def set_password(
    session: Session,
    account: Account,
    password_hash: str,
    *,
    must_change: bool,
    now: datetime | None = None,
) -> None:
    """Step: replace the password, keep the old hash, end the sessions, lift a lock."""
    now = now or clock.now()
    used = PasswordUsed(account_id=account.id, password_hash=account.password_hash, replaced_at=now)
    session.add(used)
    account.password_hash, account.must_change = password_hash, must_change
    account.password_set_at = now
    account.session_epoch += 1
    account.failures, account.locked_until = 0, None


def choose_language(session: Session, *, account: Account, language: str) -> None:
    """Keep the language in which a person reads."""
    held = _hold(session, account.id)
    held.language = language
    _record(session, held, "account:language", language=language)
    session.commit()


def _verify(account: Account | None, password: str, policy: Policy) -> bool:
    if account is None:
        passwords.waste_time(password, policy.hasher)
        return False
    if passwords.cheap(account.password_hash, policy.hasher):
        passwords.waste_time(password, policy.hasher)
    return passwords.matches(account.password_hash, password)


def _hold(session: Session, account_id: int) -> Account:
    """The account, locked, as it now stands: two attempts at once are counted as two."""
    return session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _may_enter(account: Account, *, right: bool, now: datetime) -> bool:
    locked = account.locked_until is not None and account.locked_until > now
    return right and not locked and account.disabled_at is None


def _count_failure(
    session: Session, account: Account | None, *, policy: Policy, address: str, now: datetime
) -> None:
    locked = False
    if account and not (account.locked_until and account.locked_until > now):
        account.failures += 1
        locked = account.failures >= policy.failures
        if locked:
            account.failures, account.locked_until = 0, now + policy.lock
    _record(
        session, account, "account:lock" if locked else "account:sign_in_failed", address=address
    )


def _record(session: Session, account: Account | None, action: str, **facts: str) -> None:
    record(
        session,
        action=action,
        object_type="account",
        object_id=account.id if account else "unknown",
        account_id=account.id if account else None,
        agency_id=account.agency_id if account else None,
        facts=facts,
    )
