"""Reach: the table and its map, the file, loading positions and taking them back."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_in import preview, sent, uploaded
from yuantou.access.table_out import XLSX
from yuantou.access.viewer import db
from yuantou.audit.service import record
from yuantou.database.sheets import SheetError, clean
from yuantou.maps.queries import is_demo
from yuantou.maps.reach import files, queries, service, table
from yuantou.maps.reach.drawing import picture
from yuantou.maps.reach.figures import SORTS, Reached, reached
from yuantou.maps.reach.forms import PlacesForm, UndoForm
from yuantou.territory.models import Area

blueprint = Blueprint("maps_reach", __name__, url_prefix="/map/reach")
Answer = str | AnyResponse | tuple[str, int]
ROWS = 300
LONGEST_NAME = 200


@blueprint.get("/")
@audience(Permission.MAP_READ)
def index() -> str:
    """Townships, the farthest first, and where they lie."""
    choices = queries.areas(db(), current_user)
    found = _reached(choices)
    return render_template(
        "maps/reach/index.html",
        found=found,
        drawn=picture(found, queries.outlines(db(), found.area.path)),
        choices=[(each.code, each.name) for each in choices],
        notes=files.notes(found),
        rows=_listed(found),
        asked={"area": found.area.code, "sort": found.sort},
        loads=current_user.may(Permission.PLACES_LOAD),
    )


@blueprint.get("/townships.xlsx")
@audience(Permission.MAP_READ)
def download() -> Response:
    """The whole table."""
    found = _reached(queries.areas(db(), current_user))
    body = files.workbook(found, demo=is_demo(db()))
    record(
        db(),
        action="map:export",
        object_type="reach",
        object_id=found.area.code,
        account_id=current_user.id,
        agency_id=current_user.agency.id,
        facts={"sort": found.sort, "rows": len(found.lines)},
    )
    db().commit()
    name = f"attachment; filename=reach-{found.area.code}.xlsx"
    return Response(body, mimetype=XLSX, headers={"Content-Disposition": name})


@blueprint.get("/places")
@audience(Permission.PLACES_LOAD)
def places() -> str:
    """What was loaded, and a file to load."""
    return _places_page(PlacesForm(formdata=None))


@blueprint.get("/places/template.xlsx")
@audience(Permission.PLACES_LOAD)
def template() -> Response:
    """The file to fill in."""
    name = "attachment; filename=places.xlsx"
    body = table.template(_land())
    return Response(body, mimetype=XLSX, headers={"Content-Disposition": name})


@blueprint.post("/places")
@audience(Permission.PLACES_LOAD)
def check() -> Answer:
    """Show every line and every fault before anything is written."""
    form = PlacesForm()
    if form.validate():
        try:
            return _preview(table.judge(uploaded(form, table.MOST), _land()))
        except SheetError as error:
            form.file.errors = [error.place + error.message]
    return _places_page(form), 422


@blueprint.post("/places/write")
@audience(Permission.PLACES_LOAD)
def write() -> Answer:
    """Write what was previewed, whole or not at all."""
    lines = table.judge_lines(sent(table.Line, table.COLUMNS, table.MOST), _land())
    if any(line.faults for line in lines):
        return _preview(lines), 422
    name = clean(request.args.get("file", ""))[:LONGEST_NAME]
    batch = service.load(db(), by=current_user, lines=lines, file_name=name)
    flash(_("已载入 %(n)s 个位置。", n=batch.lines), "success")
    return redirect(url_for(".places"), 303)


@blueprint.post("/places/<int:batch_id>/undo")
@audience(Permission.PLACES_LOAD)
def undo(batch_id: int) -> Answer:
    """Take a batch back."""
    form = UndoForm()
    if not form.validate():
        flash(_("撤销要写明原因"), "error")
        return redirect(url_for(".places"), 303)
    try:
        batch = service.undo(
            db(), by=current_user, batch_id=batch_id, reason=form.reason.data or ""
        )
    except service.PlacesRefusedError as refused:
        db().rollback()
        flash(str(refused), "error")
    else:
        flash(_("已撤销 %(n)s 个位置，以前的位置恢复有效。", n=batch.lines), "success")
    return redirect(url_for(".places"), 303)


def _listed(found: Reached) -> int:
    """How many townships stand in the page: of a wide area those whose position is known."""
    placed = len(found.lines) - found.missing
    return min(placed, ROWS) if placed and found.area.level != "county" else ROWS


def _reached(choices: Any) -> Reached:
    """The asked area in sight, else the viewer's own."""
    asked = request.args.get("area", "")
    if not choices:
        abort(404)
    area = next((each for each in choices if each.code == asked), None)
    if asked and area is None:
        abort(404)
    sort = request.args.get("sort", SORTS[0])
    return reached(db(), current_user, area or choices[0], sort if sort in SORTS else SORTS[0])


def _land() -> table.Land:
    """What the viewer's office may speak for."""
    path = current_user.agency.area_path
    counties: list[Area] = [
        each for each in queries.areas(db(), current_user) if each.level == "county"
    ]
    return table.Land(counties, queries.townships(db(), path), queries.boxes(db(), path))


def _places_page(form: PlacesForm) -> str:
    return render_template(
        "maps/reach/places.html",
        form=form,
        undoing=UndoForm(formdata=None),
        batches=queries.batches(db(), current_user),
        most=table.MOST,
        kinds=tuple(table.KINDS),
        datums=table.OFFERED,
        titles=tuple(table.HEADER),
    )


def _preview(lines: list[table.Line]) -> str:
    return preview("maps/reach/preview.html", lines, table.HEADER)
