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
from yuantou.coordination.blueprint import found
from yuantou.coordination.deeds import CoordinationDeed
from yuantou.coordination.pages import Page
from yuantou.coordination.supervision import queries, service
from yuantou.coordination.supervision.acts import BY_NAME, LETTERS
from yuantou.coordination.supervision.filters import register
from yuantou.coordination.supervision.forms import RemindForm
from yuantou.coordination.supervision.standing import refusal, ripe
from yuantou.database.text import whole_number
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import working_calendar
from yuantou.disputes.words import due_words, moment_words
from yuantou.mediation.deeds import carry_out as finish
from yuantou.mediation.deeds import open_form
from yuantou.mediation.submitting import Answer

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


class Supervising(CoordinationDeed):
    """An act of the supervision of one matter."""

    anchor = "supervision"

    def __init__(self, asked: Page, dispute: Dispute) -> None:
        super().__init__(dispute)
        self.asked = asked

    def form(self) -> Any:
        """Its form, prepared for this matter."""
        form = self.asked.form()
        self.asked.prepare(db(), current_user, self.dispute, form)
        return form

    def shut(self) -> Any:
        """Why the form may not be opened now."""
        held = queries.open_one(db(), self.dispute_id)
        return refusal(self.asked.action, current_user, self.dispute, held, clock.now())

    def run(self, form: Any) -> object:
        """The use case."""
        known = {"dispute_id": self.dispute_id, "version": form.known_version}
        return self.asked.run(db(), by=current_user, **known, **form.values())


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
    return open_form(Supervising(_asked(action), found(dispute_id)))


@blueprint.post("/matters/<int:dispute_id>/supervision/<action>")
@audience(*_ACTING)
def carry_out(dispute_id: int, action: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    return finish(Supervising(_asked(action), found(dispute_id)))


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
