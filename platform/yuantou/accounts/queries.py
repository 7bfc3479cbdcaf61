"""Reading accounts: who somebody is, and for whom he may act today."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account, Deputy, PasswordUsed

PAGE = 50


def account_by_login(session: Session, login: str) -> Account | None:
    """The account that signs in as `login`."""
    return session.scalar(select(Account).where(Account.login == login))


def accounts_by_id(session: Session, ids: Collection[int]) -> dict[int, Account]:
    """Accounts by their ids; unknown ones are left out."""
    found = session.scalars(select(Account).where(Account.id.in_(ids)))
    return {account.id: account for account in found}


def accounts_of(session: Session, agency_id: int) -> list[Account]:
    """Accounts of an agency that are in use, by name."""
    found = select(Account).where(Account.agency_id == agency_id, Account.disabled_at.is_(None))
    return list(session.scalars(found.order_by(Account.display_name, Account.id)))


def acts_for(session: Session, *, account_id: int, day: date) -> frozenset[int]:
    """Accounts that `account_id` may act for on `day`: itself and those it is deputy of."""
    found = select(Deputy.account_id).where(
        Deputy.deputy_id == account_id, Deputy.first_day <= day, Deputy.last_day >= day
    )
    return frozenset({account_id, *session.scalars(found)})


def deputies_on(session: Session, *, account_id: int, day: date) -> list[Account]:
    """Who stands in for `account_id` on `day`."""
    found = (
        select(Account)
        .join(Deputy, Deputy.deputy_id == Account.id)
        .where(Deputy.account_id == account_id, Deputy.first_day <= day, Deputy.last_day >= day)
    )
    return list(session.scalars(found.order_by(Account.id)))


def passwords_of(session: Session, account: Account, most: int) -> list[str]:
    """Hashes of the present password and of the last `most` before it."""
    found = select(PasswordUsed.password_hash).where(PasswordUsed.account_id == account.id)
    earlier = session.scalars(found.order_by(PasswordUsed.id.desc()).limit(most))
    return [account.password_hash, *earlier]


def locked_or_failing(session: Session, now: datetime) -> list[Account]:
    """Accounts that are locked or whose last sign-ins failed."""
    found = select(Account).where((Account.locked_until > now) | (Account.failures > 0))
    return list(session.scalars(found.order_by(Account.locked_until.desc().nulls_last())))


def standing_in(session: Session, *, account_id: int, day: date) -> list[tuple[Deputy, Account]]:
    """Deputies of `account_id`, and those it is deputy of, that have not ended by `day`;
    each with the other person."""
    other = (Account.id == Deputy.deputy_id) & (Deputy.account_id == account_id)
    mine = (Account.id == Deputy.account_id) & (Deputy.deputy_id == account_id)
    found = select(Deputy, Account).join(Account, other | mine).where(Deputy.last_day >= day)
    return [(row[0], row[1]) for row in session.execute(found.order_by(Deputy.first_day))]


@dataclass(frozen=True)
class AccountList:
    """A page of accounts and how many there are."""

    accounts: list[Account]
    total: int
    page: int

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(1, -(-self.total // PAGE))


def account_list(
    session: Session, *, agency_id: int | None, words: str, disabled: bool, page: int
) -> AccountList:
    """Accounts of an agency (of all when None), by name; `words` stand in the name or login."""
    closed: ColumnElement[bool] = Account.disabled_at.is_not(None)
    conditions = [closed if disabled else ~closed]
    if agency_id is not None:
        conditions.append(Account.agency_id == agency_id)
    if words:
        in_name = Account.display_name.contains(words, autoescape=True)
        conditions.append(in_name | Account.login.startswith(words.lower(), autoescape=True))
    total = session.scalar(select(func.count()).select_from(Account).where(*conditions)) or 0
    page = max(1, min(page, -(-total // PAGE) or 1))
    found = select(Account).where(*conditions).order_by(Account.agency_id, Account.id)
    return AccountList(
        list(session.scalars(found.offset((page - 1) * PAGE).limit(PAGE))), total, page
    )
