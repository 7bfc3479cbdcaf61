"""What the inbox says of this room: letters to receive, answer or judge, and tasks of meetings."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, func, select, union_all
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.alerts.governance.blueprint import letter_name
from yuantou.alerts.governance.meetings import queries as meetings
from yuantou.alerts.governance.meetings.models import MeetingTask
from yuantou.alerts.governance.recommendations import queries as letters
from yuantou.alerts.governance.recommendations.models import Recommendation
from yuantou.calendar.workdays import day_end
from yuantou.notices.tasks import Task, Tasks

MOST = 100  # counted and shown


def number(viewer: Viewer, _now: datetime) -> ScalarSelect[int] | None:
    """How many; nobody is asked who has no part in such work."""
    if not viewer.may(Permission.SOURCE_READ):
        return None
    waiting = union_all(
        select(Recommendation.id).where(letters.waits_for(viewer)),
        select(MeetingTask.id).where(meetings.waits_for(viewer)),
    ).limit(MOST)
    return select(func.count()).select_from(waiting.subquery()).scalar_subquery()


def read(session: Session, viewer: Viewer, _now: datetime) -> Sequence[Task]:
    """Each with its day."""
    found = [
        Task(
            title=letter.title,
            link=f"/sources/letters/{letter.id}",
            note=letter_name(letter.kind),
            due_at=day_end(letter.due_on) if letter.due_on else None,
        )
        for letter, *_names in letters.mine(session, viewer)
    ]
    return found + [
        Task(
            title=task.what,
            link=f"/sources/meetings/{task.meeting_id}#task-{task.id}",
            note=_("会商任务"),
            due_at=day_end(task.due_on),
        )
        for task, _title in meetings.mine(session, viewer)
    ]


TASKS = Tasks(number, read)
