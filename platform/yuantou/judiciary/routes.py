"""The courts' monthly counts: who has sent, enter, upload, check, release, correct."""

import io
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_in import rows_in
from yuantou.access.table_out import XLSX
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.database.sheets import SheetError, clean
from yuantou.judiciary import files, pages, queries, service
from yuantou.judiciary.columns import ATTRIBUTIONS, BASES, MEASURES, REGIMES
from yuantou.judiciary.counting import Entry, Fault
from yuantou.judiciary.forms import ConfirmForm, CountForm, ReasonForm, UploadForm
from yuantou.judiciary.models import CountBatch, CourtCount
from yuantou.territory.models import Court

blueprint = Blueprint("judiciary", __name__, url_prefix="/judiciary")
READERS = (Permission.COUNTS_READ, Permission.COUNTS_ENTER, Permission.COUNTS_RELEASE)
MONTHS_SHOWN = 12
MONTHS_BACK = 36
FAULTS_SHOWN = 200
LARGEST_FORM = 450_000  # what a form may carry besides files
LARGEST_ID = 2**63 - 1
CHECK_KEPT = 7200  # seconds between checking a file and confirming it


@blueprint.get("/")
@audience(*READERS)
def index() -> str:
    """Who has sent which month by the closing day, and what waits for the second person."""
    today = clock.today()
    months = pages.months_over(today, MONTHS_SHOWN)
    closing = int(_setting("closing_day"))
    rows = queries.submissions(db(), current_user, months, closing_day=closing, today=today)
    last = months[-1]
    return render_template(
        "judiciary/index.html",
        rows=rows,
        groups=pages.by_city(db(), rows),
        months=months,
        last=last,
        closes=queries.closing_date(last, closing),
        tally=pages.tally(rows),
        missing=pages.missing(rows),
        waiting=queries.waiting(db(), current_user),
        closing_day=closing,
    )


@blueprint.get("/enter")
@audience(Permission.COUNTS_ENTER)
def enter() -> str:
    """One court's month by hand."""
    form = CountForm(request.args)
    courts = queries.courts_of(db(), current_user)
    form.offer(courts)
    if not form.month.data:
        form.month.data = f"{pages.months_over(clock.today(), 1)[0]:%Y-%m}"
    return _count_form(form, courts)


@blueprint.post("/enter")
@audience(Permission.COUNTS_ENTER)
def save() -> str | tuple[str, int] | AnyResponse:
    """Keep the month that was typed, unreleased."""
    form = CountForm()
    courts = queries.courts_of(db(), current_user)
    form.offer(courts)
    valid, entries = form.validate(), [form.entry()]
    found = _previewed(entries)
    if found.faults or not valid:
        form.blame(found.faults)
        return _count_form(form, courts), 422
    try:
        batch = service.enter(db(), by=current_user, entries=entries, origin="form")
    except service.CountsRefused as refused:
        form.blame(refused.faults)
        return _count_form(form, courts), 422
    return _entered(batch)


@blueprint.get("/upload")
@audience(Permission.COUNTS_ENTER)
def upload() -> str:
    """Choose a file."""
    return render_template("judiciary/upload.html", form=UploadForm(), notes=files.template_notes())


@blueprint.post("/upload")
@audience(Permission.COUNTS_ENTER)
def check() -> str | tuple[str, int]:
    """Check a file and show what it would do; nothing is written yet."""
    form = UploadForm()
    if not form.validate():
        return _upload_page(form), 422
    name = clean(form.table.data.filename or "")[:200]
    reason = clean(form.reason.data or "")
    try:
        entries = files.entries_of(
            rows_in(form.table.data.read(), name, int(_setting("longest_file_rows")))
        )
    except SheetError as error:
        return _upload_page(form, [Fault(error.message, "", error.line, error.column)], name), 422
    found = _previewed(entries, reason)
    if not entries:
        found.faults.append(Fault(_("只有表头，没有数据行"), line=1))
    if found.faults:
        return _upload_page(form, found.faults, name), 422
    return _preview_page(found, entries, name, reason)


@blueprint.post("/confirm")
@audience(Permission.COUNTS_ENTER)
def confirm() -> AnyResponse | tuple[str, int]:
    """Enter what was checked."""
    form = ConfirmForm()
    kept = _unsealed(form.rows.data or "") if form.validate() else None
    if kept is None:
        flash(_("检查结果已过期，请重新上传文件"), "error")
        return redirect(url_for("judiciary.upload"))
    name, reason, entries = kept
    try:
        batch = service.enter(
            db(), by=current_user, entries=entries, origin="file", file_name=name, reason=reason
        )
    except service.CountsRefused as refused:
        return _upload_page(UploadForm(), refused.faults, name), 422
    return _entered(batch)


@blueprint.get("/template.<kind>")
@audience(Permission.COUNTS_ENTER)
def template(kind: str) -> Response:
    """The file to fill in: last month's lines, or 36 months for a backfill."""
    if kind not in ("xlsx", "csv"):
        abort(404)
    backfill = request.args.get("backfill") == "1"
    months = pages.months_over(clock.today(), MONTHS_BACK if backfill else 1)
    courts = queries.courts_of(db(), current_user)
    make = files.template if kind == "xlsx" else files.template_csv
    name = _("收案月报模板-补报36个月") if backfill else _("收案月报模板")
    return _download(make(courts, months), f"{name}.{kind}")


@blueprint.get("/batches")
@audience(*READERS)
def batches() -> str:
    """What was sent, by whom, and what became of it."""
    return render_template(
        "judiciary/batches.html", batches=queries.batches(db(), current_user, limit=100)
    )


@blueprint.get("/batches/<int:batch_id>")
@audience(*READERS)
def batch(batch_id: int) -> str:
    """One batch: its rows, what they change, and the two people."""
    return _batch_page(_batch(batch_id), ReasonForm(formdata=None))


@blueprint.post("/batches/<int:batch_id>/release")
@audience(Permission.COUNTS_RELEASE)
def release(batch_id: int) -> AnyResponse | tuple[str, int]:
    """The second person releases."""
    _batch(batch_id)
    try:
        service.release(db(), by=current_user, batch_id=batch_id)
    except service.ReleaseRefused as refused:
        return _refused_batch(batch_id, str(refused))
    flash(_("已发布，从现在起计入各项指标"), "success")
    return redirect(url_for("judiciary.batch", batch_id=batch_id))


@blueprint.post("/batches/<int:batch_id>/send-back")
@audience(Permission.COUNTS_RELEASE, Permission.COUNTS_ENTER)
def send_back(batch_id: int) -> AnyResponse | tuple[str, int]:
    """The reviewer sends back, or who entered takes back."""
    held = _batch(batch_id)
    form = ReasonForm()
    if not form.validate():
        return _batch_page(held, form), 422
    try:
        service.send_back(db(), by=current_user, batch_id=batch_id, reason=clean(form.reason.data))
    except service.ReleaseRefused as refused:
        return _refused_batch(batch_id, str(refused))
    flash(_("已退回，这一批不会计入任何指标"), "success")
    return redirect(url_for("judiciary.batch", batch_id=batch_id))


@blueprint.get("/courts/<code>")
@audience(*READERS)
def court(code: str) -> str:
    """One court: month by month, what counts now."""
    found, today = _court(code), clock.today()
    months = pages.months_over(today, MONTHS_BACK)[::-1]
    rows = queries.submissions(
        db(), current_user, months, closing_day=int(_setting("closing_day")), today=today
    )
    own = next(row for row in rows if row[0].court.code == code)
    return render_template(
        "judiciary/court.html", court=found, row=own, trend=pages.trend(own), **_words()
    )


@blueprint.post("/courts/<code>/export")
@audience(*READERS)
def export(code: str) -> Response:
    """Released counts of one court as a workbook."""
    found = _court(code)
    months = pages.months_over(clock.today(), MONTHS_BACK)
    name = _("%(court)s收案月报.xlsx", court=found.name)
    made = service.export(db(), by=current_user, court=found, months=months)
    return _download(made, name)


@blueprint.get("/courts/<code>/<month>")
@audience(*READERS)
def month(code: str, month: str) -> str:
    """All revisions of one court's month, with reasons and people."""
    found, day = _court(code), pages.month_of(month) or abort(404)
    rows = queries.revisions(db(), current_user, code, day)
    if not rows:
        abort(404)
    held = {row.batch_id: db().get_one(CountBatch, row.batch_id) for row in rows}
    people = queries.names_of(
        db(), [one for b in held.values() for one in (b.entered_by, b.released_by, b.withdrawn_by)]
    )
    return render_template(
        "judiciary/month.html",
        court=found,
        month=day,
        rows=rows,
        batches=held,
        people=people,
        current=next((row for row in rows if row.released_at), rows[0]),
        parts=queries.sees_drafts(current_user),
        townships=pages.township_names(db(), rows),
        **_words(),
    )


def _previewed(entries: list[Entry], reason: str = "") -> service.Preview:
    percent = int(_setting("warn_change_percent"))
    return service.preview(
        db(), by=current_user, entries=entries, warn_percent=percent, reason=reason
    )


def _count_form(form: CountForm, courts: list[Court]) -> str:
    return render_template("judiciary/enter.html", form=form, courts=courts, measures=MEASURES)


def _upload_page(form: UploadForm, faults: list[Fault] | None = None, name: str = "") -> str:
    faults = faults or []
    return render_template(
        "judiciary/upload.html",
        form=form,
        notes=files.template_notes(),
        faults=faults[:FAULTS_SHOWN],
        more=max(0, len(faults) - FAULTS_SHOWN),
        titles={measure.key: measure.label for measure in MEASURES},
        file_name=name,
    )


def _preview_page(
    found: service.Preview, entries: list[Entry], name: str, reason: str
) -> str | tuple[str, int]:
    sealed = _sealed(name, reason, entries) if found.writes else ""
    if len(sealed) > LARGEST_FORM:
        fault = Fault(_("文件太大，一次确认不完，请分成两三份上传"))
        return _upload_page(UploadForm(), [fault], name), 413
    form = ConfirmForm(formdata=None)
    form.rows.data = sealed
    return render_template(
        "judiciary/preview.html",
        form=form,
        found=found,
        file_name=name,
        courts=pages.court_names(db(), found),
        titles={measure.key: measure.label for measure in MEASURES},
        **_words(),
    )


def _entered(batch: CountBatch | None) -> AnyResponse:
    if batch is None:
        flash(_("与已报送的内容完全相同，没有改动"), "info")
        return redirect(url_for("judiciary.index"))
    flash(_("已录入，等本院审核人发布后计入指标"), "success")
    return redirect(url_for("judiciary.batch", batch_id=batch.id))


def _batch(batch_id: int) -> CountBatch:
    held = db().get(CountBatch, batch_id) if batch_id <= LARGEST_ID else None
    if held is None or not (held.released_at or queries.sees_drafts(current_user)):
        abort(404)
    return held


def _batch_page(held: CountBatch, form: ReasonForm) -> str:
    rows = queries.batch_rows(db(), held.id)
    codes, months = {row.court_code for row in rows}, {row.month for row in rows}
    pending = not (held.released_at or held.withdrawn_at)
    decides = pending and service.may_decide(db(), current_user, held)
    return render_template(
        "judiciary/batch.html",
        batch=held,
        rows=rows,
        before=queries.earlier(db(), rows),
        courts={code: db().get_one(Court, code) for code in codes},
        months=sorted(months),
        people=queries.names_of(db(), (held.entered_by, held.released_by, held.withdrawn_by)),
        own=held.entered_by == current_user.id,
        may_release=decides and current_user.may(Permission.COUNTS_RELEASE),
        may_take_back=decides and held.entered_by == current_user.id,
        pending=pending,
        warnings=_warnings(rows) if pending else [],
        form=form,
        **_words(),
    )


def _warnings(rows: list[CourtCount]) -> list[Fault]:
    percent = int(_setting("warn_change_percent"))
    items = pages.items_of(rows)
    return service.warnings_on(db(), items, warn_percent=percent, today=clock.today())


def _refused_batch(batch_id: int, message: str) -> tuple[str, int]:
    db().rollback()
    flash(message, "error")
    return _batch_page(_batch(batch_id), ReasonForm(formdata=None)), 409


def _court(code: str) -> Court:
    mine = {court.code: court for court in queries.courts_of(db(), current_user)}
    if code not in mine:
        abort(404)
    return mine[code]


def _setting(name: str) -> Any:
    return current_app.extensions["settings"].of("judiciary", name)


def _words() -> dict[str, Any]:
    names = {"regimes": REGIMES, "bases": BASES, "attributions": ATTRIBUTIONS}
    return {"measures": MEASURES, **names}


def _sealer() -> URLSafeTimedSerializer:
    key = str(current_app.secret_key)
    return URLSafeTimedSerializer(key, salt=f"judiciary.check.{current_user.id}")


def _sealed(name: str, reason: str, entries: list[Entry]) -> str:
    keys = sorted({key for entry in entries for key in entry.texts})
    rows = [[entry.line, *(entry.texts.get(key, "") for key in keys)] for entry in entries]
    return str(_sealer().dumps([name, reason, keys, rows]))


def _unsealed(text: str) -> tuple[str, str, list[Entry]] | None:
    try:
        name, reason, keys, rows = _sealer().loads(text, max_age=CHECK_KEPT)
    except BadData:
        return None
    return name, reason, [Entry(dict(zip(keys, row[1:], strict=True)), row[0]) for row in rows]


def _download(data: bytes, name: str) -> Response:
    kind = XLSX if name.endswith(".xlsx") else "text/csv; charset=utf-8"
    return send_file(io.BytesIO(data), kind, as_attachment=True, download_name=name)
