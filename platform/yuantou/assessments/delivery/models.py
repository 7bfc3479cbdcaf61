"""Sealed summaries of areas above the counties."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class AssessmentSummary(Model):
    """The summary of a province or city for a run; `content` names the seals of its counties."""

    __tablename__ = "assessment_summary"
    __table_args__ = (UniqueConstraint("run_id", "area_code"),)

    id: Mapped[Key]
    run_id: Mapped[Reference]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    period_end: Mapped[Day]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    seal: Mapped[Name]
    algorithm: Mapped[Code]
    code_version: Mapped[Code]
    audit_head: Mapped[Words]
    sealed_at: Mapped[Moment]
