"""Supplying counts, month by month or by file, and the courts' quality figures as context."""

from datetime import date, datetime
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
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_in import rows_in
from yuantou.access.table_out import handed_out
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.database.sheets import Sheet, SheetError, clean, write_workbook
from yuantou.indicators import pages
from yuantou.indicators.periods import months, shift, to_date
from yuantou.indicators.queries import definitions, read_ledger
from yuantou.indicators.supplying import queries, reading, service
from yuantou.indicators.supplying.forms import (
    ConfirmForm,
    MonthForm,
    UndoForm,
    UploadForm,
    month_form,
)
from yuantou.indicators.supplying.owners import owned_by
from yuantou.indicators.words import say
from yuantou.judiciary.counting import Fault
from yuantou.territory.models import Area

blueprint = Blueprint("supplying", __name__, url_prefix="/supplying")
MONTHS_SHOWN = 12
FAULTS_SHOWN = 200
LARGEST_FORM = 450_000
CHECK_KEPT = 7200
CONTEXT_OWNERS = ("court", "centre")


@blueprint.get("/")
@audience(Permission.SUPPLY_ENTER)
def index() -> str:
    """Which months of which counts are in, and the last savings."""
    duty = queries.duty_of(db(), current_user)
    area = _area(duty.areas)
    last = shift(clock.today().replace(day=1), -1)
    span = list(months(shift(last, 1 - MONTHS_SHOWN), last))[::-1]
    codes = [area.code] if area else []
    return render_template(
        "supplying/index.html",
        duty=duty,
        area=area,
        months=span,
        held=queries.standing(db(), duty.components, codes, span[-1], span[0]),
        saved=queries.savings(db(), current_user),
        undo=UndoForm(formdata=None),
        say=say,
        context=_sees_context(),
        villages="centre" in owned_by(current_user.agency.kind),
    )


@blueprint.get("/enter")
@audience(Permission.SUPPLY_ENTER)
def enter() -> str:
    """One area's month by hand, with what stands there."""
    duty = _duty()
    form = month_form(duty.components)(formdata=None)
    area = _area(duty.areas) or abort(404)
    month = reading.month_of(request.args.get("month", "")) or shift(
        clock.today().replace(day=1), -1
    )
    form.area.data, form.month.data = area.code, f"{month:%Y-%m}"
    held = queries.standing(db(), duty.components, [area.code], month, month)
    for (name, _code, _month), row in held.items():
        form[name].data = "" if row.value is None else str(row.value)
    return _month_page(form, duty)


@blueprint.post("/enter")
@audience(Permission.SUPPLY_ENTER)
def save() -> AnyResponse | tuple[str, int]:
    """Keep what was typed."""
    duty = _duty()
    form = month_form(duty.components)()
    form.offer(duty.areas)
    valid = form.validate()
    found = reading.of_texts(form.texts(duty.components), duty, clock.today())
    if not valid or found.faults:
        form.blame(found.faults)
        return _month_page(form, duty), 422
    try:
        written = service.supply(
            db(),
            by=current_user,
            told=found.told,
            source=clean(form.source.data or ""),
            reason=clean(form.reason.data or ""),
        )
    except service.SupplyRefused as refused:
        form.reason.errors = [str(refused)]
        return _month_page(form, duty), 422
    return _saved(written, str(form.area.data))


@blueprint.get("/upload")
@audience(Permission.SUPPLY_ENTER)
def upload() -> str:
    """Choose a file."""
    return _upload_page(UploadForm())


@blueprint.post("/upload")
@audience(Permission.SUPPLY_ENTER)
def check() -> str | tuple[str, int]:
    """Check a file and show what it would do."""
    form, duty = UploadForm(), _duty()
    if not form.validate():
        return _upload_page(form), 422
    name = clean(form.table.data.filename or "")[:200]
    try:
        found = reading.of_rows(rows_in(form.table.data.read(), name), duty, clock.today())
    except SheetError as error:
        return _upload_page(form, [Fault(error.message, "", error.line, error.column)], name), 422
    made = service.preview(db(), found.told)
    reason = clean(form.reason.data or "")
    if made.corrections and not reason:
        found.faults.append(Fault(_("改动已经报过的数，要写更正说明"), "reason"))
    if not found.told and not found.faults:
        found.faults.append(Fault(_("没有可以写入的数"), "", 1))
    sealed = _sealer().dumps([clean(form.source.data or ""), reason, *map(_packed, found.told)])
    if len(sealed) > LARGEST_FORM:
        found.faults.append(Fault(_("文件太大，一次确认不完，请分成两三份上传")))
    if found.faults:
        return _upload_page(form, found.faults, name), 422
    confirming = ConfirmForm(formdata=None)
    confirming.rows.data = str(sealed)
    return render_template(
        "supplying/preview.html",
        form=confirming,
        found=made,
        file_name=name,
        names={area.code: area.name for area in duty.areas},
        say=say,
    )


@blueprint.post("/confirm")
@audience(Permission.SUPPLY_ENTER)
def confirm() -> AnyResponse | tuple[str, int]:
    """Write what was checked."""
    form = ConfirmForm()
    try:
        source, reason, *told = _sealer().loads(form.rows.data or "", max_age=CHECK_KEPT)
    except BadData:
        flash(_("检查结果已过期，请重新上传文件"), "error")
        return redirect(url_for("supplying.upload"))
    every = [reading.Told(c, a, date.fromisoformat(m), v) for c, a, m, v in told]
    try:
        written = service.supply(db(), by=current_user, told=every, source=source, reason=reason)
    except service.SupplyRefused as refused:
        return _upload_page(UploadForm(formdata=None), [Fault(str(refused))]), 422
    return _saved(written, "")


@blueprint.get("/template.xlsx")
@audience(Permission.SUPPLY_ENTER)
def template() -> Response:
    """The file to fill in: last month's lines."""
    duty = queries.duty_of(db(), current_user)
    month = shift(clock.today().replace(day=1), -1)
    rows = [[area.name, f"{month:%Y-%m}"] for area in duty.areas]
    head = ("地区", "月份", *(say(name) for name in duty.components))
    note = _("没有填 0，不知道就空着；空着不改动原来的数。")
    made = write_workbook([Sheet(_("报数"), head, rows, notes=(note,))])
    return handed_out(made, _("报数模板"))


@blueprint.post("/undo")
@audience(Permission.SUPPLY_ENTER)
def undo() -> AnyResponse:
    """Put back what stood before a saving."""
    form = UndoForm()
    if not form.validate():
        flash(_("请写明撤销的原因"), "error")
        return redirect(url_for("supplying.index"))
    try:
        at = datetime.fromisoformat(str(form.at.data))
        put_back = service.undo(db(), by=current_user, at=at, reason=clean(form.reason.data or ""))
    except (ValueError, service.SupplyRefused) as refused:
        flash(str(refused), "error")
    else:
        flash(_("已撤销 %(n)s 个数，恢复为原来的数", n=put_back), "success")
    return redirect(url_for("supplying.index"))


@blueprint.get("/courts")
@audience(Permission.SUPPLY_ENTER, Permission.COUNTS_RELEASE)
def courts() -> str:
    """The courts' quality figures of one area, as context: no list of courts, no ranks."""
    if not _sees_context():
        abort(404)
    area = _area(queries.areas_of(db(), current_user)) or abort(404)
    last = shift(clock.today().replace(day=1), -1)
    held = definitions(db(), last)
    codes = [code for code, each in held.items() if each.context]
    ledger = read_ledger(db(), [area.code], shift(last, 1 - MONTHS_SHOWN), last, codes=codes)
    start, end = to_date(last)
    return render_template(
        "supplying/courts.html",
        area=area,
        areas=queries.areas_of(db(), current_user),
        figures=[
            pages.Shown(ledger.figure(code, area.code, start, end), hidden=False) for code in codes
        ],
        start=start,
        end=end,
        say=say,
    )


def _duty() -> queries.Duty:
    duty = queries.duty_of(db(), current_user)
    return duty if duty.areas else abort(404)


def _sees_context() -> bool:
    return any(owner in CONTEXT_OWNERS for owner in owned_by(current_user.agency.kind))


def _area(areas: tuple[Area, ...]) -> Area | None:
    asked = request.args.get("area", "")
    return next((each for each in areas if each.code == asked), areas[0] if areas else None)


def _month_page(form: MonthForm, duty: queries.Duty) -> str:
    form.offer(duty.areas)
    return render_template("supplying/enter.html", form=form, duty=duty, say=say)


def _upload_page(form: UploadForm, faults: list[Fault] | None = None, name: str = "") -> str:
    faults = faults or []
    duty = queries.duty_of(db(), current_user)
    return render_template(
        "supplying/upload.html",
        form=form,
        duty=duty,
        faults=faults[:FAULTS_SHOWN],
        more=max(0, len(faults) - FAULTS_SHOWN),
        titles={key: title for title, key in reading.titles_of(duty).items()},
        file_name=name,
    )


def _saved(written: int, area: str) -> AnyResponse:
    if written:
        flash(_("已报 %(n)s 个数", n=written), "success")
    else:
        flash(_("与已报的内容完全相同，没有改动"), "info")
    return redirect(url_for("supplying.index", area=area or None))


def _packed(told: reading.Told) -> list[Any]:
    return [told.component, told.area_code, told.month.isoformat(), told.value]


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        str(current_app.secret_key), salt=f"supplying.check.{current_user.id}"
    )
