"""A paper as Word: styles for Chinese print, native charts, the mark of a draft in the header."""

import io
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as PackagePart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from yuantou.assessments.delivery.footnotes import Footnotes
from yuantou.assessments.delivery.leaves import Chart, Paper, Section, Table, Text
from yuantou.assessments.delivery.wordxml import chart_drawing, chart_space, mark_shape, table_xml

FONT, HEADING = "宋体", "黑体"
GREY = RGBColor(0x66, 0x66, 0x66)
STYLES = {"bullet": "List Bullet"}


def word(paper: Paper) -> bytes:
    """The paper as DOCX."""
    made = Document()
    _prepare(made, paper)
    notes = Footnotes(made)
    made.add_heading(paper.title, level=0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in paper.lead:
        made.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for section in paper.sections:
        _section(made, section, notes)
    for line in paper.signature:
        made.add_paragraph(line).paragraph_format.space_before = Pt(12)
    notes.keep()
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _section(made: WordDocument, section: Section, notes: Footnotes) -> None:
    made.add_heading(section.heading, level=1)
    for part in section.parts:
        if isinstance(part, Text):
            _text(made, part, notes)
        elif isinstance(part, Table):
            _table(made, part)
        elif isinstance(part, Chart):
            _chart(made, part)


def _text(made: WordDocument, part: Text, notes: Footnotes) -> None:
    paragraph = made.add_paragraph(style=STYLES.get(part.style))
    notes.write(paragraph, part.text)
    if part.style == "note":
        for run in paragraph.runs:
            run.font.size, run.font.color.rgb = Pt(9), GREY


def _table(made: WordDocument, part: Table) -> None:
    body: Any = made.element.body
    body.insert(len(body) - 1, parse_xml(table_xml(part)))
    made.add_paragraph().paragraph_format.space_after = Pt(2)


def _chart(made: WordDocument, part: Chart) -> None:
    number = 1 + sum(each.reltype == RELATIONSHIP_TYPE.CHART for each in made.part.rels.values())
    kept = PackagePart(
        PackURI(f"/word/charts/chart{number}.xml"),
        CONTENT_TYPE.DML_CHART,
        chart_space(part).encode(),
        made.part.package,
    )
    link = made.part.relate_to(kept, RELATIONSHIP_TYPE.CHART)
    run: Any = made.add_paragraph().add_run()
    run._r.append(parse_xml(chart_drawing(link, number, part.title)))


def _prepare(made: WordDocument, paper: Paper) -> None:
    made.core_properties.title = paper.title
    made.core_properties.author = ""
    made.core_properties.comments = ""
    for name, font, size in (
        ("Normal", FONT, 10.5), ("Title", HEADING, 18), ("Heading 1", HEADING, 13),
    ):  # fmt: skip
        style = made.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    head = page.header.paragraphs[0]
    _small(head, "　".join(filter(None, (paper.name, paper.mark))))
    if paper.marks:
        run: Any = head.add_run()
        run._r.append(parse_xml(mark_shape(paper.marks[0])))
    foot = page.footer.paragraphs[0]
    _small(foot, f"{paper.footer}　第 ")
    _field(foot, "PAGE")
    _small(foot, " 页 共 ")
    _field(foot, "NUMPAGES")
    _small(foot, " 页")


def _small(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8), GREY


def _field(paragraph: Any, name: str) -> None:
    paragraph._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:rPr><w:sz w:val="16"/></w:rPr>'
            "<w:t>1</w:t></w:r></w:fldSimple>"
        )
    )
