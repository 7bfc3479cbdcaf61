"""What is kept of an indicator and of the courts, as it was read, and what can be asked of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from yuantou.indicators.periods import months


@dataclass(frozen=True)
class Line:
    """What is kept of one indicator and area: numerator and denominator of its months."""

    months: Sequence[date]
    numerators: Sequence[int]
    denominators: Sequence[int]
    computed_at: datetime

    def over(self, start: date, end: date) -> tuple[int, int, datetime | None]:
        """The sums from `start` to `end`, and when they were computed where there is anything."""
        hits = tries = found = 0
        for each in months(start, end):
            if (cell := self._cells.get(each)) is not None:
                hits, tries, found = hits + cell[0], tries + cell[1], found + 1
        return hits, tries, self.computed_at if found else None

    def left_before(self, month: date) -> int:
        """What had come (numerator) and not gone (denominator) when a month began."""
        return sum(came - gone for at, (came, gone) in self._cells.items() if at < month)

    @cached_property
    def _cells(self) -> dict[date, tuple[int, int]]:
        pairs = zip(self.numerators, self.denominators, strict=True)
        return dict(zip(self.months, pairs, strict=True))


@dataclass(frozen=True)
class MonthOfCourts:
    """One kept month of the courts of an area (models.CourtMonth), unfolded where it is asked for:
    of the thousands that a report reads most say only that nothing is missing."""

    regime: str
    courts_in: int
    missing: Sequence[str]
    written: str
    computed_at: datetime
    written_to_date: str
    counties_to_date: str

    @cached_property
    def components(self) -> Mapping[str, int | None]:
        """The sums over the courts."""
        return json.loads(self.written)  # type: ignore[no-any-return]

    @cached_property
    def to_date(self) -> Mapping[str, int | None]:
        """From January, over the counties whose courts sent every month."""
        return json.loads(self.written_to_date)  # type: ignore[no-any-return]

    @cached_property
    def to_date_of(self) -> Sequence[str]:
        """The codes of these counties."""
        return self.counties_to_date.split()
