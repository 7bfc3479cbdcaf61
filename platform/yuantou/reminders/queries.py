"""Deadlines that a reminder may be owed for."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.calendar.clock import ZONE
from yuantou.calendar.workdays import day_end
from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import ENDS
from yuantou.limits.models import Deadline
from yuantou.reminders.models import ReminderSent


def running(
    session: Session, first: date, last: date
) -> Sequence[Row[Deadline, str | None, int, str]]:
    """Deadlines neither met nor lapsed that are due in these days, each with its dispute."""
    return session.execute(
        select(Deadline, Dispute.number, Dispute.handler_agency_id, Dispute.county_code)
        .join(Dispute, Dispute.id == Deadline.dispute_id)
        .where(
            Deadline.met_at.is_(None),
            Deadline.lapsed_at.is_(None),
            Deadline.due_at.between(datetime.combine(first, time(), ZONE), day_end(last)),
            Dispute.state.not_in(ENDS),
        )
        .order_by(Deadline.due_at, Deadline.id)
    ).all()


def dealt_with(session: Session, ids: Collection[int]) -> set[tuple[int, str, date]]:
    """Reminders that were sent or passed over."""
    key = (ReminderSent.deadline_id, ReminderSent.code, ReminderSent.due_on)
    found = session.execute(select(*key).where(ReminderSent.deadline_id.in_(ids)))
    return {(row.deadline_id, row.code, row.due_on) for row in found}


def county_centres(session: Session) -> dict[str, int]:
    """The centre of every county that has one."""
    asked = select(Agency.area_code, Agency.id).where(Agency.kind == "county_centre", Agency.active)
    return {row.area_code: row.id for row in session.execute(asked.order_by(Agency.id.desc()))}
