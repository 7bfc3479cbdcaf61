"""Mediation records, agreements, their performance, path notices and follow-ups."""

from sqlalchemy import Numeric
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from yuantou.database.columns import Code, Day, Key, Moment, Reference, Words
from yuantou.database.session import Model


class MediationRecord(Model):
    """One session of mediation."""

    __tablename__ = "mediation_record"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    held_at: Mapped[Moment]
    place: Mapped[Words]
    attendees: Mapped[Words]
    content: Mapped[Words]
    written_by: Mapped[Reference]
    written_at: Mapped[Moment]


class Agreement(Model):
    """An oral or written agreement: effective on agreement (oral) or on signature and seal."""

    __tablename__ = "agreement"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    form: Mapped[Code]
    content: Mapped[Words]
    amount: Mapped[float | None] = mapped_column(Numeric(14, 2, asdecimal=False))
    perform_mode: Mapped[Code]
    due_on: Mapped[Day | None]
    signature: Mapped[Code | None]
    effective_on: Mapped[Day]
    superseded_at: Mapped[Moment | None]
    written_by: Mapped[Reference]
    written_at: Mapped[Moment]


class Performance(Model):
    """What was found about performance: performed, partly, defaulted; and on what evidence."""

    __tablename__ = "performance"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    agreement_id: Mapped[Reference]
    found_on: Mapped[Day]
    result: Mapped[Code]
    amount: Mapped[float | None] = mapped_column(Numeric(14, 2, asdecimal=False))
    evidence: Mapped[Words]
    written_by: Mapped[Reference]
    written_at: Mapped[Moment]


class PathNotice(Model):
    """The other ways a party was told of (Art. 26), when and how."""

    __tablename__ = "path_notice"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    paths: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    told_at: Mapped[Moment]
    manner: Mapped[Code]
    note: Mapped[Words]
    written_by: Mapped[Reference]


class FollowUp(Model):
    """A call-back after the matter was settled or a way was advised."""

    __tablename__ = "follow_up"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    called_at: Mapped[Moment]
    reached: Mapped[bool]
    performed: Mapped[Code | None]
    satisfied: Mapped[Code | None]
    hidden_risk: Mapped[bool]
    note: Mapped[Words]
    written_by: Mapped[Reference]
