"""China's working calendar: who works on which day, and what a span of time comes to.

The official calendar is that of `chinesecalendar`, which knows the years up to the last notice
of the State Council. Overrides (an office's own table) come first. For a year that neither
knows, Monday to Friday count as worked, and what was reckoned with them is `provisional`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType

import chinese_calendar

from yuantou.calendar.clock import ZONE, local
from yuantou.calendar.hours import EXAMPLE, Timetable

DAY_END = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A moment, and whether a year without an official calendar was passed on the way."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working calendar with an office's overrides (day → worked) and working hours."""

    overrides: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))
    hours: Timetable = EXAMPLE

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked."""
        override = self.overrides.get(day)
        if override is not None:
            return override
        official = _official(day)
        return day.weekday() < 5 if official is None else official

    def is_known(self, day: date) -> bool:
        """Whether an override or the official calendar speaks of `day`."""
        return day in self.overrides or _official(day) is not None

    def next_workday(self, day: date) -> date:
        """The first worked day after `day`."""
        return next(each for each in _days(day, 1) if self.is_workday(each))

    def previous_workday(self, day: date) -> date:
        """The last worked day before `day`."""
        return next(each for each in _days(day, -1) if self.is_workday(each))

    def on_or_after(self, day: date) -> date:
        """`day` itself where it is worked, else the next worked day."""
        return day if self.is_workday(day) else self.next_workday(day)

    def workdays_between(self, after: date, until: date) -> int:
        """Worked days later than `after` and not later than `until`."""
        span = range(1, (until - after).days + 1)
        return sum(self.is_workday(after + timedelta(days=each)) for each in span)

    def workday_after(self, day: date, count: int) -> date:
        """The `count`-th worked day after `day`; with 0, `day` or the next worked day."""
        if count == 0:
            return self.on_or_after(day)
        for _ in range(count):
            day = self.next_workday(day)
        return day

    def add_calendar_days(self, start: datetime, count: int) -> Reckoning:
        """The end of the `count`-th day after `start`, whose own day is not counted."""
        return Reckoning(day_end(local(start).date() + timedelta(days=count)))

    def add_working_days(self, start: datetime, count: int) -> Reckoning:
        """The end of the `count`-th worked day after `start`, whose own day is not counted."""
        first = local(start).date()
        last = self.workday_after(first, count)
        return Reckoning(day_end(last), self.is_provisional(first, last))

    def add_clock_hours(self, start: datetime, hours: float) -> Reckoning:
        """`hours` later, nights and holidays counted."""
        return Reckoning(local(start) + timedelta(hours=hours))

    def add_working_hours(self, start: datetime, hours: float) -> Reckoning:
        """The moment at which `hours` of working time have passed since `start`."""
        return self.add_working_time(start, timedelta(hours=hours))

    def add_working_time(self, start: datetime, left: timedelta) -> Reckoning:
        """The moment at which the working time `left` has passed since `start`."""
        start = local(start)
        for begin, end in self._spans(start):
            if end - begin >= left:
                at = begin + left
                return Reckoning(at, self.is_provisional(start.date(), at.date()))
            left -= end - begin
        raise OverflowError("the calendar has no end")

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`."""
        total = timedelta()
        for begin, until in self._spans(local(start)):
            if begin >= end:
                break
            total += min(until, end) - begin
        return total

    def worked_days_between(self, start: datetime, end: datetime) -> float:
        """The working time from `start` to `end` in days, each as long as its own hours."""
        total = 0.0
        for begin, until in self._spans(local(start)):
            if begin >= end:
                break
            total += (min(until, end) - begin) / self.hours.season(begin.date()).length
        return total

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last` is a guess."""
        return any(not self.is_known(day) for day in _span_days(first, last))

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = start.date()
        while True:
            if self.is_workday(day):
                yield from self._spans_of(day, start)
            day += timedelta(days=1)

    def _spans_of(self, day: date, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        for opening, closing in self.hours.season(day).spans:
            begin = max(start, datetime.combine(day, opening, ZONE))
            end = datetime.combine(day, closing, ZONE)
            if begin < end:
                yield begin, end


def day_end(day: date) -> datetime:
    """The last second of `day` in Shanghai."""
    return datetime.combine(day, DAY_END, ZONE)


@lru_cache(maxsize=8192)
def _official(day: date) -> bool | None:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def _days(day: date, direction: int) -> Iterator[date]:
    while True:
        day += timedelta(days=direction)
        yield day


def _span_days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=each) for each in range((last - first).days + 1))
