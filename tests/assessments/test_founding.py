"""Reports and summaries tell of a county that was merged away or founded, and verify as before."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER, report_of
from tests.cast import CITY, LINGYUAN, SHENYANG
from tests.territory.chaoyang import NEW, merge
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.delivery.stamps import Source
from yuantou.assessments.delivery.summary import summary_paper
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.presenting import Report
from yuantou.assessments.sealing import Comparison
from yuantou.assessments.service import assess, verify


@pytest.fixture
def merged(owner: Session, worker: Session, tmp_path: Path) -> AssessmentRun:
    """October's run after Kazuo ended in July and another county began."""
    day = date(2026, 7, 1)
    merge(owner, tmp_path / "朝阳", ended=day, founded=day)
    run = assess(worker, period_end=OCTOBER, due_at=NOON, now=NOON)
    worker.commit()
    return run


def test_the_report_says_who_is_not_in_the_means(
    owner: Session, worker: Session, merged: AssessmentRun
) -> None:
    kept = report_of(owner, LINGYUAN)
    texts = [note.text for note in Report(json.loads(kept.content)).notes]
    ended = next(text for text in texts if "撤销" in text)
    assert ended.startswith("喀喇沁左翼蒙古族自治县自 2026年7月1日 起撤销（依据：国函〔2026〕9号")
    assert "不在全市、全省的合计和均值里" in ended
    assert any(text.startswith("新喀左市自 2026年7月1日 起设立") for text in texts)
    assert verify(worker, worker.get_one(AssessmentReport, kept.id)) is Comparison.SAME


def test_a_summary_tells_of_its_own_counties_alone(owner: Session, merged: AssessmentRun) -> None:
    told = {
        area: json.loads(owner.query(AssessmentSummary).filter_by(area_code=area).one().content)
        for area in (CITY, SHENYANG)
    }
    assert NEW in {each["code"] for each in told[CITY]["founded"]}
    assert "founded" not in told[SHENYANG]
    paper = summary_paper(Source(told[CITY], told[CITY]["scheme"]))
    part = next(each for each in paper.sections if each.sheet == "数据质量")
    assert any("没有报告，此前的数不在全市、全省的合计和均值里" in str(text) for text in part.parts)
