"""The inbox: to do, due soon, overdue, told."""

from datetime import datetime
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.keeping import local_path
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.database.text import whole_number
from yuantou.disputes import desk
from yuantou.disputes.filters import Position
from yuantou.disputes.queries import listing
from yuantou.disputes.service import working_calendar
from yuantou.disputes.words import DueWords, clock_words, due_words
from yuantou.notices import inbox, queries, service
from yuantou.notices.blueprint import blueprint
from yuantou.notices.tasks import Task, waiting_tasks

TABS = {
    inbox.TODO: _l("待办"),
    inbox.SOON: _l("快到期"),
    inbox.OVER: _l("超期"),
    inbox.TOLD: _l("告知"),
}
EMPTY = {
    inbox.TODO: (_l("现在没有要办的事"), _l("登记、交办、退回给本单位的事项会出现在这里。")),
    inbox.SOON: (_l("三天内没有到期的事项"), _l("期限在三天内的事项会出现在这里。")),
    inbox.OVER: (
        _l("没有超期的事项"),
        _l("过了期限还没办的事项会出现在这里，并会通知县级综治中心。"),
    ),
}


@blueprint.get("/notices")
@audience()
def index() -> str:
    """What waits for my unit and me."""
    now, tabs = clock.now(), inbox.tabs_of(current_user)
    own = inbox.acts(current_user) and not _whole()
    waiting = inbox.waiting(db(), current_user, own=own, now=now)
    tab = request.args.get("tab", "")
    if tab not in tabs:
        tab = inbox.TOLD if request.args.keys() & {"unread", "before"} else waiting.first(tabs)
    g.waiting = waiting.in_menu()  # the menu need not ask again
    shown = {
        "tab": tab,
        "tabs": _tabs(tabs, tab, waiting),
        "own": own,
        "both": inbox.acts(current_user) and inbox.oversees(current_user),
        "updated": f"{now:%H:%M}",
        "drafts": inbox.drafts(db(), current_user),
    }
    if tab == inbox.TOLD:
        return render_template("notices/told.html", **shown, **_told(waiting))
    return render_template(
        "notices/index.html", **shown, **_matters(tab, own, now), **_tasks(tab, now)
    )


@blueprint.post("/notices/<int:notice_id>/open")
@audience()
def open_notice(notice_id: int) -> Response:
    """Mark a notice as read and lead to what it tells of."""
    notice = queries.notice(db(), notice_id)
    if notice is None:
        abort(404)
    service.mark_read(db(), by=current_user, ids=[notice_id])
    return redirect(local_path(notice.link) if notice.link else _told_page())


@blueprint.post("/notices/read")
@audience()
def read_all() -> Response:
    """Mark those on the page as read."""
    ids = [one for one in map(whole_number, request.form.getlist("id")) if one]
    count = service.mark_read(db(), by=current_user, ids=ids)
    flash(_("已将 %(n)s 条消息标为已读", n=count), "success")
    return redirect(_told_page())


def _link(tab: str, after: str | None = None) -> str:
    whole = 1 if _whole() else None
    return url_for("notices.index", tab=tab, whole=whole, after=after)


def _told_page() -> str:
    return url_for("notices.index", tab=inbox.TOLD)


def _whole() -> bool:
    return request.args.get("whole") == "1" and inbox.oversees(current_user)


def _tabs(tabs: tuple[str, ...], chosen: str, waiting: inbox.Waiting) -> list[dict[str, Any]]:
    return [
        {
            "label": TABS[tab],
            "url": _link(tab),
            "count": _bounded(waiting.of(tab), queries.MOST if tab == inbox.TOLD else inbox.MOST),
            "active": tab == chosen,
            "key": str(place),
        }
        for place, tab in enumerate(tabs, start=1)
    ]


def _bounded(number: int, most: int) -> str:
    return f"{number}+" if number >= most else str(number)


def _matters(tab: str, own: bool, now: datetime) -> dict[str, Any]:
    if tab == inbox.TODO and not inbox.acts(current_user):
        return {"groups": [], "title": TABS[tab], "number": 0, "empty": EMPTY[tab]}
    asked = inbox.filters(current_user, tab, own=own)
    after = Position.decode(request.args.get("after", ""))
    page = listing(db(), current_user, asked, now=now, after=after)
    whole = after is None and page.after is None
    groups = desk.groups(page, asked, current_user, working_calendar(db()), now, whole=whole)
    following = page.after.encode() if page.after else None
    return {
        "groups": groups,
        "title": TABS[tab],
        "number": len(page.rows),
        "empty": EMPTY[tab],
        "first_url": _link(tab) if after else None,
        "next_url": _link(tab, following) if following else None,
    }


def _tasks(tab: str, now: datetime) -> dict[str, Any]:
    """What waits besides matters, with what is left of its limit; on the first page alone."""
    if tab != inbox.TODO or request.args.get("after"):
        return {"tasks": []}
    calendar = working_calendar(db())

    def left(task: Task) -> DueWords:
        if task.by_clock and task.due_at:
            return clock_words(task.due_at, now)
        return due_words(task.due_at, "", calendar, now)

    return {"tasks": [(task, left(task)) for task in waiting_tasks(db(), current_user, now)]}


def _told(waiting: inbox.Waiting) -> dict[str, Any]:
    only_unread = request.args.get("unread") == "1"
    keeps = current_user.may(Permission.SETTINGS_MANAGE)
    before = request.args.get("before", type=int)
    found = queries.inbox(db(), current_user, only_unread=only_unread, before=before)
    return {
        "notices": found[: queries.PAGE],
        "older": found[queries.PAGE - 1].id if len(found) > queries.PAGE else None,
        "only_unread": only_unread,
        "unread": waiting.told,
        "trouble": sum(queries.outbox_numbers(db(), queries.TROUBLE).values()) if keeps else None,
    }
