"""Sending reminders: each once per deadline and offset, however often the job runs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.limits.history import stands
from yuantou.limits.models import Deadline
from yuantou.limits.queries import rulebook
from yuantou.limits.rules import Reminder
from yuantou.notices.service import notify
from yuantou.reminders import queries
from yuantou.reminders.choosing import owed, span
from yuantou.reminders.models import ReminderSent

Progress = Callable[[int, int], None]
REPORT_EVERY = 100


def remind(
    session: Session, *, reminders: Sequence[Reminder], now: datetime, progress: Progress
) -> int:
    """Step: tell whom it concerns of what is due or overdue; returns how many were reminded."""
    today = local(now).date()
    rows = queries.running(session, *span(reminders, today))
    known = queries.dealt_with(session, [row.Deadline.id for row in rows])
    book, centres, told = rulebook(session), queries.county_centres(session), 0
    for number, row in enumerate(rows, start=1):
        rule = book.rule(row.Deadline.rule, row.Deadline.rule_version)
        due = local(row.Deadline.due_at).date()
        if not (rule.window or stands(row.Deadline)):
            started = local(row.Deadline.started_at).date()
            found = owed(reminders, started=started, due=due, today=today)
            if found and _note(session, row.Deadline.id, due, found, known, now):
                _tell(session, row, rule.name_zh, found[-1], due, centres, now)
                told += 1
        if number % REPORT_EVERY == 0 or number == len(rows):
            progress(number, len(rows))
    return told


def _note(
    session: Session,
    deadline_id: int,
    due: date,
    found: Sequence[Reminder],
    known: set[tuple[int, str, date]],
    now: datetime,
) -> bool:
    """Step: enter all that are owed; True when the last of them was not yet."""
    fresh = [each for each in found if (deadline_id, each.code, due) not in known]
    if not fresh:
        return False
    values = [
        {
            "deadline_id": deadline_id,
            "code": each.code,
            "due_on": due,
            "told": each is found[-1],
            "at": now,
        }
        for each in fresh
    ]
    entered = session.scalars(
        insert(ReminderSent).values(values).on_conflict_do_nothing().returning(ReminderSent.code)
    ).all()
    return found[-1].code in entered


def _note_reminder(
    session: Session, row: Row[Deadline, str | None, int, str], words: str, now: datetime
) -> None:
    """Who was reminded of what stands in the history, where all who have the matter see it."""
    dispute = session.get_one(Dispute, row.Deadline.dispute_id)
    handler = session.get_one(Agency, row.handler_agency_id)
    note_event(
        session,
        dispute=dispute,
        event="limit_reminded",
        by=None,
        note=f"{words}，已提醒{handler.name}",
        facts={"rule": row.Deadline.rule},
        at=now,
    )


def _tell(
    session: Session,
    row: Row[Deadline, str | None, int, str],
    limit: str,
    reminder: Reminder,
    due: date,
    centres: Mapping[str, int],
    now: datetime,
) -> None:
    """Before the deadline its handler; after it the handler and the county centre."""
    number, day = row.number or "未编号事项", f"{due.month}月{due.day}日"
    if reminder.offset_days <= 0:
        kind, title = "reminder_due", f"催办：{number}，{limit.removesuffix('期限')}期限{day}到期"
        told = {row.handler_agency_id}
        _note_reminder(session, row, f"{limit}应于{day}办完", now)
    else:
        kind, title = "overdue", f"督办：{number}，{limit}已超期，应于{day}办完"
        told = {row.handler_agency_id, *filter(None, [centres.get(row.county_code)])}
    for agency_id in sorted(told):
        notify(
            session,
            agency_id=agency_id,
            kind=kind,
            title=title,
            body=reminder.name_zh,
            link=f"/matters/{row.Deadline.dispute_id}",
            dispute_id=row.Deadline.dispute_id,
            now=now,
        )
