"""Definitions in force and the kept figures: areas and months, no persons."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Date, DateTime, Integer, String

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class DefinitionVersion(Model):
    """A definition and, once two persons approved it, the day from which it counts.

    What ships first is in force at once (`proposed_by` empty); every later version waits until a
    second person approves what the first proposed. `rejected_at` ends a proposal.
    """

    __tablename__ = "definition_version"

    code: Mapped[Code] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    valid_from: Mapped[Day]
    body: Mapped[dict[str, object]] = mapped_column(JSONB)
    reason: Mapped[Words]
    proposed_by: Mapped[Reference | None]
    proposed_at: Mapped[Moment]
    approved_by: Mapped[Reference | None]
    approved_at: Mapped[Moment | None]
    rejected_at: Mapped[Moment | None]
    preview: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    previewed_at: Mapped[Moment | None]


class FigureLine(Model):
    """One indicator in one area, month after month, as arrays of equal length.

    Figures are always read over some months: a row for each would be thirty rows where one does.
    The view `figure_cell` unpacks them.
    """

    __tablename__ = "figure_line"

    indicator: Mapped[Code] = mapped_column(primary_key=True)
    area_code: Mapped[Code] = mapped_column(primary_key=True)
    level: Mapped[Code]
    area_path: Mapped[Path]
    months: Mapped[list[date]] = mapped_column(ARRAY(Date))
    versions: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    numerators: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    denominators: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    computed_at: Mapped[Moment]


class FigureCell(Model):
    """Numerator and denominator of one indicator in one area and month.

    Rows of a view over `figure_line`: read only.
    """

    __table__ = Table(
        "figure_cell",
        MetaData(),
        Column("indicator", String(32), primary_key=True),
        Column("area_code", String(32), primary_key=True),
        Column("month", Date, primary_key=True),
        Column("version", Integer),
        Column("level", String(32)),
        Column("area_path", String(160)),
        Column("numerator", BigInteger),
        Column("denominator", BigInteger),
        Column("computed_at", DateTime(timezone=True)),
    )

    indicator: Mapped[str]
    area_code: Mapped[str]
    month: Mapped[date]
    version: Mapped[int]
    level: Mapped[str]
    area_path: Mapped[str]
    numerator: Mapped[int]
    denominator: Mapped[int]
    computed_at: Mapped[datetime]


class FigurePack(Model):
    """A county's cells of one indicator taken apart by one dimension, as arrays of equal length.

    A row for every part would be a million rows a night; the view `figure_part` unpacks them.
    """

    __tablename__ = "figure_pack"

    indicator: Mapped[Code] = mapped_column(primary_key=True)
    area_code: Mapped[Code] = mapped_column(primary_key=True)
    dimension: Mapped[Code] = mapped_column(primary_key=True)
    area_path: Mapped[Path]
    months: Mapped[list[date]] = mapped_column(ARRAY(Date))
    values: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    versions: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    numerators: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    denominators: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    computed_at: Mapped[Moment]


class FigurePart(Model):
    """A county's cell taken apart by one dimension: type, township or agency; zeros are left out.

    `value` is the type's code, the township's code or the agency's id. Restricted matters are in
    no township's part. Parts of a dimension add up to the cell only where each entry has a value.
    Rows of a view over `figure_pack`: read only.
    """

    __table__ = Table(
        "figure_part",
        MetaData(),
        Column("indicator", String(32), primary_key=True),
        Column("area_code", String(32), primary_key=True),
        Column("month", Date, primary_key=True),
        Column("dimension", String(32), primary_key=True),
        Column("value", String(32), primary_key=True),
        Column("version", Integer),
        Column("area_path", String(160)),
        Column("numerator", BigInteger),
        Column("denominator", BigInteger),
        Column("computed_at", DateTime(timezone=True)),
    )

    indicator: Mapped[str]
    area_code: Mapped[str]
    month: Mapped[date]
    dimension: Mapped[str]
    value: Mapped[str]
    version: Mapped[int]
    area_path: Mapped[str]
    numerator: Mapped[int]
    denominator: Mapped[int]
    computed_at: Mapped[datetime]


class MatterLink(Model):
    """Two matters of the same natural persons and type, the later reported after the earlier.

    A draft, or what was merged into another, is no later matter.
    """

    __tablename__ = "matter_link"
    __table_args__ = (Index("ix_matter_link_later", "later_id"),)

    earlier_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    later_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    reported_at: Mapped[Moment]


class Settlement(Model):
    """One closing of an agreed matter, and what first ended it: reopened, again, sued; or nothing.

    Kept by county with the figures (standing/lasting.py); a matter that was reopened and closed
    again has several.
    """

    __tablename__ = "settlement"
    __table_args__ = (Index("ix_settlement_county", "county_code", "closed_on"),)

    dispute_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    closed_on: Mapped[Day] = mapped_column(primary_key=True)
    county_code: Mapped[Code]
    back_on: Mapped[Day | None]
    why: Mapped[Code | None]


class VillageYear(Model):
    """What a village or community had in a year; a later list of its county replaces it.

    Whether it is “without suits” is not stored: the definition in force has the conditions.
    """

    __tablename__ = "village_year"
    __table_args__ = (
        Index(
            "uq_village_year_current",
            "county_code",
            "year",
            "place",
            "name",
            unique=True,
            postgresql_where="replaced_at IS NULL",
        ),
    )

    id: Mapped[Key]
    county_code: Mapped[Code]
    area_path: Mapped[Path]
    year: Mapped[int]
    place: Mapped[Name]
    name: Mapped[Name]
    suits: Mapped[int]
    crimes: Mapped[int]
    petitions_above: Mapped[int]
    screened: Mapped[bool]
    source: Mapped[Words]
    agency_id: Mapped[Reference]
    entered_by: Mapped[Reference]
    entered_at: Mapped[Moment]
    replaced_at: Mapped[Moment | None]
    demo: Mapped[bool]


class SuppliedCount(Model):
    """A number that only its owner knows: police, petition office, a court's quality office.

    One component of one area and month in one revision; the newest revision counts. A component
    that nobody supplied is missing, never zero.
    """

    __tablename__ = "supplied_count"
    __table_args__ = (
        UniqueConstraint("component", "area_code", "month", "revision"),
        Index("ix_supplied_count_read", "month", "area_path"),
    )

    id: Mapped[Key]
    component: Mapped[Code]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    month: Mapped[Day]
    revision: Mapped[int]
    value: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[Words]
    agency_id: Mapped[Reference]
    entered_by: Mapped[Reference]
    entered_at: Mapped[Moment]
    demo: Mapped[bool]


class DisputeMonth(Model):
    """Disputes reported and closed by area, month, type; county rows count restricted ones."""

    __tablename__ = "dispute_month"
    __table_args__ = (Index("ix_dispute_month_read", "level", "month", "area_path"),)

    area_code: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[Day] = mapped_column(primary_key=True)
    type: Mapped[Code] = mapped_column(primary_key=True)
    level: Mapped[Code]
    area_path: Mapped[Path]
    reported: Mapped[int]
    closed: Mapped[int]
    computed_at: Mapped[Moment]


class CourtMonth(Model):
    """The released components of one counted area and month, summed over its courts.

    Of a city or the province, the plain components are those of its counties, and the ones named
    `apart_…` those of courts that count to the city or province itself. A component of which a due
    court sent nothing is null; `missing` names the due courts that have not sent their month.
    `to_date` sums from January the counties whose courts sent every month; `to_date_of` names them:
    the mean of a city or the province need not wait for its last court.
    """

    __tablename__ = "court_month"
    __table_args__ = (Index("ix_court_month_read", "month", "area_path"),)

    area_code: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[Day] = mapped_column(primary_key=True)
    level: Mapped[Code]
    area_path: Mapped[Path]
    regime: Mapped[Code]
    courts_due: Mapped[int]
    courts_in: Mapped[int]
    missing: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    components: Mapped[dict[str, int | None]] = mapped_column(JSONB)
    to_date: Mapped[dict[str, int | None]] = mapped_column(JSONB)
    to_date_of: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    computed_at: Mapped[Moment]


class Lateness(Model):
    """How much of a source's final count is known by whole months after a month's end."""

    __tablename__ = "lateness"

    source: Mapped[Code] = mapped_column(primary_key=True)
    age: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    share: Mapped[float]
    computed_at: Mapped[Moment]


class StaleArea(Model):
    """What changed after the figures were kept: triggers write it, the job drains it.

    A matter of the area where `dispute_id` is known, else anything in it.
    """

    __tablename__ = "stale_area"

    id: Mapped[Key]
    kind: Mapped[Code]
    area_code: Mapped[Code]
    dispute_id: Mapped[Reference | None]
    at: Mapped[Moment]


class EntryPack(Model):
    """What the rows of a county answered to one question about a subject, as columns (aside.py)."""

    __tablename__ = "entry_pack"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    county_code: Mapped[Code] = mapped_column(primary_key=True)
    subject: Mapped[Code] = mapped_column(primary_key=True)
    question: Mapped[bytes]
    places: Mapped[list[list[str | None]]] = mapped_column(JSONB)
    columns: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))


class EntryChange(Model):
    """A matter that changed since the entries of its county were laid aside."""

    __tablename__ = "entry_change"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    county_code: Mapped[Code] = mapped_column(primary_key=True)
    dispute_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
