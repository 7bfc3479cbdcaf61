"""An analysis of a class of matters: its question, its frozen members, its drafts."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class Analysis(Model):
    """`frozen` is what the members shared on the day they were taken; `size` counts them all.

    `counties` are those of a class that a city leads: each sees the analysis and its own matters.
    """

    __tablename__ = "analysis"
    __table_args__ = (CheckConstraint("state IN ('draft', 'settled', 'dropped')", name="state"),)

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column()
    title: Mapped[Name]
    question: Mapped[Words]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path] = mapped_column(index=True)
    type_code: Mapped[Code | None]
    warning_id: Mapped[Reference | None]
    source_id: Mapped[Reference | None]
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"), index=True)
    counties: Mapped[list[str]] = mapped_column(ARRAY(String(32)), server_default=text("'{}'"))
    size: Mapped[int]
    frozen: Mapped[dict[str, object]] = mapped_column(JSONB)
    frozen_hash: Mapped[Name]
    findings: Mapped[Words]
    advice: Mapped[Words]
    state: Mapped[Code]
    opened_by: Mapped[Reference]
    opened_at: Mapped[Moment]
    settled_by: Mapped[Reference | None]
    settled_at: Mapped[Moment | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AnalysisMember(Model):
    """A matter of the frozen list; only who sees the matter sees that it is in it."""

    __tablename__ = "analysis_member"
    __table_args__ = (UniqueConstraint("analysis_id", "dispute_id"),)

    id: Mapped[Key]
    analysis_id: Mapped[Reference] = mapped_column(ForeignKey("analysis.id"))
    dispute_id: Mapped[Reference] = mapped_column(index=True)


class AnalysisDraft(Model):
    """Findings as they were saved once; none is lost."""

    __tablename__ = "analysis_draft"

    id: Mapped[Key]
    analysis_id: Mapped[Reference] = mapped_column(ForeignKey("analysis.id"), index=True)
    findings: Mapped[Words]
    advice: Mapped[Words]
    written_by: Mapped[Reference]
    written_at: Mapped[Moment]
