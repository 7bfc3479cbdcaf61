"""Refusals as the screens say them, in the language of the page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from yuantou.disputes.matter import Refusal
from yuantou.disputes.words import clock_words, law_words, refusal_words

LATE = Refusal("late", "到 %(day)s：%(who)s", values={"day": date(2026, 3, 1), "who": ("甲", "乙")})


def test_days_and_lists_follow_the_language(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh"):
        assert refusal_words(LATE) == "到 2026年3月1日：甲、乙"
    with app.test_request_context(), force_locale("en"):
        assert refusal_words(LATE) == "到 March 1, 2026：甲, 乙"


def test_known_values_are_translated(app: Flask) -> None:
    door = Refusal("door", "%(act)s", values={"act": "受理"})
    with app.test_request_context(), force_locale("en"):
        assert refusal_words(door) == "Accept"
        assert law_words("") == ""


@pytest.mark.parametrize(
    ("minutes", "main", "kind"),
    [
        (-59, "刚刚超期", "over"), (-60, "超 1 小时", "over"), (-5_760, "超 4 天", "over"),
        (0, "剩 0 分钟", "today"), (59, "剩 59 分钟", "today"), (100, "剩 1 小时 40 分", "today"),
        (240, "剩 4 小时", "ok"), (1_440, "剩 24 小时", "ok"), (5_759, "剩 95 小时", "ok"),
        (5_760, "剩 4 天", "ok"),
    ],
)  # fmt: skip
def test_a_limit_of_day_and_night_is_said_in_hours(
    app: Flask, minutes: int, main: str, kind: str
) -> None:
    now = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    with app.test_request_context(), force_locale("zh"):
        words = clock_words(now + timedelta(minutes=minutes), now)
    assert (words.main, words.kind) == (main, kind)
