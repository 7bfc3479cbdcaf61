"""Supervision's pages: the lists of what is due, urging, the acts on one matter, its letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination import queries as events
from yuantou.coordination.blueprint import found
from yuantou.coordination.pages import Page
from yuantou.coordination.supervision import queries, service
from yuantou.coordination.supervision.acts import BY_NAME, LETTERS
from yuantou.coordination.supervision.filters import register
from yuantou.coordination.supervision.forms import RemindForm
from yuantou.coordination.supervision.standing import ROWS, refusal, ripe
from yuantou.database.text import whole_number
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import working_calendar
from yuantou.disputes.words import due_words, moment_words, refusal_words
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.queries import changes_since, last_event

Answer = str | Response | tuple[str, int]
blueprint = Blueprint("supervision", __name__)
register(blueprint)
TAB_NAMES = {
    "unaccepted": _l("应受理未受理"),
    "unhandled": _l("应办理未办理"),
    "unsigned": _l("应签收未签收"),
    "unanswered": _l("未答复的督办"),
    "answered": _l("待审答复"),
    "listed": _l("挂牌、通报"),
}
_ACTING = (Permission.DISPUTE_SUPERVISE, Permission.DISPUTE_HANDLE)


@blueprint.get("/supervision/")
@audience(*_ACTING)
def index() -> str:
    """What is due and not done, by agency, oldest first."""
    tabs, now = queries.tabs_of(current_user), clock.now()
    asked = request.args.get("tab", "")
    numbers = queries.counts(db(), current_user, now)
    tab = asked if asked in tabs else next((one for one in tabs if numbers[one]), tabs[0])
    agency = whole_number(request.args.get("agency"))
    groups = queries.lines(db(), current_user, tab, now, agency)
    return render_template(
        "supervision/index.html",
        tab=tab,
        tabs=_tabs(numbers, tab),
        title=TAB_NAMES[tab],
        groups=[(group, _lines(group.rows, now)) for group in groups],
        agencies=[("", _("全部")), *queries.agencies(db(), current_user, tab, now)],
        agency=agency or "",
        full=sum(len(group.rows) for group in groups) >= queries.MOST_LINES,
        most=queries.MOST_LINES,
        may_urge=current_user.may(Permission.DISPUTE_SUPERVISE) and tab != "answered",
        own=current_user.agency.id,
        ripe=_ripe(tab, groups, now),
        message=RemindForm(formdata=None).message.data,
    )


@blueprint.post("/supervision/urge")
@audience(Permission.DISPUTE_SUPERVISE)
def urge() -> Response:
    """Urge one or several at once."""
    picked = [one for one in map(whole_number, request.form.getlist("picked")) if one]
    form = RemindForm()
    if not picked:
        flash(_("请先选中要催办的事项"), "error")
    elif not form.validate():
        flash("；".join(str(text) for text in form.message.errors), "error")
    else:
        urged = service.remind(
            db(), by=current_user, dispute_ids=picked, message=form.message.data or ""
        )
        flash(_("已催办 %(n)s 件。", n=urged.done), "success" if urged.done else "info")
        for reason in dict.fromkeys(why for _id, why in urged.left):
            number = sum(why == reason for _id, why in urged.left)
            flash(_("%(n)s 件没有催：%(why)s", n=number, why=reason), "warning")
    tab = request.form.get("tab", "")
    return redirect(url_for(".index", tab=tab if tab in queries.TABS else None), 303)


@blueprint.get("/matters/<int:dispute_id>/supervision/<action>")
@audience(*_ACTING)
def act(dispute_id: int, action: str) -> Answer:
    """The form of an act, or why it is shut."""
    page, dispute = _asked(action), found(dispute_id)
    shut = _shut(page, dispute)
    if shut is not None:
        return render_template("coordination/shut.html", **_words(page, dispute), refusal=shut), 409
    form = _form(page, dispute)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    return _render(page, dispute, form)


@blueprint.post("/matters/<int:dispute_id>/supervision/<action>")
@audience(*_ACTING)
def carry_out(dispute_id: int, action: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    page, dispute = _asked(action), found(dispute_id)
    form = _form(page, dispute)
    if not form.validate():
        return _render(page, dispute, form), 422
    known = {"dispute_id": dispute_id, "version": form.known_version, **form.values()}
    try:
        page.run(db(), by=current_user, **known)
    except RefusedError as refused:
        return _refused(page, dispute_id, form, refused)
    except StaleDisputeError:
        return _stale(page, dispute_id, form)
    except NotVisibleError:
        abort(404)
    flash(str(page.done), "success")
    return redirect(_back(dispute_id), 303)


@blueprint.get("/matters/<int:dispute_id>/supervision/letters/<int:letter_id>")
@audience(Permission.DISPUTE_READ)
def letter(dispute_id: int, letter_id: int) -> str:
    """One letter as it is printed."""
    dispute = found(dispute_id)
    row = queries.letter(db(), dispute_id, letter_id)
    if row is None:
        abort(404)
    deed, name = LETTERS[row[0].kind]
    return render_template(
        "supervision/letter.html", dispute=dispute, letter=row[0], row=row, deed=deed, name=name
    )


def _tabs(numbers: dict[str, int], tab: str) -> list[dict[str, Any]]:
    return [
        {
            "label": TAB_NAMES[one],
            "url": url_for(".index", tab=one),
            "count": number,
            "active": one == tab,
        }
        for one, number in numbers.items()
    ]


def _lines(rows: Sequence[Any], now: datetime) -> list[tuple[Any, Any, str]]:
    """Each row with its deadline in words and when its supervision moved last."""
    calendar = working_calendar(db())
    return [
        (
            row,
            due_words(row.due_at, row.state, calendar, now),
            moment_words(row.updated_at, now) if row.updated_at else "",
        )
        for row in rows
    ]


def _ripe(tab: str, groups: Sequence[queries.AgencyLines], now: datetime) -> set[int]:
    """Matters of others that were left so long that an order is due."""
    if tab not in queries.OVERDUE or not current_user.may(Permission.DISPUTE_SUPERVISE):
        return set()
    days = int(current_app.extensions["settings"].of("supervision", "ripe_days"))
    return {
        row.id
        for group in groups
        for row in group.rows
        if group.agency_id != current_user.agency.id and ripe(row.risk, row.due_at, now, days)
    }


def _asked(action: str) -> Page:
    if action not in BY_NAME:
        abort(404)
    return BY_NAME[action]


def _form(page: Page, dispute: Dispute) -> Any:
    form = page.form()
    page.prepare(db(), current_user, dispute, form)
    return form


def _shut(page: Page, dispute: Dispute) -> Any:
    held = queries.open_one(db(), dispute.id)
    return refusal(page.action, current_user, dispute, held, clock.now())


def _refused(page: Page, dispute_id: int, form: Any, refused: RefusedError) -> Answer:
    db().rollback()
    shut = refused.refusal
    if shut.field in form:
        form[shut.field].errors = [*form[shut.field].errors, refusal_words(shut)]
    else:
        form.form_errors.append(refusal_words(shut))
    return _render(page, found(dispute_id), form, refusal=shut), 422


def _stale(page: Page, dispute_id: int, form: Any) -> Answer:
    """Somebody was faster, perhaps oneself by a second click: show it and keep what was typed."""
    db().rollback()
    db().expire_all()
    dispute = found(dispute_id)
    changes = changes_since(db(), dispute, form.known_event)
    shut = _shut(page, dispute)
    if shut is not None and _own_doing(page, dispute):
        flash(_("这一步已经办好，没有重复办理。"), "info")
        return redirect(_back(dispute_id), 303)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    return _render(page, dispute, form, stale=True, changes=changes, shut=shut), 409


def _own_doing(page: Page, dispute: Dispute) -> bool:
    last = events.last_event(db(), dispute.id)
    return (
        last is not None
        and last.event == ROWS[page.action].event
        and last.actor_id == current_user.id
    )


def _back(dispute_id: int) -> str:
    return url_for("coordination.matter", dispute_id=dispute_id, _anchor="supervision")


def _render(page: Page, dispute: Dispute, form: Any, **more: Any) -> str:
    return render_template("coordination/act.html", **_words(page, dispute), form=form, **more)


def _words(page: Page, dispute: Dispute) -> dict[str, Any]:
    return {
        "page": page,
        "dispute": dispute,
        "state": DisputeState(dispute.state),
        "law": "",
        "back": _back(dispute.id),
    }
