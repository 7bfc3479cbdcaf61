"""A bulletin as a Word document, for the meeting."""

import io
from collections.abc import Sequence
from urllib.parse import quote

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Pt
from flask import make_response
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from yuantou.bulletins.presenting import Page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "宋体"


def word(page: Page) -> bytes:
    """The bulletin as a Word document: figures, definitions, what is missing, the chain's head."""
    made = Document()
    _set_font(made)
    made.add_heading(page.title, level=0)
    for text in opening(page):
        made.add_paragraph(text)
    made.add_heading(_("事项"), level=1)
    _table(made, (_("项目"), _("数目"), _("口径")), [
        (one.name, one.written, one.definition) for one in page.counts])  # fmt: skip
    made.add_heading(_("类型与变化"), level=1)
    made.add_paragraph(_("比较对象：%(base)s；变化为倍数，括号内为 95%% 区间。", base=page.base))
    _table(made, (_("类型"), _("本期"), _("平时"), _("倍数"), _("判断")), [
        (one.name, one.written, one.usual, f"{one.ratio}（{one.interval}）", one.words)
        for one in page.kinds])  # fmt: skip
    made.add_heading(_("指标"), level=1)
    _table(made, (_("指标"), _("数值"), _("95% 区间"), _("时段"), _("计算时间")), [
        (one.name, f"{one.value} {one.unit}" if one.value else one.missing, one.interval,
         one.months, one.computed) for one in page.lines])  # fmt: skip
    made.add_heading(_("口径"), level=1)
    rows = [(one.name, one.words["numerator"], one.words["denominator"], one.words["source"])
            for one in page.lines]  # fmt: skip
    _table(made, (_("指标"), _("分子"), _("分母"), _("来源")), rows)
    for text in (*page.missing, *closing(page)):
        made.add_paragraph(text)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def sent(made: bytes, page: Page) -> Response:
    """The file as an attachment."""
    name = quote(f"{page.title}{page.span}")
    response: Response = make_response(made)
    response.headers["Content-Type"] = WORD
    response.headers["Content-Disposition"] = (
        f"attachment; filename=bulletin.docx; filename*=UTF-8''{name}.docx"
    )
    return response


def opening(page: Page) -> list[str]:
    """Period, edition and age; whether it is provisional or was made late."""
    lines = [
        _(
            "%(span)s · 第 %(n)s 版 · 数字截至 %(at)s",
            span=page.span,
            n=page.row.edition,
            at=f"{page.as_of:%Y-%m-%d %H:%M}",
        ),
        _("少于 3 件的写作“<3”，能由此推算的写作“—”。不含姓名，不对个人和单位排名。"),
    ]
    if page.row.provisional:
        lines.append(_("暂计：有数据还没有报齐，报齐后出新版。"))
    if page.late:
        lines.append(_("停机后补做：在办、超期等存量按补做时计。"))
    return lines


def closing(page: Page) -> list[str]:
    """The head of the audit chain, so that a cut tail is seen."""
    if not page.row.audit_head:
        return []
    return [_("审计链头 %(head)s", head=page.row.audit_head)]


def _set_font(made: WordDocument) -> None:
    for style in ("Normal", "Title", "Heading 1"):
        made.styles[style].font.name = FONT
        made.styles[style].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    made.styles["Normal"].font.size = Pt(10.5)


def _table(made: WordDocument, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    if not rows:
        made.add_paragraph(_("本期没有。"))
        return
    table = made.add_table(rows=1, cols=len(head), style="Table Grid")
    for cells, texts in ((table.rows[0].cells, head), *((table.add_row().cells, r) for r in rows)):
        for cell, text in zip(cells, texts, strict=True):
            cell.text = text
