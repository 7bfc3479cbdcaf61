"""The duty list: read by all who send, sign or manage; edited by county and administrators."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_in import preview, sent, uploaded
from yuantou.access.table_out import XLSX
from yuantou.access.viewer import db
from yuantou.calendar.clock import today
from yuantou.coordination.dispatching import duties, duty_table
from yuantou.coordination.dispatching.blueprint import blueprint
from yuantou.coordination.dispatching.duties import Asked, DutyRefused, NewDuty
from yuantou.coordination.dispatching.duty_forms import (
    DutyForm,
    DutySheetForm,
    EndForm,
    kind_options,
    type_options,
)
from yuantou.coordination.dispatching.models import Duty
from yuantou.coordination.forms import offer, options
from yuantou.database.sheets import SheetError
from yuantou.disputes.codes import read
from yuantou.territory.models import Area

Answer = str | AnyResponse | tuple[str, int]
_READ = (
    Permission.DISPUTE_DISPATCH,
    Permission.DISPUTE_TRIAGE,
    Permission.DISPUTE_SIGN,
    Permission.AGENCY_MANAGE,
)
_EDIT = (Permission.DUTY_EDIT, Permission.AGENCY_MANAGE)


@blueprint.get("/duties")
@audience(*_READ)
def duty_list() -> str:
    """Who owns what."""
    asked, page = _wanted(), max(request.args.get("page", 1, type=int) or 1, 1)
    rows, total = duties.listed(db(), current_user, asked, page)
    return render_template(
        "dispatching/duties.html",
        rows=rows,
        total=total,
        page=page,
        last=max(1, -(-total // duties.PAGE)),
        asked=asked,
        types=[("", _("全部")), *((one.code, _(one.name_zh)) for one in read().types.values())],
        codes=read(),
        today=today(),
        may_edit=_edits(),
        editable=lambda path: duties.may_edit(current_user, path),
        page_url=lambda number: url_for(".duty_list", page=number, **_given()),
        export_url=url_for(".duty_export", **_given()),
    )


@blueprint.get("/duties.xlsx")
@audience(*_READ)
def duty_export() -> Response:
    """The list as a workbook, which can be edited and read in again."""
    rows = duties.all_listed(db(), current_user, _wanted())
    name = "attachment; filename*=UTF-8''%E8%81%8C%E8%B4%A3%E6%B8%85%E5%8D%95.xlsx"
    content = duty_table.workbook(rows, today())
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": name})


@blueprint.get("/duties/new")
@audience(*_EDIT)
def duty_new() -> str:
    """The form of a new line."""
    return render_template("dispatching/duty_new.html", form=_form())


@blueprint.post("/duties/new")
@audience(*_EDIT)
def duty_write() -> Answer:
    """Write it."""
    form = _form()
    if not form.validate():
        return render_template("dispatching/duty_new.html", form=form), 422
    new = NewDuty(
        form.agency_id.data,
        form.area_code.data,
        form.type.data,
        form.gb31000.data or None,
        form.basis.data,
        form.valid_from.data,
        form.valid_to.data,
    )
    try:
        duties.write(db(), by=current_user, news=[new])
    except DutyRefused as refused:
        db().rollback()
        form[refused.field].errors = [*form[refused.field].errors, refused.words]
        return render_template("dispatching/duty_new.html", form=form), 422
    flash(_("已写入职责清单"), "success")
    return redirect(url_for(".duty_list"), 303)


@blueprint.get("/duties/<int:duty_id>/end")
@audience(*_EDIT)
def duty_ending(duty_id: int) -> str:
    """When it ends."""
    return _ending(_duty(duty_id), EndForm(formdata=None))


@blueprint.post("/duties/<int:duty_id>/end")
@audience(*_EDIT)
def duty_end(duty_id: int) -> Answer:
    """It ends; the line stays."""
    duty, form = _duty(duty_id), EndForm()
    if not form.validate():
        return _ending(duty, form), 422
    try:
        duties.end(db(), by=current_user, duty_id=duty_id, **form.values())
    except DutyRefused as refused:
        form.last_day.errors = [*form.last_day.errors, refused.words]
        return _ending(duty, form), 422
    flash(_("已写明截止日期"), "success")
    return redirect(url_for(".duty_list"), 303)


@blueprint.get("/duties/import")
@audience(*_EDIT)
def duty_import() -> str:
    """Upload a table."""
    return render_template("dispatching/duty_import.html", form=DutySheetForm())


@blueprint.post("/duties/import")
@audience(*_EDIT)
def duty_preview() -> Answer:
    """Show every line and every fault before anything is written."""
    form = DutySheetForm()
    if not form.validate():
        return render_template("dispatching/duty_import.html", form=form), 422
    try:
        lines = duty_table.judge(
            db(), by=current_user, rows=uploaded(form, duty_table.MOST), today=today()
        )
    except SheetError as error:
        form.file.errors = [error.place + error.message]
        return render_template("dispatching/duty_import.html", form=form), 422
    return _preview(lines)


@blueprint.post("/duties/import/write")
@audience(*_EDIT)
def duty_import_write() -> Answer:
    """Write what was previewed: all or nothing."""
    back = sent(duty_table.Line, duty_table.COLUMNS, duty_table.MOST)
    lines = duty_table.judge_lines(db(), by=current_user, lines=back, today=today())
    news = [line.new for line in lines if line.new]
    if len(news) < len(lines):
        return _preview(lines), 422
    made = duties.write(db(), by=current_user, news=news)
    flash(_("已写入 %(n)s 条职责", n=len(made)), "success")
    return redirect(url_for(".duty_list"), 303)


def _given() -> dict[str, Any]:
    return {
        name: text for name, text in request.args.items() if name in ("type", "agency", "ended")
    }


def _wanted() -> Asked:
    kind = request.args.get("type", "")
    return Asked(
        type=kind if kind in read().types else "",
        agency=request.args.get("agency", type=int),
        ended=request.args.get("ended") == "1",
    )


def _edits() -> bool:
    return any(current_user.may(one) for one in _EDIT)


def _form() -> Any:
    form = DutyForm()
    offer(form.agency_id, duties.agencies_to_name(db(), current_user))
    form.area_code.choices = options(duties.areas_to_name(db(), current_user))
    form.type.choices, form.gb31000.choices = type_options(), kind_options()
    return form


def _duty(duty_id: int) -> Duty:
    duty = db().get(Duty, duty_id)
    if duty is None or not duties.may_edit(current_user, duty.area_path):
        abort(404)
    return duty


def _ending(duty: Duty, form: EndForm) -> str:
    area = db().get(Area, duty.area_code)
    name = read().types[duty.type].name_zh if duty.type in read().types else duty.type
    return render_template("dispatching/duty_end.html", form=form, duty=duty, area=area, type=name)


def _preview(lines: list[duty_table.Line]) -> str:
    return preview("dispatching/duty_preview.html", lines, duty_table.HEADER)
