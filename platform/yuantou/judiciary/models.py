"""Courts' monthly counts as they came in: revisions are appended, never overwritten."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class CountBatch(Model):
    """One file or form: who entered it, who released it. `content_hash` makes it idempotent."""

    __tablename__ = "count_batch"

    id: Mapped[Key]
    origin: Mapped[Code]
    file_name: Mapped[Name | None]
    content_hash: Mapped[Name]
    area_path: Mapped[Path]
    entered_by: Mapped[Reference]
    entered_at: Mapped[Moment]
    released_by: Mapped[Reference | None]
    released_at: Mapped[Moment | None]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by: Mapped[Reference | None]
    withdrawn_reason: Mapped[Words | None]


class CourtCount(Model):
    """One court's month in one revision: civil and administrative first instance, regime, basis.

    `basis` says whether civil_first_new includes successful mediation after filing:
    'incl', 'excl', or 'none' for the regime before 2025. Numbers that were not sent are NULL.
    """

    __tablename__ = "court_count"
    __table_args__ = (
        UniqueConstraint("court_code", "month", "revision"),
        Index("ix_court_count_month", "month", "counts_to_path"),
    )

    id: Mapped[Key]
    batch_id: Mapped[Reference]
    court_code: Mapped[Code]
    counts_to_code: Mapped[Code]
    counts_to_path: Mapped[Path]
    month: Mapped[Day]
    revision: Mapped[int]
    regime: Mapped[Code]
    basis: Mapped[Code]
    civil_first_new: Mapped[int]
    admin_first_new: Mapped[int]
    first_mediation: Mapped[int | None]
    first_mediation_success: Mapped[int | None]
    prelit: Mapped[int | None]
    prelit_success: Mapped[int | None]
    withdrawn: Mapped[int | None]
    dismissed: Mapped[int | None]
    special_procedure: Mapped[int | None]
    by_cause: Mapped[dict[str, int] | None] = mapped_column(JSONB)
    by_township: Mapped[dict[str, int] | None] = mapped_column(JSONB)
    attribution: Mapped[Code]
    reason: Mapped[Words | None]
    content_hash: Mapped[Name]
    released_at: Mapped[Moment | None]
    demo: Mapped[bool]
