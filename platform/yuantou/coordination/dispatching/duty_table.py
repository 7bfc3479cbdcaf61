"""The duty list as a table: out as it stands, in with every fault by its cell, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row as Found
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.coordination.dispatching import owners
from yuantou.coordination.dispatching.duties import NewDuty, may_edit, stands_already
from yuantou.database.sheets import Row, Sheet, SheetError, TableLine, match_header, write_workbook
from yuantou.disputes.codes import read
from yuantou.territory.models import Area

MOST = 2000
HEADER = {
    "单位代码": "agency_code",
    "责任单位": "agency",
    "纠纷类型": "type",
    "国标类别": "gb31000",
    "适用区划": "area",
    "依据": "basis",
    "起": "valid_from",
    "止": "valid_to",
}
COLUMNS = tuple(HEADER.values())
REQUIRED = {"agency", "type", "area", "basis"}
Span = tuple[date, date | None]


@dataclass
class Line(TableLine):
    """One line, and the duty that comes of it."""

    new: NewDuty | None = None


@dataclass
class Known:
    """What the words of a table mean to this writer."""

    agencies: dict[str, list[Agency]]
    areas: dict[str, list[Area]]
    types: dict[str, str]
    today: date


def workbook(rows: Sequence[Found[Any]], day: date) -> bytes:
    """The list as it stands; edited, it can be read in again."""
    codes = read()
    lines = [
        (
            row.agency_code,
            row.agency,
            codes.types[row.type].name_zh if row.type in codes.types else row.type,
            row.gb31000 or "",
            f"{row.area_code} {row.area}",
            row.basis,
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    ]
    notes = [
        _("单位代码和责任单位填一项即可，代码优先；适用区划填代码或全称。"),
        _(
            "国标类别不填就是整个类型；起不填就是今天，止不填就是长期有效。一次最多 %(n)s 行。",
            n=MOST,
        ),
        _("导出于 %(day)s。", day=day.isoformat()),
    ]
    types = [one.name_zh for one in codes.types.values()]
    sheet = Sheet(_("职责清单"), list(HEADER), lines, notes=notes, choices={2: types})
    return write_workbook([sheet])


def judge(session: Session, *, by: Viewer, rows: Sequence[Row], today: date) -> list[Line]:
    """Every line with its faults; SheetError when the table as a whole cannot be read."""
    places, body = match_header(rows, HEADER, REQUIRED)
    body = [row for row in body if len(row.cells) > 1]  # notes below the table stand in one cell
    if not body:
        raise SheetError(_("表头下面没有内容，请先填写"))
    if len(body) > MOST:
        raise SheetError(_("超过 %(n)s 行，请分成几个文件上传", n=MOST))
    return judge_lines(
        session, by=by, lines=[Line(row.line, _cells(row, places)) for row in body], today=today
    )


def judge_lines(session: Session, *, by: Viewer, lines: list[Line], today: date) -> list[Line]:
    """Fill in faults and new duties of `lines`."""
    known = _known(session, lines, today)
    seen: dict[tuple[object, ...], list[tuple[int, Span]]] = {}
    for line in lines:
        new = _judged(by, line, known)
        if new is not None:
            _refuse_twin(session, line, new, seen)
            line.new = None if line.faults else new
    return lines


def _cells(row: Row, places: dict[str, int]) -> dict[str, str]:
    found = dict.fromkeys(COLUMNS, "")
    for name, place in places.items():
        found[name] = row.cells[place] if place < len(row.cells) else ""
    return found


def _known(session: Session, lines: Sequence[Line], today: date) -> Known:
    """Agencies and areas that the table speaks of, found in two questions."""
    names = {line.cells["agency"] for line in lines} | {line.cells["agency_code"] for line in lines}
    agencies: dict[str, list[Agency]] = {}
    for agency in session.scalars(
        select(Agency).where(or_(Agency.code.in_(names), Agency.name.in_(names)))
    ):
        for word in {agency.code, agency.name}:
            agencies.setdefault(word, []).append(agency)
    words = {word for line in lines for word in _area_words(line)}
    areas: dict[str, list[Area]] = {}
    for area in session.scalars(
        select(Area).where(or_(Area.code.in_(words), Area.name.in_(words)), Area.valid_to.is_(None))
    ):
        for word in {area.code, area.name}:
            areas.setdefault(word, []).append(area)
    types = {one.name_zh: one.code for one in read().types.values()}
    return Known(agencies, areas, types | {code: code for code in read().types}, today)


def _area_words(line: Line) -> list[str]:
    """The whole text, and its first part, which is the code in a table that we wrote."""
    text = line.cells["area"]
    return [text, text.partition(" ")[0]]


def _judged(by: Viewer, line: Line, known: Known) -> NewDuty | None:
    agency, area = _agency(by, line, known), _area(by, line, known)
    kind = known.types.get(line.cells["type"])
    if kind is None:
        line.faults["type"] = _("没有这个纠纷类型")
    narrow = line.cells["gb31000"].partition(" ")[0]
    if narrow and kind and narrow not in read().types[kind].gb31000:
        line.faults["gb31000"] = _("这一类不属于这个纠纷类型；不清楚可以不填")
    if not line.cells["basis"] or len(line.cells["basis"]) > 300:
        line.faults["basis"] = _("须写依据的法律、文件和条款，最多 300 字")
    since = _day(line, "valid_from") or known.today
    until = _day(line, "valid_to")
    if until and until < since:
        line.faults["valid_to"] = _("不能早于起始日期")
    if line.faults or agency is None or area is None or kind is None:
        return None
    return NewDuty(agency.id, area.code, kind, narrow or None, line.cells["basis"], since, until)


def _agency(by: Viewer, line: Line, known: Known) -> Agency | None:
    cell = "agency_code" if line.cells["agency_code"] else "agency"
    found = known.agencies.get(line.cells[cell], [])
    mine = [one for one in found if one.active and may_edit(by, one.area_path)]
    if not mine:
        line.faults[cell] = _("没有这个单位，或不归您管理，或已停用")
    elif len(mine) > 1:
        line.faults[cell] = _("同名的不止一个，请填单位代码")
    return mine[0] if len(mine) == 1 else None


def _area(by: Viewer, line: Line, known: Known) -> Area | None:
    found = {one.code: one for word in _area_words(line) for one in known.areas.get(word, [])}
    mine = [one for one in found.values() if may_edit(by, one.path)]
    if not mine:
        line.faults["area"] = _("没有这个区划，或不归您管理")
    elif len(mine) > 1:
        line.faults["area"] = _("同名的不止一个，请填代码")
    return mine[0] if len(mine) == 1 else None


def _day(line: Line, cell: str) -> date | None:
    text = line.cells[cell].replace("/", "-")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        line.faults[cell] = _("日期请写成 2026-11-03 这样")
        return None


def _refuse_twin(
    session: Session,
    line: Line,
    new: NewDuty,
    seen: dict[tuple[object, ...], list[tuple[int, Span]]],
) -> None:
    """The same duty stands in the list already, or further up in the table."""
    key = (new.agency_id, new.area_code, new.type, new.gb31000)
    span = (new.valid_from, new.valid_to)
    above = [number for number, other in seen.get(key, []) if owners.overlap(span, [other])]
    seen.setdefault(key, []).append((line.number, span))
    if above:
        line.faults["type"] = _("与第 %(n)s 行重复", n=above[0])
    elif stands_already(session, new):
        line.faults["type"] = _("清单里已有这一条，有效期重叠")
