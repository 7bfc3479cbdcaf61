"""Bringing a list of disputes: upload, match, check by cell, take in, take back."""

from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_in import rows_in
from yuantou.access.table_out import handed_out
from yuantou.access.viewer import db
from yuantou.database.sheets import Row, Sheet, SheetError, write_workbook
from yuantou.disputes.codes import read
from yuantou.exchange.imports import queries, service
from yuantou.exchange.imports.fields import FIELDS, REQUIRED, TITLE_LINES
from yuantou.exchange.imports.forms import ListForm, MatchForm
from yuantou.exchange.imports.models import ImportBatch

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
MOST_LINES = 5000
SAMPLES = 3
FAULTS_SHOWN = 100


@blueprint.get("/")
@audience(Permission.DISPUTE_IMPORT)
def index() -> str:
    """Lists that the unit brought, and the way to bring another."""
    return _index(ListForm())


@blueprint.post("/")
@audience(Permission.DISPUTE_IMPORT)
def bring() -> Response | tuple[str, int]:
    """Read a file and hold it for checking; nothing is written yet."""
    form = ListForm()
    if not form.validate():
        return _index(form), 422
    data = form.table.data.read()
    try:
        rows = _rows(data, form.table.data.filename or "")
    except SheetError as fault:
        form.table.errors = [_located(fault)]
        return _index(form), 422
    name = form.table.data.filename or _("未命名")
    batch, again = service.bring(db(), by=current_user, filename=name, data=data, rows=rows)
    if again:
        flash(_("这份文件已经上传过，接着上次的进度。"), "info")
    return redirect(url_for(".show", batch_id=batch.id), 303)


@blueprint.get("/template")
@audience(Permission.DISPUTE_IMPORT)
def template() -> Response:
    """An empty list to fill in, with the types that there are."""
    header = [f"{field.name}{'★' if field.required else ''}" for field in FIELDS.values()]
    names = [each.name_zh for each in read().types.values()]
    sources = [each.name_zh for each in read().sources.values()]
    places = list(FIELDS)
    sheet = Sheet(
        _("事项"), header, [], notes=[_("★ 必填；日期写成 2026-03-01；金额单位元。")],
        choices={places.index("type"): names, places.index("source"): sources},
    )  # fmt: skip
    return handed_out(write_workbook([sheet]), _("事项导入模板"))


@blueprint.get("/<int:batch_id>")
@audience(Permission.DISPUTE_IMPORT)
def show(batch_id: int) -> str:
    """Where a list stands: its columns, its faults by cell, its progress, what came of it."""
    return _page(_found(batch_id))


@blueprint.post("/<int:batch_id>/columns")
@audience(Permission.DISPUTE_IMPORT)
def match(batch_id: int) -> Response | tuple[str, int]:
    """Say what each column is."""
    batch = _found(batch_id)
    columns = [name if name in FIELDS else "" for name in request.form.getlist("column")]
    chosen = [name for name in columns if name]
    if len(columns) != len(batch.columns):
        abort(400)
    if len(chosen) != len(set(chosen)):
        flash(_("有两列选了同一个项目，请只留一列"), "error")
        return _page(batch, columns), 422
    return _go(batch_id, lambda: service.match(db(), by=current_user, batch_id=batch_id,
                                               columns=columns))  # fmt: skip


@blueprint.post("/<int:batch_id>/take")
@audience(Permission.DISPUTE_IMPORT)
def take(batch_id: int) -> Response:
    """Write the next part; the page goes on by itself until all is done."""
    _found(batch_id)
    return _go(batch_id, lambda: service.take_part(db(), by=current_user, batch_id=batch_id))


@blueprint.post("/<int:batch_id>/stop")
@audience(Permission.DISPUTE_IMPORT)
def stop(batch_id: int) -> Response:
    """Leave the rest."""
    _found(batch_id)
    return _go(batch_id, lambda: service.stop(db(), by=current_user, batch_id=batch_id))


@blueprint.post("/<int:batch_id>/undo")
@audience(Permission.DISPUTE_IMPORT)
def undo(batch_id: int) -> Response:
    """Take the whole list back."""
    _found(batch_id)
    return _go(batch_id, lambda: service.undo(db(), by=current_user, batch_id=batch_id))


def _go(batch_id: int, act: Any) -> Response:
    try:
        act()
    except service.NotNowError:
        db().rollback()
        flash(_("这份清单已不在这一步，请看当前的情况"), "warning")
    return redirect(url_for(".show", batch_id=batch_id), 303)


def _index(form: ListForm) -> str:
    return render_template(
        "exchange/imports.html", form=form, batches=queries.batches(db(), current_user)
    )


def _page(batch: ImportBatch, columns: list[str] | None = None) -> str:
    titles, lines = queries.table_of(batch)
    judged = service.check(db(), by=current_user, batch=batch) if lines else []
    faults = [
        (one.line, FIELDS[name].name, one.cells.get(name, ""), words)
        for one in judged
        for name, words in one.faults.items()
        if name in batch.columns or name not in REQUIRED
    ]
    return render_template(
        "exchange/import.html",
        batch=batch,
        form=MatchForm(),
        titles=titles,
        samples=[[cells[place] if place < len(cells) else "" for _n, cells in lines[:SAMPLES]]
                 for place in range(len(titles))],
        columns=columns or batch.columns,
        fields=FIELDS,
        lacking=[FIELDS[name].name for name in REQUIRED if name not in batch.columns],
        faults=faults[:FAULTS_SHOWN],
        more=max(len(faults) - FAULTS_SHOWN, 0),
        faulty=sum(bool(one.faults) for one in judged),
        twins=sum(one.twin is not None and not one.faults for one in judged),
        fine=sum(not one.faults and one.twin is None for one in judged),
        made=queries.made_from(db(), batch.id) if not lines else [],
    )  # fmt: skip


def _found(batch_id: int) -> ImportBatch:
    try:
        return queries.find(db(), current_user, batch_id)
    except LookupError:
        abort(404)


def _rows(data: bytes, name: str) -> list[Row]:
    rows = rows_in(data, name, MOST_LINES + TITLE_LINES, TITLE_LINES)
    if len(rows) < 2:
        raise SheetError(_("表头下面没有内容，请先填写"))
    return rows


def _located(fault: SheetError) -> str:
    where = f"第 {fault.line} 行" if fault.line else ""
    where += f" {fault.column} 列" if fault.column else ""
    return f"{where}：{fault.message}" if where else fault.message
