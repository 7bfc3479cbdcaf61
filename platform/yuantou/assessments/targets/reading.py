"""Targets in a file: what each line says, and every fault by its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from yuantou.agencies.models import Agency
from yuantou.assessments.service import NewTarget
from yuantou.assessments.targets.values import (
    FIRST_YEAR,
    LAST_YEAR,
    area_fault,
    direction_fault,
    indicator_fault,
    value_fault,
)
from yuantou.assessments.units import DEPARTMENT
from yuantou.database.sheets import Row, SheetError, column_letter, match_header
from yuantou.indicators.catalogue import Definition
from yuantou.territory.models import Area

COLUMNS = {
    "indicator": "指标代码",
    "area_code": "地区代码",
    "area_name": "地区",
    "agency": "部门代码",
    "year": "年度",
    "direction": "方向",
    "value": "数值",
    "set_by": "由谁确定",
    "document": "依据文件",
    "set_on": "确定日期",
}
REQUIRED = tuple(key for key in COLUMNS if key not in ("area_name", "agency"))
DIRECTIONS = {"不高于": "down", "不低于": "up"}
DIGITS = 4
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which line and column, as people count."""

    line: int
    column: str
    message: str


@dataclass(slots=True)
class Reading:
    """The targets of a file, or its faults."""

    targets: list[NewTarget] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(
    rows: Sequence[Row],
    known: Mapping[str, Definition],
    areas: Mapping[str, Area],
    agencies: Mapping[str, Agency],
    today: date,
) -> Reading:
    """Every line, against the indicators and the areas that may be aimed at."""
    try:
        places, lines = match_header(rows, {title: key for key, title in COLUMNS.items()}, REQUIRED)
    except SheetError as fault:
        return Reading(faults=[Fault(fault.line or 1, fault.column or "", fault.message)])
    found, seen = Reading(), dict[tuple[str, str, str, str], int]()
    for line in lines:
        cells = {key: line.cells[at] if at < len(line.cells) else "" for key, at in places.items()}
        cells.setdefault("agency", "")
        told = _faults(cells, known, areas, agencies, today)
        faults = {key: text for key, text in told.items() if text}
        twin = seen.setdefault(
            (cells["indicator"], cells["area_code"], cells["agency"], cells["year"]), line.line
        )
        if twin != line.line:
            faults.setdefault("indicator", _("与第 %(n)s 行重复", n=twin))
        found.faults += [
            Fault(line.line, column_letter(places[key]), text) for key, text in faults.items()
        ]
        if not faults:
            found.targets.append(_target(cells, agencies))
    if not found.targets and not found.faults:
        found.faults.append(Fault(2, "", _("没有一行目标")))
    return found


def _faults(
    cells: Mapping[str, str],
    known: Mapping[str, Definition],
    areas: Mapping[str, Area],
    agencies: Mapping[str, Agency],
    today: date,
) -> dict[str, str]:
    definition, area = known.get(cells["indicator"]), areas.get(cells["area_code"])
    return {
        "indicator": indicator_fault(definition),
        "area_code": _area_fault(definition, area, of_area=not cells["agency"]),
        "agency": _agency_fault(definition, area, cells["agency"], agencies),
        "year": _year_fault(cells["year"]),
        "direction": _direction_fault(cells["direction"], definition),
        "value": value_fault(cells["value"], definition),
        "set_by": _text_fault(cells["set_by"]),
        "document": _text_fault(cells["document"]),
        "set_on": _day_fault(cells["set_on"], today),
    }


def _area_fault(definition: Definition | None, area: Area | None, *, of_area: bool) -> str:
    if area is None:
        return _("没有这个地区代码，或不在本单位辖区内")
    return area_fault(definition, area) if of_area else ""


def _agency_fault(
    definition: Definition | None,
    area: Area | None,
    code: str,
    agencies: Mapping[str, Agency],
) -> str:
    """What is wrong with a department's code; none is a target of the area itself."""
    found = agencies.get(code)
    if not code:
        return ""
    if found is None or area is None or found.area_code != area.code:
        return _("这个地区没有这个部门代码")
    return department_fault(definition)


def department_fault(definition: Definition | None) -> str:
    """Whether an indicator can be aimed at by a department."""
    if definition and DEPARTMENT not in definition.levels:
        return _("这一级没有这项指标，不能定目标")
    return ""


def _year_fault(text: str) -> str:
    good = text.isdecimal() and len(text) == DIGITS and FIRST_YEAR <= int(text) <= LAST_YEAR
    return "" if good else _("请填 2020 到 2100 之间的年份")


def _direction_fault(text: str, definition: Definition | None) -> str:
    if text not in DIRECTIONS:
        return _("请写“不高于”或“不低于”")
    return direction_fault(DIRECTIONS[text], definition)


def _text_fault(text: str) -> str:
    if not text:
        return _("不能空着")
    return "" if len(text) <= LONGEST else _("太长，请缩短到 300 字以内")


def _day_fault(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _("请写日期，例如 2026-01-15")
    early = date(FIRST_YEAR - 5, 1, 1)
    return "" if early <= day <= today else _("确定日期不能晚于今天，也不能早于 2015 年")


def _target(cells: Mapping[str, str], agencies: Mapping[str, Agency]) -> NewTarget:
    return NewTarget(
        indicator=cells["indicator"],
        area_code=cells["area_code"],
        year=int(cells["year"]),
        value=float(cells["value"]),
        direction=DIRECTIONS[cells["direction"]],
        set_by=cells["set_by"],
        document=cells["document"],
        set_on=date.fromisoformat(cells["set_on"]),
        agency_id=agencies[cells["agency"]].id if cells["agency"] else None,
    )
