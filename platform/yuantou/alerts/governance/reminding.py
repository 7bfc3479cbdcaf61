"""Reminders before and after a reply or a task is due, to the unit that owes it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from yuantou.alerts.governance import history
from yuantou.alerts.governance.meetings.models import MeetingTask
from yuantou.alerts.governance.recommendations.models import Recommendation
from yuantou.alerts.governance.terms import Terms, read
from yuantou.audit.service import record
from yuantou.calendar.clock import local


def remind(session: Session, now: datetime) -> int:
    """Step: tell once for each step of the ladder; the host hears of what is overdue too."""
    today, terms, number = local(now).date(), read(), 0
    letters = select(Recommendation).where(Recommendation.state.in_(("sent", "received")))
    for letter in session.scalars(letters.order_by(Recommendation.id)):
        told = [letter.addressee_id, letter.agency_id]
        title = _("函件 %(number)s 的回复", number=letter.number or "")
        link = f"/sources/letters/{letter.id}"
        number += _told(session, letter, letter.due_on, told, title, link, today, now, terms)
    tasks = select(MeetingTask).where(MeetingTask.state == "open").order_by(MeetingTask.id)
    for task in session.scalars(tasks):
        told = [task.agency_id, task.host_id]
        link = f"/sources/meetings/{task.meeting_id}"
        title = _("会商任务")
        number += _told(session, task, task.due_on, told, title, link, today, now, terms)
    if number:
        record(
            session,
            action="governance:remind",
            object_type="governance",
            object_id=f"{today}",
            account_id=None,
            facts={"told": number},
        )
    return number


def step(due: date, today: date, terms: Terms) -> str:
    """The step of the ladder that has come: '' before all, '-7', '-1', '1', '7', '14'."""
    left = (due - today).days
    if left >= 0:
        passed = [one for one in terms.days_before if left <= one]
        return f"-{min(passed)}" if passed else ""
    passed = [one for one in terms.days_after if -left >= one]
    return f"{max(passed)}" if passed else ""


def _told(
    session: Session,
    row: Recommendation | MeetingTask,
    due: date | None,
    agencies: Sequence[int],
    title: str,
    link: str,
    today: date,
    now: datetime,
    terms: Terms,
) -> int:
    mark = step(due, today, terms) if due else ""
    if not mark or due is None or row.told == mark:
        return 0
    table: Any = row.__table__  # not by its mapper: a reminder makes no open form stale
    session.execute(update(table).where(table.c.id == row.id).values(told=mark))
    late = (today - due).days
    words = _("%(what)s超期 %(n)s 天", what=title, n=late) if late > 0 else _(
        "%(what)s %(day)s到期", what=title, day=due)  # fmt: skip
    history.tell(session, agencies if late > 0 else agencies[:1], words, link, now)
    return 1
