"""Which reminder is owed on a day."""

from datetime import date, timedelta

import pytest

from yuantou.limits.rules import Reminder
from yuantou.reminders.choosing import CATCH_UP, owed

DUE = date(2026, 3, 20)
REMINDERS = tuple(
    Reminder(code, code, days, "示例", True)
    for code, days in (("t-3", -3), ("t-1", -1), ("t+1", 1))
)


def on(offset: int, started: date = date(2026, 3, 1)) -> list[str]:
    today = DUE + timedelta(days=offset)
    return [each.code for each in owed(REMINDERS, started=started, due=DUE, today=today)]


@pytest.mark.parametrize(
    ("offset", "codes"),
    [
        (-4, []),
        (-3, ["t-3"]),
        (-2, ["t-3"]),
        (-1, ["t-3", "t-1"]),
        (0, ["t-3", "t-1"]),
        (1, ["t+1"]),
        (8, ["t+1"]),
        (9, []),
    ],
)
def test_each_is_owed_from_its_day_on_and_none_before_a_deadline_that_has_passed(
    offset: int, codes: list[str]
) -> None:
    assert on(offset) == codes


def test_nobody_is_reminded_on_the_day_on_which_the_clock_started() -> None:
    assert on(-1, started=DUE - timedelta(days=1)) == []
    assert on(-1, started=DUE - timedelta(days=2)) == ["t-1"]


def test_what_lies_too_far_back_is_no_news() -> None:
    assert on(1 + CATCH_UP.days) == ["t+1"]
    assert on(2 + CATCH_UP.days) == []
