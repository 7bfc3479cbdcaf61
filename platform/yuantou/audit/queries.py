"""Reading the chain, newest first. Row-level security opens it to the audit administrator alone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from yuantou.audit.models import AuditEvent
from yuantou.calendar.clock import ZONE

PAGE = 100


@dataclass(frozen=True)
class Wanted:
    """Which rows are asked for; empty means all."""

    action: str = ""
    object_type: str = ""
    object_id: str = ""
    account_id: int | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None


def events(session: Session, wanted: Wanted) -> list[AuditEvent]:
    """A page of rows, and one more when there are more."""
    found = select(AuditEvent).where(*_conditions(wanted))
    return list(session.scalars(found.order_by(AuditEvent.seq.desc()).limit(PAGE + 1)))


def last_link(session: Session) -> AuditEvent | None:
    """The end of the chain."""
    return session.scalar(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    row, found = AuditEvent, []
    if wanted.action:
        found.append(row.action.startswith(wanted.action, autoescape=True))
    if wanted.object_type:
        found.append(row.object_type == wanted.object_type)
    if wanted.object_id:
        found.append(row.object_id == wanted.object_id)
    if wanted.account_id is not None:
        found.append(row.account_id == wanted.account_id)
    if wanted.since:
        found.append(row.at >= _midnight(wanted.since))
    if wanted.until:
        found.append(row.at < _midnight(wanted.until + timedelta(days=1)))
    if wanted.before:
        found.append(row.seq < wanted.before)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
