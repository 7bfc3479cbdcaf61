"""Positions of tribunals, mediation points and townships, as an office loaded them."""

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class PlaceBatch(Model):
    """One file that somebody looked at and wrote; once undone, what stood before stands again.

    `lines` counts the places in it.
    """

    __tablename__ = "place_batch"
    __table_args__ = (Index("ix_place_batch_agency", "agency_id", "id"),)

    id: Mapped[Key]
    agency_id: Mapped[Reference]
    area_path: Mapped[Path]
    file_name: Mapped[Name]
    content_hash: Mapped[Name]
    lines: Mapped[int]
    entered_by: Mapped[Reference]
    entered_at: Mapped[Moment]
    undone_by: Mapped[Reference | None]
    undone_at: Mapped[Moment | None]
    undone_reason: Mapped[Words]


class Place(Model):
    """A position in CGCS2000, with the numbers and the datum it was given in.

    `slot` names what stands there (kind, county, township or name): the newest row of a slot
    without `until` holds.
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("kind IN ('tribunal', 'mediation', 'township')", name="kind"),
        Index("ix_place_slot", "slot", "id"),
        Index("ix_place_path", "area_path"),
        Index("ix_place_batch", "batch_id"),
    )

    id: Mapped[Key]
    batch_id: Mapped[Reference] = mapped_column(ForeignKey("place_batch.id"))
    slot: Mapped[Words]
    kind: Mapped[Code]
    name: Mapped[Name]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    lng: Mapped[float] = mapped_column(Float)
    lat: Mapped[float] = mapped_column(Float)
    given_lng: Mapped[float] = mapped_column(Float)
    given_lat: Mapped[float] = mapped_column(Float)
    datum: Mapped[Code]
    since: Mapped[Moment]
    until: Mapped[Moment | None]
