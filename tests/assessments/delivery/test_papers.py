"""A paper says the same in every form, marks a draft, bears long names and missing figures."""

import copy
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON
from yuantou.assessments.delivery import jobs, shelf
from yuantou.assessments.delivery.county import county_paper
from yuantou.assessments.delivery.excel import number_of
from yuantou.assessments.delivery.leaves import Bound, Chart, Paper, Section, Table, Text
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.delivery.printing import KINDS, made
from yuantou.assessments.delivery.stamps import Source, source_of
from yuantou.assessments.models import AssessmentReport, AssessmentRun


@pytest.fixture
def source(lingyuan: AssessmentReport, run: AssessmentRun) -> Source:
    """Lingyuan's sealed report."""
    return source_of(lingyuan, run)


def _texts(paper: Paper) -> str:
    found: list[str] = [*paper.lead]
    for section in paper.sections:
        for part in section.parts:
            if isinstance(part, Text):
                found.append(part.text)
            elif isinstance(part, Table):
                found += [text for row in part.rows for text in row]
    return "\n".join(found)


def _changed(source: Source, **parts: Any) -> Source:
    content = copy.deepcopy(source.content) | parts
    return Source(content, source.scheme, source.stamp)


def _annex(source: Source, **parts: Any) -> Source:
    return _changed(source, annex=copy.deepcopy(source.content["annex"]) | parts)


def test_a_draft_is_marked_in_every_form(source: Source) -> None:
    paper = county_paper(Source(source.content, source.scheme))
    assert paper.mark == "预览稿：未封存，不作为考核依据"
    assert source.stamp is not None
    assert source.stamp.seal not in _texts(paper)
    word = Document(io.BytesIO(made(paper, "docx")))
    head = word.sections[0].header
    assert "预览稿" in "".join(each.text for each in head.paragraphs)
    assert 'string="预览稿"' in head._element.xml
    book = CalamineWorkbook.from_filelike(io.BytesIO(made(paper, "xlsx")))
    assert all("预览稿" in str(book.get_sheet_by_name(each).to_python()) for each in
               book.sheet_names)  # fmt: skip
    assert made(paper, "pdf").startswith(b"%PDF")


def test_nothing_is_claimed_where_the_test_does_not_say_so(source: Source) -> None:
    rows = [{"name": "欠薪", "now": 40, "before": "30", "change": "same"}]
    text = _texts(county_paper(_annex(source, types=rows)))
    assert "最多的纠纷类型是欠薪，40 件；各类的变化都在偶然波动之内" in text
    assert "检验不能说明与上年同期有差别" in text
    moved = [{"name": "欠薪", "now": 90, "before": "30", "change": "up"}]
    text = _texts(county_paper(_annex(source, types=moved)))
    assert "变化超出偶然波动的：欠薪上升（30 → 90 件）" in text


def test_missing_figures_are_said_and_no_zero(source: Source) -> None:
    content = copy.deepcopy(source.content)
    head = content["indicators"][0]
    head |= {"own": None, "verdict": "unknown", "missing": {"text": "缺 9 月数据", "courts": []}}
    content["trend"] |= {"values": [None] * 36, "limits": [], "outside": []}
    paper = county_paper(Source(content, source.scheme, source.stamp))
    text = _texts(paper)
    assert "万人成讼率数据待核：缺 9 月数据" in text
    assert "没有可画的月份。" in text
    assert [form for form in KINDS if made(paper, form)] == list(KINDS)


def test_an_old_report_without_annex_still_prints(source: Source) -> None:
    content = {key: value for key, value in source.content.items() if key != "annex"}
    paper = county_paper(Source(content, source.scheme, source.stamp))
    assert "办理指标" not in [section.sheet for section in paper.sections]
    assert made(paper, "pdf")


def test_long_names_and_signs_that_no_font_has(source: Source) -> None:
    about = source.content["about"] | {"name": "喀喇沁左翼蒙古族自治县\U00031234" * 6}
    paper = county_paper(_changed(source, about=about))
    for form in KINDS:
        assert made(paper, form)
    assert about["name"] in Document(io.BytesIO(made(paper, "docx"))).paragraphs[0].text


def test_overdue_matters_are_named_by_number(source: Source) -> None:
    late = {"count": 25, "numbers": ["LY-2026-001", "LY-2026-002"]}
    text = _texts(county_paper(_annex(source, overdue=late, red=3)))
    assert "超期未办结 25 件；红色未结 3 件" in text
    assert "LY-2026-001、LY-2026-002等。" in text


def test_the_office_that_a_type_belongs_to_is_suggested(source: Source) -> None:
    cluster = {"type": "migrant_wages", "name": "欠薪", "reported": 12, "places": ["南街"]}
    found = _annex(source, owners={"migrant_wages": ["凌源市人力资源和社会保障局"]})
    found.content["sources"] = [cluster]
    assert "凌源市人力资源和社会保障局" in _texts(county_paper(found))


def test_a_score_explains_itself(source: Source) -> None:
    line = {
        "code": "R_filed", "name": "万人成讼率", "method": "band", "weight": "20", "decision": "",
        "state": "withheld", "reason": "provisional", "points": None, "facts": None,
    }  # fmt: skip
    score = {"lines": [line], "extra": [], "points": None, "judged": "0", "of": "20"}
    text = _texts(county_paper(_changed(source, score=score)))
    assert "满分 20 分，其中 0 分可评" in text
    assert "数据待核：近月数据还会补报，暂定" in text


@pytest.mark.parametrize(
    ("text", "number"),
    [("66.6", 66.6), ("-3", -3), ("12", 12), ("1,000", None), ("—", None), ("1.2.3", None),
     ("=1+1", None), ("１２", None)],
)  # fmt: skip
def test_only_numbers_become_numbers(text: str, number: float | None) -> None:
    assert number_of(text) == number


def test_a_chart_stands_on_zero_and_above_everything() -> None:
    chart = Chart("甲", "件", ["1月", "2月"], [None, 6.6], [Bound(0, 1, 6.0, 5.0, 7.1)])
    assert chart.top >= 7.1
    assert chart.line("upper") == [7.1, 7.1]
    empty = Paper("甲", [], [Section("一", [Chart("甲", "件", [], [])])], "乙")
    assert [bool(made(empty, form)) for form in KINDS] == [True] * 3


def test_the_job_makes_what_is_lacking(worker: Session, run: AssessmentRun, owner: Session) -> None:
    owner.query(AssessmentSummary).delete()
    owner.commit()
    jobs.make(worker, NOON + timedelta(minutes=5), lambda done, whole: None)
    worker.commit()
    kept = owner.query(AssessmentSummary).all()
    assert len(kept) == 3
    assert len(list(shelf.shelf().glob("??/*"))) >= 18
    assert json.loads(kept[0].content)["about"]["level"] == "province"
