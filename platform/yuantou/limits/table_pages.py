"""The office's own days out as a table and in again: first judged, then written whole."""

from flask import Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_in import preview, sent, uploaded
from yuantou.access.table_out import XLSX
from yuantou.access.viewer import db
from yuantou.calendar.clock import today
from yuantou.database.sheets import SheetError
from yuantou.limits import almanac, changing, day_table, words
from yuantou.limits.blueprint import blueprint
from yuantou.limits.forms import DaySheetForm, TakeBackForm
from yuantou.limits.queries import batch_of, days_before

NAME = "attachment; filename*=UTF-8''%E5%B7%A5%E4%BD%9C%E6%97%A5%E5%8E%86.xlsx"
Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("/limits/calendar.xlsx")
@audience()
def day_export() -> Response:
    """The office's own days as a workbook, which can be edited and read in again."""
    content = day_table.workbook(almanac.overrides(db()), today())
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": NAME})


@blueprint.get("/limits/calendar/import")
@audience(Permission.SETTINGS_MANAGE)
def day_import() -> str:
    """Upload a table."""
    return render_template("limits/day_import.html", form=DaySheetForm(), most=day_table.MOST)


@blueprint.post("/limits/calendar/import")
@audience(Permission.SETTINGS_MANAGE)
def day_preview() -> Answer:
    """Show every line and every fault before anything is written."""
    form = DaySheetForm()
    if form.validate():
        try:
            return _preview(day_table.judge(uploaded(form, day_table.MOST)))
        except SheetError as error:
            form.file.errors = [error.place + error.message]
    return render_template("limits/day_import.html", form=form, most=day_table.MOST), 422


@blueprint.post("/limits/calendar/import/write")
@audience(Permission.SETTINGS_MANAGE)
def day_write() -> Answer:
    """Write what was previewed, whole or not at all, and reckon anew what runs across it."""
    lines = day_table.judge_lines(sent(day_table.Line, day_table.COLUMNS, day_table.MOST))
    if any(line.faults for line in lines):
        return _preview(lines), 422
    days = {
        line.day: changing.Said(line.worked, line.cells["source"]) for line in lines if line.day
    }
    try:
        moved = changing.set_table(db(), by=current_user, days=days)
    except changing.NothingChangedError:
        db().rollback()
        flash(_("这些日子本来就是这样登记的，没有重复改动。"), "info")
    else:
        flash(words.moved_words(moved), "success")
    return redirect(url_for("limits.calendar", year=min(days).year), 303)


@blueprint.get("/limits/calendar/changes/<int:batch>")
@audience(Permission.SETTINGS_MANAGE)
def batch(batch: int) -> str:
    """One change of several days, to take back whole."""
    return _batch_page(batch, TakeBackForm(formdata=None))


@blueprint.post("/limits/calendar/changes/<int:batch>")
@audience(Permission.SETTINGS_MANAGE)
def undo_batch(batch: int) -> Answer:
    """Put every day back to what it was before, and reckon anew what runs across them."""
    form = TakeBackForm()
    if not form.validate_on_submit():
        return _batch_page(batch, form), 422
    try:
        moved = changing.undo_batch(db(), by=current_user, batch=batch, source=form.source.data)
    except changing.NothingChangedError:
        db().rollback()
        flash(_("这一批已经没有可以撤销的日子，可能刚才已经撤销。"), "info")
    else:
        flash(words.moved_words(moved), "success")
    return redirect(url_for("limits.calendar"), 303)


def _batch_page(batch: int, form: TakeBackForm) -> str:
    rows = batch_of(db(), batch)
    if not rows:
        abort(404)
    standing = days_before(db(), batch)
    return render_template("limits/batch.html", rows=rows, standing=standing, form=form)


def _preview(lines: list[day_table.Line]) -> str:
    return preview("limits/day_preview.html", lines, day_table.HEADER)
