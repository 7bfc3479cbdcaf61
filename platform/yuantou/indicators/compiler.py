"""One definition of matters, compiled: to its entries, and to the sums of many in one reading.

`entries` says of every row whether it is counted, whether it hits, and why it is excluded:
membership lists these rows. `tally` sums the same conditions by county and month, and
`tally_apart` by one more dimension at a time, for any number of definitions that share subject and
day in one scan: the kept cells are these sums. None has a rule of its own, so the sum of the
members is the figure.

Zero and missing: a condition on NULL does not hold; no row in the denominator is a missing share
(nothing to judge), a row in the denominator and none in the numerator is 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.types import BigInteger, Date, Integer, String

from yuantou.calendar.clock import local
from yuantou.indicators.catalogue import NOTHING, POPULATION, Definition
from yuantou.indicators.periods import first_of, shift
from yuantou.indicators.vocabulary import SUBJECTS, Subject

TYPE, TOWNSHIP, AGENCY = "type", "township", "agency"
DIMENSIONS = (TYPE, TOWNSHIP, AGENCY)
PARTS_KEPT = 24  # months; older ones are told whole
_GROUPED = {0b011: TYPE, 0b101: TOWNSHIP, 0b110: AGENCY}
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
    over: Bool
    hit: Bool | None
    counted: Bool | None
    taken: Bool | None = None

    @property
    def of_stock(self) -> bool:
        """Whether another reading adds to the same sum."""
        return self.span.definition.of_stock

    @property
    def flags(self) -> list[Bool]:
        """What it counts."""
        return [each for each in (self.hit, self.counted, self.taken) if each is not None]


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
            _held(subject, made.numerator, made, as_of).label("hit"),
            _why(subject, made, as_of).label("why"),
        )
        .select_from(subject.source)
        .where(day.until(local(as_of).date()), _over(subject, made, as_of))
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


def tally(spans: Sequence[Span], as_of: datetime, counties: Sequence[str] | None) -> Select[Any]:
    """indicator, version, county, month, numerator, denominator of the sums.

    All counties where None. Definitions of one subject and day are summed in one reading.
    """
    return _summed(_readings(spans, as_of, counties))


def tally_apart(
    spans: Sequence[Span], as_of: datetime, counties: Sequence[str] | None
) -> tuple[Select[Any], Select[Any]]:
    """The same, and of the last months by one dimension at a time, with dimension and value.

    Both read the same rows: in one statement they are read once.
    """
    since = shift(first_of(local(as_of).date()), -PARTS_KEPT)
    found = _readings(spans, as_of, counties)
    return _summed(found), _summed(found, since)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One scan: the rows of a subject by one of its days, and what is counted of them."""

    rows: CTE
    terms: Sequence[_Term]


_PLACE = ("indicator", "version", "county", "month")
_SUMS = ("numerator", "denominator")


def _readings(
    spans: Sequence[Span], as_of: datetime, counties: Sequence[str] | None
) -> list[_Reading]:
    terms: dict[tuple[str, str], list[_Term]] = defaultdict(list)
    for span in spans:
        for day, term in _terms(span, as_of):
            terms[span.definition.subject, day].append(term)
    return [
        _Reading(_rows(SUBJECTS[subject], day, found, as_of, counties), found)
        for (subject, day), found in terms.items()
    ]


def _summed(readings: Sequence[_Reading], since: date | None = None) -> Select[Any]:
    """The sums of all readings; by dimensions with `since`."""
    apart = since is not None
    told = [each for one in readings for each in _told(_grouped(one, since), one.terms, apart)]
    once = [rows for term, rows in told if not term.of_stock]
    flows = [rows for term, rows in told if term.of_stock]
    both = [_together(flows, apart)] if flows else []
    return select(union_all(*once, *both).subquery())


def _together(flows: Sequence[Select[Any]], apart: bool) -> Select[Any]:
    """What came by one day and went by another, in one sum."""
    found = union_all(*flows).subquery()
    keys = [found.c[name] for name in (*_PLACE, *(("dimension", "value") if apart else ()))]
    sums = [func.sum(found.c[name]).cast(BigInteger) for name in _SUMS]
    return (
        select(*keys, *(each.label(name) for each, name in zip(sums, _SUMS, strict=True)))
        .group_by(*keys)
        .having(func.bool_or((found.c.numerator != 0) | (found.c.denominator != 0)))
    )


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
        yield made.day, _Term(made.code, span, over, and_(counted, hit), counted)
        return
    flow = flow_of(made.code)
    left = and_(over, hit, not_(out))
    yield made.day, _Term(made.code, span, over, None, over)
    yield made.day, _Term(flow, span, over, over, None)
    yield made.leaves, _Term(made.code, span, over, left, None, and_(over, out))
    yield made.leaves, _Term(flow, span, over, None, over)


def _rows(
    subject: Subject,
    day: str,
    terms: Sequence[_Term],
    as_of: datetime,
    counties: Sequence[str] | None,
) -> CTE:
    """The rows that any of the terms is over, with what each of them says of it."""
    when = subject.days[day]
    month = when.month.label("month")
    flags = [_within(flag, term.span, month) for term in terms for flag in term.flags]
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
        .where(when.until(local(as_of).date()), subject.county.is_not(None))
        .where(or_(*(term.over for term in terms)))
    )
    if counties is not None:
        rows = rows.where(subject.county.in_(list(counties)))
    return rows.cte()


def _grouped(reading: _Reading, since: date | None) -> CTE:
    """A sum for every numerator and denominator, by county and month, or by dimensions since."""
    rows = reading.rows
    place = (rows.c.county, rows.c.month)
    number = sum(len(term.flags) for term in reading.terms)
    sums = [func.count().filter(rows.c[f"f{n}"]).label(f"s{n}") for n in range(number)]
    if since is None:
        return select(*place, *sums).group_by(*place).cte()
    apart = [rows.c[name] for name in DIMENSIONS]
    return (
        select(
            *place,
            func.grouping(*apart).label("grouped"),
            func.coalesce(*(cast(each, String) for each in apart)).label("value"),
            *sums,
        )
        .where(rows.c.month >= since)
        .group_by(func.grouping_sets(*(tuple_(*place, each) for each in apart)))
        .cte()
    )


def _within(flag: Bool, span: Span, month: Any) -> Bool:
    """What is said in the months of a span alone."""
    if (span.first, span.until) == _UNBOUNDED:
        return flag
    return and_(month >= span.first, month < span.until, flag)


def _told(found: CTE, terms: Sequence[_Term], apart: bool) -> Iterator[tuple[_Term, Select[Any]]]:
    """The sums of a reading, term by term."""
    place = 0
    for term in terms:
        sums: list[ColumnElement[Any]] = []
        for flag in (term.hit, term.counted, term.taken):
            sums.append(literal(0, BigInteger) if flag is None else found.c[f"s{place}"])
            place += flag is not None
        yield term, _of_term(found, term, sums[0], sums[1] - sums[2], apart)


def _of_term(
    found: CTE,
    term: _Term,
    numerator: ColumnElement[Any],
    denominator: ColumnElement[Any],
    apart: bool,
) -> Select[Any]:
    told = select(
        literal(term.code, String).label("indicator"),
        literal(term.span.definition.version, Integer).label("version"),
        found.c.county,
        found.c.month,
    )
    if apart:
        dimension = case(_GROUPED, value=found.c.grouped).label("dimension")
        told = told.add_columns(dimension, found.c.value).where(found.c.value.is_not(None))
    return told.add_columns(numerator.label("numerator"), denominator.label("denominator")).where(
        (numerator != 0) | (denominator != 0)
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
