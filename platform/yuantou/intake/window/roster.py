"""The words of the roster and the weeks it is kept in. Standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

MODES = (
    ("resident", _l("常驻")),
    ("rotating", _l("轮驻")),
    ("called", _l("随驻（随叫随到）")),
)
WEEK = 7
WEEKDAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))


@dataclass(frozen=True)
class NewEntry:
    """A department's person at the centre on some days."""

    agency_name: str
    mode: str
    person: str
    window_no: str
    phone: str
    days: Sequence[date]


@dataclass(frozen=True)
class DutyLine:
    """Who is on call for red matters on a day; an empty name clears it."""

    day: date
    person: str
    phone: str


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def days_of_week(day: date) -> list[date]:
    """Monday to Sunday."""
    first = monday_of(day)
    return [first + timedelta(days=each) for each in range(WEEK)]
