"""Points withheld: nothing to count and a gate not passed read differently, with what to do."""

import pytest
from flask import Flask

from yuantou.assessments.explaining import LACKING, REASONS, UNPASSED, Score


def _why(code: str) -> str:
    line = {
        "code": "I07", "name": "调解成功率", "method": "band", "weight": "10", "decision": "",
        "state": "withheld", "reason": code, "points": None, "facts": None,
    }  # fmt: skip
    score = {"lines": [line], "extra": [], "judged": "0", "of": "10", "points": None}
    return Score(score).lines[0].why


@pytest.mark.parametrize("code", LACKING)
def test_a_missing_feed_says_that_there_is_nothing_to_count_and_whose_turn_it_is(
    app: Flask, code: str
) -> None:
    with app.test_request_context():
        why = _why(code)
        assert why.startswith(f"数据待核：{REASONS[code]}。没有数可算，不当作0")
        assert str(LACKING[code]) in why


@pytest.mark.parametrize("code", UNPASSED)
def test_a_gate_not_passed_says_that_there_is_a_figure(app: Flask, code: str) -> None:
    with app.test_request_context():
        why = _why(code)
        assert why.startswith(f"数据待核：{REASONS[code]}。有数，没有过数据关")
        assert str(UNPASSED[code]) in why
        assert "没有数可算" not in why
