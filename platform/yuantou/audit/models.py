"""Rows of the hash chain. No foreign keys: deleting something never touches its history."""

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Key, Moment, Name
from yuantou.database.session import Model


class AuditEvent(Model):
    """One link: what was done by whom to what, chained by SHA-256 to the link before."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    agency_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[Code]
    object_type: Mapped[Code]
    object_id: Mapped[Name]
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditEntry(Model):
    """What a transaction will add: its commit links it and takes it away (migration 0017)."""

    __tablename__ = "audit_entry"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 — read by SQLAlchemy as is

    id: Mapped[Key]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    agency_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[Code]
    object_type: Mapped[Code]
    object_id: Mapped[Name]
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)


class AuditHead(Model):
    """The one row that holds the end of the chain, locked while the database commits a link."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
