"""A paper as PDF: embedded Chinese font, vector charts, the mark of a draft on every page."""

import gc
from collections.abc import Sequence

from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from yuantou.assessments.delivery.drawing import HEIGHT, draw_chart
from yuantou.assessments.delivery.leaves import Chart, Paper, Section, Table, Text
from yuantou.mediation.papers.printing import BOTTOM, FAINT, FONT, GREY, INK, SHADE, Sheet

SIDE = 18
LINE, HEAD_ROOM, LONG_MARK = 5.6, 26, 6


class Leaf(Sheet):
    """A sheet of the papers' look, with the name of the report above and its seal below."""

    def __init__(self, paper: Paper) -> None:
        super().__init__("", paper.footer)
        self.paper = paper
        self.set_margins(SIDE, 16)
        self.set_auto_page_break(True, BOTTOM)

    def header(self) -> None:
        """The mark of a draft across the page, and what paper this is."""
        if self.paper.mark:
            self._mark()
        self.set_text_color(GREY)
        self.set_font(FONT, size=8.5)
        self.cell(0, 5, self.known(self.paper.name), align="L")
        self.set_x(self.l_margin)
        self.cell(0, 5, self.known(self.paper.mark), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)
        self.set_text_color(INK)

    def _mark(self) -> None:
        self.set_text_color(FAINT)
        self.set_font(FONT, size=48 if len(self.paper.marks[0]) < LONG_MARK else 26)
        for height in (130, 240):
            with self.rotation(35, 40, height):
                self.text(50, height, self.known(self.paper.marks[0]))


def draw(paper: Paper) -> bytes:
    """The paper as PDF."""
    made = _drawn(paper)
    gc.collect()  # the tables of a font hold each other, megabytes a paper
    return made


def _drawn(paper: Paper) -> bytes:
    with Leaf(paper) as leaf:
        leaf.set_title(paper.title)
        leaf.set_lang("zh-CN")
        leaf.add_page()
        leaf.say(paper.title, size=18, height=11, align="C")
        for text in paper.lead:
            leaf.say(text, size=10, height=LINE, align="C")
        leaf.ln(2)
        for section in paper.sections:
            _section(leaf, section)
        _signature(leaf, paper.signature)
        return bytes(leaf.output())


def _section(leaf: Leaf, section: Section) -> None:
    charted = bool(section.parts) and isinstance(section.parts[0], Chart)
    if leaf.will_page_break(HEAD_ROOM + (HEIGHT if charted else 0)):
        leaf.add_page()
    leaf.ln(2)
    leaf.say(section.heading, size=12.5, height=8)
    for part in section.parts:
        if isinstance(part, Text):
            _text(leaf, part)
        elif isinstance(part, Table):
            _table(leaf, part)
        elif isinstance(part, Chart):
            draw_chart(leaf, part)


def _text(leaf: Leaf, part: Text) -> None:
    if part.style == "note":
        leaf.set_text_color(GREY)
        leaf.say(part.text, size=8.5, height=4.6)
        leaf.set_text_color(INK)
    else:
        leaf.say(f"· {part.text}" if part.style == "bullet" else part.text, size=10, height=LINE)


def _table(leaf: Leaf, part: Table) -> None:
    leaf.set_font(FONT, size=8.5)
    leaf.set_draw_color(GREY)
    with leaf.table(
        col_widths=part.widths,
        width=leaf.epw,
        line_height=4.4,
        padding=0.8,
        text_align="LEFT",
        wrapmode=WrapMode.CHAR,
        headings_style=FontFace(fill_color=SHADE),
    ) as table:
        for cells in (part.columns, *part.rows):
            line = table.row()
            for text in cells:
                line.cell(leaf.known(text))
    leaf.ln(1.5)


def _signature(leaf: Leaf, lines: Sequence[str]) -> None:
    if not lines:
        return
    if leaf.will_page_break(10 * len(lines) + 6):
        leaf.add_page()
    leaf.ln(4)
    for line in lines:
        leaf.say(line, size=11, height=9)
