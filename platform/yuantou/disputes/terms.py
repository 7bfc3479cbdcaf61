"""The limits at which doors of a matter close, from the same versions as every deadline."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session, object_session

from yuantou.calendar.clock import ZONE, local
from yuantou.calendar.spans import Span, Unit
from yuantou.calendar.workdays import WorkCalendar
from yuantou.database.once import once
from yuantou.disputes.models import Dispute

CONFIRMATION, REOPENING, REST, RETURN = "confirmation", "reopening", "rest", "return"
_KEPT = "terms"
_VERSIONS = text(
    "SELECT code, valid_from, entered_at, body FROM limit_version "
    "WHERE code IN ('confirmation', 'reopening', 'rest', 'return') ORDER BY code, version"
)


def last_moment(
    dispute: Dispute, code: str, start: date | None, calendar: WorkCalendar
) -> datetime | None:
    """When the limit `code`, begun at `start`, runs out; None where nothing has begun."""
    session = object_session(dispute)
    if start is None or session is None:
        return None
    moment = start if isinstance(start, datetime) else datetime.combine(start, time(), ZONE)
    span = _in_force(once(session, _KEPT, _read), code, local(moment))
    return span.end(moment, calendar) if span else None


def last_day(
    dispute: Dispute, code: str, start: date | None, calendar: WorkCalendar
) -> date | None:
    """The same as a day."""
    moment = last_moment(dispute, code, start, calendar)
    return local(moment).date() if moment else None


def _read(session: Session) -> Sequence[Any]:
    return session.execute(_VERSIONS).all()


def _in_force(rows: Sequence[Any], code: str, at: datetime) -> Span | None:
    found = [
        row.body
        for row in rows
        if row.code == code and row.valid_from <= at.date() and row.entered_at <= at
    ]
    return _span(found[-1]) if found else None


def _span(body: dict[str, Any]) -> Span:
    return Span(body["amount"], Unit(body["unit"]), body["first_day_counts"], body["rolls_over"])
