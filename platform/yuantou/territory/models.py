"""Areas in a tree, their boundaries and populations over time, and the courts."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Words
from yuantou.database.session import Model

LEVELS = ("province", "city", "county", "township")


class Territory(Model):
    """One loaded folder: what it promised, where it came from, and when."""

    __tablename__ = "territory"

    id: Mapped[Key]
    root_code: Mapped[Code]
    name: Mapped[Name]
    manifest: Mapped[dict[str, object]] = mapped_column(JSONB)
    content_hash: Mapped[Name] = mapped_column(unique=True)
    loaded_at: Mapped[Moment]


class Area(Model):
    """A province, city, county or township. `path` is the codes from the root, each with '/'."""

    __tablename__ = "area"
    __table_args__ = (CheckConstraint(f"level IN {LEVELS}", name="level"),)

    code: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Name]
    short_name: Mapped[Name]
    level: Mapped[Code]
    parent_code: Mapped[Code | None] = mapped_column(ForeignKey("area.code"), index=True)
    path: Mapped[Path] = mapped_column(unique=True)
    lng: Mapped[float | None]
    lat: Mapped[float | None]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
    source: Mapped[Words]


class Boundary(Model):
    """One polygon version of one area, GeoJSON geometry in EPSG:4490."""

    __tablename__ = "boundary"
    __table_args__ = (UniqueConstraint("area_code", "valid_from"),)

    id: Mapped[Key]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    geometry: Mapped[dict[str, object]] = mapped_column(JSONB)
    source_crs: Mapped[Code]
    approval_no: Mapped[Name | None]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
    source: Mapped[Words]


class Population(Model):
    """Persons of one area, by kind (census, resident_year_end, registered) and year."""

    __tablename__ = "population"
    __table_args__ = (
        UniqueConstraint("area_code", "year", "kind"),
        CheckConstraint("persons >= 0", name="persons"),
    )

    id: Mapped[Key]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    year: Mapped[int]
    kind: Mapped[Code]
    persons: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[dict[str, object]] = mapped_column(JSONB)
    source: Mapped[Words]


class Court(Model):
    """A court and the area its counts belong to (`counts_to_code`); unverified ones say so."""

    __tablename__ = "court"
    __table_args__ = (Index("ix_court_counts_to", "counts_to_code"),)

    code: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Name] = mapped_column(unique=True)
    level: Mapped[Code]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    counts_to: Mapped[Code]
    counts_to_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    counts_to_path: Mapped[Path]
    kind: Mapped[Name]
    basis: Mapped[Words]
    verified: Mapped[bool]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
