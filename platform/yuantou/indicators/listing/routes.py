"""The list of villages of a year: what the conditions make of it, and a new list by file."""

from datetime import date

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_in import rows_in
from yuantou.access.table_out import handed_out
from yuantou.access.viewer import db
from yuantou.calendar.clock import today
from yuantou.database.sheets import Sheet, SheetError, clean, write_workbook
from yuantou.indicators.definitions import definitions
from yuantou.indicators.listing import service as villages
from yuantou.indicators.supplying.service import SupplyRefused
from yuantou.indicators.villages import newest_list
from yuantou.indicators.words import say
from yuantou.judiciary.counting import Fault
from yuantou.territory.models import Area

blueprint = Blueprint("villages", __name__, url_prefix="/supplying/villages")
CODE = "I25"
YEARS, FAULTS_SHOWN = 6, 200


class ListForm(FlaskForm):
    """A file with every village of a county for a year."""

    table = FileField(_l("CSV 或 XLSX 文件"), [FileRequired(_l("请选择文件"))])
    source = StringField(
        _l("数据依据"),
        [InputRequired(_l("请写明数据从哪里来，例如：全年村级情况汇总")), Length(max=100)],
    )
    reason = StringField(_l("更正说明"), [Length(max=300)])


@blueprint.get("")
@audience(Permission.SUPPLY_ENTER)
def index() -> str:
    """The list of a county and year, and what the conditions in force make of it."""
    return _page(ListForm(formdata=None))


@blueprint.post("")
@audience(Permission.SUPPLY_ENTER)
def take() -> AnyResponse | tuple[str, int]:
    """Take a list over as a whole, or say what is wrong in which cell."""
    form, (county, year) = ListForm(), _asked()
    if not form.validate():
        return _page(form), 422
    name = clean(form.table.data.filename or "")[:200]
    try:
        found = villages.read(rows_in(form.table.data.read(), name))
    except SheetError as fault:
        return _page(form, [Fault(fault.message, "", fault.line, fault.column)]), 422
    if found.faults or not found.rows:
        return _page(form, found.faults or [Fault(_("没有一行村（社区）"), "", 1)]), 422
    try:
        number = villages.supply_villages(
            db(),
            by=current_user,
            county=county,
            year=year,
            rows=found.rows,
            source=clean(form.source.data or ""),
            reason=clean(form.reason.data or ""),
        )
    except SupplyRefused as refused:
        form.reason.errors = [str(refused)]
        return _page(form), 422
    flash(_("已收下 %(n)s 个村（社区）的名单", n=number), "success")
    return redirect(url_for("villages.index", area=county.code, year=year))


@blueprint.get("/template.xlsx")
@audience(Permission.SUPPLY_ENTER)
def template() -> Response:
    """The file to fill in, with the villages of the last list."""
    county, year = _asked()
    known = villages.listed(db(), county.code, year) or villages.listed(db(), county.code, year - 1)
    note = _("没有填 0，一格也不能空着；排查全部完成填“是”或“否”。")
    rows = [[each.place, each.name] for each in known]
    made = write_workbook([Sheet(_("村（社区）名单"), list(villages.COLUMNS), rows, notes=(note,))])
    return handed_out(made, _("村（社区）名单%(year)s", year=year))


def _asked() -> tuple[Area, int]:
    """The county, and a year that is over."""
    known = villages.counties(db(), current_user) or abort(404)
    wanted = request.args.get("area", "")
    last = today().year - 1
    year = request.args.get("year", last, type=int)
    county = next((each for each in known if each.code == wanted), None if wanted else known[0])
    return county or abort(404), min(max(year, last - YEARS + 1), last)


def _page(form: ListForm, faults: list[Fault] | None = None) -> str:
    (county, year), faults = _asked(), faults or []
    made = definitions(db(), date(year, 12, 31))[CODE]
    rows = villages.listed(db(), county.code, year)
    failed = {each.id: villages.unmet(each, made.criteria) for each in rows}
    last = today().year - 1
    return render_template(
        "supplying/villages.html",
        form=form,
        county=county,
        counties=[(each.code, each.name) for each in villages.counties(db(), current_user)],
        year=year,
        years=[(each, str(each)) for each in range(last, last - YEARS, -1)],
        made=made,
        criteria=[say(f"is_{name}") for name in made.criteria],
        rows=rows,
        newest=None if rows else newest_list(db(), county.code),
        failed={key: [say(f"is_{name}") for name in names] for key, names in failed.items()},
        met=sum(not names for names in failed.values()),
        faults=faults[:FAULTS_SHOWN],
        more=max(0, len(faults) - FAULTS_SHOWN),
        titles={key: title for title, key in villages.COLUMNS.items()},
    )
