"""The page of what passes between agencies: whistles, transfers, help, referrals, to and fro."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination.blueprint import found
from yuantou.coordination.dispatching import queries
from yuantou.coordination.dispatching.blueprint import blueprint
from yuantou.database.text import clean

Rows = Sequence[Any]
VIEWS: dict[str, tuple[Any, Callable[[], Rows]]] = {
    "whistles": (_l("吹哨报到"), lambda: queries.whistles_of(db(), current_user)),
    "transfers": (_l("移送"), lambda: queries.transfers_of(db(), current_user)),
    "help": (_l("协办"), lambda: queries.helped_by(db(), current_user)),
    "referrals": (_l("平台外转办"), lambda: queries.referrals_of(db(), current_user, _number())),
    "bouncing": (_l("反复退转"), lambda: queries.bouncing(db(), current_user)),
}


@blueprint.get("/joint")
@audience(Permission.DISPUTE_SIGN)
def index() -> str:
    """One of the lists; what waits for an answer comes first."""
    now = clock.now()
    waiting = queries.waiting(db(), current_user)
    chosen = request.args.get("view", "")
    view = chosen if chosen in VIEWS else _first(waiting)
    over = request.args.get("over") == "1"
    rows = VIEWS[view][1]()
    return render_template(
        "dispatching/index.html",
        view=view,
        title=VIEWS[view][0],
        views=_entries(view, waiting),
        rows=[row for row in rows if _over(view, row, now)] if over else rows,
        over=over,
        now=now,
        most=queries.MOST,
        number=_number(),
    )


@blueprint.get("/matters/<int:dispute_id>/proposed-owner")
@audience(Permission.DISPUTE_TRIAGE)
def proposed(dispute_id: int) -> str:
    """Who would own the matter if it were of the type that is being chosen."""
    return render_template(
        "dispatching/_proposal.html",
        dispute=found(dispute_id),
        kind=request.args.get("type", ""),
    )


def _first(waiting: dict[str, int]) -> str:
    """The list in which something waits for the viewer's unit."""
    return next((name for name in VIEWS if waiting.get(name)), "whistles")


def _entries(view: str, waiting: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": url_for(".index", view=name),
            "count": waiting.get(name) or None,
            "active": name == view,
        }
        for name, (label, _rows) in VIEWS.items()
    ]


def _number() -> str:
    """The number from outside that is looked for."""
    return clean(request.args.get("q", ""))[:60]


def _over(view: str, row: Any, now: datetime) -> bool:
    """Whether the answer is owed and late."""
    if view == "whistles":
        return row.Whistle.answered_at is None and row.Whistle.due_at < now
    if view == "transfers":
        return row.Transfer.outcome is None and row.Transfer.due_at < now
    if view == "referrals":
        return row.Referral.answered_at is None and row.Referral.due_on < now.date()
    return True
