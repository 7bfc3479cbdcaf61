"""A paper of this room as Word and as PDF: headings, texts and tables, in Chinese print."""

import gc
import io
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from flask import make_response
from flask_babel import gettext as _
from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import FontFace
from werkzeug.wrappers import Response

from yuantou.calendar.clock import now
from yuantou.mediation.papers.printing import FONT, GREY, INK, SHADE, Sheet

SONG = "宋体"
KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True)
class Part:
    """A heading with paragraphs, or with a table under it."""

    title: str
    words: str = ""
    head: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()


@dataclass(frozen=True)
class Paper:
    """What is printed; `closing` stands at the right below."""

    title: str
    number: str
    parts: Sequence[Part]
    closing: str


def text(title: str, words: str) -> Part:
    """A heading with what stands under it."""
    return Part(title, words)


def table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Part:
    """A heading with a table."""
    return Part(title, "", head, rows)


def sent(paper: Paper, form: str, name: str) -> Response:
    """The file as an attachment."""
    made: Response = make_response(word(paper) if form == "docx" else pdf(paper))
    made.headers["Content-Type"] = KINDS[form]
    made.headers["Content-Disposition"] = (
        f"attachment; filename=paper.{form}; filename*=UTF-8''{quote(name, safe='')}.{form}"
    )
    return made


def word(paper: Paper) -> bytes:
    """As a Word document that can be edited."""
    made = Document()
    for style in ("Normal", "Title", "Heading 1"):
        made.styles[style].font.name = SONG
        made.styles[style].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    made.styles["Normal"].font.size = Pt(12)
    made.add_heading(paper.title, level=0)
    if paper.number:
        made.add_paragraph(paper.number).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in paper.parts:
        made.add_heading(part.title, level=1)
        for paragraph in filter(None, part.words.split("\n")):
            made.add_paragraph(paragraph)
        if part.head:
            _word_table(made, part)
    for line in filter(None, paper.closing.split("\n")):
        made.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def pdf(paper: Paper) -> bytes:
    """As PDF with numbered pages."""
    with _Page(paper.number, _("生成于 %(at)s", at=f"{now():%Y-%m-%d %H:%M}")) as sheet:
        sheet.set_title(paper.title)
        sheet.set_lang("zh-CN")
        sheet.add_page()
        sheet.say(paper.title, size=17, height=11, align="C")
        if paper.number:
            sheet.say(paper.number, align="C")
        for part in paper.parts:
            sheet.ln(2)
            sheet.say(part.title, size=13, height=9)
            if part.words:
                sheet.say(part.words)
            if part.head:
                _pdf_table(sheet, part)
        sheet.ln(6)
        sheet.say(paper.closing, align="R")
        made = bytes(sheet.output())
    gc.collect()  # the tables of a font hold each other: 16 MB a paper would wait for their turn
    return made


class _Page(Sheet):
    """A sheet without the mark across: what is sent carries its number alone."""

    def header(self) -> None:
        """The number of the paper."""
        self.set_text_color(GREY)
        self.set_font(FONT, size=9)
        line = self.known(self.file_no)
        self.cell(0, 6, line, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(INK)


def _pdf_table(sheet: Sheet, part: Part) -> None:
    if not part.rows:
        sheet.say(_("没有。"))
        return
    sheet.set_font(FONT, size=10)
    shaded = FontFace(fill_color=SHADE)
    with sheet.table(
        text_align="LEFT", line_height=6, padding=1, wrapmode=WrapMode.CHAR, headings_style=shaded
    ) as drawn:
        for cells in (part.head, *part.rows):
            row = drawn.row()
            for cell in cells:
                row.cell(sheet.known(cell))


def _word_table(made: WordDocument, part: Part) -> None:
    if not part.rows:
        made.add_paragraph(_("没有。"))
        return
    drawn = made.add_table(rows=1, cols=len(part.head), style="Table Grid")
    for place, cells in enumerate((part.head, *part.rows)):
        row = drawn.rows[0] if not place else drawn.add_row()
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
