"""What a person or a unit was told, and what of it leaves the house: never personal data."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary, String

from yuantou.database.columns import Code, Day, Key, Moment, Name, Reference, Words
from yuantou.database.session import Model


class Notice(Model):
    """One notice to an agency (and perhaps one account of it), written with what it tells of.

    A trigger writes an outbox row for every recipient who has a channel on for its topic.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_inbox", "agency_id", "at"),
        Index("ix_notice_newest", "agency_id", "id"),
        Index("ix_notice_unread", "agency_id", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[Key]
    agency_id: Mapped[Reference]
    account_id: Mapped[Reference | None]
    kind: Mapped[Code]
    topic: Mapped[Code] = mapped_column(server_default="other")
    urgent: Mapped[bool] = mapped_column(server_default=text("false"))
    title: Mapped[Name]
    body: Mapped[Words]
    link: Mapped[Words]
    dispute_id: Mapped[Reference | None]
    report_id: Mapped[Reference | None]
    at: Mapped[Moment]
    read_at: Mapped[Moment | None]
    read_by: Mapped[Reference | None]


class AccountChannel(Model):
    """One channel of one person: on or off, where to (sealed), and which topics are muted."""

    __tablename__ = "account_channel"
    __table_args__ = (UniqueConstraint("account_id", "channel"),)

    id: Mapped[Key]
    account_id: Mapped[Reference] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    channel: Mapped[Code]
    active: Mapped[bool]
    address_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    master_version: Mapped[int | None]
    address_mask: Mapped[Name]
    muted: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    daily: Mapped[bool]
    daily_sent_on: Mapped[Day | None]
    changed_at: Mapped[Moment]


class OutboxMessage(Model):
    """One notice on its way to one person by one channel.

    waiting → sending (committed before the call) → delivered, failed (known) or unknown. `claim`
    names the one call that a row was part of; several rows of one claim were one message.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("notice_id", "account_id", "channel"),
        Index(
            "ix_outbox_message_open",
            "state",
            "not_before",
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index(
            "ix_outbox_message_trouble",
            "ended_at",
            postgresql_where=text("state IN ('failed', 'unknown')"),
        ),
        Index("ix_outbox_message_account", "account_id", "id"),
    )

    id: Mapped[Key]
    notice_id: Mapped[Reference]
    account_id: Mapped[Reference]
    channel: Mapped[Code]
    topic: Mapped[Code]
    number: Mapped[Name | None]
    link: Mapped[Words]
    urgent: Mapped[bool]
    state: Mapped[Code]
    attempts: Mapped[int]
    not_before: Mapped[Moment]
    queued_at: Mapped[Moment]
    claim: Mapped[Code | None]
    claimed_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    error: Mapped[Words]
