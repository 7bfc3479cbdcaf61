"""Word forms: the one that an office starts from, and filling one that may not be trusted.

A form may name known fields, repeat over known lists and ask whether something is there; anything
else is refused when it is read, not when it runs.
"""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docxtpl import DocxTemplate
from flask_babel import gettext as _
from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from yuantou.mediation.papers.catalogue import Block, Form, read
from yuantou.mediation.papers.filled import FIELDS, LISTS, PARTY_FIELDS, Filled

FONT, HEAD_FONT = "宋体", "黑体"
NAMES = frozenset({*FIELDS, *LISTS, "parties"})
LOOPED = frozenset({*LISTS, "parties"})
MOST_DEEP = 2
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
)
_LOOP = frozenset({"index", "first", "last"})


class FormRefusedError(Exception):
    """Why a Word form is not taken; `message` is for who made it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PlainForms(ImmutableSandboxedEnvironment):
    """Reads forms that name fields and repeat over lists, and nothing else."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _judge(tree, NAMES, 0)
        return tree


def fill(form: bytes, filled: Filled) -> bytes:
    """A Word form filled, with the line that says who made it in its footer."""
    try:
        document = DocxTemplate(io.BytesIO(form))
        document.render(filled.context(), PlainForms(autoescape=True), autoescape=True)
    except TemplateError as fault:
        raise FormRefusedError(_("填写位置的写法不对：%(why)s", why=str(fault))) from fault
    _sign_footers(document.docx, filled.footer)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


@cache
def shipped(code: str) -> bytes:
    """The Word form that the product brings, drawn from the catalogue."""
    form, document = read().forms[code], Document()
    _set_page(document)
    _paragraph(document, form.name_zh, size=18, font=HEAD_FONT, align=WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(document, "卷号：{{ file_no }}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    for block in form.blocks:
        _draw(document, block)
    for line in signature_lines(form):
        _paragraph(document, line, before=6)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def signature_lines(form: Form) -> Iterator[str]:
    """A line to sign on for each side."""
    sides = read().sides
    for code in form.signers:
        how = "" if code == "committee" else "（签名、盖章或者按指印）"
        yield f"{sides[code]}{how}：＿＿＿＿＿＿＿＿　　＿＿＿＿年＿＿月＿＿日"


def _judge(node: nodes.Node, names: frozenset[str], deep: int) -> None:
    """Refuse whatever is not on the short list of what a form may say."""
    if not isinstance(node, _PLAIN):
        raise FormRefusedError(_("模板里只能写字段、循环和“有没有”的判断"))
    if isinstance(node, nodes.Name):
        if node.name not in names:
            raise FormRefusedError(_("模板里的“%(name)s”不是已知的字段", name=node.name))
    elif isinstance(node, nodes.Getattr):
        _judge_part(node, names)
    elif isinstance(node, nodes.For):
        _judge_loop(node, names, deep)
    else:
        for child in node.iter_child_nodes():
            _judge(child, names, deep)


def _judge_part(node: nodes.Getattr, names: frozenset[str]) -> None:
    owner = node.node
    known = _LOOP if isinstance(owner, nodes.Name) and owner.name == "loop" else PARTY_FIELDS
    looped = isinstance(owner, nodes.Name) and owner.name in names - NAMES
    if not looped or node.attr not in known:
        raise FormRefusedError(_("模板里的“%(name)s”不是已知的字段", name=node.attr))


def _judge_loop(node: nodes.For, names: frozenset[str], deep: int) -> None:
    over, target = node.iter, node.target
    plain = isinstance(over, nodes.Name) and over.name in LOOPED
    if (
        deep >= MOST_DEEP
        or not plain
        or not isinstance(target, nodes.Name)
        or target.name in NAMES
        or node.recursive
        or node.test
    ):
        raise FormRefusedError(_("循环只能对当事人和途径逐个进行，最多两层"))
    inner = names | {target.name, "loop"}
    for child in (*node.body, *node.else_):
        _judge(child, inner, deep + 1)


def _sign_footers(document: Any, line: str) -> None:
    for place, section in enumerate(document.sections):
        footers = [section.footer]
        if section.different_first_page_header_footer:
            footers.append(section.first_page_footer)
        for footer in footers:
            if place == 0 or not footer.is_linked_to_previous:
                _write(footer.add_paragraph(), line, 8, FONT)


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.2)
    document.core_properties.author = ""
    document.core_properties.comments = ""


def _draw(document: Any, block: Block) -> None:
    if block.rows:
        _rows(document, block)
    if block.parties:
        _parties(document, block)
    if block.words:
        label, field = block.words
        _paragraph(document, f"{label}：", font=HEAD_FONT, before=6)
        _paragraph(document, f"{{{{ {field} }}}}")
    if block.items:
        label, field = block.items
        _paragraph(document, f"{label}：", font=HEAD_FONT, before=6)
        _paragraph(document, f"{{%p for one in {field} %}}")
        _paragraph(document, "{{ loop.index }}．{{ one }}")
        _paragraph(document, "{%p endfor %}")
    for line in block.text:
        _paragraph(document, f"　　{line}")


def _rows(document: Any, block: Block) -> None:
    table = document.add_table(rows=len(block.rows), cols=4, style="Table Grid")
    for cells, row in zip(table.rows, block.rows, strict=True):
        for place, (label, field) in enumerate(row):
            _cell(cells.cells[place * 2], label, HEAD_FONT)
            value = cells.cells[place * 2 + 1]
            _cell(value.merge(cells.cells[3]) if len(row) == 1 else value, f"{{{{ {field} }}}}")
    _paragraph(document, "", size=6)


def _parties(document: Any, block: Block) -> None:
    table = document.add_table(rows=4, cols=len(block.parties), style="Table Grid")
    head, opening, line, closing = table.rows
    _cell(opening.cells[0], "{%tr for party in parties %}")
    _cell(closing.cells[0], "{%tr endfor %}")
    for place, (label, field) in enumerate(block.parties):
        _cell(head.cells[place], label, HEAD_FONT)
        _cell(line.cells[place], f"{{{{ party.{field} }}}}", size=9)
    _paragraph(document, "", size=6)


def _cell(cell: Any, text: str, font: str = FONT, size: float = 10.5) -> None:
    _write(cell.paragraphs[0], text, size, font)


def _paragraph(
    document: Any,
    text: str,
    size: float = 11,
    font: str = FONT,
    align: Any = None,
    before: float = 0,
) -> None:
    made = document.add_paragraph()
    made.paragraph_format.space_before = Pt(before)
    made.paragraph_format.space_after = Pt(3)
    made.alignment = align
    _write(made, text, size, font)


def _write(paragraph: Any, text: str, size: float, font: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
