"""Reading meetings, their agencies and tasks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.alerts.governance.meetings.models import Meeting, MeetingAgency, MeetingTask
from yuantou.alerts.governance.models import GovernanceEvent

OPEN = ("open", "reported")


def listing(session: Session, page: int, size: int) -> Sequence[Any]:
    """Meetings in sight, those still to be held first; one more than a page if there are more."""
    asked: Any = (
        select(Meeting, Agency.name.label("host"))
        .join(Agency, Agency.id == Meeting.agency_id)
        .order_by(Meeting.state != "called", Meeting.held_at.desc(), Meeting.id.desc())
    )
    found: Sequence[Any] = session.execute(asked.offset((page - 1) * size).limit(size + 1)).all()
    return found


def find(session: Session, meeting_id: int) -> Meeting | None:
    """A meeting in sight."""
    return session.get(Meeting, meeting_id)


def of_analysis(session: Session, analysis_id: int) -> Sequence[Meeting]:
    """Meetings on an analysis."""
    asked = select(Meeting).where(Meeting.analysis_id == analysis_id)
    return session.scalars(asked.order_by(Meeting.held_at, Meeting.id)).all()


def agencies(session: Session, meeting_id: int) -> Sequence[Any]:
    """Who was called, with names."""
    asked: Any = (
        select(MeetingAgency, Agency.name)
        .join(Agency, Agency.id == MeetingAgency.agency_id)
        .where(MeetingAgency.meeting_id == meeting_id)
        .order_by(Agency.area_path, Agency.kind, Agency.id)
    )
    found: Sequence[Any] = session.execute(asked).all()
    return found


def tasks(session: Session, meeting_id: int) -> Sequence[Any]:
    """What was given to whom."""
    asked: Any = (
        select(MeetingTask, Agency.name.label("owner"))
        .join(Agency, Agency.id == MeetingTask.agency_id)
        .where(MeetingTask.meeting_id == meeting_id)
        .order_by(MeetingTask.due_on, MeetingTask.id)
    )
    found: Sequence[Any] = session.execute(asked).all()
    return found


def extended(session: Session, ids: Sequence[int]) -> dict[int, list[GovernanceEvent]]:
    """How tasks came by their day: every time that one was put off, the first one first."""
    asked = select(GovernanceEvent).where(
        GovernanceEvent.kind == "task",
        GovernanceEvent.event == "extended",
        GovernanceEvent.object_id.in_(ids),
    )
    found: dict[int, list[GovernanceEvent]] = {}
    for event in session.scalars(asked.order_by(GovernanceEvent.id)):
        found.setdefault(event.object_id, []).append(event)
    return found


def task(session: Session, task_id: int) -> MeetingTask | None:
    """A task in sight."""
    return session.get(MeetingTask, task_id)


def mine(session: Session, viewer: Viewer) -> Sequence[Any]:
    """Tasks that the unit has to do, and reported ones that it has to judge; the nearest first."""
    asked: Any = (
        select(MeetingTask, Meeting.title)
        .join(Meeting, Meeting.id == MeetingTask.meeting_id)
        .where(waits_for(viewer))
        .order_by(MeetingTask.due_on, MeetingTask.id)
    )
    found: Sequence[Any] = session.execute(asked.limit(100)).all()
    return found


def waits_for(viewer: Viewer) -> ColumnElement[bool]:
    """Whether a task waits for the viewer's unit."""
    unit = viewer.agency.id
    return ((MeetingTask.agency_id == unit) & (MeetingTask.state == "open")) | (
        (MeetingTask.host_id == unit) & (MeetingTask.state == "reported")
    )


def named(session: Session, ids: Sequence[int]) -> Sequence[Meeting]:
    """Meetings of these ids in sight."""
    return session.scalars(select(Meeting).where(Meeting.id.in_(ids))).all()
