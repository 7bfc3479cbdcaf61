"""What would follow if an objection were upheld, and which claims do not fit."""

import json
from typing import Any

import pytest

from yuantou.assessments.models import AssessmentReport
from yuantou.assessments.objections.counterfactual import (
    Claim,
    Delta,
    NotClaimable,
    adjusted,
    counterfactual,
    of_matter,
)


@pytest.fixture
def inputs(lingyuan: AssessmentReport) -> Any:
    """Lingyuan's sealed inputs."""
    return json.loads(lingyuan.inputs)


@pytest.mark.parametrize(
    ("claim", "counted", "delta"),
    [
        (Claim.OUT, True, Delta(-1, -1)),
        (Claim.OUT, False, Delta(0, -1)),
        (Claim.HIT, False, Delta(1, 0)),
        (Claim.NO_HIT, True, Delta(-1, 0)),
        (Claim.ADD, None, Delta(0, 1)),
        (Claim.ADD_HIT, None, Delta(1, 1)),
    ],
)
def test_what_a_claim_changes(claim: Claim, counted: bool | None, delta: Delta) -> None:
    assert of_matter(claim, counted) == delta


@pytest.mark.parametrize(
    ("claim", "counted", "why"),
    [
        (Claim.ADD, True, "already_counted"),
        (Claim.OUT, None, "not_counted"),
        (Claim.HIT, True, "as_counted"),
        (Claim.NO_HIT, False, "as_counted"),
    ],
)
def test_a_claim_that_does_not_fit(claim: Claim, counted: bool | None, why: str) -> None:
    with pytest.raises(NotClaimable) as fault:
        of_matter(claim, counted)
    assert fault.value.code == why


def test_a_rate_falls_by_the_cases_taken_away(inputs: Any) -> None:
    found = counterfactual(inputs, "R_filed", Delta(-503, 0))
    before, after = found["before"], found["after"]
    assert after["numerator"] == before["numerator"] - 503
    assert float(before["value"]) - float(after["value"]) == pytest.approx(10.0, abs=0.11)
    assert float(after["low"]) < float(after["value"]) < float(after["high"])
    assert after["denominator"] == before["denominator"] == 503_000


def test_a_share_moves_in_both_its_parts(inputs: Any) -> None:
    found = counterfactual(inputs, "I08", Delta(1, 1))
    assert found["after"]["numerator"] == found["before"]["numerator"] + 1
    assert found["after"]["denominator"] == found["before"]["denominator"] + 1


def test_the_inputs_stay_as_they_are(inputs: Any) -> None:
    kept = json.dumps(inputs)
    adjusted(inputs, "R_filed", Delta(-5, 0))
    assert json.dumps(inputs) == kept


@pytest.mark.parametrize(
    ("code", "delta", "why"),
    [
        ("R_filed", Delta(-(10**6), 0), "out_of_bounds"),
        ("I08", Delta(10**6, 0), "out_of_bounds"),
        ("nothing", Delta(1, 1), "unknown_figure"),
    ],
)
def test_what_cannot_be_reckoned(inputs: Any, code: str, delta: Delta, why: str) -> None:
    with pytest.raises(NotClaimable) as fault:
        adjusted(inputs, code, delta)
    assert fault.value.code == why
