"""What each figure from the platform's matters is made of: one select, kept and shown alike.

An entry is one matter (or one of its deadlines, one of its agreements) with the day by which it
belongs to a month and whether it is in the numerator. Keeping counts the entries of an area;
membership lists those that a viewer may see. Neither has another rule.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.types import Date

from yuantou.calendar.clock import ZONE, local
from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import DisputeState
from yuantou.indicators.catalogue import Definition
from yuantou.limits.models import Deadline
from yuantou.mediation.models import Agreement

AGREED = ("agreed_oral", "agreed_written")
CONCLUDED = (*AGREED, "failed", "terminated")
NOTHING_TO_GIVE = "none"

Entries = Select[Any]


def day_of(moment: Any) -> ColumnElement[Any]:
    """The Shanghai day of a moment."""
    return func.timezone(ZONE.key, moment).cast(Date)


def entries(definition: Definition, as_of: datetime) -> Entries:
    """dispute_id, county_code, day, hit of every entry in the denominator.

    Of 化解率 these are the matters accepted, the numerator's own day apart (`settled_entries`).
    """
    measure = definition.denominator[0]
    if measure == "in_time":
        return _deadlines(definition.rules, as_of)
    return {
        "performance_due": _performance,
        "mediation_concluded": _concluded,
        "settled": _accepted,
    }[measure](as_of)


def _columns(day: ColumnElement[Any], hit: ColumnElement[bool]) -> Entries:
    return select(
        Dispute.id.label("dispute_id"),
        Dispute.county_code.label("county_code"),
        day.label("day"),
        hit.label("hit"),
    )


def _performance(as_of: datetime) -> Entries:
    due: ColumnElement[Any] = func.coalesce(Agreement.due_on, Agreement.effective_on)
    return (
        _columns(due, Dispute.performed_at.is_not(None))
        .join(Agreement, Agreement.dispute_id == Dispute.id)
        .where(
            Agreement.superseded_at.is_(None),
            or_(Agreement.amount > 0, Agreement.perform_mode != NOTHING_TO_GIVE),
            due <= local(as_of).date(),
        )
    )


def _concluded(as_of: datetime) -> Entries:
    return _columns(day_of(Dispute.concluded_at), Dispute.outcome.in_(AGREED)).where(
        Dispute.concluded_at <= as_of, Dispute.outcome.in_(CONCLUDED)
    )


def _accepted(as_of: datetime) -> Entries:
    return _columns(day_of(Dispute.accepted_at), is_settled()).where(Dispute.accepted_at <= as_of)


def _deadlines(rules: tuple[str, ...], as_of: datetime) -> Entries:
    return select(
        Deadline.dispute_id.label("dispute_id"),
        Deadline.county_code.label("county_code"),
        day_of(Deadline.due_at).label("day"),
        func.coalesce(Deadline.met_at <= Deadline.due_at, literal(False)).label("hit"),
    ).where(
        Deadline.rule.in_(rules),
        Deadline.due_at <= as_of,
        Deadline.lapsed_at.is_(None),
        or_(
            Deadline.met_at.is_not(None),
            func.coalesce(func.jsonb_array_length(Deadline.pauses), 0) == 0,
            Deadline.pauses[-1]["end"].astext.is_not(None),
        ),
    )


def is_settled() -> ColumnElement[bool]:
    """Closed, and either performed or answered: advised paths are not settlements."""
    return and_(
        Dispute.closed_at.is_not(None),
        or_(
            and_(Dispute.outcome.in_(AGREED), Dispute.performed_at.is_not(None)),
            func.coalesce(Dispute.outcome, "") == "replied",
        ),
    )


def is_merged() -> ColumnElement[bool]:
    """Merged into another matter."""
    return Dispute.state == DisputeState.MERGED


def flows(as_of: datetime) -> Select[Any]:
    """county_code, day, accepted, ended, merged, settled: the flows that 化解率 is made of."""
    began = _flow(Dispute.accepted_at, literal(1), literal(0), literal(0), literal(0), as_of)
    done = _flow(
        Dispute.closed_at,
        literal(0),
        literal(1),
        case((is_merged(), 1), else_=0),
        case((is_settled(), 1), else_=0),
        as_of,
    ).where(Dispute.accepted_at.is_not(None))
    both = began.union_all(done).subquery()
    return select(
        both.c.county_code,
        both.c.day,
        both.c.accepted,
        both.c.ended,
        both.c.merged,
        both.c.settled,
    )


def _flow(
    moment: Any,
    accepted: ColumnElement[int],
    ended: ColumnElement[int],
    merged: ColumnElement[int],
    settled: ColumnElement[int],
    as_of: datetime,
) -> Select[Any]:
    return select(
        Dispute.county_code.label("county_code"),
        day_of(moment).label("day"),
        accepted.label("accepted"),
        ended.label("ended"),
        merged.label("merged"),
        settled.label("settled"),
    ).where(moment <= as_of)
