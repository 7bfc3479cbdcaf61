"""A paper as PDF: an embedded Chinese font, numbered pages, who made it on every one."""

import gc
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Self

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import FontFace, TTFFont
from pylopdf_fonts_zh_cn import sans_path

from yuantou.mediation.papers.catalogue import Block, Form
from yuantou.mediation.papers.filled import BLANK, Filled
from yuantou.mediation.papers.wordforms import signature_lines

FONT = "zh"
SIDE, TOP, BOTTOM = 22, 18, 20
WIDTH = 210 - 2 * SIDE
LABEL = 28
RULED = "＿" * 40
_PARTS = re.compile(r"[A-Za-z0-9.:/%+-]{1,40}|.")
_CLOSING = frozenset("，。、；：！？）》」』”’】〉")
LACKING = "〓"  # stands in Chinese print where a character is lacking
GREY, FAINT, INK, SHADE = 110, 228, 20, 242


class Sheet(FPDF):
    """A4 with a faint mark across, and a footer; `lacking` are characters the font has not."""

    def __init__(self, file_no: str, footer: str, font: str = "") -> None:
        super().__init__(format="A4")
        self.file_no, self.made = file_no, footer
        self.lacking: set[str] = set()
        self.add_font(FONT, fname=font or str(sans_path()))
        _keep_boxes(self)
        self.set_margins(SIDE, TOP)
        self.set_auto_page_break(True, BOTTOM)
        self.set_font(FONT, size=11)

    def __enter__(self) -> Self:
        """The sheet holds the file of its font open."""
        return self

    def __exit__(self, *_ended: object) -> None:
        """Let go of it."""
        _close_fonts(self)

    def header(self) -> None:
        """The mark across the page, then the number of the file."""
        self.set_text_color(FAINT)
        self.set_font(FONT, size=16)
        for height in (110, 220):
            with self.rotation(35, 40, height):
                self.text(40, height, self.known(self.made))
        self.set_text_color(GREY)
        self.set_font(FONT, size=9)
        line = self.known(f"卷号：{self.file_no}")
        self.cell(0, 6, line, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(INK)

    def footer(self) -> None:
        """Page of pages, who made it, what is lacking."""
        self.set_y(-14)
        self.set_text_color(GREY)
        self.set_font(FONT, size=8)
        self.cell(0, 4, self.known(self.made), align="L")
        self.set_x(self.l_margin)
        self.cell(0, 4, f"第 {self.page_no()} 页 共 {{nb}} 页", align="R")
        if self.lacking:
            codes = "、".join(f"U+{ord(sign):04X}" for sign in sorted(self.lacking))
            self.set_xy(self.l_margin, self.h - 10)
            self.cell(0, 4, f"{LACKING} 处的字字库里没有（{codes}），请手写补正")
        self.set_text_color(INK)

    def known(self, text: str) -> str:
        """`text` with a mark where the font lacks a character."""
        lacking = {sign for sign in text if not sign.isspace() and ord(sign) not in _signs()}
        self.lacking |= lacking
        for sign in lacking:
            text = text.replace(sign, LACKING)
        return text.replace("{nb}", "{ nb}")

    def say(self, text: str, size: float = 11, height: float = 6.5, align: str = "L") -> None:
        """Paragraphs over the whole width."""
        self.set_font(FONT, size=size)
        for paragraph in self.known(text).split("\n"):
            for line in self._lines(paragraph):
                self.cell(0, height, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _lines(self, text: str) -> Iterator[str]:
        """Lines that fit; a word stays whole, and no line begins with a closing sign."""
        line, used, room = "", 0.0, self.epw - 2 * self.c_margin
        for part in _PARTS.findall(text):
            wide = self.get_string_width(part)
            if line and used + wide > room and part not in _CLOSING:
                yield line
                line, used = "", 0.0
            line, used = line + part, used + wide
        yield line


def draw(form: Form, filled: Filled) -> bytes:
    """The paper as PDF."""
    made = _drawn(form, filled)
    gc.collect()  # the tables of a font hold each other: 16 MB a paper would wait for their turn
    return made


def _drawn(form: Form, filled: Filled) -> bytes:
    with Sheet(filled.of("file_no"), filled.footer) as sheet:
        sheet.set_title(form.name_zh)
        sheet.set_lang("zh-CN")
        sheet.add_page()
        sheet.say(form.name_zh, size=17, height=11, align="C")
        sheet.ln(2)
        for block in form.blocks:
            _block(sheet, block, filled)
        sheet.ln(3)
        for line in signature_lines(form):
            sheet.say(line, height=9)
        return bytes(sheet.output())


@cache
def _signs() -> frozenset[int]:
    """Every character of the font."""
    measured = FPDF()
    measured.add_font(FONT, fname=str(sans_path()))
    found: Any = measured.fonts[FONT]
    signs = frozenset(found.cmap)
    _close_fonts(measured)
    return signs


def _keep_boxes(document: FPDF) -> None:
    """The whole font's boxes hold for its subset too: measuring every glyph anew is a third of
    the work of a paper."""
    for font in document.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.recalcBBoxes = False


def _close_fonts(document: FPDF) -> None:
    for font in document.fonts.values():
        if isinstance(font, TTFFont):
            font.close()


def _block(sheet: Sheet, block: Block, filled: Filled) -> None:
    if block.rows:
        widths = (LABEL, WIDTH / 2 - LABEL, LABEL, WIDTH / 2 - LABEL)
        _table(sheet, [_cells(row, filled) for row in block.rows], widths, labels=True)
    if block.parties:
        head = [(label, 1) for label, _field in block.parties]
        people = [
            [(one[field].replace(BLANK, ""), 1) for _label, field in block.parties]
            for one in filled.people()
        ]
        _table(sheet, [head, *people], _widths([field for _label, field in block.parties]))
    if block.words:
        label, field = block.words
        sheet.ln(1.5)
        sheet.say(f"{label}：", size=10, height=6)
        written = filled.values.get(field) or "\n".join([RULED] * 3)
        sheet.say(written, height=7)
    if block.items:
        label, field = block.items
        sheet.ln(1.5)
        sheet.say(f"{label}：", size=10, height=6)
        for place, one in enumerate(filled.listed(field), start=1):
            sheet.say(f"{place}．{one}")
    for line in block.text:
        sheet.say(f"　　{line}", height=7)


def _cells(row: Sequence[tuple[str, str]], filled: Filled) -> list[tuple[str, int]]:
    wide = 3 if len(row) == 1 else 1
    return [cell for label, field in row for cell in ((label, 1), (filled.of(field), wide))]


_SHARES = {
    "side": 17,
    "gender": 8,
    "ethnicity": 10,
    "occupation": 16,
    "birth": 22,
    "phone": 24,
    "name": 20,
    "consent": 16,
}


def _widths(fields: Sequence[str]) -> tuple[float, ...]:
    """Narrow columns take what they need, the others share the rest."""
    shares = [_SHARES.get(field, 30) for field in fields]
    return tuple(WIDTH * share / sum(shares) for share in shares)


def _table(
    sheet: Sheet,
    rows: Sequence[Sequence[tuple[str, int]]],
    widths: Sequence[float],
    labels: bool = False,
) -> None:
    sheet.ln(1)
    sheet.set_font(FONT, size=9.5)
    shaded = FontFace(fill_color=SHADE)
    with sheet.table(
        col_widths=tuple(widths),
        width=WIDTH,
        line_height=6,
        padding=1,
        text_align="LEFT",
        wrapmode=WrapMode.CHAR,
        first_row_as_headings=not labels,
        headings_style=shaded,
    ) as table:
        for cells in rows:
            line = table.row()
            for place, (text, wide) in enumerate(cells):
                style = shaded if labels and place % 2 == 0 else None
                line.cell(sheet.known(text), colspan=wide, style=style)
    sheet.ln(1)
