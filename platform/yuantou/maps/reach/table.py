"""Positions as a table: every line judged, every fault by its cell, datums made one."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from geo.datums import Datum, convert
from yuantou.database.sheets import (
    Row,
    Sheet,
    SheetError,
    TableLine,
    clean,
    match_header,
    write_workbook,
)
from yuantou.territory.models import Area

MOST = 800
LONGEST = 60
LONGEST_CELL = 200
MARGIN = 0.3  # degrees that a place may lie beyond the box of its county
HEADER = {
    "类别": "kind",
    "名称": "name",
    "县区": "county",
    "乡镇街道": "township",
    "经度": "lng",
    "纬度": "lat",
    "坐标系": "datum",
}
COLUMNS = tuple(HEADER.values())
KINDS = {"人民法庭": "tribunal", "调解点": "mediation", "乡镇街道": "township"}
DATUMS: dict[str, Datum] = {
    "CGCS2000": "CGCS2000",
    "国家2000": "CGCS2000",
    "天地图": "CGCS2000",
    "WGS84": "WGS-84",
    "GPS": "WGS-84",
    "GCJ02": "GCJ-02",
    "高德": "GCJ-02",
    "腾讯": "GCJ-02",
    "BD09": "BD-09",
    "百度": "BD-09",
}
OFFERED = ("CGCS2000", "WGS84", "GCJ02", "BD09")
_NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,15})?")
_CHINA = (73.0, 136.0), (3.0, 54.0)
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Land:
    """The counties in whose name a file may speak, their townships and their boxes."""

    counties: Sequence[Area]
    townships: Sequence[Area]
    boxes: Mapping[str, Box]

    def county(self, text: str) -> Area | None:
        """By code or name."""
        return _one([each for each in self.counties if _named(each, text)])

    def township(self, county: Area, text: str) -> Area | None:
        """By code or name within its county."""
        inside = [each for each in self.townships if each.parent_code == county.code]
        return _one([each for each in inside if _named(each, text)])


@dataclass
class Line(TableLine):
    """One line, and the place that comes of it."""

    kind: str = ""
    name: str = ""
    area: Area | None = None
    given: tuple[float, float] = (0.0, 0.0)
    position: tuple[float, float] = (0.0, 0.0)
    datum: str = ""
    slot: str = ""


def judge(rows: Sequence[Row], land: Land) -> list[Line]:
    """Every line with its faults; SheetError when the table as a whole cannot be read."""
    places, body = match_header(rows, HEADER, set(COLUMNS))
    body = [row for row in body if len(row.cells) > 1]  # notes below the table stand in one cell
    body = [row for row in body if not _unfilled(row, places)]
    if not body:
        raise SheetError(_("表头下面没有内容，请先填写"))
    if len(body) > MOST:
        raise SheetError(_("超过 %(n)s 行，请分成几个文件上传", n=MOST))
    lines = [
        Line(
            row.line,
            {key: row.cells[n] if n < len(row.cells) else "" for key, n in places.items()},
        )
        for row in body
    ]
    return judge_lines(lines, land)


def judge_lines(lines: list[Line], land: Land) -> list[Line]:
    """Fill in places and faults."""
    for line in lines:
        line.cells = {key: clean(text)[:LONGEST_CELL] for key, text in line.cells.items()}
        _judge(line, land)
    counted = Counter(line.slot for line in lines if line.slot)
    for line in lines:
        if counted[line.slot] > 1:
            line.faults["name"] = _("同一个地点写了不止一行")
    return lines


def template(land: Land) -> bytes:
    """The file to fill in: a line for every township, and room for tribunals."""
    names = {each.code: each.name for each in land.counties}
    rows = [["乡镇街道", t.name, names[str(t.parent_code)], t.name] for t in land.townships[:MOST]]
    notes = [
        _("类别写：%(kinds)s。没有经纬度的行可以留着，不会写入。", kinds="、".join(KINDS)),
        _("坐标系写：%(datums)s；不清楚就问提供的人，不要猜。", datums="、".join(OFFERED)),
    ]
    choices = {0: list(KINDS), 6: list(OFFERED)}
    sheet = Sheet(_("位置"), list(HEADER), rows, notes=notes, choices=choices)
    return write_workbook([sheet])


def _unfilled(row: Row, places: Mapping[str, int]) -> bool:
    """A township of the template that nobody gave a position."""
    return all(
        places[key] >= len(row.cells) or not row.cells[places[key]]
        for key in ("lng", "lat", "datum")
    )


def _judge(line: Line, land: Land) -> None:
    line.kind = KINDS.get(line.cells["kind"], "")
    if not line.kind:
        line.faults["kind"] = _("请写%(kinds)s中的一个", kinds="、".join(KINDS))
    county = land.county(line.cells["county"])
    if county is None:
        line.faults["county"] = _("不是本单位范围内的县（市、区）")
    township = _township(line, land, county)
    line.area = township or county
    _judge_name(line, township)
    _judge_position(line, land.boxes.get(county.code) if county else None)
    if county is not None and line.kind and line.name:
        own = township.code if line.kind == "township" and township else line.name
        line.slot = f"{line.kind}|{county.code}|{own}"


def _township(line: Line, land: Land, county: Area | None) -> Area | None:
    told = line.cells["township"]
    if county is None:
        return None
    found = land.township(county, told) if told else None
    if told and found is None:
        line.faults["township"] = _("这个县里没有这个乡镇街道")
    if not told and line.kind == "township":
        line.faults["township"] = _("请写乡镇街道")
    return found


def _judge_name(line: Line, township: Area | None) -> None:
    line.name = line.cells["name"]
    if line.kind == "township":
        line.name = township.name if township else ""
    elif not line.name:
        line.faults["name"] = _("请写名称")
    if len(line.name) > LONGEST:
        line.faults["name"] = _("最多 %(max)d 字", max=LONGEST)


def _judge_position(line: Line, box: Box | None) -> None:
    datum = DATUMS.get(re.sub(r"[\s_-]", "", line.cells["datum"]).upper())
    if datum is None:
        line.faults["datum"] = _("请写%(datums)s中的一个", datums="、".join(OFFERED))
    lng, lat = (_degrees(line, key, span) for key, span in zip(("lng", "lat"), _CHINA, strict=True))
    if datum is None or lng is None or lat is None:
        return
    x, y = (float(each) for each in convert(lng, lat, datum, "CGCS2000"))
    line.given, line.position, line.datum = (lng, lat), (x, y), datum
    if box is not None and not _inside((x, y), box):
        line.faults["lng"] = _("离所写的县太远，请核对经纬度和坐标系")


def _degrees(line: Line, key: str, span: tuple[float, float]) -> float | None:
    text = unicodedata.normalize("NFKC", line.cells[key]).strip()
    if not _NUMBER.fullmatch(text):
        line.faults[key] = _("请写成十进制度数，例如 %(example)s", example=EXAMPLES[key])
        return None
    value = float(text)
    if not span[0] <= value <= span[1]:
        other = _CHINA[key == "lng"]
        swapped = other[0] <= value <= other[1]
        line.faults[key] = _("经度和纬度像是写反了") if swapped else _("不在中国范围内")
        return None
    return value


EXAMPLES = {"lng": "119.40", "lat": "41.25"}


def _inside(point: tuple[float, float], box: Box) -> bool:
    west, south, east, north = box
    x, y = point
    return west - MARGIN <= x <= east + MARGIN and south - MARGIN <= y <= north + MARGIN


def _named(area: Area, text: str) -> bool:
    return text != "" and text in (area.code, area.name, area.short_name)


def _one(found: Sequence[Area]) -> Area | None:
    return found[0] if len(found) == 1 else None
