"""Which types of dispute a report must not tell: one table of all counties, as the screens have it.

A county's report tells types in its period and in the same months of the year before, and as
sources over the last months; a city's and the province's summary tell the sums. All are cells of
one table, concealed together (indicators/veils.py), so that none follows from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from yuantou.assessments.periods import months_back
from yuantou.indicators import veils
from yuantou.indicators.disclosure import Group, Side, Veil
from yuantou.indicators.queries import dispute_counts
from yuantou.territory.models import Area

REST, SHORT, BEFORE, LONG = "rest", "short", "before", "long"
TIMES = Side((REST, SHORT, BEFORE, LONG), (Group(3, (0, 1)),))
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Veiled:
    """The table, and which of its columns is the period of the reports, and which the sources'."""

    table: Veil
    now: str
    window: str
    types: Sequence[str]

    def of(self, place: str) -> dict[str, list[str]]:
        """The types that must not be told of a place: now, and in the year before."""
        columns = {"now": self.now, "before": BEFORE}
        return {
            word: [type_ for type_ in self.types if self.table.hides(place, type_, column)]
            for word, column in columns.items()
        }

    def source(self, place: str, type_: str) -> bool:
        """Whether a type must not be told among the sources of a place."""
        return self.table.hides(place, type_, self.window)


def read(session: Session, counties: Sequence[Area], start: date, end: date, months: int) -> Veiled:
    """The table of a run over the months from `start` to `end`, sources over the last `months`."""
    since = months_back(end, months - 1)
    short, long = (_counts(session, first, end) for first in (max(start, since), min(start, since)))
    before = _counts(session, start.replace(year=start.year - 1), end.replace(year=end.year - 1))
    types = sorted({type_ for _area, type_ in (*long, *before)})
    now, window = (LONG, SHORT) if start <= since else (SHORT, LONG)
    return Veiled(_table([each.path for each in counties], short, long, before), now, window, types)


def _counts(session: Session, first: date, last: date) -> dict[tuple[str, str], int]:
    return {
        (one.area_code, one.type): one.reported
        for one in dispute_counts(session, "county", first, last)
    }


def _table(paths: Sequence[str], short: Counts, long: Counts, before: Counts) -> Veil:
    rows = [
        (area, type_, [long.get(key, 0) - short.get(key, 0), short.get(key, 0), before.get(key, 0)])
        for key in {*short, *long, *before}
        for area, type_ in (key,)
    ]
    return veils.concealed(rows, (veils.side_of(sorted(paths)), veils.types(), TIMES))
