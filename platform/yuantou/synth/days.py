"""Days as numbers, so that whole columns of moments are reckoned at once.

A moment is seconds since 1970 on the clock of Shanghai, which has had no summer time since 1991.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from yuantou.calendar.clock import local
from yuantou.calendar.workdays import WorkCalendar

Ints = NDArray[np.int64]
DAY = 86_400
DAY_END = DAY - 1
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def seconds(moment: datetime) -> int:
    """Seconds since 1970 on the clock of Shanghai."""
    here = local(moment)
    return day_number(here.date()) * DAY + here.hour * 3600 + here.minute * 60 + here.second


def texts(moments: Ints) -> list[str]:
    """Moments as PostgreSQL reads them; negative ones are NULL."""
    words = np.datetime_as_string(np.maximum(moments, 0).astype("datetime64[s]")).astype(object)
    words[moments < 0] = r"\N"
    return list(words.tolist())


def day_texts(days: Ints) -> list[str]:
    """Days as PostgreSQL reads them; negative ones are NULL."""
    words = np.datetime_as_string(np.maximum(days, 0).astype("datetime64[D]")).astype(object)
    words[days < 0] = r"\N"
    return list(words.tolist())


@dataclass(frozen=True)
class Almanac:
    """Worked days from `first` on: whether each is worked, how many were before it, which it is."""

    first: int
    worked: NDArray[np.bool_]
    before: Ints
    listed: Ints

    def roll(self, days: Ints) -> Ints:
        """Each day itself where it is worked, else the next worked one."""
        return self.listed[self.before[days - self.first]]

    def after(self, days: Ints, count: int) -> Ints:
        """The `count`-th worked day after each day."""
        place = days - self.first
        return self.listed[self.before[place] + self.worked[place] + count - 1]

    def is_worked(self, days: Ints) -> NDArray[np.bool_]:
        """Whether each day is worked."""
        return self.worked[days - self.first]


def almanac(first: date, last: date, calendar: WorkCalendar | None = None) -> Almanac:
    """The worked days between two days, with a year and a half beyond the last."""
    known = calendar or WorkCalendar()
    span = (last - first).days + 550
    worked = np.array([known.is_workday(first + timedelta(days=each)) for each in range(span)])
    start = day_number(first)
    before = np.concatenate(([0], np.cumsum(worked)[:-1])).astype(np.int64)
    return Almanac(start, worked, before, np.flatnonzero(worked).astype(np.int64) + start)
