"""Figures as they stand now, frozen: sums only, small counts hidden, with a hash over all of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from yuantou.database.sheets import Sheet, write_workbook
from yuantou.indicators.disclosure import COMPLEMENT, conceal, hierarchy, shown
from yuantou.indicators.figures import Figure
from yuantou.indicators.periods import months
from yuantou.indicators.queries import COUNTED, read_ledger
from yuantou.territory.models import Area

Cell = tuple[str, str, str]


def pulled(
    session: Session, codes: Sequence[str], areas: Sequence[Area], first: date, last: date
) -> dict[str, Any]:
    """Rows and definitions; every value is text, so that the hash is the same for ever."""
    around = _around(session, areas)
    ledger = read_ledger(session, [one.code for one in around], first, last, codes=codes)
    judged = {
        (code, area.code, f"{month:%Y-%m}"): ledger.figure(code, area.code, month, month)
        for code in codes
        for area in around
        for month in months(first, last)
    }
    hidden = _hidden(judged, {one.code: one.parent_code for one in around})
    asked = {one.code for one in areas}
    found = {key: figure for key, figure in judged.items() if key[1] in asked}
    known = [ledger.definition(code, last) for code in codes]
    return {
        "definitions": [
            {"code": one.code, "version": one.version, "name": one.name_zh} for one in known
        ],
        "areas": [{"code": one.code, "name": one.name} for one in areas],
        "rows": [_row(key, one, key in hidden) for key, one in found.items()],
    }


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of what was frozen."""
    told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def workbook(title: str, content: Mapping[str, Any], seal: str, at: datetime) -> bytes:
    """As XLSX: the rows, and the definitions with their versions."""
    told = {one["code"]: one["name"] for one in content["definitions"]}
    names = {code: _(name) for code, name in told.items()}
    places = {one["code"]: one["name"] for one in content["areas"]}
    rows = [
        [names[row["code"]], places[row["area"]], row["month"], row["value"], row["unit"],
         row["numerator"], row["denominator"], row["lower"], row["upper"], row["note"]]
        for row in content["rows"]
    ]  # fmt: skip
    head = (_("指标"), _("地方"), _("月份"), _("数值"), _("单位"), _("分子"), _("分母"),
            _("区间下限"), _("区间上限"), _("说明"))  # fmt: skip
    versions = [[one["code"], names[one["code"]], str(one["version"])]
                for one in content["definitions"]]  # fmt: skip
    sheets = [
        Sheet(_("数据"), head, rows),
        Sheet(_("口径"), (_("代码"), _("指标"), _("版次")), versions),
    ]
    lines = (
        title,
        _("取数 %(at)s，SHA-256 %(seal)s", at=f"{at:%Y-%m-%d %H:%M}", seal=seal),
        _("少于 3 的数写作“<3”，能由此推算的写作“—”。"),
    )
    return write_workbook(sheets, footer_lines=lines)


def _around(session: Session, areas: Sequence[Area]) -> Sequence[Area]:
    """These areas, those beside them and those above: what is hidden does not hang on the choice.

    Or two pulls, each without the cell that gives another one away, would tell it together.
    """
    codes = {one.code for one in areas}
    parents = {one.parent_code for one in areas if one.parent_code}
    asked = select(Area).where(
        Area.level.in_(COUNTED), or_(Area.code.in_(codes | parents), Area.parent_code.in_(parents))
    )
    return session.scalars(asked.order_by(Area.path)).all()


def _hidden(found: Mapping[Cell, Figure], parents: Mapping[str, str | None]) -> set[Cell]:
    """Keys whose counts are small, or from which a small one could be worked out."""
    cells = {key: one.numerator for key, one in found.items()}
    groups: dict[tuple[str, str], list[str]] = {}
    for code, area, month in found:
        groups.setdefault((code, month), []).append(area)
    sums: list[tuple[Cell, list[Cell]]] = []
    for (code, month), places in groups.items():
        for whole, parts in hierarchy(parents, places):
            sums.append(((code, whole, month), [(code, part, month) for part in parts]))
    small = {key for key, one in found.items() if one.denominator is not None
             and 0 < one.denominator < 3}  # fmt: skip
    return conceal(cells, sums) | small


def _row(key: Cell, one: Figure, hidden: bool) -> dict[str, str]:
    code, area, month = key
    value, unit = one.shown
    limits = (one.on_screen(one.low), one.on_screen(one.high))
    lower, upper = (_text(limit, hidden) for limit in limits)
    return {
        "code": code,
        "area": area,
        "month": month,
        "value": _text(value, hidden),
        "unit": str(unit),
        "numerator": shown(one.numerator, hidden) if one.numerator is not None else "",
        "denominator": COMPLEMENT if hidden else _whole(one.denominator),
        "lower": lower,
        "upper": upper,
        "note": one.missing.message_zh if one.missing else "",
    }


def _text(value: float | None, hidden: bool) -> str:
    if value is None:
        return ""
    return COMPLEMENT if hidden else f"{value:.2f}"


def _whole(value: int | None) -> str:
    return "" if value is None else f"{value}"
