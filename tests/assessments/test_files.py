"""What a county takes out as Word, PDF and Excel is complete by itself and says the same."""

import io
import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import update
from sqlalchemy.orm import Session

from yuantou.assessments.delivery.leaves import Paper
from yuantou.assessments.delivery.pdf import Leaf
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.audit.models import AuditEvent

Client = Callable[[str], FlaskClient]
SHEETS = [
    "摘要", "指标", "走势", "类型与案由", "办理指标", "超期与红色", "来源", "目标与上期",
    "数据质量", "口径", "封存",
]  # fmt: skip


def _taken(client: FlaskClient, report: AssessmentReport, form: str) -> bytes:
    answer = client.post(f"/assessments/reports/{report.id}/{form}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.data)


def _words(data: bytes) -> str:
    made = Document(io.BytesIO(data))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    head = [paragraph.text for paragraph in made.sections[0].header.paragraphs]
    return "\n".join([*head, *(paragraph.text for paragraph in made.paragraphs), *cells])


def _sheets(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: list(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Every text that goes into a PDF, whose bytes hold numbers of glyphs only.

    The shelf is empty: a file that was drawn for another test would say nothing.
    """
    monkeypatch.setenv("YUANTOU_FILES", str(tmp_path))
    texts: list[str] = []
    known = Leaf.known

    def noting(leaf: Leaf, text: str) -> str:
        texts.append(text)
        return known(leaf, text)

    monkeypatch.setattr(Leaf, "known", noting)
    return texts


def test_word_holds_figures_definitions_and_seal(
    client_of: Client, lingyuan: AssessmentReport
) -> None:
    text = _words(_taken(client_of("zhou"), lingyuan, "docx"))
    for part in (
        "凌源市源头预防化解评估",
        "示例方案，需主管部门确认",
        "95% 区间",
        json.loads(lingyuan.content)["indicators"][0]["definition"]["plain_zh"],
        "第 1 版，",
        "人口用 2020 年普查人口",
        lingyuan.seal,
        lingyuan.audit_head,
        "万人成讼率的年度目标：未设定",
        "拒绝调解占比",
        "不予立案投诉",
    ):
        assert part in text, part
    assert "演示数据" not in text
    assert "预览稿" not in text


def test_word_holds_a_chart_that_word_draws(client_of: Client, lingyuan: AssessmentReport) -> None:
    made = Document(io.BytesIO(_taken(client_of("zhou"), lingyuan, "docx")))
    charts = [part for part in made.part.package.iter_parts() if "/charts/" in part.partname]
    assert len(charts) == 1
    values = json.loads(lingyuan.content)["trend"]["values"]
    drawn = re.findall(r"<c:v>([0-9.]+)</c:v>", charts[0].blob.decode())
    assert [f"{float(value)!r}" for value in values] == drawn[: len(values)]


def test_excel_holds_the_same(client_of: Client, lingyuan: AssessmentReport) -> None:
    sheets = _sheets(_taken(client_of("zhou"), lingyuan, "xlsx"))
    assert list(sheets) == SHEETS
    text = str(sheets)
    assert lingyuan.seal in text
    assert "95% 区间" in text
    rows = {row[0]: row for row in sheets["指标"]}
    for one in json.loads(lingyuan.content)["indicators"]:
        assert rows[one["definition"]["name_zh"]][2] == float(one["own"]["value"])
    assert sum("25年" in str(row[0]) for row in sheets["走势"]) == 12


def test_pdf_holds_the_same(client_of: Client, lingyuan: AssessmentReport, said: list[str]) -> None:
    data = _taken(client_of("zhou"), lingyuan, "pdf")
    assert data.startswith(b"%PDF")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    drawn = b"".join(zlib.decompress(one) for one in streams if one.startswith(b"x\x9c"))
    assert drawn.count(b" l S") > 40  # the lines of the chart
    text = "\n".join(said)
    for one in json.loads(lingyuan.content)["indicators"]:
        own = one["own"]
        assert f"{own['low']}—{own['high']}" in text, one["code"]
    assert lingyuan.seal in text


def test_files_stay_chinese_for_a_reader_of_english(
    client_of: Client, lingyuan: AssessmentReport
) -> None:
    client = client_of("zhou")
    with client.session_transaction() as held:
        held["language"] = "en"
    assert "万人成讼率的年度目标：未设定" in _words(_taken(client, lingyuan, "docx"))


def test_demo_data_is_marked_in_all(
    owner: Session, client_of: Client, lingyuan: AssessmentReport, said: list[str]
) -> None:
    owner.execute(update(AssessmentRun).values(demo=True))
    owner.commit()
    assert "演示数据" in _words(_taken(client_of("zhou"), lingyuan, "docx"))
    assert "演示数据" in str(_sheets(_taken(client_of("zhou"), lingyuan, "xlsx")))
    _taken(client_of("zhou"), lingyuan, "pdf")
    assert any("演示数据" in text for text in said)


def test_taking_it_out_is_logged(
    owner: Session, client_of: Client, lingyuan: AssessmentReport
) -> None:
    _taken(client_of("sheng"), lingyuan, "xlsx")
    row = owner.query(AuditEvent).filter_by(action="assessment:export").one()
    assert (row.object_id, row.facts) == (str(lingyuan.id), {"form": "xlsx"})


def test_the_paper_is_a_plain_value() -> None:
    assert Paper("甲", [], [], "乙", marks=["丙", "丁"]).mark == "丙　丁"
