"""Months as text (2026-01), and the days of a year."""

from datetime import date, timedelta


def year_ago(month: str, years: int) -> str:
    """The same month `years` earlier."""
    return month_of(first_day(month).replace(year=int(month[:4]) - years))


def first_day(month: str) -> date:
    """The first day of a month; malformed text raises ValueError."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """The last day of a month; malformed text raises ValueError."""
    return first_day(month_of(first_day(month) + timedelta(days=31))) - timedelta(days=1)


def month_of(day: date) -> str:
    """The month of a day."""
    return day.isoformat()[:7]


def month_before(day: date) -> str:
    """The month before that of `day`."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def months_back(day: date, count: int) -> date:
    """The first day of the month `count` months before that of `day`."""
    number = day.year * 12 + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def days_elapsed(day: date) -> int:
    """Days of the year up to and with `day`."""
    return day.timetuple().tm_yday


def days_in_year(day: date) -> int:
    """365, or 366 in a leap year."""
    return days_elapsed(date(day.year, 12, 31))
