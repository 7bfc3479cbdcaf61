"""Objections of counties, departments and townships to their drafts."""

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class Objection(Model):
    """What a unit says against one figure of its draft, and what the office decided.

    `numerator` and `denominator` are what the unit would have changed; `counterfactual` is what
    that gives. `file` is sealed by the master key `file_key`. An adjustment that was granted
    stands in `granted_…` and is frozen into the inputs of the next revision.
    """

    __tablename__ = "objection"
    __table_args__ = (Index("ix_objection_run", "run_id", "area_code"),)

    id: Mapped[Key]
    run_id: Mapped[Reference]
    revision: Mapped[int]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    indicator: Mapped[Code]
    subject: Mapped[Code]
    matter_id: Mapped[Reference | None]
    number: Mapped[Name | None]
    court_code: Mapped[Code | None]
    month: Mapped[Day | None]
    numerator: Mapped[int]
    denominator: Mapped[int]
    reason: Mapped[Words]
    evidence: Mapped[Words]
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    file_key: Mapped[int | None]
    file_kind: Mapped[Code | None]
    counterfactual: Mapped[dict[str, object]] = mapped_column(JSONB)
    raised_by: Mapped[Reference]
    agency_id: Mapped[Reference]
    raised_at: Mapped[Moment]
    due_at: Mapped[Moment]
    decision: Mapped[Code | None]
    remedy: Mapped[Code | None]
    granted_numerator: Mapped[int]
    granted_denominator: Mapped[int]
    decided_by: Mapped[Reference | None]
    decided_at: Mapped[Moment | None]
    decision_reason: Mapped[Words | None]
