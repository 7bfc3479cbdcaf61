"""A list that was brought, how its columns were matched, and what became of its lines."""

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Name, Reference
from yuantou.database.session import Model


class ImportBatch(Model):
    """One list. `sealed` holds its lines under a key of its own until they are no longer needed."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_agency", "agency_id", "at"),)

    id: Mapped[Key]
    agency_id: Mapped[Reference]
    account_id: Mapped[Reference]
    at: Mapped[Moment]
    filename: Mapped[Name]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    master_version: Mapped[int]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    columns: Mapped[list[str]] = mapped_column(JSONB)
    state: Mapped[Code]
    lines: Mapped[int]
    done: Mapped[int]
    written: Mapped[int]
    undone: Mapped[int]
    ended_at: Mapped[Moment | None]


class ImportLine(Model):
    """A dispute that came in with a list."""

    __tablename__ = "import_line"
    __table_args__ = (UniqueConstraint("batch_id", "line"),)

    id: Mapped[Key]
    batch_id: Mapped[Reference]
    line: Mapped[int]
    dispute_id: Mapped[Reference] = mapped_column(index=True)


class ImportMatch(Model):
    """Which field a column of that title was the last time; `field` '' is a column left out."""

    __tablename__ = "import_match"
    __table_args__ = (UniqueConstraint("agency_id", "title"),)

    id: Mapped[Key]
    agency_id: Mapped[Reference]
    title: Mapped[Name]
    field: Mapped[Code]
