"""Points: published rules, tables worked by hand, and what holds for every figure."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuantou.assessments.explaining import Score
from yuantou.assessments.rows import row
from yuantou.assessments.scheme import Scheme, body, scheme
from yuantou.assessments.scheme import read as read_scheme
from yuantou.assessments.scoring import Facts, Withheld, points, scored
from yuantou.database.connections import ROOT

D = Decimal
PLAIN = body(read_scheme(ROOT / "config/schemes/example.toml"))
APPEALS = {"code": "I21", "method": "threshold_linear", "weight": 10, "direction": "up"}
RATE = {"code": "R_filed", "method": "yoy_linear", "weight": 10, "direction": "down", "slope": 2}
BANDS = [{"to": 110, "score": 10}, {"to": 130, "score": 6}, {"score": 2}]
OWN = {"code": "R_filed", "method": "band", "weight": 10, "direction": "down", "bands": BANDS}


def facts(value: str, *, within: bool = False, **more: str) -> Facts:
    return Facts(D(value), within=within, **{key: D(each) for key, each in more.items()})


@pytest.mark.parametrize(
    ("told", "value", "expected"),
    [
        # 河南 (domain: S24): 服判息诉率 85 % 得满分, 每低一个百分点扣 0.5 分
        ({**APPEALS, "target": 85, "step": "0.5"}, "87.5", "10"),
        ({**APPEALS, "target": 85, "step": "0.5"}, "85.0", "10"),
        ({**APPEALS, "target": 85, "step": "0.5"}, "80.0", "7.5"),
        ({**APPEALS, "target": 85, "step": "0.5"}, "0.0", "0"),
        # 改判发回: 每有一个百分点扣 4 分
        ({**APPEALS, "direction": "down", "target": 0, "step": 4}, "1.5", "4"),
        # 陪审率: 达到 40 % 满分, 每低一个百分点扣 0.2 分
        ({**APPEALS, "weight": 5, "target": 40, "step": "0.2"}, "31.0", "3.2"),
        ({**APPEALS, "target": 85, "step": 5, "floor": 3}, "80.0", "3"),
    ],
)
def test_full_marks_at_a_threshold_and_less_for_each_point(
    told: dict[str, Any], value: str, expected: str
) -> None:
    assert points(row(told), facts(value)) == D(expected)


@pytest.mark.parametrize(
    ("value", "more", "expected"),
    [
        ("100", {}, "10"),
        ("110", {}, "8"),
        ("95", {}, "11"),
        ("50", {}, "12"),
        ("160", {}, "0"),
        ("50", {"reward_to": 97}, "10.6"),
    ],
)
def test_a_decline_is_rewarded_up_to_the_cap_and_not_below_the_floor_rate(
    value: str, more: dict[str, Any], expected: str
) -> None:
    made = row({**RATE, "cap": "1.2", **more})
    assert points(made, facts(value, last_year="100")) == D(expected)


@pytest.mark.parametrize(
    ("value", "within", "expected"),
    [
        ("55", False, "10"),
        ("110", False, "10"),
        ("110.1", False, "6"),
        ("200", False, "2"),
        ("120", True, "10"),
    ],
)
def test_bands_of_the_own_baseline_excuse_what_chance_explains(
    value: str, within: bool, expected: str
) -> None:
    made = row({**OWN, "of": "baseline", "noise": True})
    assert points(made, facts(value, baseline="100", within=within)) == D(expected)


def test_the_mean_of_the_city_gives_full_marks() -> None:
    made = row({**APPEALS, "method": "relative_mean", "slope": 1})
    assert points(made, facts("90", mean="90")) == D(10)
    assert points(made, facts("81", mean="90")) == D(9)
    assert points(made, facts("99", mean="90")) == D(10)


@pytest.mark.parametrize(
    "told", [RATE, {**OWN, "of": "baseline"}, {**RATE, "method": "relative_mean"}]
)
def test_without_a_base_nothing_is_given(told: dict[str, Any]) -> None:
    for base in (None, D(0)):
        with pytest.raises(Withheld):
            points(row(told), Facts(D(10), baseline=base, last_year=base, mean=base))


ROWS = st.sampled_from(
    [
        {**APPEALS, "target": 85, "step": "0.5", "floor": 1},
        {**APPEALS, "direction": "down", "target": 30, "step": "0.7"},
        {**RATE, "cap": "1.2", "reward_to": 40},
        {**RATE, "direction": "up", "cap": "1.5", "reward_to": 140},
        {**OWN, "of": "baseline", "noise": False},
        OWN,
        {**APPEALS, "method": "relative_mean", "slope": "1.5"},
        {**RATE, "method": "relative_mean", "cap": "1.1", "floor": 2},
    ]
)
VALUES = st.decimals(0, 300, places=1)


@given(ROWS, VALUES, VALUES, st.decimals("0.1", 300, places=1))
def test_points_stay_in_their_bounds_and_follow_the_direction(
    told: dict[str, Any], one: Decimal, other: Decimal, base: Decimal
) -> None:
    made = row(told)
    bad, good = sorted((one, other), reverse=made.direction == "down")
    low, high = (points(made, Facts(each, base, False, base, base)) for each in (bad, good))
    assert made.floor <= low <= high <= made.most


def _report(own: dict[str, Any] | None, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Inputs and the line of one share, as a report holds them."""
    line = {
        "code": "I07",
        "definition": {"name_zh": "人民调解成功率", "kind": "share", "per": 100},
        "missing": None,
        "own": own,
        "baseline": None,
        "city": None,
        "province": None,
        "verdict": "unknown",
    }
    inputs = {
        "about": {"period_start": "2026-01-01"},
        "figures": {"I07": {"before": {}, **changes.pop("figure", {})}},
        "merits": changes.pop("merits", []),
    }
    return inputs, {**line, **changes}


def _scheme(*rows: dict[str, Any], **more: Any) -> Scheme:
    return scheme({**PLAIN, "score": list(rows), **more})


MEDIATED = {"code": "I07", "method": "threshold_linear", "weight": 20, "direction": "up"}
MEDIATED |= {"target": 85, "step": "0.5"}
GOOD = {"value": "80.0", "low": "70.0", "high": "88.0", "numerator": 80, "denominator": 100}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"missing": {"code": "courts", "text": "缺"}, "own": None}, "courts"),
        ({"missing": {"code": "regime", "text": "口径"}, "own": None}, "regime"),
        ({"own": None}, "empty"),
        ({"own": {**GOOD, "denominator": 9}}, "small"),
        ({"figure": {"provisional": True}}, "provisional"),
    ],
)
def test_a_gate_withholds_and_the_total_says_out_of_how_many(
    changes: dict[str, Any], reason: str
) -> None:
    own = changes.pop("own", GOOD)
    inputs, line = _report(own, **changes)
    filed = {**line, "code": "I08", "missing": None, "own": GOOD}
    inputs["figures"]["I08"] = {"before": {}}
    made = _scheme(MEDIATED, {**MEDIATED, "code": "I08", "weight": 30}, least_cases=10)
    found = scored(inputs, made, [line, filed])["score"]
    assert [each["reason"] for each in found["lines"]] == [reason, None]
    assert (found["points"], found["judged"], found["of"]) == ("27.50", "30.00", "50.00")


def test_bonus_malus_and_veto_are_added_within_their_bounds() -> None:
    event = {"reason": "示例", "evidence": "文件", "on": "2026-05-01"}
    merits = [
        {**event, "row": "B1", "points": "2"},
        {**event, "row": "B1", "points": "2"},
        {**event, "row": "M1", "points": "1.5"},
    ]
    rows = (
        MEDIATED,
        {"code": "B1", "method": "bonus", "name_zh": "创新", "weight": 3},
        {"code": "M1", "method": "malus", "name_zh": "迟报", "weight": 5},
        {"code": "V1", "method": "veto", "name_zh": "瞒报", "effect": "cut", "cut": 20},
    )
    inputs, line = _report(GOOD, merits=merits)
    found = scored(inputs, _scheme(*rows), [line])["score"]
    assert (found["own"], found["bonus"], found["malus"]) == ("17.50", "3.00", "1.50")
    assert found["points"] == "19.00"
    inputs["merits"].append({**event, "row": "V1", "points": None})
    assert scored(inputs, _scheme(*rows), [line])["score"]["points"] == "15.20"


def test_a_scheme_without_points_adds_nothing_to_a_report() -> None:
    inputs, line = _report(GOOD)
    assert scored(inputs, _scheme(), [line]) == {}


def test_a_row_for_information_gives_no_points_and_asks_for_none() -> None:
    inputs, line = _report(GOOD)
    found = scored(inputs, _scheme({**MEDIATED, "weight": 0, "indicative": True}), [line])["score"]
    assert (found["lines"][0]["state"], found["of"], found["points"]) == (
        "indicative",
        "0.00",
        None,
    )


@pytest.mark.parametrize(
    "told",
    [
        {**MEDIATED, "weight": 0},
        {**MEDIATED, "weight": "nan"},
        {**MEDIATED, "step": None},
        {**MEDIATED, "direction": "none"},
        {**MEDIATED, "method": "guess"},
        {**MEDIATED, "floor": 21},
        {**MEDIATED, "cap": 9},
        {**MEDIATED, "surprise": 1},
        {**OWN, "bands": [{"to": 110, "score": 10}]},
        {**OWN, "bands": [{"to": 130, "score": 10}, {"to": 110, "score": 6}, {"score": 2}]},
        {**OWN, "bands": [{"to": 110, "score": 2}, {"score": 10}]},
        {**OWN, "noise": True},
        {"code": "B1", "method": "bonus", "weight": 3},
    ],
)
def test_a_row_that_cannot_be_reckoned_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="score"):
        row(told)


def test_ranking_is_for_counties_alone() -> None:
    assert _scheme(MEDIATED, ranking=True).ranking
    for level in ("department", "township"):
        with pytest.raises(ValueError, match="ranking"):
            _scheme(MEDIATED, ranking=True, level=level)


def test_a_scheme_is_stored_without_what_is_at_its_default_and_read_back() -> None:
    made = _scheme(MEDIATED, {**OWN, "of": "baseline", "noise": True}, least_cases=30)
    assert scheme(body(made)) == made
    assert "score" not in PLAIN


@pytest.mark.parametrize(("gap", "said"), [("0.00", "满分"), ("0", "满分"), ("0.50", "差 0.50")])
def test_a_gap_of_nothing_is_no_gap_however_it_is_written(gap: str, said: str) -> None:
    line = {
        "name": "按期办结率",
        "method": "threshold_linear",
        "weight": "10.00",
        "decision": "",
        "state": "judged",
        "reason": None,
        "points": "10.00",
        "facts": {"value": "92.00", "direction": "up", "target": "92", "step": "1", "gap": gap},
    }
    assert said in Score({"lines": [line], "extra": []}).lines[0].why
