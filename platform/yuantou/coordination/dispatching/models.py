"""Duties of agencies, and what passes between agencies about one matter."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class Duty(Model):
    """One agency owns one type of dispute in one area, by a named rule, while it is valid.

    `gb31000` narrows the type to a kind of GB/T 31000. Rows are ended, never deleted.
    """

    __tablename__ = "duty"
    __table_args__ = (
        Index("ix_duty_area", "area_path", "type"),
        Index("ix_duty_agency", "agency_id"),
    )

    id: Mapped[Key]
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path]
    type: Mapped[Code]
    gb31000: Mapped[Code | None]
    basis: Mapped[Words]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
    example: Mapped[bool]
    entered_by: Mapped[Reference | None]
    entered_at: Mapped[Moment]


class Transfer(Model):
    """One centre offers a matter to the centre of another area; the sender keeps it until then."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index("ix_transfer_dispute", "dispute_id"),
        Index("ix_transfer_receiver", "to_agency_id", "answered_at"),
        Index("ix_transfer_sender", "from_agency_id", "answered_at"),
    )

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    from_agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    to_agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    from_area_code: Mapped[Code]
    reason: Mapped[Words]
    asked_by: Mapped[Reference]
    asked_at: Mapped[Moment]
    due_at: Mapped[Moment]
    outcome: Mapped[Code | None]
    answer: Mapped[Words | None]
    answered_by: Mapped[Reference | None]
    answered_at: Mapped[Moment | None]
    reminded_at: Mapped[Moment | None]


class Whistle(Model):
    """A township calls one department to come (吹哨报到); one row for each that is called."""

    __tablename__ = "whistle"
    __table_args__ = (
        Index("ix_whistle_dispute", "dispute_id"),
        Index("ix_whistle_called", "agency_id", "answered_at"),
        Index("ix_whistle_caller", "caller_agency_id", "blown_at"),
    )

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    caller_agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    caller_id: Mapped[Reference]
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    wanted: Mapped[Words]
    blown_at: Mapped[Moment]
    due_at: Mapped[Moment]
    response: Mapped[Code | None]
    answer: Mapped[Words | None]
    answered_by: Mapped[Reference | None]
    answered_at: Mapped[Moment | None]
    arrived_at: Mapped[Moment | None]
    reminded_at: Mapped[Moment | None]


class Referral(Model):
    """A hand-over from or to a body outside: police, petition office, 12345."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("ix_referral_dispute", "dispute_id"),
        Index("ix_referral_agency", "agency_id", "answered_at"),
        Index("ix_referral_number", "external_number"),
    )

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    direction: Mapped[Code]
    body: Mapped[Code]
    external_name: Mapped[Name]
    external_number: Mapped[Name | None]
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    reason: Mapped[Words]
    passed_on: Mapped[Day]
    due_on: Mapped[Day]
    answer: Mapped[Words | None]
    answered_on: Mapped[Day | None]
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[Reference | None]
    entered_by: Mapped[Reference]
    entered_at: Mapped[Moment]
    reminded_at: Mapped[Moment | None]
