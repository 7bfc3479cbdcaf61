"""The map room: page, values, geometry, the county's panel, files."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask import send_from_directory as send
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from geo.rates import poisson_interval
from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.audit.service import record
from yuantou.calendar.clock import today
from yuantou.disputes.codes import read
from yuantou.indicators.disclosure import small
from yuantou.maps import files, queries
from yuantou.maps.canvas import LEAFLET_FOLDER, LEAFLET_VERSION, canvas
from yuantou.maps.figures import PER, Picture, Shown, picture, townships
from yuantou.maps.layers import NAMES, Layer
from yuantou.maps.models import MapDrawing
from yuantou.maps.queries import Period, month_back
from yuantou.territory.models import Area

blueprint = Blueprint("maps", __name__)
FOREVER = "private, max-age=31536000, immutable"
LEAFLET_FILES = ("leaflet.js", "leaflet.css")
TREND_MONTHS = 24


@blueprint.get("/map")
@audience(Permission.MAP_READ)
def index() -> str:
    """The map, its legend and the line under it; a table without JavaScript."""
    drawing = queries.drawing(db())
    if drawing is None:
        return render_template("maps/undrawn.html")
    shown = _picture(drawing)
    element, _script = canvas()
    return render_template(
        "maps/index.html",
        picture=shown,
        drawing=drawing,
        element=element,
        layer_choices=[(layer, names[0]) for layer, names in NAMES.items()],
        type_choices=[("", _("全部 18 类")), *((t.code, t.name_zh) for t in read().types.values())],
        month_choices=[(month, month) for month in _months()],
        leaflet_version=LEAFLET_VERSION,
        approval=files.approval_words(drawing, _approval()),
        approved=_approved(drawing),
        values=_values(shown),
        age=queries.age(db()),
        names=_city_names(),
    )


@blueprint.get("/map/values")
@audience(Permission.MAP_READ)
def values() -> Response:
    """The colours of another layer, type or period."""
    return jsonify(_values(_picture(_drawing())))


@blueprint.get("/map/geometry/<digest>.json")
@audience(Permission.MAP_READ)
def geometry(digest: str) -> Response:
    """The counties' borders, once for ever under their hash."""
    drawing = db().get(MapDrawing, digest) or abort(404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOREVER}
    return Response(drawing.topology, mimetype="application/json", headers=headers)


@blueprint.get("/map/canvas.js")
@audience(Permission.MAP_READ)
def canvas_script() -> Response:
    """The script that folium wrote."""
    return Response(canvas()[1], mimetype="text/javascript")


@blueprint.get("/map/leaflet/<version>/<name>")
@audience(Permission.MAP_READ)
def leaflet_file(version: str, name: str) -> Response:
    """Leaflet as its package ships it."""
    if name not in LEAFLET_FILES:
        abort(404)
    response = send(LEAFLET_FOLDER, name)
    response.headers["Cache-Control"] = FOREVER
    return response


@blueprint.get("/map/county/<code>")
@audience(Permission.MAP_READ)
def county(code: str) -> str:
    """Figures, trend and townships of one county."""
    area = db().get(Area, code) or abort(404)
    if not _in_sight(area):
        abort(404)
    shown = _picture(_drawing())
    own = next((each for each in shown.counties if each.area.code == code), None) or abort(404)
    low, high = (None, None)
    if own.count is not None and own.persons:
        low, high = (float(v) for v in poisson_interval(own.count, own.persons))
    return render_template(
        "maps/county.html",
        own=own,
        picture=shown,
        low=low,
        high=high,
        PER=PER,
        city=db().get(Area, area.parent_code),
        trend=_trend(area, shown),
        townships=townships(db(), area, shown.period, shown.type),
        age=queries.age(db()),
        fragment="fragment" in request.args,
        type_names=read().types,
    )


@blueprint.get("/map/counties.<kind>")
@audience(Permission.MAP_READ)
def download(kind: str) -> Response:
    """The picture as GeoJSON or XLSX."""
    drawing = _drawing()
    shown = _picture(drawing)
    if kind == "geojson":
        body, mimetype = files.geojson(db(), shown, drawing, _approval()), "application/geo+json"
    elif kind == "xlsx":
        body = files.workbook(shown, drawing, _approval(), demo=queries.is_demo(db()))
        mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        abort(404)
    record(
        db(),
        action="map:export",
        object_type="map",
        object_id=kind,
        account_id=current_user.id,
        agency_id=current_user.agency.id,
        facts={"layer": shown.layer, "type": shown.type, "period": shown.period.words},
    )
    db().commit()
    name = f"map-{shown.layer}-{shown.period.first:%Y%m}-{shown.period.last:%Y%m}.{kind}"
    return Response(
        body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _picture(drawing: MapDrawing) -> Picture:
    return picture(db(), current_user.scope, drawing, _layer(), _type(), _period())


def _drawing() -> MapDrawing:
    return queries.drawing(db()) or abort(404)


def _layer() -> Layer:
    asked = request.args.get("layer", Layer.RATE)
    return Layer(asked) if asked in set(Layer) else abort(400)


def _type() -> str:
    asked = request.args.get("type", "")
    return asked if not asked or asked in read().types else abort(400)


def _period() -> Period:
    """The asked months, else the last twelve whole ones."""
    last = month_back(today().replace(day=1), 1)
    try:
        until = date.fromisoformat(request.args["until"] + "-01") if _asked("until") else last
        since = (
            date.fromisoformat(request.args["since"] + "-01")
            if _asked("since")
            else month_back(until, 11)
        )
    except ValueError:
        abort(400)
    return Period(min(since, until), max(since, until))


def _asked(name: str) -> bool:
    return bool(request.args.get(name))


def _months() -> list[str]:
    newest = today().replace(day=1)
    return [f"{month_back(newest, n):%Y-%m}" for n in range(37)]


def _approval() -> str:
    return str(current_app.extensions["settings"].of("map", "approval_no"))


def _approved(drawing: MapDrawing) -> bool:
    return bool(_approval() or drawing.approval_no)


def _in_sight(area: Area) -> bool:
    sums = current_user.scope.sums
    return bool(sums.lo <= area.path < sums.hi)


def _city_names() -> dict[str, str]:
    rows = db().execute(select(Area.code, Area.short_name).where(Area.level == "city"))
    return {row.code: row.short_name for row in rows}


def _values(shown: Picture) -> dict[str, Any]:
    """What the browser needs: class, words and mark of each county."""
    name, unit = NAMES[shown.layer]
    return {
        "title": str(name),
        "unit": str(unit),
        "period": shown.period.words,
        "labels": shown.classes.labels,
        "counts": shown.classes.counts,
        "clusters": dict(shown.clusters),
        "missing": sum(1 for each in shown.counties if each.in_sight and each.value is None),
        "outside": sum(1 for each in shown.counties if not each.in_sight),
        "of": {
            each.area.code: [shown.classes.of.get(each.area.code, -1), _words(each), each.cluster]
            for each in shown.counties
            if each.in_sight
        },
    }


def _words(each: Shown) -> str:
    if each.value is None:
        return each.written if each.count is None else "—"
    return f"{each.value:,.1f}".removesuffix(".0")


def _trend(area: Area, shown: Picture) -> dict[str, Any]:
    months = [month_back(shown.period.last, n) for n in reversed(range(TREND_MONTHS))]
    counted = queries.by_month(db(), area.code, months[0], months[-1], shown.type)
    counts = [counted.get(month, 0) for month in months]
    return {
        "labels": [_("%(y)d年%(m)d月", y=m.year, m=m.month) for m in months],
        "values": [None if small(count) else count for count in counts],
    }
