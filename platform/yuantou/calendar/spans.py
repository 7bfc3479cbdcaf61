"""How far a limit reaches from its start, in its unit: the first and simplest part of the clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yuantou.calendar.clock import local
from yuantou.calendar.workdays import WorkCalendar, day_end


class Unit(StrEnum):
    """The unit that a limit is counted in; the screens always write it out."""

    CALENDAR_DAY = "calendar_day"
    CALENDAR_MONTH = "calendar_month"
    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"
    CLOCK_HOUR = "clock_hour"

    @property
    def name_zh(self) -> str:
        """The unit as the screens say it."""
        return _UNITS[self]

    @property
    def by_day(self) -> bool:
        """Whether the limit ends with a day rather than at a minute."""
        return self not in (Unit.WORKING_HOUR, Unit.CLOCK_HOUR)


_UNITS = {
    Unit.CALENDAR_DAY: "天（自然日）",
    Unit.CALENDAR_MONTH: "个月",
    Unit.WORKING_DAY: "个工作日",
    Unit.WORKING_HOUR: "个工作小时",
    Unit.CLOCK_HOUR: "小时",
}


@dataclass(frozen=True, slots=True)
class Span:
    """So many of a unit, and how the first and the last day count."""

    amount: int
    unit: Unit
    first_day_counts: bool = False
    rolls_over: bool = False

    def nominal_end(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """The end before a holiday moves it."""
        origin = start - timedelta(days=1) if self.first_day_counts else start
        return advance(self.unit, calendar, origin, self.amount)

    def end(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """The end, without pauses and extensions."""
        return rolled(self.nominal_end(local(start), calendar), self.rolls_over, calendar)


def rolled(end: datetime, rolls_over: bool, calendar: WorkCalendar) -> datetime:
    """The end, moved to the next worked day where holidays do that."""
    return day_end(calendar.on_or_after(end.date())) if rolls_over else end


def advance(unit: Unit, calendar: WorkCalendar, moment: datetime, amount: int) -> datetime:
    """`amount` of the unit later."""
    match unit:
        case Unit.CALENDAR_DAY:
            return calendar.add_calendar_days(moment, amount).at
        case Unit.CALENDAR_MONTH:
            return day_end(_months_later(moment.date(), amount))
        case Unit.WORKING_DAY:
            return calendar.add_working_days(moment, amount).at
        case Unit.WORKING_HOUR:
            return calendar.add_working_hours(moment, amount).at
        case Unit.CLOCK_HOUR:
            return calendar.add_clock_hours(moment, amount).at


def _months_later(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month where it has no such day."""
    index = day.month - 1 + months
    first = date(day.year + index // 12, index % 12 + 1, 1)
    next_first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_first - timedelta(days=1))
