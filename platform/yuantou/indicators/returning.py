"""What comes back after it was closed: closings one by one, and what counts as coming back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.types import DateTime

from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.indicators.models import MatterLink

REBOUND = timedelta(days=90)

Expression = ColumnElement[Any]


def again(matter: Expression, closed: Expression, as_of: datetime) -> Expression:
    """Registered anew by the same persons as the same type, within 90 days of a closing."""
    of_matter = MatterLink.earlier_id == matter
    linked = exists(select(literal(1)).where(of_matter))  # few are: these alone are asked when
    when = MatterLink.reported_at
    anew = exists(
        select(literal(1)).where(of_matter, when > closed, when <= closed + REBOUND, when <= as_of)
    )
    return and_(linked, anew)


def closings() -> Subquery:
    """Every closing that stands, and every one that a reopening ended, with when it did.

    Reopening clears the day of closing from the matter; the history keeps it.
    """
    own = (Dispute.id, Dispute.county_code, Dispute.area_code, Dispute.restricted, Dispute.state,
           Dispute.type, Dispute.handler_agency_id, Dispute.accepted_at)  # fmt: skip
    never = cast(null(), DateTime(timezone=True)).label("back_at")
    stand = select(*own, Dispute.closed_at, never).where(Dispute.closed_at.is_not(None))
    # The county is one of the keys, so that who asks for one county has its events read alone.
    whose = Dispute.county_code, Dispute.id
    turned = (
        select(
            *own,
            DisputeEvent.at,
            DisputeEvent.event,
            func.lead(DisputeEvent.event)
            .over(partition_by=whose, order_by=DisputeEvent.id)
            .label("next"),
            func.lead(DisputeEvent.at)
            .over(partition_by=whose, order_by=DisputeEvent.id)
            .label("next_at"),
        )
        .join(DisputeEvent, DisputeEvent.dispute_id == Dispute.id)
        .where(Dispute.reopened_at.is_not(None), DisputeEvent.event.in_(("closed", "reopened")))
        .subquery()
    )
    past = select(*(turned.c[each.key] for each in own), turned.c.at, turned.c.next_at).where(
        turned.c.event == "closed", turned.c.next == "reopened"
    )
    return union_all(stand, past).subquery("closing")


CLOSING = closings()


def closing_came_back(as_of: datetime, _rules: Sequence[str]) -> ColumnElement[bool]:
    """Reopened within 90 days of this closing, or registered anew in them."""
    found = CLOSING.c
    back = and_(found.back_at <= found.closed_at + REBOUND, found.back_at <= as_of)
    return or_(back, again(found.id, found.closed_at, as_of))
