"""Numbers of people and organisations, titles, and text that hides."""

from datetime import date

import pytest

from yuantou.database.text import clean
from yuantou.disputes.identity import credit_code_of, id_of, is_minor, phone_of
from yuantou.intake.crowd import risk_of
from yuantou.intake.titles import title_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),  # the example of GB 11643-1999
        ("１１０１０５ 19491231-002x", "11010519491231002X"),
        ("110105194912310021", None),
        ("110105194913310026", None),
        ("110105491231002", None),
        ("", None),
    ],
)
def test_id_numbers(text: str, number: str | None) -> None:
    assert id_of(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("139 0000 0001", "13900000001"),
        ("+86-139-0000-0001", "13900000001"),
        ("(0421) 6821234", "04216821234"),
        ("6821234", "6821234"),
        ("12345", None),
        ("239000000011", None),
    ],
)
def test_phones(text: str, number: str | None) -> None:
    assert phone_of(text) == number


def test_credit_codes() -> None:
    # 国家市场监督管理总局's example in GB 32100-2015, appendix
    assert credit_code_of("91350100M000100Y43") == "91350100M000100Y43"
    assert credit_code_of("91350100M000100Y44") is None


def test_who_is_a_minor() -> None:
    number = "211382200801050010"
    assert is_minor(number, date(2026, 1, 4))
    assert not is_minor(number, date(2026, 1, 5))


def test_titles_are_short() -> None:
    assert title_of("邻里", "东邻翻建院墙，占了过道") == "邻里：东邻翻建院墙"
    assert len(title_of("邻里", "墙" * 500)) <= 26
    assert title_of("邻里", "。。。") == "邻里"


def test_text_keeps_emoji_and_loses_what_hides() -> None:
    assert clean(" a\u202eb\x07c\r\n👨‍👩‍👧\u200b ") == "abc\n👨‍👩‍👧"


def test_risk_follows_the_crowd() -> None:
    assert risk_of("blue", 9, "neighborhood", ()) == "blue"
    assert risk_of("blue", 5, "migrant_wages", ()) == "yellow"
    assert risk_of("blue", 3, "other", ("work_injury",)) == "yellow"
    assert risk_of("yellow", 30, "other", ()) == "red"
