"""Refusals as the screens say them, in the language of the page."""

from datetime import date

from flask import Flask
from flask_babel import force_locale

from yuantou.disputes.matter import Refusal
from yuantou.disputes.words import law_words, refusal_words

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
