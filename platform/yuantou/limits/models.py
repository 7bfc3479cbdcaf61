"""Deadlines as they run on a dispute."""

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Path, Reference, Words
from yuantou.database.session import Model


class Deadline(Model):
    """One limit on one dispute: started, due, met or lapsed (the duty fell away).

    `promised_on` is the day that people set themselves, where no rule counts.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_dispute", "dispute_id"),
        Index(
            "ix_deadline_open", "due_at", postgresql_where="met_at IS NULL AND lapsed_at IS NULL"
        ),
        Index("ix_deadline_county", "county_code", "rule", "due_at"),
    )

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    county_code: Mapped[Code]
    area_path: Mapped[Path]
    agency_id: Mapped[Reference]
    rule: Mapped[Code]
    rule_version: Mapped[int]
    started_at: Mapped[Moment]
    due_at: Mapped[Moment]
    promised_on: Mapped[Day | None]
    met_at: Mapped[Moment | None]
    lapsed_at: Mapped[Moment | None]
    pauses: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    extensions: Mapped[list[dict[str, object]]] = mapped_column(JSONB)


class LimitVersion(Model):
    """A limit in force from a day. Rows are only added; `entered_by` is empty where it shipped."""

    __tablename__ = "limit_version"

    code: Mapped[Code] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    valid_from: Mapped[Day]
    body: Mapped[dict[str, object]] = mapped_column(JSONB)
    reason: Mapped[Words]
    entered_by: Mapped[Reference | None]
    entered_at: Mapped[Moment]


class HoursVersion(Model):
    """The working hours in force from a day. Rows are only added, as those of limits are."""

    __tablename__ = "hours_version"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    valid_from: Mapped[Day]
    body: Mapped[dict[str, object]] = mapped_column(JSONB)
    reason: Mapped[Words]
    entered_by: Mapped[Reference | None]
    entered_at: Mapped[Moment]


class CalendarDay(Model):
    """An override of the working calendar: this day is worked or not, by that document."""

    __tablename__ = "calendar_day"

    day: Mapped[Day] = mapped_column(primary_key=True)
    worked: Mapped[bool]
    source: Mapped[Words]


class CalendarChange(Model):
    """One change of the overrides, kept: `worked` is None where an override was taken back;
    `deadlines` is how many open ones it moved."""

    __tablename__ = "calendar_change"

    id: Mapped[Key]
    day: Mapped[Day]
    worked: Mapped[bool | None]
    source: Mapped[Words]
    deadlines: Mapped[int]
    entered_by: Mapped[Reference | None]
    entered_at: Mapped[Moment]
