"""The case feed of a court: check a file, submit, release by another, take back, open its rows."""

import calendar
import codecs
from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_in import rows_in
from yuantou.access.table_out import handed_out
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.database.sheets import Sheet, SheetError, clean, write_workbook
from yuantou.disputes.parties import keyring
from yuantou.judiciary import pages
from yuantou.judiciary.casefeed import queries, retention, service
from yuantou.judiciary.casefeed.causes import read as read_causes
from yuantou.judiciary.casefeed.forms import PURPOSES, FeedForm, OpenForm, TakeBackForm
from yuantou.judiciary.casefeed.models import FeedBatch
from yuantou.judiciary.casefeed.reading import TITLES, Frame, Reading, of_message, of_rows
from yuantou.judiciary.counting import Fault
from yuantou.judiciary.queries import names_of
from yuantou.territory.models import Court

blueprint = Blueprint("casefeed", __name__, url_prefix="/judiciary/casefeed")
COURTS = (Permission.COUNTS_ENTER, Permission.COUNTS_RELEASE)
FAULTS_SHOWN = 200
MONTHS_SHOWN = 24
LARGEST_ID = 2**63 - 1


@blueprint.get("/")
@audience(*COURTS)
def index() -> str:
    """What this court has fed, which months are covered, and what it is for."""
    court = queries.court_of(db(), current_user)
    months = pages.months_over(clock.today(), MONTHS_SHOWN)[::-1]
    found = queries.batches(db(), current_user)
    return render_template(
        "casefeed/index.html",
        court=court,
        months=months,
        fed=queries.months_fed(db(), court.code) if court else set(),
        batches=found,
        people=names_of(db(), [each.entered_by for each in found]),
        **_words(),
    )


@blueprint.get("/upload")
@audience(Permission.COUNTS_ENTER)
def upload() -> str:
    """Choose months and a file."""
    form = FeedForm()
    last = pages.months_over(clock.today(), 1)[0]
    form.first.data = form.last.data = f"{last:%Y-%m}"
    return _upload_page(form)


@blueprint.post("/upload")
@audience(Permission.COUNTS_ENTER)
def check() -> AnyResponse | tuple[str, int]:
    """Check a file; what holds is kept as a draft that its clerk looks at before submitting."""
    form, court = FeedForm(), _court()
    valid, span = form.validate(), _span(form)
    if not valid or span is None:
        return _upload_page(form), 422
    name = clean(form.table.data.filename or "")[:200]
    data = form.table.data.read()
    try:
        found = _reading(data, name, _frame(court, span))
    except SheetError as error:
        return _upload_page(form, [Fault(error.message, "", error.line, error.column)], name), 422
    if found.faults:
        return _upload_page(form, found.faults, name), 422
    batch = service.enter(
        db(),
        by=current_user,
        court=court,
        first=span[0],
        last=span[1].replace(day=1),
        suits=found.suits,
        origin="json" if _is_message(data) else "file",
        file_name=name,
    )
    if found.repeated:
        flash(_("文件里有 %(n)s 行与前面的完全相同，只计一次", n=found.repeated), "warning")
    return redirect(url_for("casefeed.show", batch_id=batch.id))


@blueprint.get("/template.xlsx")
@audience(Permission.COUNTS_ENTER)
def template() -> Response:
    """The file to fill in."""
    notes = [[line] for line in _notes()]
    sheets = [
        Sheet(_("案件级数据"), tuple(TITLES), []),
        Sheet(_("填报说明"), (_("填报说明"),), notes),
    ]
    return handed_out(write_workbook(sheets), _("案件级数据模板"))


@blueprint.get("/<int:batch_id>")
@audience(*COURTS)
def show(batch_id: int) -> str:
    """One batch in numbers."""
    return _batch_page(_batch(batch_id))


@blueprint.post("/<int:batch_id>/submit")
@audience(Permission.COUNTS_ENTER)
def submit(batch_id: int) -> AnyResponse | tuple[str, int]:
    """Lay it before the second person."""
    _batch(batch_id)
    try:
        service.submit(db(), by=current_user, batch_id=batch_id)
    except service.FeedRefused as refused:
        return _refused(batch_id, str(refused))
    flash(_("已提交，等本院审核人发布"), "success")
    return redirect(url_for("casefeed.show", batch_id=batch_id))


@blueprint.post("/<int:batch_id>/release")
@audience(Permission.COUNTS_RELEASE)
def release(batch_id: int) -> AnyResponse | tuple[str, int]:
    """The second person releases."""
    _batch(batch_id)
    try:
        service.release(db(), by=current_user, batch_id=batch_id)
    except service.FeedRefused as refused:
        return _refused(batch_id, str(refused))
    flash(_("已发布；系统随后比对，只把有回流的事项告诉承办单位"), "success")
    return redirect(url_for("casefeed.show", batch_id=batch_id))


@blueprint.post("/<int:batch_id>/take-back")
@audience(*COURTS)
def take_back(batch_id: int) -> AnyResponse | tuple[str, int]:
    """Delete the rows, with a reason."""
    held, form = _batch(batch_id), TakeBackForm()
    if held.released_at is not None and not current_user.may(Permission.COUNTS_RELEASE):
        abort(403)
    if not form.validate():
        return _batch_page(held, form=form), 422
    try:
        service.take_back(
            db(), by=current_user, batch_id=batch_id, reason=clean(form.reason.data or "")
        )
    except service.FeedRefused as refused:
        return _refused(batch_id, str(refused))
    flash(_("已撤回，这一批的各行已经删除"), "success")
    return redirect(url_for("casefeed.show", batch_id=batch_id))


@blueprint.post("/<int:batch_id>/rows")
@audience(*COURTS)
def rows(batch_id: int) -> AnyResponse | str | tuple[str, int]:
    """Open the rows; it is logged."""
    held, form = _batch(batch_id), OpenForm()
    if not form.validate():
        return _batch_page(held, opening=form), 422
    try:
        found = service.opened(
            db(), by=current_user, batch_id=batch_id, reason=str(form.reason.data)
        )
    except service.FeedRefused as refused:
        return _refused(batch_id, str(refused))
    return _batch_page(held, lines=found)


def _court() -> Court:
    return queries.court_of(db(), current_user) or abort(404)


def _span(form: FeedForm) -> tuple[date, date] | None:
    """The first day and the last of the months, whose last one is over."""
    first, last = (pages.month_of((each.data or "").strip()) for each in (form.first, form.last))
    for each, month in ((form.first, first), (form.last, last)):
        if month is None and not each.errors:
            each.errors = [_("请写月份，例如 2026-01")]
    if first is None or last is None:
        return None
    if first > last:
        form.last.errors = [_("截止月份早于起始月份")]
        return None
    if last >= clock.today().replace(day=1):
        form.last.errors = [_("只报已经过完的月份")]
        return None
    return first, last.replace(day=calendar.monthrange(last.year, last.month)[1])


def _frame(court: Court, span: tuple[date, date]) -> Frame:
    townships = queries.townships_of(db(), court)
    return Frame(*span, townships, read_causes(), keyring().index_key, clock.today())


def _is_message(data: bytes) -> bool:
    return data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"


def _reading(data: bytes, name: str, frame: Frame) -> Reading:
    if _is_message(data):
        return of_message(data, frame)
    return of_rows(rows_in(data, name), frame)


def _batch(batch_id: int) -> FeedBatch:
    held = db().get(FeedBatch, batch_id) if batch_id <= LARGEST_ID else None
    if held is None or (held.submitted_at is None and held.entered_by != current_user.id):
        abort(404)
    return held


def _upload_page(form: FeedForm, faults: list[Fault] | None = None, name: str = "") -> str:
    faults = faults or []
    return render_template(
        "casefeed/upload.html",
        form=form,
        faults=faults[:FAULTS_SHOWN],
        more=max(0, len(faults) - FAULTS_SHOWN),
        titles={key: title for title, key in TITLES.items()},
        file_name=name,
        notes=_notes(),
        **_words(),
    )


def _batch_page(
    held: FeedBatch,
    *,
    form: TakeBackForm | None = None,
    opening: OpenForm | None = None,
    lines: list[queries.Line] | None = None,
) -> str:
    people = (held.entered_by, held.released_by, held.withdrawn_by)
    return render_template(
        "casefeed/batch.html",
        batch=held,
        sums=queries.sums(db(), held.id),
        people=names_of(db(), people),
        own=held.entered_by == current_user.id,
        may_release=current_user.may(Permission.COUNTS_RELEASE),
        form=form or TakeBackForm(formdata=None),
        opening=opening or OpenForm(formdata=None),
        lines=lines,
        purposes=PURPOSES,
        **_words(),
    )


def _refused(batch_id: int, message: str) -> tuple[str, int]:
    db().rollback()
    flash(message, "error")
    return _batch_page(_batch(batch_id)), 409


def _notes() -> list[str]:
    return [
        _("一行一件民事一审案件；表头照模板写，不要姓名、住址、电话。"),
        _("“当事人证件号”一格可写几个，用分号隔开；只写个人的，单位不用写。"),
        _("证件号读入时立即换成密文，原号不保存、不显示、不进日志。"),
        _("也可以在本院用离线工具先换成密文，填“当事人密文”；两列填一列即可。"),
        _("“案号”可以不填；填了也只存密文，用来认出重复的行。"),
        _("“立案日期”写成 2026-01-31；“乡镇”写名称或代码，可以不填。"),
        _("没有案件的月份也要报：选好月份，传只有表头的文件。"),
    ]


def _words() -> dict[str, Any]:
    kept = retention.read()
    return {"days": kept.days, "draft_days": kept.draft_days}
