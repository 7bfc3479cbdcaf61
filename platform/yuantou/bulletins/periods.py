"""Days that a bulletin covers, and the days that it compares them with. Standard library only."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Rhythm(StrEnum):
    """How often: 日研判, 周调度, 月通报."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


EARLIER = {Rhythm.DAILY: 28, Rhythm.WEEKLY: 8, Rhythm.MONTHLY: 12}  # periods compared with


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both included, and where the days before them begin that are compared."""

    rhythm: Rhythm
    start: date
    end: date
    base_start: date

    @property
    def exposure(self) -> float:
        """Days before for each day of the period."""
        return (self.start - self.base_start).days / ((self.end - self.start).days + 1)


def before(rhythm: Rhythm, day: date) -> Period:
    """The last whole period before `day`."""
    if rhythm is Rhythm.DAILY:
        start = end = day - timedelta(days=1)
        return Period(rhythm, start, end, start - timedelta(days=EARLIER[rhythm]))
    if rhythm is Rhythm.WEEKLY:
        end = day - timedelta(days=day.weekday() + 1)
        start = end - timedelta(days=6)
        return Period(rhythm, start, end, start - timedelta(weeks=EARLIER[rhythm]))
    end = day.replace(day=1) - timedelta(days=1)
    start = end.replace(day=1)
    return Period(rhythm, start, end, start.replace(year=start.year - 1))
