"""What the inbox says of warnings: those of one's unit that nobody has acknowledged."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.alerts import queries, words
from yuantou.notices.tasks import Task, Tasks


def number(viewer: Viewer, _now: datetime) -> ScalarSelect[int] | None:
    """How many; nobody is asked who may not handle any."""
    return queries.waiting_number(viewer) if viewer.may(Permission.ALERT_HANDLE) else None


def read(session: Session, viewer: Viewer, _now: datetime) -> Sequence[Task]:
    """Each with its level and until when it must be acknowledged."""
    return [
        Task(
            title=_(
                "确认预警：%(area)s %(rule)s", area=row.area, rule=words.rule_name(row[0].rule)
            ),
            link=f"/warnings/{row[0].id}",
            note=str(words.LEVELS[row[0].level]),
            due_at=row[0].due_at,
            level=row[0].level,
            by_clock=True,
        )
        for row in queries.waiting(session, viewer)
    ]


TASKS = Tasks(number, read, entry="alerts.index")
