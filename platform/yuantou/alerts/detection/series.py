"""Weekly counts of places and types, the last week ending yesterday: what every detector reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from geo.arrays import Booleans, Floats, Integers

ALL = ""  # the type of a row that counts every type
WEEK = 7
YEAR = 52
GAPS = 3
COUNTY, TOWNSHIP = "county", "township"


@dataclass(frozen=True)
class Place:
    """A county or township: its path, the county that answers for it, where it lies."""

    code: str
    path: str
    level: str
    county: str
    lng: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Tally:
    """What was counted of one place and type: weeks back from the last one (0), and how many."""

    place: str
    type: str
    back: Sequence[int]
    number: Sequence[int]


@dataclass(frozen=True)
class Series:
    """Counts (rows, weeks), their place and type; NaN before a county's first matter."""

    places: tuple[Place, ...]
    types: tuple[str, ...]
    counts: Floats
    last: date

    @property
    def weeks(self) -> int:
        """How many weeks there are."""
        return int(self.counts.shape[1])

    @cached_property
    def first(self) -> Integers:
        """The first known week of each row; `weeks` where none is."""
        known = ~np.isnan(self.counts)
        found = np.where(known.any(axis=1), known.argmax(axis=1), self.weeks)
        return np.asarray(found, dtype=np.int64)

    @cached_property
    def counties(self) -> Integers:
        """A number for the county of each row."""
        codes = [place.county for place in self.places]
        return np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.int64)

    @cached_property
    def of_counties(self) -> Booleans:
        """Which rows are counties."""
        return np.array([place.level == COUNTY for place in self.places], dtype=np.bool_)

    def week(self, column: int) -> tuple[date, date]:
        """First and last day of a week by its column."""
        last = self.last - timedelta(days=WEEK * (self.weeks - 1 - column))
        return last - timedelta(days=WEEK - 1), last

    def rows_of(self, type_: str, level: str = COUNTY) -> Integers:
        """The rows of one type, of counties or of townships."""
        alike = np.array([each == type_ for each in self.types], dtype=np.bool_)
        there = self.of_counties if level == COUNTY else ~self.of_counties
        return np.asarray(np.flatnonzero(alike & there), dtype=np.int64)

    def until(self, weeks: int) -> "Series":
        """The same as it was when only the first `weeks` had passed."""
        gone = timedelta(days=WEEK * (self.weeks - weeks))
        return replace(self, counts=self.counts[:, :weeks], last=self.last - gone)

    def cases(self, column: int, width: int) -> Floats:
        """Cases of the `width` weeks before a column; unknown weeks count nothing."""
        part = self.counts[:, max(0, column - width) : column]
        return np.asarray(np.nansum(part, axis=1), dtype=np.float64)


def assemble(
    places: Mapping[str, Place],
    types: Iterable[str],
    tallies: Iterable[Tally],
    last: date,
    weeks: int,
) -> Series:
    """Lay out the counties by every type and by their sum, and the townships that were counted."""
    counted = {(each.place, each.type): each for each in tallies}
    named = [place for place in places.values() if place.level == COUNTY]
    rows = [(place, type_) for place in named for type_ in (*types, ALL)]
    rows += [
        (places[code], type_)
        for code, type_ in counted
        if code in places and places[code].level == TOWNSHIP
    ]
    counts = np.zeros((len(rows), weeks))
    for row, (place, type_) in enumerate(rows):
        if tally := counted.get((place.code, type_)):
            _fill(counts[row], tally)
    series = Series(
        tuple(place for place, _ in rows), tuple(type_ for _, type_ in rows), counts, last
    )
    return _begun(series)


def _fill(row: Floats, tally: Tally) -> None:
    back = np.asarray(tally.back, dtype=np.int64)
    seen = (back >= 0) & (back < len(row))
    np.add.at(row, len(row) - 1 - back[seen], np.asarray(tally.number, dtype=np.float64)[seen])


def _begun(series: Series) -> Series:
    """Blank the weeks before each county began: nobody worked with the platform there yet.

    A county that rarely has a matter may have begun some usual gaps before its first one, but
    not before the first matter of all.
    """
    counts, whole = series.counts.copy(), np.nansum(series.counts, axis=0)
    opened = int(np.flatnonzero(whole)[0]) if whole.any() else series.weeks
    for county in np.unique(series.counties):
        rows = np.flatnonzero(series.counties == county)
        used = np.flatnonzero(counts[rows].sum(axis=0))
        begun = series.weeks
        if used.size:
            gap = (series.weeks - used[0]) / used.size
            begun = max(opened, int(used[0] - GAPS * (gap - 1)))
        counts[rows, :begun] = np.nan
    return replace(series, counts=counts)
