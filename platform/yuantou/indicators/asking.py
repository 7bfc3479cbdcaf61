"""What is asked of the rows of a subject: one reading answers for every definition of it.

Each entry comes with its agency, its days and one number for all definitions: three bits for each
look, by the very conditions that `compiler.entries` lists its rows by. Entries of one place and
type come together, as arrays; summing.py counts them. With their agencies they would be so many
groups, to the planner, that one process had to gather them all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, any_, case, cast, func, literal, select
from sqlalchemy.types import ARRAY, Integer

from yuantou.calendar.clock import local
from yuantou.indicators.compiler import (
    AGENCY,
    OF_RULES,
    TOWNSHIP,
    TYPE,
    Bool,
    Span,
    excluded,
    holds,
    meant,
)
from yuantou.indicators.vocabulary import SUBJECTS, Subject

COUNTY = "county"
MATTER = "matter"
PLACE = (COUNTY, TOWNSHIP, TYPE)
MEANT, OUT, HIT = 1, 2, 4
BITS = 3  # of one look's answer
LOOKS_PER_WORD = 10  # as many as an integer holds
EPOCH = date(1970, 1, 1)
NEVER = -(2**30)  # the day of what has not happened
NOBODY = 0  # the agency of what is nobody's


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked of the rows by one of their days: who is meant, who is out, who hits."""

    day: str
    over: Bool
    hit: Bool | None = None
    out: Bool | None = None

    def answer(self) -> ColumnElement[Any]:
        """MEANT, and OUT and HIT where they hold; 0 of a row that is not meant."""
        told: ColumnElement[int] = literal(MEANT, Integer)
        for bit, each in ((OUT, self.out), (HIT, self.hit)):
            if each is not None:
                told = told + case((each, literal(bit, Integer)), else_=literal(0, Integer))
        return case((self.over, told), else_=literal(0, Integer))


def looks(span: Span, as_of: datetime) -> list[Look]:
    """One look at what happened; of a figure over a stock two: what came, and what left.

    Those that came are only counted; those that left are judged.
    """
    made = span.definition
    subject = SUBJECTS[made.subject]
    over, hit = meant(subject, made, as_of), holds(subject, made.numerator, made, as_of)
    out = excluded(subject, made, as_of) if made.exclusions else None
    if not made.of_stock:
        return [Look(made.day, over, hit, out)]
    return [Look(made.day, over), Look(made.leaves, over, hit, out)]


def question(
    subject: Subject,
    asked: Sequence[Look],
    as_of: datetime,
    counties: Sequence[str] | None,
    rules: Sequence[str] = (),
    *,
    named: bool = False,
    matters: Sequence[int] = (),
) -> Select[Any]:
    """county, township, type; of their entries the agency, the days and the words of answers.

    Days are counted from EPOCH, NEVER where there is none by `as_of`; arrays come as PostgreSQL
    sends them (tables.py reads them). All counties where None; with `rules` or `matters` of these
    alone. With `named` the matters come last.
    """
    whose = (subject.dispute_id.label(MATTER),) if named else ()
    rows = (
        select(
            subject.county.label(COUNTY),
            subject.township.label(TOWNSHIP),
            subject.type.label(TYPE),
            func.coalesce(cast(subject.agency, Integer), NOBODY).label(AGENCY),
            *_days(subject, asked, as_of),
            *_words(asked),
            *whose,
        )
        .select_from(subject.source)
        .where(subject.county.is_not(None))
    )
    if counties is not None:
        rows = rows.where(subject.county.in_(list(counties)))
    if rules:
        rows = rows.where(subject.conditions[OF_RULES](as_of, tuple(rules)))
    if matters:
        rows = rows.where(subject.dispute_id == any_(literal(list(matters), ARRAY(Integer))))
    found = rows.subquery()
    places = [found.c[name] for name in PLACE]
    arrays = (_sent(each) for each in found.c if each.name not in PLACE)
    return select(*places, *arrays).group_by(*places)


def days_of(asked: Sequence[Look]) -> list[str]:
    """The days that looks count by, each once."""
    return list(dict.fromkeys(look.day for look in asked))


def _days(subject: Subject, asked: Sequence[Look], as_of: datetime) -> Iterator[Any]:
    for name in days_of(asked):
        day = subject.days[name]
        known = day.until(local(as_of).date())
        yield case((known, day.day - literal(EPOCH)), else_=literal(NEVER)).label(f"day_{name}")


def _words(asked: Sequence[Look]) -> Iterator[Any]:
    for start in range(0, len(asked), LOOKS_PER_WORD):
        word: ColumnElement[Any] = literal(0, Integer)
        for place, look in enumerate(asked[start : start + LOOKS_PER_WORD]):
            word = word + look.answer() * literal(1 << (BITS * place), Integer)
        yield word.label(f"word{start}")


def _sent(column: ColumnElement[Any]) -> ColumnElement[bytes]:
    return func.array_send(func.array_agg(column))
