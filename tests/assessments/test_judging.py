"""A verdict is one exact test; what intervals judged before is still made as it was."""

import json

import numpy as np
from sqlalchemy.orm import Session

from yuantou.assessments.judging import alike, verdict
from yuantou.assessments.measures import Count, Scale
from yuantou.assessments.models import AssessmentReport
from yuantou.assessments.reckoning import report
from yuantou.assessments.sealing import canonical

RATE, SHARE = Scale("R", "rate", 10_000, 1), Scale("S", "share", 100, 1)


def test_intervals_that_meet_may_still_differ_by_the_test() -> None:
    own, before = Count(130, 10_000), Count(100, 10_000)
    assert verdict(own, before, RATE, tested=False) == "within"
    assert verdict(Count(140, 10_000), before, RATE, tested=False) == "within"
    assert verdict(Count(140, 10_000), before, RATE, tested=True) == "off"
    assert verdict(own, before, RATE, tested=True) == "within"


def test_shares_are_tested_too_and_what_lacks_is_unknown() -> None:
    assert verdict(Count(70, 100), Count(86, 100), SHARE, tested=True) == "off"
    assert verdict(Count(80, 100), Count(86, 100), SHARE, tested=True) == "within"
    assert verdict(None, Count(86, 100), SHARE, tested=True) == "unknown"
    assert verdict(Count(120, 100), Count(86, 100), SHARE, tested=True) == "unknown"


def test_many_counts_at_once_are_judged_as_each_alone() -> None:
    counts = np.array([70, 80, 100, 130, 140])
    for scale, whole, before in ((RATE, 10_000, Count(100, 10_000)), (SHARE, 200, Count(86, 100))):
        singly = [
            verdict(Count(int(each), whole), before, scale, tested=True) == "within"
            for each in counts
        ]
        assert alike(scale.kind, counts, whole, before) == singly


def test_what_was_sealed_before_the_test_is_made_again_as_it_was(
    owner: Session, lingyuan: AssessmentReport
) -> None:
    inputs = json.loads(lingyuan.inputs)
    assert canonical(report(inputs)) == bytes(lingyuan.content)
    inputs["about"].pop("tested")
    inputs["figures"]["R_filed"]["own"]["events"] = round(
        1.06 * inputs["figures"]["R_filed"]["own"]["events"]
    )
    old = report(inputs)["indicators"][0]["verdict"]
    new = report({**inputs, "about": {**inputs["about"], "tested": True}})["indicators"][0]
    assert (old, new["verdict"]) == ("within", "off")
    assert new["verdict"] == ("off" if new["findings"]["past"] != "alike" else "within")
