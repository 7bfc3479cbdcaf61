"""Taking a register away: one workbook, marked with who took it and when, one audit row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.database.sheets import Sheet, write_workbook
from yuantou.exchange.registers import items, queries
from yuantou.exchange.registers.columns import read
from yuantou.exchange.registers.counting import Cell, fill
from yuantou.indicators.periods import shift

MOST_ITEMS = 20_000


@dataclass(frozen=True)
class TooManyItemsError(Exception):
    """More matters in the month than one workbook may hold."""

    most: int = MOST_ITEMS


@dataclass(frozen=True)
class Monthly:
    """The monthly sheet: headings, rows by agency, and the row of all."""

    headings: list[str]
    rows: list[list[Cell]]
    total: list[Cell]


def monthly(session: Session, *, month: date) -> Monthly:
    """The sheet of the viewer's area (of his unit, where he answers for no area) for `month`."""
    registers = read()
    matters = queries.ended_in(session, registers, month, shift(month, 1))
    *rows, total = fill(registers, matters, _("合计"))
    return Monthly([column.heading for column in registers.monthly], rows, total)


def take_monthly(session: Session, *, by: Viewer, month: date, now: datetime) -> bytes:
    """The monthly sheet as a workbook."""
    made = monthly(session, month=month)
    notes = [*monthly_notes(), _taken(by, len(made.rows), now)]
    book = write_workbook(
        [Sheet(f"{month:%Y-%m}", made.headings, [*made.rows, made.total], notes=notes)]
    )
    _record(session, by, "register:monthly", month, len(made.rows))
    session.commit()
    return book


def take_items(session: Session, *, by: Viewer, month: date, now: datetime) -> bytes:
    """The GB/T 31000 items of matters reported in `month`; TooManyItemsError beyond MOST_ITEMS."""
    registers = read()
    found = queries.reported_in(session, by, month, shift(month, 1), MOST_ITEMS + 1)
    if len(found) > MOST_ITEMS:
        raise TooManyItemsError
    header = [f"{one.title}{'★' if one.must else ''}" for one in registers.items]
    notes = [*items_notes(), _taken(by, len(found), now)]
    rows = items.lines(registers, found)
    book = write_workbook([Sheet(f"GB31000 {month:%Y-%m}", header, rows, notes=notes)])
    _record(session, by, "register:items", month, len(found))
    session.commit()
    return book


def monthly_notes() -> Sequence[str]:
    """How the monthly sheet counts, and what it cannot know."""
    return (
        _(
            "口径：本期内调解结束的事项（达成协议、调解不成、终止），按承办单位计；成功数为达成协议的件数。"
        ),
        _("栏目名称据实施系统整理；“序号”和调解主体后两栏为示例，以主管部门下发的表样为准。"),
        _("计入本辖区全部事项，限制知悉的事项也计数；本表只有数，不能由此打开任何事项。"),
    )


def items_notes() -> Sequence[str]:
    """What the items leave out and where they choose."""
    return (
        _("类别由纠纷类型按对照表得出；一种类型对应几个代码时取最常用的一个，上报前请核对。"),
        _("当事人姓名默认隐去，不含证件号码和电话；受限事项不含案情。★ 为标准要求的项目。"),
    )


def _taken(by: Viewer, count: int, now: datetime) -> str:
    return _(
        "%(who)s（%(agency)s）于 %(at)s 导出，共 %(n)s 行；内部资料，请勿外传",
        who=by.display_name,
        agency=by.agency_name,
        at=f"{local(now):%Y-%m-%d %H:%M}",
        n=count,
    )


def _record(session: Session, by: Viewer, action: str, month: date, rows: int) -> None:
    record(
        session,
        action=action,
        object_type="register",
        object_id=f"{month:%Y-%m}",
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"rows": rows},
    )
