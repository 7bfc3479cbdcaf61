"""The registers: seen on the page, taken away as workbooks."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.table_out import handed_out
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.exchange.registers import service
from yuantou.indicators.periods import first_of, months, parse_month, shift

blueprint = Blueprint("registers", __name__, url_prefix="/registers")
MONTHS_OFFERED = 36


@blueprint.get("/")
@audience(Permission.DISPUTE_EXPORT)
def index() -> str:
    """The monthly sheet of a month, and what can be taken away."""
    month = _month(request.args.get("month", ""))
    return render_template(
        "exchange/registers.html",
        month=month,
        months=_offered(),
        sheet=service.monthly(db(), month=month),
        notes=service.monthly_notes(),
        items_notes=service.items_notes(),
    )


@blueprint.post("/monthly")
@audience(Permission.DISPUTE_EXPORT)
def monthly() -> Response:
    """The monthly sheet as a workbook."""
    month = _month(request.form.get("month", ""))
    book = service.take_monthly(db(), by=current_user, month=month, now=clock.now())
    return _sent(book, _("人民调解案件统计月报"), month)


@blueprint.post("/items")
@audience(Permission.DISPUTE_EXPORT)
def items() -> Response:
    """The GB/T 31000 items as a workbook."""
    month = _month(request.form.get("month", ""))
    try:
        book = service.take_items(db(), by=current_user, month=month, now=clock.now())
    except service.TooManyItemsError as beyond:
        words = _(
            "这个月超过 %(most)s 件，一个文件装不下，请由各乡镇街道分别导出。", most=beyond.most
        )
        flash(words, "error")
        return redirect(url_for(".index", month=f"{month:%Y-%m}"))
    return _sent(book, _("矛盾纠纷数据项"), month)


def _sent(book: bytes, name: str, month: date) -> Response:
    return handed_out(book, f"{name} {month:%Y-%m}")


def _month(words: str) -> date:
    """The month that was asked for; the last one that ended where it is none on offer."""
    offered = _offered()
    try:
        month = parse_month(words)
    except ValueError:
        return offered[1]
    return month if month in offered else offered[1]


def _offered() -> list[date]:
    """Months on offer, the newest first."""
    last = first_of(clock.today())
    return list(months(shift(last, 1 - MONTHS_OFFERED), last))[::-1]
