"""The words that a definition of matters is written in: what is counted, by which day, and when.

A subject is what one entry is: a matter, a limit on it, its agreement, a call-back, a unit of a
screening round. Its days say to which month an entry belongs, its conditions are what numerators,
denominators and exclusions are put together from. config/indicators.toml uses these words alone;
the compiler turns them into SQL. A condition that cannot be known (NULL) does not hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.types import BigInteger, Date, DateTime, String

from yuantou.calendar.clock import ZONE, local
from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import DisputeState
from yuantou.indicators.models import Settlement
from yuantou.indicators.returning import CLOSING, again, closing_came_back
from yuantou.intake.rounds.models import ScreeningReport, ScreeningRound, ScreeningUnit
from yuantou.judiciary.casefeed.models import SuitLink
from yuantou.limits.models import Deadline
from yuantou.mediation.courts.models import Confirmation
from yuantou.mediation.models import Agreement, FollowUp

AGREED = ("agreed_oral", "agreed_written")
CONCLUDED = (*AGREED, "failed", "terminated")
NOTHING_TO_GIVE = "none"
NON_LITIGATION = ("own_mediation", "refer", "department", "joint")
CONFIRMED = ("confirmed", "exec_applied")
SUED = timedelta(days=180)
_SUED = aliased(Dispute)
COUNTY_STEP = 3  # of an area path: province / city / county / township

Condition = Callable[[datetime, tuple[str, ...]], ColumnElement[bool]]
Expression = ColumnElement[Any]
Bool = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Day:
    """The day that an entry belongs to: stated as a day, or the Shanghai day of a moment."""

    at: Expression
    of_moment: bool = True

    @property
    def day(self) -> Expression:
        """The day."""
        return day_of(self.at) if self.of_moment else self.at

    @property
    def month(self) -> Expression:
        """The first day of its month."""
        wall = func.timezone(ZONE.key, self.at) if self.of_moment else cast(self.at, DateTime)
        return func.date_trunc("month", wall).cast(Date)

    def since(self, first: date) -> ColumnElement[bool]:
        """Whether it is `first` or later; compared without reckoning every day."""
        return self.at >= self._start(first)

    def until(self, last: date) -> ColumnElement[bool]:
        """Whether it is known and not after `last`."""
        return self.at < self._start(last + timedelta(days=1))

    def _start(self, day: date) -> Expression:
        if not self.of_moment:
            return literal(day, Date)
        return literal(datetime.combine(day, time.min, ZONE), DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Subject:
    """What one entry is: where it is read from, whose it is, its days and its conditions."""

    source: FromClause
    key: Expression
    dispute_id: Expression
    county: Expression
    township: Expression
    agency: Expression
    type: Expression
    days: Mapping[str, Day]
    conditions: Mapping[str, Condition]


def day_of(moment: Any) -> ColumnElement[Any]:
    """The Shanghai day of a moment."""
    return func.timezone(ZONE.key, moment).cast(Date)


def is_settled() -> ColumnElement[bool]:
    """Closed, and either performed or answered: advised paths are not settlements."""
    return and_(
        Dispute.closed_at.is_not(None),
        or_(
            and_(Dispute.outcome.in_(AGREED), Dispute.performed_at.is_not(None)),
            func.coalesce(Dispute.outcome, "") == "replied",
        ),
    )


def _came_back(as_of: datetime, _rules: tuple[str, ...]) -> ColumnElement[bool]:
    """Ever reopened, or registered anew within 90 days: what counted before closings did."""
    matter, closed = Dispute.id.expression, Dispute.closed_at.expression
    anew = again(matter, closed, as_of)
    return or_(Dispute.reopened_at.is_not(None), anew)


def _sued(as_of: datetime, _rules: tuple[str, ...]) -> ColumnElement[bool]:
    """A suit of the same person and family of causes, filed within 180 days after closing."""
    return _sued_after(_SUED.closed_at, as_of)


def _sued_after_agreement(as_of: datetime, _rules: tuple[str, ...]) -> ColumnElement[bool]:
    """The same, counted from the day that mediation ended in agreement."""
    return _sued_after(_SUED.concluded_at, as_of)


def _sued_after(moment: InstrumentedAttribute[datetime | None], as_of: datetime) -> Bool:
    """Few are: they are found as a whole, which several processes may do at once."""
    since = day_of(moment)
    return Dispute.id.in_(
        select(SuitLink.dispute_id)
        .join(_SUED, _SUED.id == SuitLink.dispute_id)
        .where(
            SuitLink.filed_on > since,
            SuitLink.filed_on <= since + SUED.days,
            SuitLink.filed_on <= local(as_of).date(),
        )
    )


def _always(expression: Callable[[], ColumnElement[bool]]) -> Condition:
    return lambda _as_of, _rules: expression()


_MATTER: Mapping[str, Condition] = {
    "accepted": _always(lambda: Dispute.accepted_at.is_not(None)),
    "concluded": _always(lambda: Dispute.outcome.in_(CONCLUDED)),
    "agreed": _always(lambda: Dispute.outcome.in_(AGREED)),
    "closed": _always(lambda: Dispute.closed_at.is_not(None)),
    "settled": _always(is_settled),
    "merged": _always(lambda: Dispute.state == DisputeState.MERGED),
    "not_accepted": _always(lambda: Dispute.state == DisputeState.NOT_ACCEPTED),
    "from_screening": _always(lambda: Dispute.source == "grid_screening"),
    "at_window": _always(lambda: Dispute.source == "centre_window"),
    "triaged": _always(lambda: Dispute.pathway.is_not(None)),
    "led_elsewhere": _always(lambda: Dispute.pathway.in_(NON_LITIGATION)),
    "refused": _always(lambda: Dispute.refused.is_(True)),
    "came_back": _came_back,
    "sued_within_180": _sued,
    "sued_after_agreement": _sued_after_agreement,
}

_DEADLINE: Mapping[str, Condition] = {
    "of_rules": lambda _as_of, rules: Deadline.rule.in_(rules),
    "met": _always(lambda: Deadline.met_at.is_not(None)),
    "met_in_time": _always(lambda: Deadline.met_at <= Deadline.due_at),
    "lapsed": _always(lambda: Deadline.lapsed_at.is_not(None)),
    "paused": _always(
        lambda: and_(
            Deadline.met_at.is_(None),
            func.coalesce(func.jsonb_array_length(Deadline.pauses), 0) > 0,
            Deadline.pauses[-1]["end"].astext.is_(None),
        )
    ),
}

_AGREEMENT: Mapping[str, Condition] = {
    "in_effect": _always(lambda: Agreement.superseded_at.is_(None)),
    "superseded": _always(lambda: Agreement.superseded_at.is_not(None)),
    "nothing_to_give": _always(
        lambda: and_(
            func.coalesce(Agreement.amount, 0) <= 0, Agreement.perform_mode == NOTHING_TO_GIVE
        )
    ),
    "performed": _always(lambda: Dispute.performed_at.is_not(None)),
    "written": _always(lambda: Agreement.form == "written"),
    "applied": _always(lambda: Confirmation.applied_on.is_not(None)),
    "decided": _always(lambda: Confirmation.decided_on.is_not(None)),
    "confirmed": _always(lambda: Confirmation.state.in_(CONFIRMED)),
}

_CALL: Mapping[str, Condition] = {
    "called": _always(lambda: literal(True)),
    "reached": _always(lambda: FollowUp.reached.is_(True)),
    "judged": _always(lambda: and_(FollowUp.reached.is_(True), FollowUp.satisfied.is_not(None))),
    "satisfied": _always(lambda: FollowUp.satisfied == "satisfied"),
}

_UNIT: Mapping[str, Condition] = {
    "asked": _always(lambda: ScreeningRound.withdrawn_at.is_(None)),
    "withdrawn": _always(lambda: ScreeningRound.withdrawn_at.is_not(None)),
    "reported": lambda as_of, _rules: exists(
        select(literal(1)).where(
            ScreeningReport.unit_id == ScreeningUnit.id, ScreeningReport.at <= as_of
        )
    ),
}


def _lasted(days: int) -> Condition:
    """Nothing ended it within so many days after closing."""
    back = Settlement.back_on - Settlement.closed_on
    return _always(lambda: or_(Settlement.back_on.is_(None), back > days))


_SETTLEMENT: Mapping[str, Condition] = {
    "agreed": _always(lambda: literal(True)),
    "lasted_90": _lasted(90),
    "lasted_180": _lasted(180),
}

_CLOSING: Mapping[str, Condition] = {
    "accepted": _always(lambda: CLOSING.c.accepted_at.is_not(None)),
    "merged": _always(
        lambda: and_(CLOSING.c.back_at.is_(None), CLOSING.c.state == DisputeState.MERGED)
    ),
    "not_accepted": _always(lambda: CLOSING.c.state == DisputeState.NOT_ACCEPTED),
    "came_back": closing_came_back,
}

_NOBODY = cast(null(), String)


def _of_matter(
    source: FromClause,
    key: Expression,
    days: Mapping[str, Day],
    conditions: Mapping[str, Condition],
    agency: Expression | None = None,
) -> Subject:
    """A subject that hangs on a dispute; a restricted one is in no township's count."""
    whose: Expression = Dispute.handler_agency_id.expression if agency is None else agency
    return Subject(
        source=source,
        key=key,
        dispute_id=Dispute.id.expression,
        county=Dispute.county_code.expression,
        township=case(
            (or_(Dispute.restricted, Dispute.area_code == Dispute.county_code), None),
            else_=Dispute.area_code,
        ),
        agency=whose,
        type=Dispute.type.expression,
        days=days,
        conditions=conditions,
    )


_dispute, _deadline = Dispute.__table__, Deadline.__table__

SUBJECTS: Mapping[str, Subject] = {
    "matter": _of_matter(
        _dispute,
        Dispute.id.expression,
        {
            "occurred": Day(Dispute.occurred_on.expression, of_moment=False),
            "reported": Day(Dispute.reported_at.expression),
            "accepted": Day(Dispute.accepted_at.expression),
            "triaged": Day(Dispute.triaged_at.expression),
            "concluded": Day(Dispute.concluded_at.expression),
            "closed": Day(Dispute.closed_at.expression),
        },
        _MATTER,
    ),
    "deadline": _of_matter(
        _deadline.join(_dispute, Deadline.dispute_id == Dispute.id),
        Deadline.id.expression,
        {"due": Day(Deadline.due_at.expression)},
        _DEADLINE,
        Deadline.agency_id.expression,
    ),
    "agreement": _of_matter(
        Agreement.__table__.join(_dispute, Agreement.dispute_id == Dispute.id).outerjoin(
            Confirmation.__table__, Confirmation.agreement_id == Agreement.id
        ),
        Agreement.id.expression,
        {
            "effective": Day(Agreement.effective_on.expression, of_moment=False),
            "due": Day(func.coalesce(Agreement.due_on, Agreement.effective_on), of_moment=False),
            "decided": Day(Confirmation.decided_on.expression, of_moment=False),
        },
        _AGREEMENT,
    ),
    "settlement": _of_matter(
        Settlement.__table__.join(_dispute, Settlement.dispute_id == Dispute.id),
        Settlement.dispute_id.expression,
        {
            "lasted_90": Day(Settlement.closed_on + 90, of_moment=False),
            "lasted_180": Day(Settlement.closed_on + 180, of_moment=False),
        },
        _SETTLEMENT,
    ),
    "closing": Subject(
        source=CLOSING,
        key=CLOSING.c.id,
        dispute_id=CLOSING.c.id,
        county=CLOSING.c.county_code,
        township=case(
            (or_(CLOSING.c.restricted, CLOSING.c.area_code == CLOSING.c.county_code), None),
            else_=CLOSING.c.area_code,
        ),
        agency=CLOSING.c.handler_agency_id,
        type=CLOSING.c.type,
        days={"closed": Day(CLOSING.c.closed_at)},
        conditions=_CLOSING,
    ),
    "call": _of_matter(
        FollowUp.__table__.join(_dispute, FollowUp.dispute_id == Dispute.id),
        FollowUp.id.expression,
        {"called": Day(FollowUp.called_at.expression)},
        _CALL,
    ),
    "unit": Subject(
        source=ScreeningUnit.__table__.join(
            ScreeningRound.__table__, ScreeningUnit.round_id == ScreeningRound.id
        ),
        key=ScreeningUnit.id.expression,
        dispute_id=cast(null(), BigInteger),
        county=func.nullif(func.split_part(ScreeningUnit.area_path, "/", COUNTY_STEP), ""),
        township=func.nullif(func.split_part(ScreeningUnit.area_path, "/", COUNTY_STEP + 1), ""),
        agency=ScreeningUnit.agency_id.expression,
        type=_NOBODY,
        days={"ended": Day(ScreeningRound.ends_on.expression, of_moment=False)},
        conditions=_UNIT,
    ),
}
