"""The list as a workbook: bounded, without persons, marked with who took it and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.database.sheets import Sheet, write_workbook
from yuantou.disputes.codes import read
from yuantou.disputes.filters import Filters
from yuantou.disputes.queries import account_names, rows_of
from yuantou.disputes.workflow import DisputeState

MOST_ROWS = 5000


@dataclass(frozen=True)
class TooManyRowsError(Exception):
    """More matters than one workbook may hold."""

    most: int = MOST_ROWS


def export_list(session: Session, *, by: Viewer, filters: Filters, now: datetime) -> bytes:
    """Write the list that `filters` asks for; raises TooManyRowsError beyond MOST_ROWS."""
    found = rows_of(session, by, filters, now=now, most=MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        raise TooManyRowsError
    people = account_names(session, (row.mediator_id for row in found))
    book = workbook(by, [cells(row, people.get(row.mediator_id, "")) for row in found], now)
    record(
        session,
        action="dispute:export",
        object_type="dispute",
        object_id="list",
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"rows": len(found), "view": filters.view, "states": list(filters.states)},
    )
    session.commit()
    return book


def workbook(by: Viewer, rows: Sequence[Sequence[object]], now: datetime) -> bytes:
    """Rows of `cells` as XLSX, with the line that says who took them and when."""
    mark = _(
        "%(who)s（%(agency)s）于 %(at)s 导出，共 %(n)s 件；内部资料，不含当事人信息，请勿外传",
        who=by.display_name,
        agency=by.agency_name,
        at=f"{local(now):%Y-%m-%d %H:%M}",
        n=len(rows),
    )
    return write_workbook([Sheet(_("事项"), _header(), rows, notes=[mark])], footer_lines=[mark])


def _header() -> list[str]:
    return [
        _("编号"),
        _("事项"),
        _("类型"),
        _("风险"),
        _("状态"),
        _("乡镇街道"),
        _("承办单位"),
        _("承办人"),
        _("涉及人数"),
        _("金额（元）"),
        _("登记时间"),
        _("下一期限"),
    ]


def cells(row: Row[Any], person: str) -> list[object]:
    """One matter as a line of the workbook; what is restricted stands without its title."""
    codes = read()
    risk = codes.risks.get(row.risk or "")
    return [
        row.number or "",
        _("限制知悉") if row.restricted else row.title,
        _(codes.types[row.type].name_zh),
        _(risk.name_zh) if risk else "",
        _(DisputeState(row.state).name_zh),
        row.area_name,
        row.handler_name,
        person,
        row.involved,
        row.amount if row.amount is not None else "",
        f"{local(row.reported_at):%Y-%m-%d %H:%M}",
        f"{local(row.next_due_at):%Y-%m-%d %H:%M}" if row.next_due_at else "",
    ]
