"""A meeting, who is called to it, and the tasks that come out of it."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class Meeting(Model):
    """One meeting of departments, perhaps on an analysis."""

    __tablename__ = "meeting"
    __table_args__ = (CheckConstraint("state IN ('called', 'held', 'cancelled')", name="state"),)

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column()
    title: Mapped[Name]
    analysis_id: Mapped[Reference | None] = mapped_column(ForeignKey("analysis.id"), index=True)
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path] = mapped_column(index=True)
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"), index=True)
    held_at: Mapped[Moment]
    place: Mapped[Name]
    agenda: Mapped[Words]
    decisions: Mapped[Words]
    state: Mapped[Code]
    called_by: Mapped[Reference]
    called_at: Mapped[Moment]
    recorded_by: Mapped[Reference | None]
    recorded_at: Mapped[Moment | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MeetingAgency(Model):
    """An agency that is called; `attended` is None until the minutes are written."""

    __tablename__ = "meeting_agency"
    __table_args__ = (UniqueConstraint("meeting_id", "agency_id"),)

    id: Mapped[Key]
    meeting_id: Mapped[Reference] = mapped_column(ForeignKey("meeting.id"))
    host_id: Mapped[Reference]
    area_path: Mapped[Path]
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"), index=True)
    attended: Mapped[bool | None]
    person: Mapped[Name]


class MeetingTask(Model):
    """What one department does until when; `told` names the reminders that went out."""

    __tablename__ = "meeting_task"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'reported', 'done', 'dropped')", name="state"),
        Index("ix_meeting_task_open", "due_on", postgresql_where="state = 'open'"),
    )

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    meeting_id: Mapped[Reference] = mapped_column(ForeignKey("meeting.id"), index=True)
    host_id: Mapped[Reference]
    area_path: Mapped[Path]
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"), index=True)
    what: Mapped[Words]
    due_on: Mapped[Day]
    state: Mapped[Code]
    report: Mapped[Words]
    reported_by: Mapped[Reference | None]
    reported_at: Mapped[Moment | None]
    judged_by: Mapped[Reference | None]
    judged_at: Mapped[Moment | None]
    told: Mapped[Code]
