"""Definitions summed: by county and month, and by one more dimension at a time.

For any number of definitions that share a subject its rows are read once for each of their days and
counted in one pass, by the very conditions that `compiler.entries` lists its rows by.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
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
from sqlalchemy.types import BigInteger, Boolean, Integer, String

from yuantou.calendar.clock import local
from yuantou.indicators.compiler import (
    AGENCY,
    DIMENSIONS,
    OF_RULES,
    PARTS_KEPT,
    TOWNSHIP,
    TYPE,
    UNBOUNDED,
    Bool,
    Span,
    excluded,
    flow_of,
    holds,
    meant,
)
from yuantou.indicators.periods import first_of, shift
from yuantou.indicators.vocabulary import SUBJECTS, Day, Subject

WHOLE = "whole"
_UNGROUPED = 0b111
_GROUPED = {0b011: TYPE, 0b101: TOWNSHIP, 0b110: AGENCY, _UNGROUPED: WHOLE}


@dataclass(frozen=True, slots=True)
class _Look:
    """What a span asks of the rows by one of their days: who is meant, who hits, who is left out.

    Of a figure over a stock those that came are only counted; those that left are judged.
    """

    day: str
    span: Span
    over: Bool
    hit: Bool | None = None
    out: Bool | None = None

    def columns(self, number: int, month: Any) -> Iterator[ColumnElement[Any]]:
        """What is said of each row, every condition once."""
        yield _within(self.over, self.span, month).label(f"over{number}")
        for name, each in (("hit", self.hit), ("out", self.out)):
            if each is not None:
                yield each.label(f"{name}{number}")

    def blanks(self, number: int) -> Iterator[ColumnElement[Any]]:
        """The same of rows by another day: nothing."""
        for name, each in (("over", self.over), ("hit", self.hit), ("out", self.out)):
            if each is not None:
                yield cast(null(), Boolean).label(f"{name}{number}")

    def counts(self, rows: FromClause, number: int) -> Iterator[ColumnElement[Any]]:
        """How many are meant, how many of them are left in, and how many of these hit."""
        asked = rows.c[f"over{number}"]
        kept = asked if self.out is None else and_(asked, not_(rows.c[f"out{number}"]))
        if self.hit is None or self.span.definition.of_stock:
            yield func.count().filter(asked).label(f"all{number}")
        if self.hit is not None:
            yield func.count().filter(kept).label(f"in{number}")
            yield func.count().filter(and_(kept, rows.c[f"hit{number}"])).label(f"hits{number}")


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

    Rows of all days stand under each other and are counted together; a figure is put together from
    the counts of its looks.
    """
    subject = SUBJECTS[spans[0].definition.subject]
    looks = [look for span in spans for look in _looks(span, as_of)]
    rows = union_all(
        *(
            _rows(subject, day, looks, as_of, counties, since)
            for day in dict.fromkeys(look.day for look in looks)
        )
    ).subquery()
    counts = [each for n, look in enumerate(looks) for each in look.counts(rows, n)]
    wide = _grouped(rows, counts, apart=since is not None)
    return wide, _sums(wide, looks)


def _sums(wide: CTE, looks: Sequence[_Look]) -> dict[str, _Sums]:
    found: dict[str, list[Any]] = defaultdict(list)
    zero = literal(0, BigInteger)
    for n, (code, span, stock) in enumerate(
        (look.span.definition.code, look.span, look.span.definition.of_stock) for look in looks
    ):
        if not stock:
            found[code].append((span, wide.c[f"hits{n}"], wide.c[f"in{n}"]))
        elif looks[n].hit is None:
            came = wide.c[f"all{n}"]
            found[code].append((span, zero, came))
            found[flow_of(code)].append((span, came, zero))
        else:
            gone = wide.c[f"all{n}"]
            found[code].append((span, wide.c[f"hits{n}"], wide.c[f"in{n}"] - gone))
            found[flow_of(code)].append((span, zero, gone))
    return {code: _Sums(parts) for code, parts in found.items()}


def _looks(span: Span, as_of: datetime) -> list[_Look]:
    made = span.definition
    subject = SUBJECTS[made.subject]
    over, hit = meant(subject, made, as_of), holds(subject, made.numerator, made, as_of)
    out = excluded(subject, made, as_of) if made.exclusions else None
    if not made.of_stock:
        return [_Look(made.day, span, over, hit, out)]
    return [_Look(made.day, span, over), _Look(made.leaves, span, over, hit, out)]


def _rows(
    subject: Subject,
    day: str,
    looks: Sequence[_Look],
    as_of: datetime,
    counties: Sequence[str] | None,
    since: date | None,
) -> Select[Any]:
    """The rows that any look by a day means, with what each says of it; nothing of other days."""
    when = subject.days[day]
    month = when.month
    own = [look for look in looks if look.day == day]
    rows = (
        select(
            subject.county.label("county"),
            month.label("month"),
            *_apart(subject, when, since),
            *(
                each
                for n, look in enumerate(looks)
                for each in (look.columns(n, month) if look.day == day else look.blanks(n))
            ),
        )
        .select_from(subject.source)
        .where(when.until(local(as_of).date()), subject.county.is_not(None))
        .where(or_(*(look.over for look in own)))
    )
    if counties is not None:
        rows = rows.where(subject.county.in_(list(counties)))
    rules = [look.span.definition.rules for look in own]
    if all(rules):
        named = tuple(dict.fromkeys(each for some in rules for each in some))
        rows = rows.where(subject.conditions[OF_RULES](as_of, named))
    return rows


def _apart(subject: Subject, when: Day, since: date | None) -> Iterator[ColumnElement[Any]]:
    """The dimensions, of the months that are told apart."""
    told = {TYPE: subject.type, TOWNSHIP: subject.township, AGENCY: subject.agency}
    if since is not None:
        for name, each in told.items():
            yield case((when.since(since), cast(each, String))).label(name)


def _grouped(rows: FromClause, counts: Sequence[ColumnElement[Any]], *, apart: bool) -> CTE:
    """The counts by county and month, and by one dimension at a time."""
    place = (rows.c.county, rows.c.month)
    if not apart:
        return select(*place, *counts).group_by(*place).cte()
    told = [rows.c[name] for name in DIMENSIONS]
    sets = [tuple_(*place), *(tuple_(*place, each) for each in told)]
    return (
        select(
            *place,
            func.grouping(*told).label("grouped"),
            func.coalesce(*told).label("value"),
            *counts,
        )
        .group_by(func.grouping_sets(*sets))
        .cte()
    )


def _within(flag: Bool, span: Span, month: Any) -> Bool:
    """What is said in the months of a span alone."""
    if (span.first, span.until) == UNBOUNDED:
        return flag
    return and_(month >= span.first, month < span.until, flag)
