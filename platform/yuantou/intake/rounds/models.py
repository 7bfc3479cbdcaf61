"""A round, its units, their reports with all corrections, and the disputes found in it."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class ScreeningRound(Model):
    """A round of screening in one area, from one day to another."""

    __tablename__ = "screening_round"
    __table_args__ = (Index("ix_screening_round_days", "area_path", "ends_on"),)

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    kind: Mapped[Code]
    title: Mapped[Name]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path]
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    themes: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
    note: Mapped[Words]
    agency_id: Mapped[Reference]
    opened_by: Mapped[Reference]
    opened_at: Mapped[Moment]
    reminded_at: Mapped[Moment | None]
    withdrawn_at: Mapped[Moment | None]


class ScreeningUnit(Model):
    """A village, community or agency that reports in a round; `found` counts what it logged."""

    __tablename__ = "screening_unit"
    __table_args__ = (
        UniqueConstraint("round_id", "area_path", "name"),
        Index("ix_screening_unit_agency", "agency_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[Reference] = mapped_column(
        ForeignKey("screening_round.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[Code]
    name: Mapped[Name]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path]
    agency_id: Mapped[Reference | None]
    found: Mapped[int]


class ScreeningReport(Model):
    """What a unit reported; the newest row counts, the others are its history."""

    __tablename__ = "screening_report"

    id: Mapped[Key]
    unit_id: Mapped[Reference] = mapped_column(
        ForeignKey("screening_unit.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[Moment]
    late: Mapped[bool]
    visited: Mapped[int | None]
    found: Mapped[int]
    signed_by: Mapped[Name]
    note: Mapped[Words]
    account_id: Mapped[Reference]
    agency_id: Mapped[Reference]


class ScreeningFind(Model):
    """A dispute that was found by a unit in a round."""

    __tablename__ = "screening_find"

    dispute_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[Reference] = mapped_column(
        ForeignKey("screening_unit.id", ondelete="CASCADE"), index=True
    )
    linked_at: Mapped[Moment]


class SensitiveDate(Model):
    """A time of the year for which an agency opens a round; days are month-day, like 11-01."""

    __tablename__ = "sensitive_date"

    id: Mapped[Key]
    agency_id: Mapped[Reference] = mapped_column(index=True)
    position: Mapped[int]
    name: Mapped[Name]
    first: Mapped[Code]
    last: Mapped[Code]
    themes: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
