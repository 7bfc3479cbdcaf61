"""The map as files, each with definition, source and approval inside, each noted in the audit."""

from collections.abc import Callable, Iterator

from flask import Response, abort
from flask_login import current_user
from sqlalchemy import select

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.audit.service import record
from yuantou.maps import files, queries
from yuantou.maps.asking import approval, asked, drawn, known_measures, seen
from yuantou.maps.blueprint import blueprint
from yuantou.maps.figures import Picture, as_compared
from yuantou.maps.models import MapDrawing
from yuantou.maps.outlines import land
from yuantou.maps.painting import as_png
from yuantou.maps.plate import Plate, plate
from yuantou.maps.printing import as_pdf
from yuantou.territory.models import Area

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "pdf": "application/pdf",
    "png": "image/png",
}


@blueprint.get("/map/counties.<kind>")
@audience(Permission.MAP_READ)
def download(kind: str) -> Response:
    """The view as a file; what is concealed on screen is concealed in it."""
    if kind not in KINDS:
        abort(404)
    drawing = drawn()
    shown = seen(drawing, asked())
    body = _made(kind, shown, drawing)
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


def _made(kind: str, shown: Picture, drawing: MapDrawing) -> bytes:
    lines = files.notes(shown, drawing, approval())
    made: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: files.workbook(shown, lines, demo=queries.is_demo(db())),
        "geojson": lambda: files.geojson(db(), shown, lines),
        "gpkg": lambda: files.geopackage(db(), shown, lines),
        "pdf": lambda: as_pdf(
            _plates(shown, drawing), made=current_user.agency.name, known=_said_by_maps()
        ),
        "png": lambda: as_png(_plates(shown, drawing)),
    }
    return made[kind]()


def _said_by_maps() -> Iterator[str]:
    """The names and definitions of every map that can be chosen, and of all areas."""
    for measure in known_measures().values():
        yield from (measure.name, measure.unit, *measure.words.values())
    yield from db().scalars(select(Area.name).where(Area.level.in_(("city", "county"))))


def _plates(shown: Picture, drawing: MapDrawing) -> list[Plate]:
    """A sheet for the view, and one for what it is compared with."""
    names = {area.code: area.short_name for area in queries.cities(db())}
    other = shown.view.other
    both = [shown, *([seen(drawing, as_compared(shown, other))] if other else [])]
    demo = queries.is_demo(db())
    return [
        plate(each, land(drawing), names, files.notes(each, drawing, approval()), demo)
        for each in both
    ]
