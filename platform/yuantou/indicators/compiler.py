"""One definition of matters, compiled to its entries; its sums are put together in summing.py.

`entries` says of every row whether it is counted, whether it hits, and why it is excluded:
membership lists these rows. The kept cells are sums of the same conditions, with no rule of their
own, so the sum of the members is the figure.

Zero and missing: a condition on NULL does not hold; no row in the denominator is a missing share
(nothing to judge), a row in the denominator and none in the numerator is 0.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    literal,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.types import Date, String

from yuantou.calendar.clock import local
from yuantou.indicators.catalogue import NOTHING, POPULATION, Definition
from yuantou.indicators.periods import shift
from yuantou.indicators.vocabulary import SUBJECTS, Subject

TYPE, TOWNSHIP, AGENCY = "type", "township", "agency"
DIMENSIONS = (TYPE, TOWNSHIP, AGENCY)
PARTS_KEPT = 24  # months; older ones are told whole
_FLOW = ".flow"
OF_RULES = "of_rules"
UNBOUNDED = date(1900, 1, 1), date(9999, 1, 1)

Bool = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Span:
    """A definition and the months that it counts: from `first`, before `until`."""

    definition: Definition
    first: date = UNBOUNDED[0]
    until: date = UNBOUNDED[1]


def flow_of(code: str) -> str:
    """The code of the cells that hold what came and what went, for a figure over a stock."""
    return f"{code}{_FLOW}"


def entries(
    made: Definition, as_of: datetime, months: tuple[date, date] | None = None
) -> Select[Any]:
    """key, dispute_id, county, township, agency, type, day, hit, why of each entry up to `as_of`.

    `why` is the reason code of an exclusion, NULL where the entry is counted. Of a figure over a
    stock the entries are those that came; `gone` is the day they left. With `months` (first and
    last) only the entries of these; over a stock those too that were open when they began.
    """
    subject = SUBJECTS[made.subject]
    gone = subject.days[made.leaves].day if made.leaves else cast(null(), Date)
    day = subject.days[made.day]
    return (
        select(
            subject.key.label("key"),
            subject.dispute_id.label("dispute_id"),
            subject.county.label("county"),
            subject.township.label("township"),
            cast(subject.agency, String).label("agency"),
            subject.type.label("type"),
            day.day.label("day"),
            gone.label("gone"),
            holds(subject, made.numerator, made, as_of).label("hit"),
            _why(subject, made, as_of).label("why"),
        )
        .select_from(subject.source)
        .where(day.until(local(as_of).date()), meant(subject, made, as_of))
        .where(*(_of_months(subject, made, *months) if months else ()))
    )


def _of_months(subject: Subject, made: Definition, first: date, last: date) -> tuple[Bool, Bool]:
    """Came by the end of the last month, and came or was still open in the first or later."""
    came = subject.days[made.day]
    until = came.until(shift(last, 1) - timedelta(days=1))
    if not made.of_stock:
        return until, came.since(first)
    gone = subject.days[made.leaves]
    return until, or_(came.since(first), gone.at.is_(None), gone.since(first))


def holds(subject: Subject, names: Iterable[str], made: Definition, as_of: datetime) -> Bool:
    """Whether all of these conditions hold; what cannot be known does not."""
    told = [
        subject.conditions[name](as_of, made.rules).is_(true())
        for name in names
        if name not in (POPULATION, NOTHING)
    ]
    return and_(literal(True), *told)


def meant(subject: Subject, made: Definition, as_of: datetime) -> Bool:
    """Whether a definition is about a row: its denominator, before exclusions."""
    of_rules = (OF_RULES,) if made.rules else ()
    return holds(subject, dict.fromkeys((*of_rules, *made.denominator)), made, as_of)


def _why(subject: Subject, made: Definition, as_of: datetime) -> ColumnElement[Any]:
    if not made.exclusions:
        return cast(null(), String)
    return case(*((holds(subject, (name,), made, as_of), name) for name in made.exclusions))


def excluded(subject: Subject, made: Definition, as_of: datetime) -> Bool:
    """Whether any of the exclusions holds."""
    if not made.exclusions:
        return literal(False)
    return not_(and_(*(not_(holds(subject, (name,), made, as_of)) for name in made.exclusions)))


def spans(held: Mapping[str, Sequence[Definition]]) -> list[Span]:
    """Every version of every indicator of matters with the months that it counts.

    A month belongs to the version in force on its last day: the newest whose `valid_from` is not
    after it. Old months keep the version that they were counted by.
    """
    return [
        span
        for versions in held.values()
        for span in _spans_of([each for each in versions if each.of_matters])
    ]


def _spans_of(versions: Sequence[Definition]) -> Iterator[Span]:
    starts = [each.valid_from.replace(day=1) for each in versions]
    for number, each in enumerate(versions):
        first = starts[number] if number else UNBOUNDED[0]
        until = min(starts[number + 1 :], default=UNBOUNDED[1])
        if first < until:
            yield Span(each, first, until)
