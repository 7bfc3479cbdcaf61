"""Two definitions side by side: who changes, and whether within noise."""

import pytest
from flask import Flask

from tests.indicators.standing.counties import KNOWN, rates
from yuantou.indicators.figures import Figure
from yuantou.indicators.pages import Shown
from yuantou.indicators.standing.duel import duel, rivals
from yuantou.indicators.standing.placing import Minimums

LEAST = Minimums(persons=20_000, matters=20, areas=5)


def shown(found: list[Figure], *hidden: int) -> list[Shown]:
    return [Shown(figure, at in hidden) for at, figure in enumerate(found)]


@pytest.fixture(autouse=True)
def _words(app: Flask) -> object:
    with app.test_request_context():
        yield


def test_a_difference_is_claimed_only_beyond_chance() -> None:
    left = rates((3_000, 300_000), (3_000, 300_000), (0, None), (2, 300_000))
    right = rates((3_050, 300_000), (4_000, 300_000), (5, 300_000), (3, 300_000))
    found = duel(shown(left), shown(right, 3), LEAST)
    assert [one.finding.code for one in found.pairs] == ["alike", "higher", "unknown", "unknown"]
    assert [one.gap for one in found.pairs] == ["+1.67", "+33.33", None, None]
    assert found.plot
    assert len(found.plot.dots) == 2
    assert "2 个县区两个口径都有数，其中 1 个" in found.said[0]


def test_who_is_judged_differently_is_named() -> None:
    usual = [(p // 100, p) for p in (100_000, 150_000, 220_000, 300_000, 410_000, 500_000)] * 3
    left, right = rates(*usual, (3_000, 300_000)), rates(*usual, (3_600, 300_000))
    found = duel(shown(left), shown(right), LEAST)
    assert [one.name for one in found.pairs if one.moved] == ["县18"]
    assert "县18" in found.said[1]
    same = duel(shown(left), shown(left), LEAST)
    assert not any(one.moved for one in same.pairs)
    assert {one.finding.code for one in same.pairs} == {"alike"}


def test_only_what_is_said_alike_is_offered() -> None:
    codes = {each.code for each in rivals(list(KNOWN.values()), KNOWN["R_filed"])}
    assert "R_civil" in codes
    assert not {"R_filed", "R_admin", "I07"} & codes
