"""Accounts, their roles, deputies, and failed sign-ins."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Reference, Words
from yuantou.database.session import Model


class Account(Model):
    """A person who signs in, in one agency with one role (access/roles.py)."""

    __tablename__ = "account"

    id: Mapped[Key]
    login: Mapped[Name] = mapped_column(unique=True)
    display_name: Mapped[Name]
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"), index=True)
    role: Mapped[Code]
    password_hash: Mapped[Words]
    must_change: Mapped[bool]
    password_set_at: Mapped[Moment]
    failures: Mapped[int]
    locked_until: Mapped[Moment | None]
    session_epoch: Mapped[int]
    last_sign_in_at: Mapped[Moment | None]
    disabled_at: Mapped[Moment | None]
    language: Mapped[Code | None]
    demo: Mapped[bool]
    created_at: Mapped[Moment]


class PasswordUsed(Model):
    """Hashes of passwords used before, so that they are not used again."""

    __tablename__ = "password_used"

    id: Mapped[Key]
    account_id: Mapped[Reference] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    password_hash: Mapped[Words]
    replaced_at: Mapped[Moment]


class Deputy(Model):
    """From `first_day` to `last_day`, `deputy_id` acts for `account_id` of the same agency."""

    __tablename__ = "deputy"
    __table_args__ = (Index("ix_deputy_days", "deputy_id", "first_day", "last_day"),)

    id: Mapped[Key]
    account_id: Mapped[Reference] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    deputy_id: Mapped[Reference] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    first_day: Mapped[Day]
    last_day: Mapped[Day]
    reason: Mapped[Words]
    created_by: Mapped[Reference]
    created_at: Mapped[Moment]
