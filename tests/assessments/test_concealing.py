"""Figures of a whole county stand in its report; what they are taken apart by is concealed."""

import copy
import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER, report_of
from tests.cast import CITY, HEPING, KAZUO, LINGYUAN, PROVINCE, SHENYANG
from yuantou.assessments.delivery.county import CONCEALED, county_paper
from yuantou.assessments.delivery.leaves import Text
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.delivery.stamps import source_of
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.reckoning import report
from yuantou.assessments.sealing import Comparison, canonical
from yuantou.assessments.service import assess, verify
from yuantou.indicators.models import DisputeMonth

Told = dict[str, dict[str, int]]
ABOVE = {LINGYUAN: CITY, KAZUO: CITY, HEPING: SHENYANG}
COUNTS = {  # by county and type, in February and in September of the period
    (LINGYUAN, "damages"): (20, 20),
    (LINGYUAN, "contract"): (4, 5),
    (LINGYUAN, "traffic"): (0, 1),
    (KAZUO, "damages"): (12, 9),
    (KAZUO, "contract"): (6, 6),
    (KAZUO, "traffic"): (4, 3),
    (HEPING, "damages"): (30, 20),
    (HEPING, "contract"): (10, 20),
    (HEPING, "traffic"): (9, 8),
}


@pytest.fixture
def sealed(owner: Session, worker: Session) -> AssessmentRun:
    """October's run over counts of which one is small, the same in both years."""
    for (county, type_), counts in COUNTS.items():
        path = f"{PROVINCE}/{ABOVE[county]}/{county}/"
        for year in (2025, 2026):
            for month, number in zip((2, 9), counts, strict=True):
                owner.add(
                    DisputeMonth(area_code=county, month=date(year, month, 1), type=type_,
                                 level="county", area_path=path, reported=number, closed=0,
                                 computed_at=NOON)
                )  # fmt: skip
    owner.commit()
    run = assess(worker, period_end=OCTOBER, due_at=NOON, now=NOON)
    worker.commit()
    return run


def _content(owner: Session, area: str) -> dict[str, Any]:
    if area in ABOVE:
        return dict(json.loads(report_of(owner, area).content))
    kept = owner.query(AssessmentSummary).filter_by(area_code=area).one()
    return dict(json.loads(kept.content))


def _told(owner: Session) -> Told:
    """What the documents tell of types, by place and name."""
    rows = {place: _content(owner, place) for place in (*ABOVE, CITY, SHENYANG, PROVINCE)}
    return {
        place: {
            one["name"]: one["now"]
            for one in (content["annex"]["types"] if place in ABOVE else content["types"])
        }
        for place, content in rows.items()
    }


def test_no_document_gives_the_small_type_of_another_away(
    owner: Session, sealed: AssessmentRun
) -> None:
    told = _told(owner)
    assert told[HEPING]
    for name in {each for rows in told.values() for each in rows}:
        for whole, parts in ((CITY, (LINGYUAN, KAZUO)), (PROVINCE, (CITY, SHENYANG))):
            known = [name in told[place] for place in (whole, *parts)]
            assert known.count(False) != 1, (name, told)
    for county in (LINGYUAN, KAZUO):
        assert len(told[county]) != 2, (county, told)  # of three
    assert 1 not in {number for rows in told.values() for number in rows.values()}


def test_sources_tell_no_more_than_the_types(owner: Session, sealed: AssessmentRun) -> None:
    for county in ABOVE:
        content = _content(owner, county)
        types = {one["name"]: one["now"] for one in content["annex"]["types"]}
        for one in content["sources"]:
            rest = types.get(one["name"], one["reported"]) - one["reported"]
            assert not 0 < abs(rest) < 3, (county, one, types)


def test_figures_of_the_whole_county_stand_and_the_paper_says_what_is_left_out(
    owner: Session, sealed: AssessmentRun
) -> None:
    kept = report_of(owner, LINGYUAN)
    inputs = json.loads(kept.inputs)
    inputs["figures"]["I07"]["own"] = {"events": 1, "whole": 40}
    found = report(inputs)
    one = next(each for each in found["indicators"] if each["code"] == "I07")
    assert (one["own"]["numerator"], one["own"]["value"]) == (1, "2.5")
    paper = county_paper(source_of(kept, sealed))
    texts = [part.text for each in paper.sections for part in each.parts if isinstance(part, Text)]
    assert CONCEALED in texts


def test_the_sealed_bytes_are_made_again(
    owner: Session, worker: Session, sealed: AssessmentRun
) -> None:
    kept = report_of(owner, LINGYUAN)
    assert canonical(report(json.loads(kept.inputs))) == bytes(kept.content)
    assert verify(worker, worker.get_one(AssessmentReport, kept.id)) is Comparison.SAME


def test_an_older_report_is_reckoned_as_it_was(owner: Session, sealed: AssessmentRun) -> None:
    inputs = json.loads(report_of(owner, LINGYUAN).inputs)
    old = copy.deepcopy(inputs)
    del old["annex"]["veiled"]
    old["annex"]["overdue"] = {"count": 2, "numbers": ["凌源〔2026〕第000001号"]}
    found = report(old)["annex"]
    assert [one["now"] for one in found["types"]] == [40, 9]
    assert found["overdue"]["numbers"]
    assert "concealed" not in found


def test_how_many_are_restricted_does_not_follow_from_the_numbers(
    owner: Session, sealed: AssessmentRun
) -> None:
    inputs = json.loads(report_of(owner, LINGYUAN).inputs)
    for count, listed, told in ((5, 4, 2), (5, 5, 2), (2, 1, 0), (40, 20, 20)):
        numbers = [f"{number}" for number in range(listed)]
        inputs["annex"]["overdue"] = {"count": count, "numbers": numbers}
        found = report(inputs)["annex"]["overdue"]
        assert (found["count"], len(found["numbers"])) == (count, told)


def test_a_small_cause_takes_another_with_it(owner: Session, sealed: AssessmentRun) -> None:
    inputs = json.loads(report_of(owner, LINGYUAN).inputs)
    counts = {"民间借贷": 30, "离婚": 12, "相邻关系": 4, "抚养": 1}
    year = {"months": 1, "sent": 1, "counts": counts}
    inputs["annex"]["causes"] = {"now": year, "before": {**year, "counts": {**counts, "抚养": 5}}}
    rows = report(inputs)["annex"]["causes"]["rows"]
    assert [(one["name"], one["now"], one["before"]) for one in rows] == [
        ("民间借贷", 30, "30"), ("离婚", 12, "12"),
    ]  # fmt: skip
