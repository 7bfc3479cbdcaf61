"""The rules about one matter, one below, at and above each threshold."""

from dataclasses import replace

import pytest

from yuantou.alerts.levels import SHIPPED
from yuantou.alerts.matter_rules import (
    MatterFacts,
    aggravated,
    failing,
    judge,
    many_people,
    red_line,
)
from yuantou.alerts.rules import read

RULES = {rule.code: replace(rule, version=1) for rule in read(SHIPPED)}
PLAIN = MatterFacts("neighborhood", 2)


@pytest.mark.parametrize(
    ("type_code", "flags", "involved", "level"),
    [
        ("neighborhood", (), 9, None),
        ("neighborhood", (), 10, "yellow"),
        ("neighborhood", (), 11, "yellow"),
        ("neighborhood", (), 29, "yellow"),
        ("neighborhood", (), 30, "red"),
        ("neighborhood", (), 31, "red"),
        ("migrant_wages", (), 4, None),
        ("migrant_wages", (), 5, "yellow"),
        ("other_labor", (), 6, "yellow"),
        ("migrant_wages", (), 30, "red"),
        ("damages", ("work_injury",), 2, None),
        ("damages", ("work_injury",), 3, "yellow"),
        ("damages", ("work_injury",), 4, "yellow"),
        ("migrant_wages", ("work_injury",), 3, "yellow"),
    ],
)
def test_many_people_by_type(
    type_code: str, flags: tuple[str, ...], involved: int, level: str | None
) -> None:
    found = many_people(RULES["W01"], MatterFacts(type_code, involved, flags))
    assert (found.level if found else None) == level


def test_the_reason_says_how_many_and_from_when() -> None:
    found = many_people(RULES["W01"], MatterFacts("migrant_wages", 7))
    assert found is not None
    assert found.reasons[0].values == {"involved": 7, "least": 5}
    assert (found.rule, found.version) == ("W01", 1)


@pytest.mark.parametrize("flag", RULES["W05"].flags)
def test_every_red_line_is_red(flag: str) -> None:
    found = red_line(RULES["W05"], replace(PLAIN, flags=(flag,)))
    assert found is not None
    assert (found.level, found.facts) == ("red", {"flags": [flag]})


@pytest.mark.parametrize("flag", ["repeated_calls", "drinking", "wages", "came_to_blows"])
def test_what_only_aggravates_is_no_red_line(flag: str) -> None:
    assert red_line(RULES["W05"], replace(PLAIN, flags=(flag,))) is None


@pytest.mark.parametrize(
    ("failures", "relapsed", "reasons"),
    [(0, False, 0), (1, False, 0), (2, False, 1), (3, False, 1), (0, True, 1), (2, True, 2)],
)
def test_failing_counts_failures_and_relapses(failures: int, relapsed: bool, reasons: int) -> None:
    found = failing(RULES["W06"], replace(PLAIN, failures=failures, relapsed=relapsed))
    assert len(found.reasons if found else ()) == reasons


@pytest.mark.parametrize(
    ("type_code", "flags", "speaks"),
    [
        ("neighborhood", ("drinking",), False),
        ("neighborhood", ("drinking", "repeated_calls"), True),
        ("neighborhood", ("drinking", "repeated_calls", "came_to_blows"), True),
        ("neighborhood", ("drinking", "wages"), False),
        ("traffic", ("drinking", "repeated_calls"), False),
        ("marriage_family", ("separation", "drinking"), True),
        ("forest_land", ("group_petition", "came_to_blows"), True),
    ],
)
def test_aggravated_needs_its_type_and_two_facts(
    type_code: str, flags: tuple[str, ...], speaks: bool
) -> None:
    found = aggravated(RULES["W07"], MatterFacts(type_code, 2, flags))
    assert (found is not None) is speaks
    if found:
        assert (found.level, found.hours) == ("red", 24)


def test_a_red_line_is_said_once() -> None:
    matter = MatterFacts("neighborhood", 2, ("threat_to_others", "drinking"))
    assert [found.rule for found in judge(RULES, matter)] == ["W05"]
    without = {code: rule for code, rule in RULES.items() if code != "W05"}
    assert [found.rule for found in judge(without, matter)] == ["W07"]


def test_a_rule_that_is_not_in_force_says_nothing() -> None:
    assert list(judge({}, MatterFacts("neighborhood", 99, ("armed",)))) == []
