"""The list of drafts: go on with one, throw it away, take it back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.database.text import whole_number
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.words import refusal_words
from yuantou.intake.drafts import queries, service
from yuantou.intake.drafts.content import title_of_draft
from yuantou.intake.drafts.jobs import KEPT

blueprint = Blueprint("drafts", __name__)


@blueprint.get("/intake/drafts")
@audience(Permission.DISPUTE_LOG)
def index() -> str:
    """My drafts, what I threw away lately, and who else of the unit keeps one."""
    return render_template(
        "drafts/index.html",
        drafts=_told(queries.own_drafts(db(), current_user)),
        discarded=_told(queries.own_drafts(db(), current_user, discarded=True)),
        colleagues=queries.drafts_of_colleagues(db(), current_user),
        kept=whole_number(request.args.get("kept")),
        days=KEPT.days,
    )


@blueprint.post("/intake/drafts/<int:dispute_id>/discard")
@audience(Permission.DISPUTE_LOG)
def discard(dispute_id: int) -> Response:
    """Throw it away; the list offers to take it back."""
    return _done(service.discard, dispute_id, _("草稿已丢弃，%(n)s 天内可以恢复。", n=KEPT.days))


@blueprint.post("/intake/drafts/<int:dispute_id>/restore")
@audience(Permission.DISPUTE_LOG)
def restore(dispute_id: int) -> Response:
    """Take it back."""
    return _done(service.restore, dispute_id, _("草稿已恢复。"))


def _done(act: Callable[..., None], dispute_id: int, words: str) -> Response:
    try:
        act(db(), by=current_user, dispute_id=dispute_id)
    except NotVisibleError:
        abort(404)
    except RefusedError as refused:
        db().rollback()
        flash(refusal_words(refused.refusal), "error")
    else:
        flash(words, "success")
    return redirect(url_for("drafts.index"), 303)


def _told(drafts: list[queries.Own]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.row.dispute_id,
            "title": title_of_draft(one.content) or _("还没有写类型和经过"),
            "saved_at": one.row.saved_at,
            "discarded_at": one.row.discarded_at,
        }
        for one in drafts
    ]
