"""Which reminder of a deadline is owed on a day. Pure rules."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from yuantou.limits.rules import Reminder

CATCH_UP = timedelta(days=7)  # what is older was not noticed for a week, and is no news


def owed(
    reminders: Iterable[Reminder], *, started: date, due: date, today: date
) -> Sequence[Reminder]:
    """Reminders whose day has come, earliest first; after a standstill the last one is enough.

    Before the deadline: as long as it has not passed, and not on the day that the clock started.
    """
    found = [
        each
        for each in reminders
        if _in_time(each, due + timedelta(days=each.offset_days), started, due, today)
    ]
    return sorted(found, key=lambda each: each.offset_days)


def span(reminders: Iterable[Reminder], today: date) -> tuple[date, date]:
    """The first and the last due day that anything can be owed for."""
    offsets = [each.offset_days for each in reminders]
    return today - timedelta(days=max(0, *offsets)) - CATCH_UP, today - timedelta(
        days=min(0, *offsets)
    )


def _in_time(each: Reminder, day: date, started: date, due: date, today: date) -> bool:
    if each.offset_days <= 0:
        return started < day <= today <= due
    return day <= today <= day + CATCH_UP
