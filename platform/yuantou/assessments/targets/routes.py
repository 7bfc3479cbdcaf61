"""Targets out to a workbook and in from one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import select
from werkzeug import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_in import rows_in
from yuantou.access.viewer import db
from yuantou.agencies.models import Agency
from yuantou.assessments import files, queries
from yuantou.assessments.targets import service
from yuantou.assessments.targets.reading import COLUMNS, DIRECTIONS, Fault, read
from yuantou.calendar.clock import today
from yuantou.database.sheets import Sheet, SheetError, clean, write_workbook
from yuantou.indicators.queries import definitions
from yuantou.territory.models import Area

blueprint = Blueprint("aims", __name__, url_prefix="/assessments/targets")
MOST_FAULTS = 200
MOST_ROWS = 20_000


class UploadForm(FlaskForm):
    """A file of targets."""

    table = FileField(_l("XLSX 或 CSV 文件"), [FileRequired(_l("请选择文件"))])


@blueprint.post("/table")
@audience(Permission.ASSESSMENT_READ)
def table() -> Response:
    """The targets in force of a year, in the columns that the import reads."""
    year = request.form.get("year", type=int) or today().year
    names, agencies = queries.area_labels(db()), _agencies()
    codes = {each.id: code for code, each in agencies.items()}
    held = (queries.targets_in_force(db(), year), queries.agency_targets(db(), year))
    said = {code: word for word, code in DIRECTIONS.items()}
    rows = [
        (
            row.indicator,
            row.area_code,
            names.get(row.area_code, ""),
            codes.get(row.agency_id or 0, ""),
            row.year,
            said[row.direction],
            row.value,
            row.set_by,
            row.document,
            row.set_on.isoformat(),
        )
        for kept in held
        for found in kept.values()
        for row in found
    ]
    sheet = Sheet(
        _("年度目标"),
        list(COLUMNS.values()),
        rows,
        choices={list(COLUMNS).index("direction"): list(DIRECTIONS)},
    )
    return files.sent(write_workbook([sheet]), _("年度目标%(year)s", year=year), "xlsx")


@blueprint.get("/upload")
@audience(Permission.TARGET_SET)
def upload() -> str:
    """Choose a file."""
    return _page(UploadForm(), [])


@blueprint.post("/upload")
@audience(Permission.TARGET_SET)
def take() -> Response | tuple[str, int]:
    """Take a file over as a whole, or say what is wrong in which cell."""
    form = UploadForm()
    if not form.validate():
        return _page(form, []), 422
    name = clean(form.table.data.filename or "")[:200]
    try:
        rows = rows_in(form.table.data.read(), name, MOST_ROWS)
    except SheetError as fault:
        return _page(form, [Fault(fault.line or 1, fault.column or "", fault.message)]), 422
    found = read(rows, definitions(db()), _areas(), _agencies(), today())
    if found.faults:
        return _page(form, found.faults), 422
    made = service.set_all(db(), by=current_user, targets=found.targets)
    flash(
        _("读入 %(all)s 行，新增 %(n)s 版目标，没有变的不重复。", all=len(found.targets), n=made),
        "success",
    )
    return redirect(url_for("assessments.targets", year=found.targets[0].year))


def _areas() -> dict[str, Area]:
    rows = db().scalars(
        select(Area).where(Area.path.startswith(current_user.agency.area_path, autoescape=True))
    )
    return {row.code: row for row in rows}


def _agencies() -> dict[str, Agency]:
    """The departments of one's own area, by code."""
    return {row.code: row for row in queries.departments(db(), current_user.agency.area_path)}


def _page(form: UploadForm, faults: list[Fault]) -> str:
    return render_template(
        "assessments/targets_upload.html",
        form=form,
        faults=faults[:MOST_FAULTS],
        count=len(faults),
        columns=list(COLUMNS.values()),
    )
