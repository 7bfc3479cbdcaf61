"""When something between agencies is due: limits that no event of a matter starts."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.calendar.clock import local
from yuantou.disputes.service import working_calendar
from yuantou.limits.engine import due_at
from yuantou.limits.models import Deadline
from yuantou.limits.queries import rules_in_force

FINISH = "finish"


def due(session: Session, code: str, at: datetime) -> datetime:
    """The moment at which the limit `code`, begun at `at`, runs out."""
    rule = rules_in_force(session, local(at).date())[code][0]
    return due_at(rule, at, working_calendar(session)).at or at


def finish_day(session: Session, dispute_id: int, at: datetime) -> date:
    """By when a matter is to be finished: as its clock has it, else as one begun now."""
    asked = select(Deadline.due_at).where(
        Deadline.dispute_id == dispute_id,
        Deadline.rule.startswith(FINISH),
        Deadline.met_at.is_(None),
        Deadline.lapsed_at.is_(None),
        Deadline.due_at > at,
    )
    running = session.scalar(asked.order_by(Deadline.due_at).limit(1))
    return local(running or due(session, FINISH, at)).date()
