"""Schemes, targets, runs, sealed reports and their receipt."""

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary, String

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class SchemeVersion(Model):
    """A scheme and, once it was approved, the day from which it counts.

    What ships without points is in force at once (`proposed_by` empty); points, and every later
    version, need a second person. `rejected_at` ends a proposal.
    """

    __tablename__ = "scheme_version"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_persons"),
    )

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


class Target(Model):
    """The target of one indicator, area and year: who set it, by which document, when.

    With `agency_id` it is the target of that department in its area, else of the area itself.
    """

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint(
            "indicator",
            "area_code",
            "agency_id",
            "year",
            "revision",
            name="uq_target",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Key]
    indicator: Mapped[Code]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    agency_id: Mapped[Reference | None]
    year: Mapped[int]
    revision: Mapped[int]
    value: Mapped[float]
    direction: Mapped[Code]
    set_by: Mapped[Name]
    document: Mapped[Words]
    set_on: Mapped[Day]
    entered_by: Mapped[Reference]
    entered_at: Mapped[Moment]
    demo: Mapped[bool]


class AssessmentRun(Model):
    """One run of one scheme for one period, over all units of its level or those in `areas`.

    `state` is one of runs/machine.py. `revision` counts how often drafts were prepared, and
    `fingerprint` is the hash over all drafts of the newest. A run that issues an earlier one anew
    names it in `restates`, and in `dropped` the upheld objections that it does not carry on.
    """

    __tablename__ = "assessment_run"
    __table_args__ = (
        UniqueConstraint(
            "scheme", "kind", "period_start", "period_end", "edition", name="uq_assessment_run"
        ),
    )

    id: Mapped[Key]
    scheme: Mapped[Code]
    scheme_version: Mapped[int]
    period_start: Mapped[Day]
    period_end: Mapped[Day]
    edition: Mapped[int]
    state: Mapped[Code]
    due_at: Mapped[Moment]
    started_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    counties: Mapped[int]
    done: Mapped[int]
    error: Mapped[Words | None]
    demo: Mapped[bool]
    kind: Mapped[Code]
    revision: Mapped[int]
    fingerprint: Mapped[Name | None]
    prepared_at: Mapped[Moment | None]
    preview_until: Mapped[Moment | None]
    areas: Mapped[list[str] | None] = mapped_column(ARRAY(String(32)))
    restates: Mapped[Reference | None]
    reason: Mapped[Words | None]
    opened_by: Mapped[Reference | None]
    level: Mapped[Code]
    dropped: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))


class AssessmentReport(Model):
    """One unit's sealed report. `content` is canonical JSON; `seal` is its hash.

    `area_code` is the code of the unit (units.py): of an area, or of a department.
    """

    __tablename__ = "assessment_report"
    __table_args__ = (
        UniqueConstraint("run_id", "area_code"),
        Index("ix_assessment_report_area", "area_code", "period_end"),
        Index(
            "ix_assessment_report_unsigned", "delivered_to", postgresql_where="received_at IS NULL"
        ),
    )

    id: Mapped[Key]
    run_id: Mapped[Reference]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    period_end: Mapped[Day]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    inputs: Mapped[bytes] = mapped_column(LargeBinary)
    seal: Mapped[Name]
    algorithm: Mapped[Code]
    code_version: Mapped[Code]
    audit_head: Mapped[Words]
    sealed_at: Mapped[Moment]
    delivered_to: Mapped[Reference | None]
    sign_by: Mapped[Moment | None]
    received_at: Mapped[Moment | None]
    received_by: Mapped[Reference | None]
