"""The map as files: GeoJSON and XLSX with period, definition, source and approval inside."""

import json
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.database.sheets import Sheet, write_workbook
from yuantou.maps.figures import Picture, Shown
from yuantou.maps.layers import NAMES
from yuantou.maps.models import MapDrawing
from yuantou.territory.models import Boundary


def approval_words(drawing: MapDrawing, configured: str) -> str:
    """The approval number, or the sentence that stands where there is none."""
    number = configured or drawing.approval_no
    return _("审图号：%(number)s", number=number) if number else _("审图号未配置，仅限内部使用")


def notes(picture: Picture, drawing: MapDrawing, configured: str) -> list[str]:
    """What must stand under every map and in every file of it."""
    name, unit = NAMES[picture.layer]
    lines = [
        _("%(name)s(%(unit)s),%(period)s", name=name, unit=unit, period=picture.period.words),
        approval_words(drawing, configured),
        _("边界：%(source)s；坐标系 %(crs)s", source=drawing.source, crs=drawing.crs),
        _(
            "少于 3 件的不显示；为防反推，同组另有隐去。"
            "冷热点说明“此处聚集”，不说明原因，不用于考核。"
        ),
    ]
    years = sorted({each.year for each in picture.counties if each.year})
    if years:
        lines.append(_("人口：%(years)s 年", years="、".join(map(str, years))))
    return lines


def geojson(session: Session, picture: Picture, drawing: MapDrawing, configured: str) -> bytes:
    """A FeatureCollection of the counties in sight, values concealed as on screen."""
    shapes = {
        row.area_code: row.geometry
        for row in session.execute(
            select(Boundary.area_code, Boundary.geometry).where(Boundary.valid_to.is_(None))
        )
    }
    features = [
        {
            "type": "Feature",
            "id": each.area.code,
            "geometry": shapes.get(each.area.code),
            "properties": {
                "code": each.area.code,
                "name": each.area.name,
                "count": each.count,
                "value": _rounded(each.value),
                "concealed": each.in_sight and each.count is None,
                "cluster": each.cluster or None,
                "population": each.persons,
                "population_year": each.year,
            },
        }
        for each in _in_sight(picture)
    ]
    document = {
        "type": "FeatureCollection",
        "notes": notes(picture, drawing, configured),
        "features": features,
    }
    return json.dumps(document, ensure_ascii=False).encode()


def workbook(picture: Picture, drawing: MapDrawing, configured: str, *, demo: bool) -> bytes:
    """One sheet of the counties in sight."""
    name, unit = NAMES[picture.layer]
    header = [
        _("代码"),
        _("县（市、区）"),
        _("件数"),
        f"{name}({unit})",
        _("冷热点"),
        _("人口"),
        _("人口年份"),
    ]
    rows = [
        [
            each.area.code,
            each.area.name,
            each.written if each.count is None else each.count,
            _rounded(each.value),
            each.cluster,
            each.persons,
            each.year,
        ]
        for each in _in_sight(picture)
    ]
    lines = notes(picture, drawing, configured) + ([_("演示数据")] if demo else [])
    return write_workbook([Sheet(str(name)[:31], header, rows)], footer_lines=lines)


def _in_sight(picture: Picture) -> Sequence[Shown]:
    return [each for each in picture.counties if each.in_sight]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
