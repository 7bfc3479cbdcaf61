"""What a request of the map asks for, and whether this viewer may: 400, 403 or 404 where not."""

from flask import abort, current_app, g, request
from flask_login import current_user

from yuantou.access.roles import Reach
from yuantou.access.viewer import db
from yuantou.calendar.clock import today
from yuantou.disputes.codes import read as read_codes
from yuantou.indicators.definitions import definitions
from yuantou.maps import points, queries
from yuantou.maps.figures import Picture, picture
from yuantou.maps.measures import Measure, measures
from yuantou.maps.models import MapDrawing
from yuantou.maps.veils import newest_month
from yuantou.maps.views import View, ViewFault
from yuantou.maps.views import read as read_view
from yuantou.territory.models import Area


def seen(drawing: MapDrawing, view: View) -> Picture:
    """The view in this viewer's sight."""
    return picture(db(), current_user.scope, drawing, known_measures()[view.layer], view)


def known_measures() -> dict[str, Measure]:
    """All that can be chosen, read once a request."""
    if "map_measures" not in g:
        g.map_measures = measures(definitions(db()))
    found: dict[str, Measure] = g.map_measures
    return found


def asked() -> View:
    """The view of this request; 400 for what there is not, 403 for what is not his."""
    try:
        view = read_view(request.args, known_measures(), read_codes().types, today())
    except ViewFault:
        abort(400)
    if view.level == "points" and not may_see_points():
        abort(403)
    return view if opens_rows() else view.held(newest_month())


def opens_rows() -> bool:
    """Whether this viewer may open every matter of his area: small counts tell him nothing new."""
    return bool(current_user.scope.reach is Reach.AREA)


def may_see_points() -> bool:
    """Whether this viewer may be shown single matters."""
    return points.may_see(current_user)


def looked_at(view: View) -> Area:
    """The area that is zoomed to: the chosen one, else all that the viewer may read."""
    if view.area:
        area = db().get(Area, view.area) or abort(404)
        if not in_sight(area):
            abort(404)
        return area
    return db().get_one(Area, current_user.scope.sums.lo.strip("/").split("/")[-1])


def county_asked(code: str) -> Area:
    """A county in this viewer's sight."""
    area = db().get(Area, code) or abort(404)
    if area.level != "county" or not in_sight(area):
        abort(404)
    return area


def in_sight(area: Area) -> bool:
    """Whether this viewer reads the sums of an area."""
    sums = current_user.scope.sums
    return bool(sums.lo <= area.path < sums.hi)


def drawn() -> MapDrawing:
    """The base map."""
    return queries.drawing(db()) or abort(404)


def approval() -> str:
    """The approval number that the office configured, or none."""
    return str(current_app.extensions["settings"].of("map", "approval_no"))
