"""Drafts, the acts of a run, and which matters stood behind a draft's figures."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class AssessmentDraft(Model):
    """One county's draft in one revision of its run: frozen inputs and what they give."""

    __tablename__ = "assessment_draft"

    run_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    area_code: Mapped[Code] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area_path: Mapped[Path]
    inputs: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[Name]
    code_version: Mapped[Code]
    prepared_at: Mapped[Moment]


class RunAct(Model):
    """One act on a run: who, what, on which revision, and the fingerprint he had before him."""

    __tablename__ = "run_act"
    __table_args__ = (
        Index("ix_run_act_run", "run_id", "id"),
        Index(
            "uq_run_act_approval",
            "run_id",
            "revision",
            "by_id",
            unique=True,
            postgresql_where="action = 'approve'",
        ),
    )

    id: Mapped[Key]
    run_id: Mapped[Reference]
    revision: Mapped[int]
    action: Mapped[Code]
    fingerprint: Mapped[Name | None]
    note: Mapped[Words]
    by_id: Mapped[Reference | None]
    at: Mapped[Moment]


class SealedMember(Model):
    """Which matters stood behind one figure of one county's newest draft, packed (packing.py)."""

    __tablename__ = "sealed_member"

    run_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    area_code: Mapped[Code] = mapped_column(primary_key=True)
    code: Mapped[Code] = mapped_column(primary_key=True)
    area_path: Mapped[Path]
    number: Mapped[int]
    members: Mapped[bytes] = mapped_column(LargeBinary)
