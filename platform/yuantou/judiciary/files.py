"""Counts as files: lines of an upload as entries, the template, a court's counts to take away."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import gettext as _

from yuantou.database.sheets import Row, Sheet, column_letter, match_header, write_workbook
from yuantou.judiciary.columns import (
    BASES,
    CAUSE,
    EXAMPLE_CAUSES,
    MEASURES,
    REGIMES,
    REQUIRED,
    TITLES,
    TOWNSHIP,
)
from yuantou.judiciary.counting import Entry
from yuantou.judiciary.models import CourtCount
from yuantou.territory.models import Court

HEAD = (
    "法院名称",
    "月份",
    "制度",
    "口径",
    *(measure.title for measure in MEASURES),
    "更正说明",
    *(f"{CAUSE}{cause}" for cause in EXAMPLE_CAUSES),
)


def entries_of(rows: Sequence[Row]) -> list[Entry]:
    """Entries of a file's lines; SheetError when its header is not ours."""
    places, body = match_header(rows, TITLES, REQUIRED, prefixes=(CAUSE, TOWNSHIP))
    letters = {key: column_letter(index) for key, index in places.items()}
    return [
        Entry(
            {key: row.cells[index] for key, index in places.items() if index < len(row.cells)},
            row.line,
            letters,
        )
        for row in body
    ]


def template(courts: Sequence[Court], months: Sequence[date]) -> bytes:
    """A workbook to fill in: a line for every court and month, choices offered, notes beside."""
    rows = [[court.name, f"{month:%Y-%m}"] for court in courts for month in months]
    choices = {
        HEAD.index("制度"): [str(label) for label in REGIMES.values()],
        HEAD.index("口径"): [str(label) for label in BASES.values()],
    }
    notes = [[line] for line in template_notes()]
    return write_workbook(
        [
            Sheet(_("收案月报"), HEAD, rows, choices=choices),
            Sheet(_("填报说明"), (_("填报说明"),), notes),
            Sheet(
                _("法院名册"), (_("法院名称"), _("法院代码")), [[c.name, c.code] for c in courts]
            ),
        ]
    )


def template_csv(courts: Sequence[Court], months: Sequence[date]) -> bytes:
    """The same header as a CSV that Excel opens without guessing."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow(HEAD)
    writer.writerows([court.name, f"{month:%Y-%m}"] for court in courts for month in months)
    return held.getvalue().encode("utf-8-sig")


def template_notes() -> list[str]:
    """How to fill the template, one line a rule."""
    return [
        _("一行是一个法院的一个月；几个法院、几个月可以写在同一份文件里，往年补报也一样。"),
        _("只填数字。没有案件填 0；数字还不知道就留空，系统记为“缺”，不会当作 0。"),
        _("民事一审新收、行政一审新收必须填；月份写成 2025-01。"),
        _("制度：2024 年及以前是诉前调解，2025 年起是先立案后调解；留空时按月份判断。"),
        _("口径：2025 年起必填，写明民事一审新收“含”或“不含”先行调解成功的案件。"),
        _("先行调解只填 2025 年起的月份，诉前调解只填 2024 年及以前的月份。"),
        _("案由：表头写成“案由：某某纠纷”，可增减；填了就要与民事一审新收完全相等。"),
        _("乡镇：表头写成“乡镇：某某镇”，同时加一列“归属方式”；合计不得多于民事一审新收。"),
        _("已发布的月份要改，填“更正说明”；原来的数保留，更正另记一版。"),
        _("不要合并单元格，不要写公式；另存为 .xlsx，或 UTF-8、GBK 的 .csv。"),
        _("特别程序（含司法确认）单独统计，不进万人成讼率。"),
    ]


def counts_workbook(court: Court, rows: Iterable[CourtCount]) -> bytes:
    """Released counts as a workbook with the columns of the template, revision and release day."""
    kept = list(rows)
    head = ("法院名称", "月份", "制度", "口径", *(m.title for m in MEASURES), "版次", "发布日期")
    notes = [_("空白是缺数，不是 0。特别程序不进万人成讼率。")]
    if any(row.demo for row in kept):
        notes.append(_("演示数据，不是真实统计"))
    sheet = Sheet(_("收案月报"), head, [_line(court.name, row) for row in kept])
    return write_workbook([sheet], footer_lines=notes)


def _line(court: str, row: CourtCount) -> list[object]:
    return [
        court,
        f"{row.month:%Y-%m}",
        str(REGIMES.get(row.regime, row.regime)),
        str(BASES.get(row.basis, row.basis)),
        *(getattr(row, measure.key) for measure in MEASURES),
        row.revision,
        row.released_at.date() if row.released_at else None,
    ]
