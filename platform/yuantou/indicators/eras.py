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

from sqlalchemy import Integer, Select, literal, select, union_all
from sqlalchemy.orm import Session

from yuantou.indicators.catalogue import Definition
from yuantou.indicators.compiler import Span, entries, spans
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

    Of a figure over a stock all entries are by the newest: what is open passes from one version
    to the next.
    """
    held = [each for each in versions(session).get(made.code, ()) if each.version <= made.version]
    found = over(held, first, last) if made in held and not made.of_stock else []
    kept = [span for span in found if (span.definition.subject == "unit") == _of_units(made)]
    if len(kept) < 2:
        return _versioned(made, as_of, first, last)
    each = [_versioned(span.definition, as_of, span.first, shift(span.until, -1)) for span in kept]
    return select(union_all(*each).subquery())


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
