"""The map as files, each with definition, source and approval inside, each noted in the audit."""

from collections.abc import Callable

from flask import Response, abort
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.audit.service import record
from yuantou.maps import files, queries
from yuantou.maps.asking import approval, asked, drawn, seen
from yuantou.maps.blueprint import blueprint
from yuantou.maps.figures import Picture
from yuantou.maps.models import MapDrawing

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}


@blueprint.get("/map/counties.<kind>")
@audience(Permission.MAP_READ)
def download(kind: str) -> Response:
    """The view as a file; what is concealed on screen is concealed in it."""
    if kind not in KINDS:
        abort(404)
    drawing = drawn()
    shown = seen(drawing, asked())
    body = _made(kind, shown, drawing, files.notes(shown, drawing, approval()))
    record(
        db(),
        action="map:export",
        object_type="map",
        object_id=kind,
        account_id=current_user.id,
        agency_id=current_user.agency.id,
        facts=shown.view.query(),
    )
    db().commit()
    period = shown.view.period
    name = f"map-{shown.measure.code}-{period.first:%Y%m}-{period.last:%Y%m}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype=KINDS[kind], headers=headers)


def _made(kind: str, shown: Picture, drawing: MapDrawing, lines: list[str]) -> bytes:
    made: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: files.workbook(shown, lines, demo=queries.is_demo(db())),
        "geojson": lambda: files.geojson(db(), shown, lines),
        "gpkg": lambda: files.geopackage(db(), shown, lines),
    }
    return made[kind]()
