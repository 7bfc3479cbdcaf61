"""The map as data: GeoJSON, GeoPackage and XLSX with definition, period, source and approval."""

import json
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.calendar.clock import local
from yuantou.database.sheets import Sheet, write_workbook
from yuantou.maps.figures import Picture, Shown
from yuantou.maps.geopackage import write_geopackage
from yuantou.maps.models import MapDrawing
from yuantou.territory.models import Boundary

Rows = Sequence[tuple[Shown, dict[str, Any]]]


def approval_words(drawing: MapDrawing, configured: str) -> str:
    """The approval number, or the sentence that stands where there is none."""
    number = configured or drawing.approval_no
    return _("审图号：%(number)s", number=number) if number else _("审图号未配置，仅限内部使用")


def notes(picture: Picture, drawing: MapDrawing, configured: str) -> list[str]:
    """What must stand under every map and in every file of it."""
    measure, words = picture.measure, picture.measure.words
    lines = [
        _("%(name)s（%(unit)s），%(period)s", name=measure.name, unit=measure.unit,
          period=picture.view.period.words),
        _("口径：%(text)s", text=words["text"]),
        _("分子：%(numerator)s", numerator=words["numerator"]),
    ]  # fmt: skip
    if words["denominator"]:
        lines.append(_("分母：%(denominator)s", denominator=words["denominator"]))
    if words["exclusions"]:
        lines.append(_("不计：%(exclusions)s", exclusions=words["exclusions"]))
    lines.append(_("口径来源与版次：%(source)s；%(edition)s", **_two(words)))
    if picture.view.smooth and measure.smooths:
        lines.append(_("地图颜色为经验贝叶斯平滑值：小县向全省均值收缩；表中仍列原值和区间。"))
    lines += [
        _("区间为 95% 区间（率用泊松，占比用 Wilson）；两县区间相交，不能说谁高谁低。"),
        _("少于 3 件的不显示；为防反推，同组另有隐去。"),
        _("聚集为 Gi*，已校正多重比较。说明“此处聚集”，不说明原因，不用于考核。")
        if picture.judged
        else _("这个数只在能看到全部县、且不按类型分时判聚集。"),
        *(
            [_("按合计看的：只给整月、整季、整年，隐去哪些格由全年一张表统一决定。")]
            if picture.view.fixed
            else []
        ),
        approval_words(drawing, configured),
        _("边界：%(source)s；坐标系 %(crs)s", source=drawing.source, crs=drawing.crs),
    ]
    if picture.years:
        lines.append(_("人口：%(years)s 年", years="、".join(map(str, picture.years))))
    if picture.age:
        lines.append(_("数字更新于 %(at)s", at=f"{local(picture.age):%Y-%m-%d %H:%M}"))
    return [*lines, *picture.warnings]


def geojson(session: Session, picture: Picture, lines: Sequence[str]) -> bytes:
    """A FeatureCollection of the counties in sight, values concealed as on screen."""
    shapes = boundaries(session)
    features = [
        {
            "type": "Feature",
            "id": each.area.code,
            "geometry": shapes.get(each.area.code),
            "properties": row,
        }
        for each, row in rows(picture)
    ]
    document = {"type": "FeatureCollection", "notes": list(lines), "features": features}
    return json.dumps(document, ensure_ascii=False).encode()


def geopackage(session: Session, picture: Picture, lines: Sequence[str]) -> bytes:
    """The same as one GeoPackage layer, the notes in a table beside it."""
    shapes = boundaries(session)
    held = [(shapes.get(each.area.code), row) for each, row in rows(picture)]
    return write_geopackage("counties", picture.measure.name, held, lines)


def workbook(picture: Picture, lines: Sequence[str], *, demo: bool) -> bytes:
    """One sheet of the counties in sight, and one of the definition."""
    measure = picture.measure
    header = [
        _("代码"),
        _("县（市、区）"),
        _("分子（件）"),
        _("分母"),
        f"{measure.name}({measure.unit})",
        _("区间下限"),
        _("区间上限"),
        _("地图用值"),
        _("聚集"),
        _("人口"),
        _("人口年份"),
        _("缺数原因"),
    ]
    names = spot_names()
    cells = [
        [
            each.area.code,
            each.area.name,
            each.written if each.count is None else each.count,
            each.reading.base,
            _rounded(each.reading.value, measure.places),
            _rounded(each.reading.low, measure.places),
            _rounded(each.reading.high, measure.places),
            each.value,
            names.get(each.cluster, ""),
            each.persons,
            each.year,
            each.reading.missing,
        ]
        for each in picture.in_sight
    ]
    mark = [_("演示数据")] if demo else []
    sheets = [
        Sheet(measure.name[:31], header, cells, notes=lines[:1]),
        Sheet(_("口径"), [_("说明")], [[line] for line in (*lines, *mark)]),
    ]
    return write_workbook(sheets, footer_lines=mark)


def spot_names() -> dict[str, str]:
    """The kinds of spots in words."""
    return {
        "hot-99": _("热点 99%"),
        "hot-95": _("热点 95%"),
        "cold-95": _("冷点 95%"),
        "cold-99": _("冷点 99%"),
    }


def boundaries(session: Session) -> dict[str, Any]:
    """The geometry in force of every area that has one."""
    return {
        row.area_code: row.geometry
        for row in session.execute(
            select(Boundary.area_code, Boundary.geometry).where(Boundary.valid_to.is_(None))
        )
    }


def rows(picture: Picture) -> Rows:
    """The counties in sight with what a file says of each; small cells concealed."""
    return [(each, _properties(each, picture)) for each in picture.in_sight]


def _properties(each: Shown, picture: Picture) -> dict[str, Any]:
    places = picture.measure.places
    return {
        "code": each.area.code,
        "name": each.area.name,
        "indicator": picture.measure.code,
        "since": f"{picture.view.period.first:%Y-%m}",
        "until": f"{picture.view.period.last:%Y-%m}",
        "count": each.count,
        "base": each.reading.base,
        "value": _rounded(each.reading.value, places),
        "low": _rounded(each.reading.low, places),
        "high": _rounded(each.reading.high, places),
        "shown": each.value,
        "concealed": each.hidden,
        "missing": each.reading.missing or None,
        "cluster": each.cluster or None,
        "population": each.persons,
        "population_year": each.year,
    }


def _two(words: dict[str, str]) -> dict[str, str]:
    return {"source": words["source"], "edition": words["edition"]}


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
