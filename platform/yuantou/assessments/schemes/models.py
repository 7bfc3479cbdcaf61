"""Trials of schemes on a past year, and what people put down for or against an area."""

from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Day, Key, Moment, Path, Reference, Words
from yuantou.database.session import Model


class SchemeTrial(Model):
    """One year reckoned by one version of a scheme: sums by area, no persons.

    `seed` is what chance was drawn from, so that the same trial can be made again.
    """

    __tablename__ = "scheme_trial"
    __table_args__ = (Index("ix_scheme_trial_scheme", "code", "version"),)

    id: Mapped[Key]
    code: Mapped[Code]
    version: Mapped[int]
    year: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    asked_by: Mapped[Reference]
    asked_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    result: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    error: Mapped[Words | None]


class ScoreEvent(Model):
    """A bonus, a malus or a veto of an area: proposed by one person, approved by another.

    `file` is its evidence, sealed by the master key `file_key`.
    """

    __tablename__ = "score_event"
    __table_args__ = (
        Index("ix_score_event_area", "scheme", "area_code", "happened_on"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_persons"),
    )

    id: Mapped[Key]
    scheme: Mapped[Code]
    row_code: Mapped[Code]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    happened_on: Mapped[Day]
    points: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    reason: Mapped[Words]
    evidence: Mapped[Words]
    proposed_by: Mapped[Reference]
    proposed_at: Mapped[Moment]
    approved_by: Mapped[Reference | None]
    approved_at: Mapped[Moment | None]
    rejected_by: Mapped[Reference | None]
    rejected_at: Mapped[Moment | None]
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    file_key: Mapped[int | None]
    file_kind: Mapped[Code | None]
    demo: Mapped[bool]


class SchemeChoice(Model):
    """Which scheme judges a level from a year on: proposed by one person, approved by another."""

    __tablename__ = "scheme_choice"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_persons"),
    )

    id: Mapped[Key]
    level: Mapped[Code]
    year: Mapped[int]
    scheme: Mapped[Code]
    reason: Mapped[Words]
    proposed_by: Mapped[Reference]
    proposed_at: Mapped[Moment]
    approved_by: Mapped[Reference | None]
    approved_at: Mapped[Moment | None]
    rejected_at: Mapped[Moment | None]
