"""The office's own days as a table: out as they stand, in with every fault by its cell."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from yuantou.database.sheets import Row, Sheet, SheetError, TableLine, match_header, write_workbook
from yuantou.limits.forms import FIRST_YEAR, LAST_YEAR, LONGEST_SOURCE
from yuantou.limits.models import CalendarDay

MOST = 400
HEADER = {"日期": "day", "上班或放假": "worked", "依据": "source"}
COLUMNS = tuple(HEADER.values())
WORKED = {"上班": True, "班": True, "调休": True, "放假": False, "休": False, "休息": False}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass
class Line(TableLine):
    """One line, and the day that comes of it."""

    day: date | None = None

    @property
    def worked(self) -> bool:
        """Whether the day is worked, once the line is without fault."""
        return WORKED[self.cells["worked"]]


def workbook(own: Mapping[date, CalendarDay], day: date) -> bytes:
    """The days as they stand; edited, they can be read in again."""
    rows = [
        (row.day, "上班" if row.worked else "放假", row.source) for _, row in sorted(own.items())
    ]
    notes = [
        _("只写与国务院办公厅放假安排不同的日子，或者软件还不知道的年份；没写的日子不变。"),
        _("导出于 %(day)s。", day=day.isoformat()),
    ]
    sheet = Sheet(_("工作日历"), list(HEADER), rows, notes=notes, choices={1: ["上班", "放假"]})
    return write_workbook([sheet])


def judge(rows: Sequence[Row]) -> list[Line]:
    """Every line with its faults; SheetError when the table as a whole cannot be read."""
    places, body = match_header(rows, HEADER, set(COLUMNS))
    body = [row for row in body if len(row.cells) > 1]  # notes below the table stand in one cell
    if not body:
        raise SheetError(_("表头下面没有内容，请先填写"))
    if len(body) > MOST:
        raise SheetError(_("超过 %(n)s 行，请分成几个文件上传", n=MOST))
    return judge_lines([Line(row.line, _cells(row, places)) for row in body])


def judge_lines(lines: list[Line]) -> list[Line]:
    """Fill in days and faults."""
    for line in lines:
        line.day = _day(line)
        if line.cells["worked"] not in WORKED:
            line.faults["worked"] = _("请写“上班”或者“放假”")
        if not line.cells["source"]:
            line.faults["source"] = _("请写依据，例如哪个机关哪年哪月的通知")
        elif len(line.cells["source"]) > LONGEST_SOURCE:
            line.faults["source"] = _("最多 %(max)d 字", max=LONGEST_SOURCE)
    counted = Counter(line.day for line in lines if line.day)
    for line in lines:
        if line.day and counted[line.day] > 1:
            line.faults["day"] = _("这一天写了不止一行")
    return lines


def _day(line: Line) -> date | None:
    found = _DAY.fullmatch(line.cells["day"])
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        line.faults["day"] = _("日期请写成年月日，例如 2026-11-03")
    elif not FIRST_YEAR <= day.year <= LAST_YEAR:
        line.faults["day"] = _("年份不对，请核对")
    return day


def _cells(row: Row, places: Mapping[str, int]) -> dict[str, str]:
    return {
        name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()
    }
