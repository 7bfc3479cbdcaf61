"""What a person or a unit was told: references only, never personal data."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from yuantou.database.columns import Code, Key, Moment, Name, Reference, Words
from yuantou.database.session import Model


class Notice(Model):
    """One notice to an agency (and perhaps one account of it), written with what it tells of."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_inbox", "agency_id", "at"),
        Index("ix_notice_unread", "agency_id", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[Key]
    agency_id: Mapped[Reference]
    account_id: Mapped[Reference | None]
    kind: Mapped[Code]
    title: Mapped[Name]
    body: Mapped[Words]
    link: Mapped[Words]
    dispute_id: Mapped[Reference | None]
    report_id: Mapped[Reference | None]
    at: Mapped[Moment]
    read_at: Mapped[Moment | None]
    read_by: Mapped[Reference | None]


class Suggestion(Model):
    """A complaint or suggestion (投诉建议) left from any page."""

    __tablename__ = "suggestion"

    id: Mapped[Key]
    account_id: Mapped[Reference | None]
    agency_id: Mapped[Reference | None]
    page: Mapped[Words]
    text: Mapped[Words]
    at: Mapped[Moment]
    answered_at: Mapped[Moment | None]
    answer: Mapped[Words | None]
