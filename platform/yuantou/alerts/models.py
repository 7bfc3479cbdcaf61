"""Warnings, what happened to them, and the rules by which they are raised."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


def _as_raised(context: Any) -> object:
    """The level at which it is written is the one at which it was raised."""
    return context.get_current_parameters()["level"]


class Alert(Model):
    """One warning. `key` is what is not raised again within some days.

    `reasons` are sentences with their values ({say, with}), `facts` numbers and references: no
    name and no text of a matter. One that tells of a matter shows only to who may see that matter;
    one of a place also to the department that was told of it (`told_agency_id`).
    """

    __tablename__ = "warning"
    __table_args__ = (
        CheckConstraint("level IN ('red', 'yellow', 'blue')", name="level"),
        CheckConstraint("state IN ('open', 'acknowledged', 'acting', 'closed')", name="state"),
        CheckConstraint("outcome IN ('real', 'explained', 'nothing')", name="outcome"),
        CheckConstraint("downgrade_decided_by <> downgrade_by", name="second_person"),
        Index("ix_warning_key", "key", "raised_at"),
        Index("ix_warning_path", "area_path", "state", "due_at"),
        Index("ix_warning_owner", "owner_agency_id", "state"),
        Index(
            "ix_warning_dispute_id", "dispute_id", postgresql_where=text("dispute_id IS NOT NULL")
        ),
        Index("ix_warning_open", "due_at", postgresql_where=text("state <> 'closed'")),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column()
    rule: Mapped[Code]
    rule_version: Mapped[int]
    level: Mapped[Code]
    raised_level: Mapped[Code] = mapped_column(default=_as_raised)
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path]
    type_code: Mapped[Code | None]
    dispute_id: Mapped[Reference | None]
    source_id: Mapped[Reference | None]
    key: Mapped[Name]
    reasons: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)
    raised_at: Mapped[Moment]
    owner_agency_id: Mapped[Reference | None]
    owner_account_id: Mapped[Reference | None]
    former_owner_id: Mapped[Reference | None]
    told_agency_id: Mapped[Reference | None]
    due_at: Mapped[Moment]
    lapsed_at: Mapped[Moment | None]
    state: Mapped[Code]
    acknowledged_by: Mapped[Reference | None]
    acknowledged_at: Mapped[Moment | None]
    downgrade_to: Mapped[Code | None]
    downgrade_reason: Mapped[Words]
    downgrade_by: Mapped[Reference | None]
    downgrade_at: Mapped[Moment | None]
    downgrade_decided_by: Mapped[Reference | None]
    outcome: Mapped[Code | None]
    outcome_note: Mapped[Words]
    closed_by: Mapped[Reference | None]
    closed_at: Mapped[Moment | None]

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}  # noqa: RUF012


class AlertEvent(Model):
    """What happened to a warning; rows are only added."""

    __tablename__ = "warning_event"

    id: Mapped[Key]
    warning_id: Mapped[Reference] = mapped_column(
        ForeignKey("warning.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[Moment]
    event: Mapped[Code]
    actor_id: Mapped[Reference | None]
    agency_id: Mapped[Reference | None]
    note: Mapped[Words]
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)


class Sighting(Model):
    """A day on which what a warning tells of was found again while it rested, with the numbers.

    Found twice on one day it is one sighting, with the later numbers.
    """

    __tablename__ = "warning_sighting"

    warning_id: Mapped[Reference] = mapped_column(
        ForeignKey("warning.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[Day] = mapped_column(primary_key=True)
    rule: Mapped[Code]
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)


class RuleVersion(Model):
    """A rule of warnings and, once two persons approved it, the day from which it judges.

    What ships first is in force at once (`proposed_by` empty); every later version waits until a
    second person approves what the first proposed. `rejected_at` ends a proposal.
    """

    __tablename__ = "warning_rule_version"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="second_person"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    version: Mapped[int]
    valid_from: Mapped[Day]
    body: Mapped[dict[str, object]] = mapped_column(JSONB)
    entered_at: Mapped[Moment]
    reason: Mapped[Words]
    proposed_by: Mapped[Reference | None]
    proposed_at: Mapped[Moment]
    approved_by: Mapped[Reference | None]
    approved_at: Mapped[Moment | None]
    rejected_at: Mapped[Moment | None]
    preview: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    previewed_at: Mapped[Moment | None]
