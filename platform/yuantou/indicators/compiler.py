"""One definition of matters, compiled: to its entries, and to the sums of many in one reading.

`entries` says of every row whether it is counted, whether it hits, and why it is excluded:
membership lists these rows. `tally` sums the same conditions by county and month, and `packed` also
by one more dimension at a time, for any number of definitions that share a subject in one pass: the
kept cells are these sums. None has a rule of its own, so the sum of the members is the figure.

Zero and missing: a condition on NULL does not hold; no row in the denominator is a missing share
(nothing to judge), a row in the denominator and none in the numerator is 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import count as numbers
from operator import add
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
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
from sqlalchemy.types import BigInteger, Boolean, Date, Integer, String

from yuantou.calendar.clock import local
from yuantou.indicators.catalogue import NOTHING, POPULATION, Definition
from yuantou.indicators.periods import first_of, shift
from yuantou.indicators.vocabulary import SUBJECTS, Day, Subject

TYPE, TOWNSHIP, AGENCY = "type", "township", "agency"
WHOLE = "whole"
DIMENSIONS = (TYPE, TOWNSHIP, AGENCY)
PARTS_KEPT = 24  # months; older ones are told whole
_UNGROUPED = 0b111
_GROUPED = {0b011: TYPE, 0b101: TOWNSHIP, 0b110: AGENCY, _UNGROUPED: WHOLE}
_FLOW = ".flow"
OF_RULES = "of_rules"
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
    """What one day of a subject adds to one indicator's cells."""

    code: str
    span: Span
    over: Bool
    hit: Bool | None
    counted: Bool | None
    taken: Bool | None = None

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
    told = []
    for found in _by_subject(spans):
        wide, sums = _wide(found, as_of, counties, since=None)
        told += [
            select(
                literal(code, String).label("indicator"),
                one.version(wide.c.month).label("version"),
                wide.c.county,
                wide.c.month,
                one.numerator.label("numerator"),
                one.denominator.label("denominator"),
            ).where(one.told)
            for code, one in sums.items()
        ]
    return select(union_all(*told).subquery())


def packed(
    spans: Sequence[Span], as_of: datetime, counties: Sequence[str] | None
) -> Iterator[Select[Any]]:
    """indicator, county, dimension and arrays of months, values, versions and sums, by subject.

    The dimension is `whole`, and of the last months also one of DIMENSIONS at a time. The rows of a
    subject are read once for each of its days, and summed for all of this in one pass.
    """
    since = shift(first_of(local(as_of).date()), -PARTS_KEPT)
    for found in _by_subject(spans):
        wide, sums = _wide(found, as_of, counties, since)
        yield select(
            union_all(*(_arrays(wide, code, one) for code, one in sums.items())).subquery()
        )


def _arrays(wide: CTE, code: str, one: "_Sums") -> Select[Any]:
    arrays = {
        "months": wide.c.month,
        "values": wide.c.value,
        "versions": one.version(wide.c.month),
        "numerators": cast(one.numerator, Integer),
        "denominators": cast(one.denominator, Integer),
    }
    dimension = case(_GROUPED, value=wide.c.grouped)
    return (
        select(
            literal(code, String).label("indicator"),
            wide.c.county,
            dimension.label("dimension"),
            *(func.array_agg(each).label(name) for name, each in arrays.items()),
        )
        .where(one.told, or_(wide.c.value.is_not(None), wide.c.grouped == _UNGROUPED))
        .group_by(wide.c.county, wide.c.grouped)
    )


def _by_subject(spans: Sequence[Span]) -> list[list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        found[span.definition.subject].append(span)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Sums:
    """One figure in the columns of the sums: its parts, each with the months that it counts."""

    parts: Sequence[tuple[Span, ColumnElement[Any], ColumnElement[Any]]]

    @property
    def numerator(self) -> ColumnElement[Any]:
        """What was hit."""
        return reduce(add, (hits for _, hits, _ in self.parts))

    @property
    def denominator(self) -> ColumnElement[Any]:
        """What was counted; of a figure over a stock, less what was taken out of it."""
        return reduce(add, (over for _, _, over in self.parts))

    @property
    def told(self) -> Bool:
        """Whether there is anything to say."""
        return or_(*(each != 0 for _, *both in self.parts for each in both))

    def version(self, month: Any) -> ColumnElement[Any]:
        """The version that counts a month."""
        spans = {span.definition.version: span for span, *_ in self.parts}
        if len(spans) == 1:
            return literal(next(iter(spans)), Integer)
        return case(*((month < span.until, literal(n, Integer)) for n, span in spans.items()))


def _wide(
    spans: Sequence[Span], as_of: datetime, counties: Sequence[str] | None, since: date | None
) -> tuple[CTE, dict[str, _Sums]]:
    """The sums of one subject by county and month, and from `since` also by dimension.

    Every flag of every term is a column: the rows of all days stand under each other and are summed
    together, and a figure is put together from the columns of its terms.
    """
    subject = SUBJECTS[spans[0].definition.subject]
    terms = [found for span in spans for found in _terms(span, as_of)]
    flags = [flag for _, term in terms for flag in term.flags]
    rows = union_all(
        *(
            _rows(subject, day, terms, as_of, counties, since)
            for day in dict.fromkeys(day for day, _ in terms)
        )
    ).subquery()
    wide = _grouped(rows, len(flags), apart=since is not None)
    return wide, _sums(wide, [term for _, term in terms])


def _sums(wide: CTE, terms: Sequence[_Term]) -> dict[str, _Sums]:
    found: dict[str, list[Any]] = defaultdict(list)
    columns = (wide.c[f"s{n}"] for n in numbers())
    zero = literal(0, BigInteger)
    for term in terms:
        hit, counted, taken = (
            zero if flag is None else next(columns) for flag in (term.hit, term.counted, term.taken)
        )
        found[term.code].append((term.span, hit, counted - taken))
    return {code: _Sums(parts) for code, parts in found.items()}


def _held(subject: Subject, names: Iterable[str], made: Definition, as_of: datetime) -> Bool:
    told = [
        func.coalesce(subject.conditions[name](as_of, made.rules), literal(False))
        for name in names
        if name not in (POPULATION, NOTHING)
    ]
    return and_(literal(True), *told)


def _over(subject: Subject, made: Definition, as_of: datetime) -> Bool:
    of_rules = (OF_RULES,) if made.rules else ()
    return _held(subject, dict.fromkeys((*of_rules, *made.denominator)), made, as_of)


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
    terms: Sequence[tuple[str, _Term]],
    as_of: datetime,
    counties: Sequence[str] | None,
    since: date | None,
) -> Select[Any]:
    """The rows that any term of a day is over, with what each says of it; nothing of other days."""
    when = subject.days[day]
    month = when.month
    flags = [
        _within(flag, term.span, month) if at == day else cast(null(), Boolean)
        for at, term in terms
        for flag in term.flags
    ]
    rows = (
        select(
            subject.county.label("county"),
            month.label("month"),
            *_apart(subject, when, since),
            *(flag.label(f"f{n}") for n, flag in enumerate(flags)),
        )
        .select_from(subject.source)
        .where(when.until(local(as_of).date()), subject.county.is_not(None))
        .where(or_(*(term.over for at, term in terms if at == day)))
    )
    if counties is not None:
        rows = rows.where(subject.county.in_(list(counties)))
    rules = [each for _, term in terms for each in term.span.definition.rules]
    if rules and all(term.span.definition.rules for _, term in terms):
        rows = rows.where(subject.conditions[OF_RULES](as_of, tuple(dict.fromkeys(rules))))
    return rows


def _apart(subject: Subject, when: Day, since: date | None) -> Iterator[ColumnElement[Any]]:
    """The dimensions, of the months that are told apart."""
    told = {TYPE: subject.type, TOWNSHIP: subject.township, AGENCY: subject.agency}
    if since is not None:
        for name, each in told.items():
            yield case((when.since(since), cast(each, String))).label(name)


def _grouped(rows: FromClause, number: int, *, apart: bool) -> CTE:
    """A sum for every flag, by county and month, and by one dimension at a time."""
    place = (rows.c.county, rows.c.month)
    sums = [func.count().filter(rows.c[f"f{n}"]).label(f"s{n}") for n in range(number)]
    if not apart:
        return select(*place, *sums).group_by(*place).cte()
    told = [rows.c[name] for name in DIMENSIONS]
    sets = [tuple_(*place), *(tuple_(*place, each) for each in told)]
    return (
        select(
            *place,
            func.grouping(*told).label("grouped"),
            func.coalesce(*told).label("value"),
            *sums,
        )
        .group_by(func.grouping_sets(*sets))
        .cte()
    )


def _within(flag: Bool, span: Span, month: Any) -> Bool:
    """What is said in the months of a span alone."""
    if (span.first, span.until) == _UNBOUNDED:
        return flag
    return and_(month >= span.first, month < span.until, flag)


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
