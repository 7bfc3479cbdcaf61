"""One definition of matters, compiled: to its entries, and to the sums of many in one reading.

`entries` says of every row whether it is counted, whether it hits, and why it is excluded:
membership lists these rows. `tally` sums the same conditions by county and month and by one more
dimension at a time, for any number of definitions that share subject and day in one scan: the kept
cells are these sums. Neither has a rule of its own, so the sum of the members is the figure.

Zero and missing: a condition on NULL does not hold; no row in the denominator is a missing share
(nothing to judge), a row in the denominator and none in the numerator is 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    not_,
    null,
    select,
    tuple_,
    union_all,
    values,
)
from sqlalchemy.types import BigInteger, Date, Integer, String

from yuantou.calendar.clock import local
from yuantou.indicators.catalogue import NOTHING, POPULATION, Definition
from yuantou.indicators.periods import first_of, shift
from yuantou.indicators.vocabulary import SUBJECTS, Subject

TOTAL, TYPE, TOWNSHIP, AGENCY = "total", "type", "township", "agency"
DIMENSIONS = (TYPE, TOWNSHIP, AGENCY)
PARTS_KEPT = 24  # months; older ones are told whole
_GROUPED = {0b111: TOTAL, 0b011: TYPE, 0b101: TOWNSHIP, 0b110: AGENCY}
_FLOW = ".flow"
_UNBOUNDED = date(1900, 1, 1), date(9999, 1, 1)

Bool = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Span:
    """A definition and the months that it counts: from `first`, before `until`."""

    definition: Definition
    first: date = _UNBOUNDED[0]
    until: date = _UNBOUNDED[1]


@dataclass(frozen=True, slots=True)
class _Term:
    """What one reading of a subject by one day adds to one indicator's cells."""

    code: str
    span: Span
    hit: Bool | None
    counted: Bool | None
    taken: Bool | None = None


def flow_of(code: str) -> str:
    """The code of the cells that hold what came and what went, for a figure over a stock."""
    return f"{code}{_FLOW}"


def entries(made: Definition, as_of: datetime) -> Select[Any]:
    """key, dispute_id, county, township, agency, type, day, hit, why of each entry up to `as_of`.

    `why` is the reason code of an exclusion, NULL where the entry is counted. Of a figure over a
    stock the entries are those that came; `gone` is the day they left.
    """
    subject = SUBJECTS[made.subject]
    gone = subject.days[made.leaves] if made.leaves else cast(null(), Date)
    return (
        select(
            subject.key.label("key"),
            subject.dispute_id.label("dispute_id"),
            subject.county.label("county"),
            subject.township.label("township"),
            subject.agency.label("agency"),
            subject.type.label("type"),
            subject.days[made.day].label("day"),
            gone.label("gone"),
            _held(subject, made.numerator, made, as_of).label("hit"),
            _why(subject, made, as_of).label("why"),
        )
        .select_from(subject.source)
        .where(*_due(subject, made.day, as_of), _over(subject, made, as_of))
    )


def tally(spans: Sequence[Span], as_of: datetime, counties: Sequence[str] | None) -> Select[Any]:
    """indicator, version, county, month, dimension, value, numerator, denominator of the sums.

    All counties where None. Definitions of one subject and day are summed in one reading.
    """
    readings: dict[tuple[str, str], list[_Term]] = defaultdict(list)
    for span in spans:
        for day, term in _terms(span, as_of):
            readings[span.definition.subject, day].append(term)
    parts = [
        _long(_reading(SUBJECTS[subject], day, terms, as_of, counties), terms, as_of)
        for (subject, day), terms in readings.items()
    ]
    found = union_all(*parts).subquery()
    keys = [found.c[name] for name in ("indicator", "version", "county", "month", *_KEYS)]
    sums = [func.sum(found.c[name]).cast(BigInteger) for name in _SUMS]
    return (
        select(*keys, *(each.label(name) for each, name in zip(sums, _SUMS, strict=True)))
        .group_by(*keys)
        .having(func.bool_or((found.c.numerator != 0) | (found.c.denominator != 0)))
    )


_KEYS = ("dimension", "value")
_SUMS = ("numerator", "denominator")


def _due(subject: Subject, day: str, as_of: datetime) -> list[Bool]:
    when = subject.days[day]
    return [when.is_not(None), when <= local(as_of).date()]


def _held(subject: Subject, names: Iterable[str], made: Definition, as_of: datetime) -> Bool:
    told = [
        func.coalesce(subject.conditions[name](as_of, made.rules), literal(False))
        for name in names
        if name not in (POPULATION, NOTHING)
    ]
    return and_(literal(True), *told)


def _over(subject: Subject, made: Definition, as_of: datetime) -> Bool:
    of_rules = ("of_rules",) if made.rules else ()
    return _held(subject, (*of_rules, *made.denominator), made, as_of)


def _why(subject: Subject, made: Definition, as_of: datetime) -> ColumnElement[Any]:
    if not made.exclusions:
        return cast(null(), String)
    return case(*((_held(subject, (name,), made, as_of), name) for name in made.exclusions))


def _excluded(subject: Subject, made: Definition, as_of: datetime) -> Bool:
    """Whether any of the exclusions holds."""
    if not made.exclusions:
        return literal(False)
    return not_(and_(*(not_(_held(subject, (name,), made, as_of)) for name in made.exclusions)))


def _terms(span: Span, as_of: datetime) -> Iterator[tuple[str, _Term]]:
    made = span.definition
    subject = SUBJECTS[made.subject]
    over, hit = _over(subject, made, as_of), _held(subject, made.numerator, made, as_of)
    out = _excluded(subject, made, as_of)
    if not made.of_stock:
        counted = and_(over, not_(out)) if made.exclusions else over
        yield made.day, _Term(made.code, span, and_(counted, hit), counted)
        return
    flow = flow_of(made.code)
    yield made.day, _Term(made.code, span, None, over)
    yield made.day, _Term(flow, span, over, None)
    yield made.leaves, _Term(made.code, span, and_(over, hit, not_(out)), None, and_(over, out))
    yield made.leaves, _Term(flow, span, None, over)


def _reading(
    subject: Subject,
    day: str,
    terms: Sequence[_Term],
    as_of: datetime,
    counties: Sequence[str] | None,
) -> CTE:
    """One scan: a sum for every numerator and denominator, by county, month and one dimension."""
    month = func.date_trunc("month", subject.days[day]).cast(Date).label("month")
    flags = [flag for term in terms for flag in _flags(term, month)]
    rows = (
        select(
            subject.county.label("county"),
            month,
            subject.type.label(TYPE),
            subject.township.label(TOWNSHIP),
            subject.agency.label(AGENCY),
            *(flag.label(f"f{n}") for n, flag in enumerate(flags)),
        )
        .select_from(subject.source)
        .where(*_due(subject, day, as_of), subject.county.is_not(None))
    )
    if counties is not None:
        rows = rows.where(subject.county.in_(list(counties)))
    found = rows.subquery()
    place = (found.c.county, found.c.month)
    sets = [tuple_(*place), *(tuple_(*place, found.c[name]) for name in DIMENSIONS)]
    return (
        select(
            *place,
            func.grouping(*(found.c[name] for name in DIMENSIONS)).label("grouped"),
            func.coalesce(*(found.c[name] for name in DIMENSIONS)).label("value"),
            *(func.count().filter(found.c[f"f{n}"]).label(f"s{n}") for n in range(len(flags))),
        )
        .group_by(func.grouping_sets(*sets))
        .cte()
    )


def _flags(term: _Term, month: Any) -> Iterator[Bool]:
    whole = (term.span.first, term.span.until) == _UNBOUNDED
    for flag in (term.hit, term.counted, term.taken):
        if flag is not None:
            yield flag if whole else and_(month >= term.span.first, month < term.span.until, flag)


def _long(found: CTE, terms: Sequence[_Term], as_of: datetime) -> Select[Any]:
    """The sums of a reading, a row for every indicator; parts of the last months alone."""
    rows, place = [], 0
    for term in terms:
        sums: list[ColumnElement[Any]] = []
        for flag in (term.hit, term.counted, term.taken):
            sums.append(literal(0, BigInteger) if flag is None else found.c[f"s{place}"])
            place += flag is not None
        version = literal(term.span.definition.version, Integer)
        rows.append((literal(term.code, String), version, sums[0], sums[1] - sums[2]))
    long = (
        values(
            column("indicator", String),
            column("version", Integer),
            column("numerator", BigInteger),
            column("denominator", BigInteger),
            name="long",
        )
        .data(rows)
        .lateral()
    )
    dimension = case(_GROUPED, value=found.c.grouped)
    recent = found.c.month >= shift(first_of(local(as_of).date()), -PARTS_KEPT)
    return (
        select(
            long.c.indicator,
            long.c.version,
            found.c.county,
            found.c.month,
            dimension.label("dimension"),
            func.coalesce(found.c.value, "").label("value"),
            long.c.numerator,
            long.c.denominator,
        )
        .select_from(found.join(long, literal(True)))
        .where((found.c.grouped == 0b111) | (found.c.value.is_not(None) & recent))
        .where((long.c.numerator != 0) | (long.c.denominator != 0))
    )


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
        first = starts[number] if number else _UNBOUNDED[0]
        until = min(starts[number + 1 :], default=_UNBOUNDED[1])
        if first < until:
            yield Span(each, first, until)
