"""The desk: the list of matters, the search for a party, the export, and short links."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.scope import NOWHERE
from yuantou.access.table_out import XLSX
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.disputes import desk
from yuantou.disputes.chips import chips
from yuantou.disputes.export import MOST_ROWS, TooManyRowsError, export_list
from yuantou.disputes.filters import Filters, Position
from yuantou.disputes.forms import PartySearch, args_of, asked, filters_from
from yuantou.disputes.queries import (
    MOST_COUNTED,
    Page,
    counts,
    handlers,
    listing,
    open_hints,
    places,
    total,
)
from yuantou.disputes.search import TooOftenError, find_by_party
from yuantou.disputes.service import working_calendar
from yuantou.disputes.views.forms import ViewForm
from yuantou.disputes.views.models import SavedView
from yuantou.disputes.views.queries import first_of, views_of
from yuantou.disputes.words import long_day
from yuantou.disputes.workflow import DisputeState

blueprint = Blueprint("disputes", __name__)
SHOWN_VIEWS = 9
BATCHING = (
    Permission.DISPUTE_DISPATCH,
    Permission.DISPUTE_SUPERVISE,
    Permission.DISPUTE_EXPORT,
)


@blueprint.get("/disputes/")
@audience(Permission.DISPUTE_READ)
def index() -> str:
    """The desk."""
    now = clock.now()
    kept = views_of(db(), current_user)
    begin = None if request.args else first_of(kept, current_user.id)
    question = args_of(begin.asked) if begin else request.args
    filters = filters_from(question, desk.default_view(current_user))
    after = Position.decode(request.args.get("after", ""))
    page = listing(db(), current_user, filters, now=now, after=after)
    shown = _context(filters, page, now, after)
    _add_views(shown, kept, str(begin.id) if begin else request.args.get("saved", ""))
    return render_template("disputes/index.html", **shown, view_form=ViewForm(formdata=None))


@blueprint.get("/disputes/party")
@audience(Permission.PARTY_OPEN)
def party() -> str:
    """Ask for a party."""
    return render_template("disputes/party.html", form=PartySearch(), found=None)


@blueprint.post("/disputes/party")
@audience(Permission.PARTY_OPEN)
def find_party() -> str | tuple[str, int]:
    """Matters of a party inside the viewer's scope; the question is logged, never in an address."""
    form = PartySearch()
    if not form.validate():
        return render_template("disputes/party.html", form=form, found=None), 422
    now = clock.now()
    try:
        page = find_by_party(
            db(),
            by=current_user,
            id_number=form.id_number.data or "",
            name=form.name.data or "",
            phone=form.phone.data or "",
            now=now,
        )
    except TooOftenError:
        form.form_errors.append(_("查找太频繁，请过一分钟再试"))
        return render_template("disputes/party.html", form=form, found=None), 429
    lines = desk.lines(page, current_user, working_calendar(db()), now)
    return render_template("disputes/party.html", form=form, found=lines)


@blueprint.post("/disputes/export")
@audience(Permission.DISPUTE_EXPORT)
def export() -> Response | tuple[str, int]:
    """The list as a workbook."""
    now = clock.now()
    filters = filters_from(request.form, desk.default_view(current_user))
    try:
        book = export_list(db(), by=current_user, filters=filters, now=now)
    except TooManyRowsError:
        if "batches.make" in current_app.view_functions:
            return redirect(url_for("batches.make"), 307)  # the question goes along
        return render_template("disputes/too_many.html", most=MOST_ROWS), 422
    answer = current_app.response_class(book, mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=f"list-{now:%Y%m%d-%H%M}.xlsx")
    return answer


@blueprint.get("/disputes/<int:dispute_id>")
@audience(Permission.DISPUTE_READ)
def show(dispute_id: int) -> Response:
    """The short link of a matter."""
    if "coordination.matter" not in current_app.view_functions:
        abort(404)
    return redirect(url_for("coordination.matter", dispute_id=dispute_id))


def _context(filters: Filters, page: Page, now: datetime, after: Position | None) -> dict[str, Any]:
    """What the page of the desk shows."""
    found = counts(db(), current_user, now=now)
    own = current_user.may(Permission.DISPUTE_HANDLE)
    calendar = working_calendar(db())
    link = _linker()
    question = asked(filters)
    narrowed = bool(question.keys() - {"view", "order"})
    following = page.after.encode() if page.after else None
    whole = after is None and page.after is None
    areas, agencies = places(db(), current_user), handlers(db(), current_user)
    names: dict[str, Mapping[Any, str]] = {"area": dict(areas), "agency": dict(agencies)}
    return {
        "filters": filters,
        "title": _title(filters),
        "today": long_day(now),
        "groups": desk.groups(page, filters, current_user, calendar, now, whole=whole),
        "number": len(page.rows),
        "total": _total(filters, page, now, whole=whole) if narrowed else "",
        "side": desk.side_entries(found, filters, link, own=own, more=_more()),
        "pills": desk.pills(found, filters, link, own=own),
        "choices": desk.choices(areas, agencies),
        "asked": question,
        "chips": chips(filters, question, link, names),
        "narrowed": narrowed,
        "clear_url": link(view=filters.view),
        "next_url": link(**question, after=following) if following else None,
        "first_url": link(**question) if after else None,
        "updated": f"{now:%H:%M}",
        "bulk": _bulk(),
        "may_log": current_user.may(Permission.DISPUTE_LOG)
        and "intake.new" in current_app.view_functions,
    }


def _bulk() -> list[tuple[str, str, str]]:
    """What may be done with many matters at once: code, words, icon."""
    if "batches.prepare" not in current_app.view_functions:
        return []
    offered = (
        ("dispatch", _("批量交办"), "send", (Permission.DISPUTE_DISPATCH,)),
        ("remind", _("批量催办"), "bell", (Permission.DISPUTE_SUPERVISE,)),
        ("series", _("归为系列案"), "merge", (Permission.DISPUTE_DISPATCH,)),
        ("export", _("导出"), "download", (Permission.DISPUTE_EXPORT,)),
    )
    return [
        (code, words, sign)
        for code, words, sign, needed in offered
        if any(map(current_user.may, needed))
    ]


def _add_views(shown: dict[str, Any], kept: Sequence[SavedView], active: str) -> None:
    """Saved views beside the list, and among the ways of looking that a phone offers."""
    link = _linker()
    entries = [
        {
            "label": view.name,
            "url": link(saved=view.id, **view.asked),
            "active": str(view.id) == active,
        }
        for view in kept[:SHOWN_VIEWS]
    ]
    if not entries:
        return
    if any(entry["active"] for entry in entries):
        for other in (*shown["pills"], *shown["side"][0]["entries"]):
            other["active"] = False
    manage = {"label": _("管理视图"), "url": url_for("views.index")}
    shown["side"].insert(1, {"title": _("我的视图"), "entries": [*entries, manage]})
    shown["pills"] += entries


def _total(filters: Filters, page: Page, now: datetime, *, whole: bool) -> str:
    """How many there are in all, as far as it is worth counting."""
    number = len(page.rows) if whole else page.total
    if number is None:
        number = total(db(), current_user, filters, now=now)
    if number > MOST_COUNTED:
        return _("多于 %(n)s 件", n=MOST_COUNTED)
    return _("共 %(n)s 件", n=number)


def _more() -> list[dict[str, Any]]:
    """Ways to what other rooms make of the list, for those who may go there."""
    known = current_app.view_functions
    found = [
        {"label": label, "url": url_for(endpoint)}
        for endpoint, label, needed in (
            ("series.index", _("系列案"), (Permission.DISPUTE_READ,)),
            ("batches.index", _("批量办理"), BATCHING),
        )
        if endpoint in known and any(map(current_user.may, needed))
    ]
    judges = current_user.may(Permission.DISPUTE_SUPERVISE) and current_user.scope.full != NOWHERE
    if judges and "intake.hints" in known:
        number = open_hints(db(), current_user)
        twins = {"label": _("疑似重复"), "url": url_for("intake.hints"), "count": number}
        return [twins, *found]
    return found


def _title(filters: Filters) -> str:
    if filters.text:
        return _("查找“%(what)s”", what=filters.text)
    if filters.state:
        return _(DisputeState(filters.state).name_zh)
    return str(desk.VIEW_NAMES[filters.view])


def _linker() -> Callable[..., str]:
    def link(**filters: Any) -> str:
        return url_for("disputes.index", **{k: v for k, v in filters.items() if v})

    return link
