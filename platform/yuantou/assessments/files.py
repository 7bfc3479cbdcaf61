"""A sealed report as Word and as Excel, with definitions, intervals, notes and the seal in it."""

import io
import json
from urllib.parse import quote

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Pt
from flask import make_response
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.pages import moment
from yuantou.assessments.presenting import Line, Report, month
from yuantou.database.sheets import Sheet, write_workbook

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FONT = "宋体"


def word(kept: AssessmentReport, run: AssessmentRun) -> bytes:
    """The report as a Word document."""
    report, made = Report(json.loads(kept.content)), Document()
    _set_font(made)
    made.add_heading(report.title, level=0)
    for text in _opening(report, kept, run):
        made.add_paragraph(text)
    made.add_heading(_("指标"), level=1)
    _add_table(made, _columns(), [_cells(line) for line in report.lines])
    made.add_paragraph(_judged())
    made.add_heading(_("每月走势"), level=1)
    made.add_paragraph(report.conclusion)
    _add_table(made, [_("月份"), _trend_title(report)], _months(report))
    made.add_heading(_("年度目标进度"), level=1)
    for text in _progress(report):
        made.add_paragraph(text)
    made.add_heading(_("三个最大来源"), level=1)
    for text in _sources(report) or [_("没有三件以上的来源。")]:
        made.add_paragraph(text)
    made.add_heading(_("数据质量说明"), level=1)
    for note in report.notes:
        made.add_paragraph(note.text, style="List Bullet")
    made.add_heading(_("口径"), level=1)
    _add_table(made, _definition_columns(), [_definition(line) for line in report.lines])
    made.add_heading(_("封存"), level=1)
    for text in _seal(kept, run, report):
        made.add_paragraph(text)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def workbook(kept: AssessmentReport, run: AssessmentRun) -> bytes:
    """The report as a workbook: indicators, months, definitions, notes and seal."""
    report = Report(json.loads(kept.content))
    opening = _opening(report, kept, run)
    months = [
        (title, float(value) if _is_number(value) else value) for title, value in _months(report)
    ]
    notes = [[note.text] for note in report.notes]
    return write_workbook(
        [
            Sheet(
                _("指标"), _columns(), [_cells(one) for one in report.lines], [*opening, _judged()]
            ),
            Sheet(_("走势"), [_("月份"), _trend_title(report)], months, [report.conclusion]),
            Sheet(
                _("目标与来源"), [_("内容")], [[t] for t in _progress(report) + _sources(report)]
            ),
            Sheet(_("数据质量"), [_("说明")], notes),
            Sheet(_("口径"), _definition_columns(), [_definition(one) for one in report.lines]),
            Sheet(_("封存"), [_("内容")], [[text] for text in _seal(kept, run, report)]),
        ],
        footer_lines=_seal(kept, run, report)[:2],
    )


def name_of(kept: AssessmentReport) -> str:
    """The name of the file without its ending."""
    name = json.loads(kept.content)["about"]["name"]
    return _("%(name)s评估%(period)s", name=name, period=f"{kept.period_end:%Y-%m}")


def sent(made: bytes, name: str, form: str) -> Response:
    """The file as an attachment."""
    response: Response = make_response(made)
    response.headers["Content-Type"] = KINDS[form]
    response.headers["Content-Disposition"] = (
        f"attachment; filename=assessment.{form}; filename*=UTF-8''{quote(name)}.{form}"
    )
    return response


def _opening(report: Report, kept: AssessmentReport, run: AssessmentRun) -> list[str]:
    scheme = json.loads(kept.inputs)["scheme"]
    lines = [_("演示数据，不得作为工作依据")] if run.demo else []
    line = report.headline
    return [
        *lines,
        _(
            "%(issue)s · %(period)s · 方案 %(name)s 第 %(version)s 版（%(note)s） · 本报告不排名",
            issue=report.issue,
            period=report.period,
            name=scheme["name_zh"],
            version=scheme["version"],
            note=scheme["note_zh"],
        ),
        _("%(name)s：%(value)s", name=line.name, value=_headline(line)),
        report.compare if line.own else line.why,
    ]


def _headline(line: Line) -> str:
    if line.own is None:
        return _("数据待核")
    return _(
        "%(value)s %(unit)s，95%% 区间 %(interval)s（%(basis)s）",
        value=line.own,
        unit=line.unit,
        interval=line.interval,
        basis=line.basis,
    )


def _columns() -> list[str]:
    return [
        _("指标"),
        _("单位"),
        _("本期"),
        _("95% 区间"),
        _("自身基线"),
        _("全市均值"),
        _("全省均值"),
        _("目标"),
        _("判断"),
        _("计算"),
    ]


def _cells(line: Line) -> list[str]:
    return [
        line.name,
        line.unit,
        line.own if line.own is not None else _("数据待核"),
        line.interval,
        f"{line.baseline}（{line.baseline_note}）",
        line.city,
        line.province,
        line.target,
        line.verdict_label,
        line.why or line.basis,
    ]


def _judged() -> str:
    return _(
        "判断：本期与自身基线的 95% 区间不相交，才写“偏离基线”。均值由数据齐全的县区合计得出。"
    )


def _trend_title(report: Report) -> str:
    return f"{report.headline.name}（{report.headline.unit}）"


def _months(report: Report) -> list[list[str]]:
    trend = report.content["trend"]
    return [
        [month(each), value if value is not None else _("数据不足")]
        for each, value in zip(trend["months"], trend["values"], strict=True)
    ]


def _progress(report: Report) -> list[str]:
    found = report.content["progress"]
    passed = {"share": found["passed"], "days": found["days"], "of": found["of"]}
    texts = [_("时间已过 %(share)s%%（%(days)s / %(of)s 天）", **passed)]
    if not found["target"]:
        return [*texts, _("%(name)s的年度目标：未设定", name=report.headline.name)]
    if found["used"]:
        words = {
            "share": found["used"],
            "own": report.headline.own,
            "aim": found["target"]["value"],
        }
        texts.append(_("已用控制值 %(share)s%%（%(own)s / %(aim)s）", **words))
    return [*texts, report.target_source(found["target"])]


def _sources(report: Report) -> list[str]:
    return [
        _(
            "%(name)s：%(count)s 件（%(places)s）",
            name=one["name"],
            count=one["reported"],
            places="、".join(one["places"]) or "—",
        )
        for one in report.content["sources"]
    ]


def _definition_columns() -> list[str]:
    return [_("指标"), _("口径"), _("分子"), _("分母"), _("不含"), _("来源"), _("版次")]


def _definition(line: Line) -> list[str]:
    words = line.definition
    return [
        line.name,
        words["plain_zh"],
        words["numerator_zh"],
        words["denominator_zh"],
        words["exclusions_zh"],
        words["source"],
        _("第 %(n)s 版，%(day)s 起", n=words["version"], day=words["valid_from"]),
    ]


def _seal(kept: AssessmentReport, run: AssessmentRun, report: Report) -> list[str]:
    at = moment(kept.sealed_at)
    return [
        _("封存于 %(at)s，第 %(n)s 版", at=at, n=run.edition),
        f"{kept.algorithm.upper()} {kept.seal}",
        _("审计链头 %(head)s", head=kept.audit_head),
        _("取整：%(rule)s", rule=report.content["rounding"]),
        _("程序版本 %(version)s", version=kept.code_version),
        _("数据截至 %(day)s", day=report.as_of),
    ]


def _set_font(made: WordDocument) -> None:
    for style in ("Normal", "Title", "Heading 1"):
        font = made.styles[style].font
        font.name = FONT
        made.styles[style].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    made.styles["Normal"].font.size = Pt(10.5)


def _add_table(made: WordDocument, columns: list[str], rows: list[list[str]]) -> None:
    table = made.add_table(rows=1, cols=len(columns), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, columns, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
