"""Matters of one kind under one lead, and pairs that were judged not to be the same."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class Series(Model):
    """A class of matters (类案). The respondent in common is an organisation, never a person.

    `size` counts all members, those outside the reader's sight too.
    """

    __tablename__ = "series"

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    name: Mapped[Name]
    cause: Mapped[Words]
    respondent: Mapped[Name | None]
    area_code: Mapped[Code]
    area_path: Mapped[Path] = mapped_column(index=True)
    agency_id: Mapped[Reference]
    lead_agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"), index=True)
    lead_dispute_id: Mapped[Reference | None]
    size: Mapped[int]
    made_by: Mapped[Reference]
    made_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]


class SeriesMember(Model):
    """A matter in a series; past ones keep why they left."""

    __tablename__ = "series_member"
    __table_args__ = (
        Index("ix_series_member_series", "series_id", "removed_at"),
        Index(
            "ix_series_member_one",
            "dispute_id",
            unique=True,
            postgresql_where="removed_at IS NULL",
        ),
    )

    id: Mapped[Key]
    series_id: Mapped[Reference] = mapped_column(ForeignKey("series.id"))
    dispute_id: Mapped[Reference]
    added_by: Mapped[Reference]
    added_at: Mapped[Moment]
    removed_at: Mapped[Moment | None]
    removed_by: Mapped[Reference | None]
    reason: Mapped[Words]


class TwinVerdict(Model):
    """Two matters that somebody compared and found to be different; `dispute_id` is the lower."""

    __tablename__ = "twin_verdict"
    __table_args__ = (UniqueConstraint("dispute_id", "other_id"),)

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    other_id: Mapped[Reference] = mapped_column(index=True)
    account_id: Mapped[Reference]
    at: Mapped[Moment]
    note: Mapped[Words]
