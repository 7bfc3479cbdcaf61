"""The map room: page, values, geometry, table, the county's panel and make-up."""

from typing import Any

from flask import Response, abort, current_app, jsonify, render_template, request, url_for
from flask import send_from_directory as send
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar.clock import local, today
from yuantou.disputes.codes import read as read_codes
from yuantou.maps import downloads, files, points, queries, wire
from yuantou.maps.asking import (
    approval,
    asked,
    county_asked,
    drawn,
    in_sight,
    known_measures,
    looked_at,
    may_see_points,
    seen,
)
from yuantou.maps.blueprint import blueprint
from yuantou.maps.canvas import LIBRARY, canvas, library_versions
from yuantou.maps.clusters import neighbourhood
from yuantou.maps.figures import Picture, Shown, as_compared
from yuantou.maps.makeup import Makeup, held, makeup
from yuantou.maps.measures import choices
from yuantou.maps.models import MapDrawing
from yuantou.maps.outlines import land
from yuantou.maps.timeline import timeline, trend
from yuantou.maps.townships import Townships, townships
from yuantou.maps.views import View, months_offered
from yuantou.maps.wider import ways
from yuantou.territory.models import Area

__all__ = ["blueprint", "downloads"]

FOREVER = "private, max-age=31536000, immutable"
A_WHILE = "private, max-age=30"
LISTED = 50


@blueprint.get("/map")
@audience(Permission.MAP_READ)
def index() -> str:
    """The map, its legend, months and the line under it; a table without JavaScript."""
    drawing = queries.drawing(db())
    if drawing is None:
        return render_template("maps/undrawn.html")
    return render_template("maps/index.html", **_room(drawing))


@blueprint.get("/map/table")
@audience(Permission.MAP_READ)
def table() -> str:
    """The same view as a table: for print, for readers, and for who likes numbers better."""
    drawing = drawn()
    return render_template("maps/table.html", **_room(drawing), fragment="fragment" in request.args)


@blueprint.get("/map/values")
@audience(Permission.MAP_READ)
def values() -> WerkzeugResponse:
    """The colours of another figure, type or month."""
    drawing = drawn()
    answer = jsonify(wire.values(seen(drawing, asked()), drawing))
    answer.headers["Cache-Control"] = A_WHILE
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/map/places")
@audience(Permission.MAP_READ)
def places() -> Response:
    """Townships with positions, or single matters, below the chosen area."""
    view, known = asked(), known_measures()
    area = looked_at(view)
    if view.level == "points":
        return jsonify(_points_sent(area, view))
    if area.level not in ("city", "county"):
        return jsonify({"labels": [], "counts": [], "missing": 0, "places": []})
    found = townships(db(), area, known[view.layer], view)
    write = known[view.layer].write
    return jsonify(
        {
            "labels": found.classes.labels,
            "counts": found.classes.counts,
            "missing": sum(each.value is None for each in found.rows),
            "places": [
                [*(each.position or ()), each.area.short_name,
                 found.classes.of.get(each.area.code, -1), each.reading.events or 0,
                 write(each.value) if each.value is not None else each.written]
                for each in found.placed
            ],
        }
    )  # fmt: skip


@blueprint.get("/map/geometry/<digest>.json")
@audience(Permission.MAP_READ)
def geometry(digest: str) -> Response:
    """The counties' borders, once for ever under their hash."""
    drawing = db().get(MapDrawing, digest) or abort(404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOREVER}
    return Response(drawing.topology, mimetype="application/json", headers=headers)


@blueprint.get("/map/canvas/<name>.js")
@audience(Permission.MAP_READ)
def canvas_script(name: str) -> Response:
    """The script that folium wrote for one of the two maps."""
    if name not in ("counties", "beside"):
        abort(404)
    return Response(canvas(name)[1], mimetype="text/javascript")


@blueprint.get("/map/leaflet/<version>/<name>")
@audience(Permission.MAP_READ)
def leaflet_file(version: str, name: str) -> Response:
    """Leaflet and its clusters as their packages ship them."""
    folder = LIBRARY.get(name) or abort(404)
    response = send(folder, name)
    response.headers["Cache-Control"] = FOREVER
    return response


@blueprint.get("/map/county/<code>")
@audience(Permission.MAP_READ)
def county(code: str) -> str:
    """Figure, trend and townships of one county."""
    area, view = county_asked(code), asked()
    shown = seen(drawn(), view)
    return render_template(
        "maps/county.html",
        own=_own(shown, code),
        picture=shown,
        view=view,
        city=db().get(Area, area.parent_code),
        trend=trend(db(), area, shown.measure, view, sight(shown)),
        townships=townships(db(), area, shown.measure, view),
        fragment="fragment" in request.args,
        types=read_codes().types,
    )


@blueprint.get("/map/spot/<code>")
@audience(Permission.MAP_READ)
def spot(code: str) -> str:
    """What a county's hot spot, or any county, consists of."""
    area, view, drawing = county_asked(code), asked(), drawn()
    shown = seen(drawing, view)
    named = {each.area.code: each.area for each in shown.in_sight}
    around = [named[one] for one in neighbourhood(code, shown.spots, drawing.neighbours)
              if one in named]  # fmt: skip
    members = points.points(db(), current_user, area, view, LISTED) if may_see_points() else None
    return render_template(
        "maps/spot.html",
        own=_own(shown, code),
        picture=shown,
        view=view,
        around=around,
        makeup=_makeup(area, shown, view.type if shown.measure.typed else ""),
        members=members,
        listed=LISTED,
        types=read_codes().types,
    )


def _makeup(area: Area, shown: Picture, type_: str) -> Makeup:
    """What a county's figure is made of; held against the year's tables where they are asked."""
    period = shown.view.period
    shut = held(db(), area, period, type_, sight(shown)) if shown.view.fixed else None
    return makeup(db(), area, period, type_, shut)


def sight(shown: Picture) -> list[Area]:
    """The counties that the viewer may read."""
    return [each.area for each in shown.in_sight]


def _room(drawing: MapDrawing) -> dict[str, Any]:
    """Everything that the page and the table show."""
    view, known = asked(), known_measures()
    shown = seen(drawing, view)
    beside = _beside(drawing, shown)
    focus = looked_at(view)
    return {
        "picture": shown,
        "beside": beside,
        "view": view,
        "drawing": drawing,
        "focus": focus,
        "choices": choices(known),
        "types": read_codes().types,
        "months": timeline(db(), focus, view, months_offered(today()), sight(shown)),
        "month_choices": [(f"{m:%Y-%m}", f"{m:%Y-%m}") for m in months_offered(today())[::-1]],
        "areas": _areas_offered(shown),
        "points_allowed": may_see_points(),
        "townships": _townships(focus, shown),
        "ways": ways(db(), shown, sight(shown)) if view.level == "county" else (),
        "points": points.points(db(), current_user, focus, view)
        if view.level == "points"
        else None,
        "listed": LISTED,
        "values": wire.values(shown, drawing),
        "values_beside": wire.values(beside, drawing) if beside else None,
        "order": wire.order(drawing),
        "names": {area.code: area.short_name for area in queries.cities(db())},
        "element": canvas("counties")[0],
        "element_beside": canvas("beside")[0],
        "versions": library_versions(),
        "notes": files.notes(shown, drawing, approval()),
        "approval": files.approval_words(drawing, approval()),
        "approved": bool(approval() or drawing.approval_no),
        "age": local(shown.age) if shown.age else None,
        "addresses": _addresses(drawing),
        "tabs": _tabs(),
        "inset": _inset(drawing, view, focus),
    }


def _townships(focus: Area, shown: Picture) -> Townships | None:
    """The townships of a city or county; of the whole province they would be too many to read."""
    if shown.view.level != "township" or focus.level not in ("city", "county"):
        return None
    return townships(db(), focus, shown.measure, shown.view)


def _inset(drawing: MapDrawing, view: View, focus: Area) -> dict[str, Any] | None:
    """The most crowded city and its box, where the whole province is looked at."""
    crowded = land(drawing).crowded() if focus.level == "province" and not view.compare else []
    if not crowded or view.level != "county":
        return None
    city = db().get(Area, crowded[0][0])
    return {"city": city.short_name if city else "", "bounds": crowded[0][1]}


def _tabs() -> list[dict[str, Any]]:
    """The ways of looking at the map that this installation has."""
    rooms = (
        ("maps.index", _("分布地图")),
        ("maps_sources.index", _("共同源头")),
        ("maps_reach.index", _("法庭布局")),
    )
    found = [row for row in rooms if row[0] in current_app.view_functions]
    return [{"label": words, "url": url_for(name), "active": name == "maps.index"}
            for name, words in found]  # fmt: skip


def _addresses(drawing: MapDrawing) -> dict[str, str]:
    """Where the browser asks for more."""
    return {
        "geometry": url_for("maps.geometry", digest=drawing.hash),
        "values": url_for("maps.values"),
        "places": url_for("maps.places"),
        "table": url_for("maps.table"),
        "county": url_for("maps.county", code="CODE"),
        "matter": url_for("disputes.show", dispute_id=0) if may_see_points() else "",
    }


def _beside(drawing: MapDrawing, first: Picture) -> Picture | None:
    """The second of two compared maps."""
    other = first.view.other
    return seen(drawing, as_compared(first, other)) if other else None


def _own(shown: Picture, code: str) -> Shown:
    return next((each for each in shown.counties if each.area.code == code), None) or abort(404)


def _areas_offered(shown: Picture) -> list[tuple[str, str]]:
    """Whole, cities and counties to zoom to."""
    counties = [each.area for each in shown.in_sight]
    rows = [("", _("全部"))]
    for city in queries.cities(db()):
        below = [area for area in counties if area.parent_code == city.code]
        if below and in_sight(city):
            rows.append((city.code, city.name))
        rows += [(area.code, f"　{area.name}") for area in below]
    return rows


def _points_sent(area: Area, view: View) -> dict[str, Any]:
    found = points.points(db(), current_user, area, view)
    types = read_codes().types
    return {
        "more": found.more,
        "places": [
            [*(each.place or ()), each.id, each.number or "", types[each.type].short_zh,
             each.risk or "", f"{local(each.reported_at):%Y-%m-%d}"]
            for each in found.placed
        ],
    }  # fmt: skip
