"""Definitions summed: by county and month, and by one more dimension at a time.

The rows of a subject are read once for all its definitions (asking.py) and counted in memory
(tables.py): the database would hash them again for every dimension.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

import numpy as np
from sqlalchemy.orm import Session

from yuantou.calendar.clock import local
from yuantou.indicators.asking import HIT, MEANT, OUT, Look, looks
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.compiler import PARTS_KEPT, Span, flow_of
from yuantou.indicators.periods import first_of, shift
from yuantou.indicators.tables import Entries, Integers, Table, reading
from yuantou.indicators.vocabulary import SUBJECTS

WHOLE = "whole"

Asked = Sequence[tuple[Span, Look]]


@dataclass(frozen=True, slots=True)
class Series:
    """The months of one indicator in a county, or of its parts by one dimension; equally long.

    `values` names the part of each month; of the county as a whole it is empty.
    """

    indicator: str
    county: str
    dimension: str
    months: list[date]
    values: list[str]
    versions: list[int]
    numerators: list[int]
    denominators: list[int]

    def __add__(self, other: "Series") -> "Series":
        """With the months of a version that counts another subject."""
        return Series(
            self.indicator,
            self.county,
            self.dimension,
            self.months + other.months,
            self.values + other.values,
            self.versions + other.versions,
            self.numerators + other.numerators,
            self.denominators + other.denominators,
        )


def by_subject(spans: Sequence[Span], as_of: datetime) -> dict[str, Asked]:
    """What spans ask of the rows, by the subject that they are about."""
    found: dict[str, list[tuple[Span, Look]]] = defaultdict(list)
    for span in spans:
        found[span.definition.subject] += [(span, look) for look in looks(span, as_of)]
    return dict(found)


def rules_of(asked: Asked) -> list[str]:
    """The limits that definitions are about; empty where one is about others too."""
    rules = [span.definition.rules for span, _ in asked]
    return list(dict.fromkeys(each for some in rules for each in some)) if all(rules) else []


def whole(session: Session, span: Span, as_of: datetime) -> Iterator[Series]:
    """One definition in all counties, not taken apart."""
    for name, asked in by_subject([span], as_of).items():
        own = [look for _, look in asked]
        entries = reading(session, SUBJECTS[name], own, as_of, None, rules_of(asked))()
        if entries:
            yield from series(entries, asked, WHOLE, as_of)


def series(entries: Entries, asked: Asked, dimension: str, as_of: datetime) -> Iterator[Series]:
    """What there is to say, county by county; nothing where all counts are zero.

    Parts are told of the last PARTS_KEPT months.
    """
    if dimension == WHOLE:
        table = Table(entries, ())
    else:
        table = Table(entries, (dimension,), shift(first_of(local(as_of).date()), -PARTS_KEPT))
    counties, months = [key[0] for key in table.keys], table.months()
    starts = [0, *(n for n in range(1, len(counties)) if counties[n] != counties[n - 1])]
    for code, sums in _sums(entries, asked, table).items():
        part, month = np.nonzero((sums.numerators != 0) | (sums.denominators != 0))
        for start, end in pairwise([*np.searchsorted(part, starts), len(part)]):
            if start < end:
                at = part[start:end], month[start:end]
                yield Series(
                    code,
                    counties[part[start]],
                    dimension,
                    [months[n] for n in at[1].tolist()],
                    [table.keys[n][1] for n in at[0].tolist()] if dimension != WHOLE else [],
                    sums.versions[at].tolist(),
                    sums.numerators[at].tolist(),
                    sums.denominators[at].tolist(),
                )


@dataclass(slots=True)
class _Sums:
    """One figure: numerators and denominators by part and month, and which version counts."""

    versions: Integers
    numerators: Integers
    denominators: Integers

    def add(
        self,
        made: Definition,
        months: slice,
        numerators: Integers | None = None,
        denominators: Integers | None = None,
    ) -> None:
        """What a version counts in its months."""
        self.versions[:, months] = made.version
        for sums, more in ((self.numerators, numerators), (self.denominators, denominators)):
            if more is not None:
                sums[:, months] += more[:, months]


def _sums(entries: Entries, asked: Asked, table: Table) -> Mapping[str, _Sums]:
    """What each figure is made of; one over a stock also has its flow: what came and what left."""
    shape = len(table.keys), len(table.months())
    found: dict[str, _Sums] = defaultdict(lambda: _Sums(*np.zeros((3, *shape), np.int64)))
    for number, (span, look) in enumerate(asked):
        made, months = span.definition, table.columns(span.first, span.until)
        answers, sums = entries.answers(number), found[made.code]
        if look.hit is not None:
            left_in = table.count(look.day, answers & (MEANT | OUT) == MEANT)
            sums.add(made, months, table.count(look.day, answers == MEANT | HIT), left_in)
        if made.of_stock:
            meant, flow = table.count(look.day, answers & MEANT != 0), found[flow_of(made.code)]
            if look.hit is None:
                sums.add(made, months, denominators=meant)
                flow.add(made, months, numerators=meant)
            else:
                sums.add(made, months, denominators=-meant)
                flow.add(made, months, denominators=meant)
    return found
