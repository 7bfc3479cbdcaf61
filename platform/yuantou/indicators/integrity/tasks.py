"""What the inbox says of questions: the unit explains by a day, its office looks and closes."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ScalarSelect, and_, false, func, or_, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.calendar.workdays import day_end
from yuantou.indicators.integrity.kinds import KINDS
from yuantou.indicators.integrity.models import IntegrityQuestion
from yuantou.notices.tasks import Task, Tasks

MOST = 100  # counted and shown


def number(viewer: Viewer, _now: datetime) -> ScalarSelect[int] | None:
    """How many; None for who has no part in questions."""
    if not viewer.may(Permission.INTEGRITY_ANSWER) and not viewer.may(Permission.INTEGRITY_LOOK):
        return None
    waiting = select(IntegrityQuestion.id).where(_waits_for(viewer)).limit(MOST)
    return select(func.count()).select_from(waiting.subquery()).scalar_subquery()


def read(session: Session, viewer: Viewer, _now: datetime) -> Sequence[Task]:
    """Each with its day, where it has one: an office has none."""
    asked = select(IntegrityQuestion).where(_waits_for(viewer))
    order = (IntegrityQuestion.due_on, IntegrityQuestion.id)
    return [_task(row, viewer) for row in session.scalars(asked.order_by(*order).limit(MOST))]


def _waits_for(viewer: Viewer) -> ColumnElement[bool]:
    one, own = IntegrityQuestion, viewer.agency.id
    asked = and_(one.agency_id == own, one.state == "open")
    heard = and_(
        one.office_id == own,
        or_(one.state.in_(("answered", "looked")), one.lapsed_at.is_not(None)),
        one.state != "closed",
    )
    return or_(
        asked if viewer.may(Permission.INTEGRITY_ANSWER) else false(),
        heard if viewer.may(Permission.INTEGRITY_LOOK) else false(),
    )


def _task(row: IntegrityQuestion, viewer: Viewer) -> Task:
    mine, what = row.agency_id == viewer.agency.id, KINDS[row.kind].name
    said = _("单位已说明，请看：%(what)s", what=what)
    if row.state == "open":
        said = _("单位没有按期说明，请看：%(what)s", what=what)
    return Task(
        title=_("请说明：%(what)s", what=what) if mine else said,
        link=url_for("integrity.show", question_id=row.id),
        note=_("数据核问"),
        due_at=day_end(row.due_on) if mine else None,
    )


TASKS = Tasks(number, read)
