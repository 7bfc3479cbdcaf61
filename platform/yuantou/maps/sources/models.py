"""Common sources, the keys they are found again by, their matters, and their sums by county.

A source is an organisation, a cause, a project or a policy. That of origin "party" has no name
here: it is told apart by blind indexes and shown by a neutral label.
"""

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference
from yuantou.database.session import Model


class CommonSource(Model):
    """One source with what the last scan found.

    `area_code` is the smallest area that holds all its matters. `weeks` counts the matters of each
    week up to `last_week_end`, oldest first; `usual` is what would be expected of them. The window
    from `since` holds `observed` where `expected` were due; their ratio lies in `low` to `high`.
    """

    __tablename__ = "common_source"
    __table_args__ = (
        CheckConstraint("origin IN ('party', 'cause', 'typed')", name="origin"),
        CheckConstraint("state IN ('rising', 'steady', 'few')", name="state"),
        CheckConstraint("(name IS NULL) = (origin = 'party')", name="name"),
        Index("ix_common_source_path", "area_path"),
    )

    id: Mapped[Key]
    origin: Mapped[Code]
    kind: Mapped[Code]
    name: Mapped[Name | None]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    type: Mapped[Code]
    submission: Mapped[Name | None] = mapped_column(unique=True)
    agency_id: Mapped[Reference | None]
    made_by: Mapped[Reference | None]
    made_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    disputes: Mapped[int]
    people: Mapped[int | None]
    first_day: Mapped[Day | None]
    last_day: Mapped[Day | None]
    weeks: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    usual: Mapped[list[float]] = mapped_column(ARRAY(Float))
    last_week_end: Mapped[Day | None]
    state: Mapped[Code]
    since: Mapped[Day | None]
    observed: Mapped[int]
    expected: Mapped[float | None] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    llr: Mapped[float | None] = mapped_column(Float)
    p: Mapped[float | None] = mapped_column(Float)
    q: Mapped[float | None] = mapped_column(Float)
    scanned_at: Mapped[Moment | None]


class CommonSourceKey(Model):
    """A blind index of an organisation, or the hash of a cause, and the source it belongs to."""

    __tablename__ = "common_source_key"
    __table_args__ = (Index("ix_common_source_key_source", "source_id"),)

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    source_id: Mapped[Reference] = mapped_column(ForeignKey("common_source.id"))


class CommonSourceMatter(Model):
    """A matter of a source; `party_id` is the organisation in it."""

    __tablename__ = "common_source_matter"
    __table_args__ = (Index("ix_common_source_matter_dispute", "dispute_id"),)

    source_id: Mapped[Reference] = mapped_column(
        ForeignKey("common_source.id"), primary_key=True, autoincrement=False
    )
    dispute_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    party_id: Mapped[Reference | None]
    by_hand: Mapped[bool]
    added_by: Mapped[Reference | None]
    added_at: Mapped[Moment]


class CommonSourceArea(Model):
    """Sums of a source in one county; `recent` lie in the window that stands out."""

    __tablename__ = "common_source_area"
    __table_args__ = (Index("ix_common_source_area_path", "area_path"),)

    source_id: Mapped[Reference] = mapped_column(
        ForeignKey("common_source.id"), primary_key=True, autoincrement=False
    )
    county_code: Mapped[Code] = mapped_column(primary_key=True)
    area_path: Mapped[Path]
    disputes: Mapped[int]
    people: Mapped[int | None]
    recent: Mapped[int]
