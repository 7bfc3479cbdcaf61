"""Which versions of an indicator count a stretch of months, and how far back they count alike.

A new version takes effect from a month, and the months before keep theirs: a longer period may
stand on two. Its rows are then those of each version in its own months, as its cells are; and what
was counted otherwise is not compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Integer, Select, Subquery, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from yuantou.indicators.catalogue import Definition
from yuantou.indicators.compiler import UNBOUNDED, Span, entries, spans
from yuantou.indicators.definitions import versions
from yuantou.indicators.periods import shift
from yuantou.limits.models import Deadline

_COUNTS = (
    "kind", "measure", "numerator", "denominator", "factor", "subject", "day", "leaves",
    "subtract", "exclusions", "rules", "criteria", "needs",
)  # fmt: skip


def alike(one: Definition, other: Definition) -> bool:
    """Whether two versions count the same, in whatever words."""
    return all(getattr(one, key) == getattr(other, key) for key in _COUNTS)


def alike_since(held: Sequence[Definition], on: date) -> date:
    """The first month that was counted as the month `on` is; date.min for the first version."""
    known = [each for each in held if each.valid_from <= on]
    since = date.min
    for before, after in pairwise(known):
        if not alike(before, after):
            since = after.valid_from
    return since


def over(held: Sequence[Definition], first: date, last: date) -> list[Span]:
    """The versions that count the months from `first` to `last`, each with its months."""
    end = shift(last, 1)
    return [
        replace(span, first=max(span.first, first), until=min(span.until, end))
        for span in spans({"": held})
        if span.first < end and span.until > first
    ]


def told(held: Sequence[Definition], first: date, last: date) -> str:
    """Which months which version counts, where they count otherwise; else nothing."""
    found = over(held, first, last) if len(held) > 1 else []
    if all(alike(span.definition, found[-1].definition) for span in found):
        return ""
    return "、".join(
        f"{span.first:%Y-%m}—{shift(span.until, -1):%Y-%m} v{span.definition.version}"
        for span in found
    )


def entries_over(
    session: Session, made: Definition, as_of: datetime, first: date, last: date
) -> Select[Any]:
    """The entries of the months by the versions that count them, up to `made`, with `version`.

    Of a figure over a stock an entry came by the version of the month in which it came, and left by
    that of the month in which it left.
    """
    held = [each for each in versions(session).get(made.code, ()) if each.version <= made.version]
    if made.of_stock:
        return _stock_over(held if made in held else [made], as_of, first, last)
    found = over(held, first, last) if made in held else []
    kept = [span for span in found if (span.definition.subject == "unit") == _of_units(made)]
    if len(kept) < 2:
        return _versioned(made, as_of, first, last)
    each = [_versioned(span.definition, as_of, span.first, shift(span.until, -1)) for span in kept]
    return select(union_all(*each).subquery())


def _stock_over(
    held: Sequence[Definition], as_of: datetime, first: date, last: date
) -> Select[Any]:
    """What was open in the months: as it came, and, where it has left, as it left."""
    made = held[-1]
    found = [span for span in over(held, UNBOUNDED[0], last) if span.definition.of_stock]
    if all(alike(span.definition, made) for span in found):
        return _versioned(made, as_of, first, last)
    same = all(_meant_alike(span.definition, made) for span in found)
    since = first if same else UNBOUNDED[0]
    came = _within("day", found, as_of, since, last)
    left = _within("gone", found, as_of, since, last)
    kept = [column for column in came.c if column.name not in ("gone", "hit", "why", "version")]
    return (
        select(
            *kept,
            left.c.gone,
            func.coalesce(left.c.hit, literal(False)).label("hit"),
            left.c.why,
            func.coalesce(left.c.version, made.version).label("version"),
        )
        .outerjoin_from(came, left, came.c.key == left.c.key)
        .where(or_(left.c.gone.is_(None), left.c.gone >= first))
    )


def _within(day: str, found: Sequence[Span], as_of: datetime, first: date, last: date) -> Subquery:
    """Entries by each version in its own months of a day."""
    each = [
        select(rows).where(rows.c[day] >= span.first, rows.c[day] < span.until)
        for span in found
        for rows in (_versioned(span.definition, as_of, first, last).subquery(),)
    ]
    return union_all(*each).subquery()


def _meant_alike(one: Definition, other: Definition) -> bool:
    """Whether two versions are about the same rows on the same days, whatever they say of them."""
    keys = ("subject", "day", "leaves", "denominator", "rules")
    return all(getattr(one, key) == getattr(other, key) for key in keys)


def by_version(session: Session, made: Definition) -> Mapping[int, Definition]:
    """The versions of an indicator by their number."""
    return {each.version: each for each in (*versions(session).get(made.code, ()), made)}


def _versioned(made: Definition, as_of: datetime, first: date, last: date) -> Select[Any]:
    version = literal(made.version, Integer).label("version")
    found = entries(made, as_of, (first, last)).add_columns(version)
    # Said once more, bare: so an index may serve it, and it is asked before the walls are.
    return found.where(Deadline.rule.in_(made.rules)) if made.rules else found


def _of_units(made: Definition) -> bool:
    return made.subject == "unit"
