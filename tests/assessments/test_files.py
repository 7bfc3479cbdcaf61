"""What a county takes out as Word and Excel is complete by itself."""

import io
import json
from collections.abc import Callable
from typing import Any

from docx import Document
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import update
from sqlalchemy.orm import Session

from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.audit.models import AuditEvent

Client = Callable[[str], FlaskClient]


def _taken(client: FlaskClient, report: AssessmentReport, form: str) -> bytes:
    answer = client.post(f"/assessments/reports/{report.id}/{form}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.data)


def _words(data: bytes) -> str:
    made = Document(io.BytesIO(data))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


def _sheets(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: list(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names}


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
    ):
        assert part in text, part
    assert "演示数据" not in text


def test_excel_holds_the_same(client_of: Client, lingyuan: AssessmentReport) -> None:
    sheets = _sheets(_taken(client_of("zhou"), lingyuan, "xlsx"))
    assert list(sheets) == ["指标", "走势", "目标与来源", "数据质量", "口径", "封存"]
    text = str(sheets)
    assert lingyuan.seal in text
    assert "95% 区间" in text
    codes = [row[0] for row in sheets["口径"]]
    assert "万人成讼率" in codes
    assert sum("2025年" in str(row[0]) for row in sheets["走势"]) == 12


def test_demo_data_is_marked_in_both(
    owner: Session, client_of: Client, lingyuan: AssessmentReport
) -> None:
    owner.execute(update(AssessmentRun).values(demo=True))
    owner.commit()
    assert "演示数据" in _words(_taken(client_of("zhou"), lingyuan, "docx"))
    assert "演示数据" in str(_sheets(_taken(client_of("zhou"), lingyuan, "xlsx")))


def test_taking_it_out_is_logged(
    owner: Session, client_of: Client, lingyuan: AssessmentReport
) -> None:
    _taken(client_of("sheng"), lingyuan, "xlsx")
    row = owner.query(AuditEvent).filter_by(action="assessment:export").one()
    assert (row.object_id, row.facts) == (str(lingyuan.id), {"form": "xlsx"})
