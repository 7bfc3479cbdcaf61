"""A paper as a workbook: a sheet for each section, numbers as numbers, native charts."""

import io
from typing import Any

import xlsxwriter

from yuantou.assessments.delivery.leaves import Chart, Paper, Section, Table, Text
from yuantou.database.sheets import clean

LONGEST_NAME, WIDEST = 31, 60
LINES = ("每月数", "均值（自身基线）", "波动下界", "波动上界")
STYLES = (
    {"color": "#000000", "width": 2},
    {"color": "#444444", "width": 1.25, "dash_type": "long_dash"},
    {"color": "#777777", "width": 1, "dash_type": "square_dot"},
    {"color": "#777777", "width": 1, "dash_type": "square_dot"},
)


def workbook(paper: Paper) -> bytes:
    """The paper as XLSX; nothing in it becomes a formula or a link."""
    held = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, {"in_memory": True, **safe}) as book:
        forms = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E6E6E6",
                                     "border": 1, "valign": "top"}),
            "cell": book.add_format({"text_wrap": True, "border": 1, "valign": "top"}),
            "note": book.add_format({"font_color": "#566467"}),
            "mark": book.add_format({"bold": True, "font_color": "#7A1F1F"}),
        }  # fmt: skip
        sheets: dict[str, _Leaf] = {}
        for section in paper.sections:
            name = (section.sheet or section.heading)[:LONGEST_NAME]
            if name not in sheets:
                sheets[name] = _Leaf(book, book.add_worksheet(name), forms)
                sheets[name].head(paper)
            sheets[name].section(section)
        for sheet in sheets.values():
            sheet.foot(paper)
    return held.getvalue()


class _Leaf:
    """One sheet and the line that is written next."""

    def __init__(self, book: Any, page: Any, forms: dict[str, Any]) -> None:
        self.book, self.page, self.forms = book, page, forms
        self.line = 0
        self.widths: dict[int, int] = {}

    def head(self, paper: Paper) -> None:
        """The name of the paper, its mark, and what it speaks of."""
        self._say(paper.title, "title")
        if paper.mark:
            self._say(paper.mark, "mark")
        for text in paper.lead:
            self._say(text, "note")
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.set_footer(f"&L{paper.footer[:200].replace('&', '&&')}&R&P / &N")
        self.page.set_header(f"&C{paper.mark[:120].replace('&', '&&')}")

    def section(self, section: Section) -> None:
        """Its heading and parts, one below the other."""
        self.line += 1
        self._say(section.heading, "title")
        for part in section.parts:
            if isinstance(part, Text):
                self._say(part.text, "note" if part.style == "note" else None)
            elif isinstance(part, Table):
                self._table(part)
            elif isinstance(part, Chart):
                self._chart(part)

    def foot(self, paper: Paper) -> None:
        """Who signs, and the seal."""
        self.line += 1
        self._say(paper.footer, "note")
        for column, width in self.widths.items():
            self.page.set_column(column, column, min(max(width + 2, 10), WIDEST))

    def _say(self, text: str, form: str | None = None) -> None:
        self.page.write_string(self.line, 0, clean(text), self.forms[form] if form else None)
        self.line += 1

    def _table(self, part: Table) -> None:
        self._row(part.columns, "head")
        for row in part.rows:
            self._row(row, "cell")
        self.line += 1

    def _row(self, cells: Any, form: str) -> None:
        for column, text in enumerate(cells):
            number = number_of(text) if form == "cell" else None
            if number is None:
                self.page.write_string(self.line, column, clean(str(text)), self.forms[form])
            else:
                self.page.write_number(self.line, column, number, self.forms[form])
            wide = sum(2 if ord(sign) > 0x2E80 else 1 for sign in str(text))
            self.widths[column] = max(self.widths.get(column, 0), wide)
        self.line += 1

    def _chart(self, part: Chart) -> None:
        first = self.line + 1
        self._row(["月份", *LINES], "head")
        columns = (part.values, *(part.line(name) for name in ("mean", "lower", "upper")))
        for label, *values in zip(part.labels, *columns, strict=True):
            self._row([label, *("" if value is None else repr(value) for value in values)], "cell")
        chart = self.book.add_chart({"type": "line"})
        sheet = self.page.get_name()
        for place, (name, style) in enumerate(zip(LINES, STYLES, strict=True), start=1):
            marker = {"type": "circle", "size": 4, "fill": {"color": "black"}}
            chart.add_series({
                "name": name,
                "categories": [sheet, first, 0, self.line - 1, 0],
                "values": [sheet, first, place, self.line - 1, place],
                "line": style,
                "marker": marker if place == 1 else {"type": "none"},
            })  # fmt: skip
        chart.set_title({"name": f"{part.title}（{part.unit}）", "name_font": {"size": 11}})
        chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True,
                                                        "line": {"color": "#D9D9D9"}}})  # fmt: skip
        chart.set_legend({"position": "bottom"})
        chart.show_blanks_as("gap")
        chart.set_size({"width": 780, "height": 330})
        self.page.insert_chart(first, len(LINES) + 2, chart)
        self.line += 1


def number_of(text: str) -> float | int | None:
    """The number that a cell is, None for anything else."""
    plain = str(text)
    if not plain.isascii() or not plain.removeprefix("-").replace(".", "", 1).isdigit():
        return None
    return float(plain) if "." in plain else int(plain)
