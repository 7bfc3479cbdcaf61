"""The inbox, and complaints and suggestions."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.keeping import local_path
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.notices import queries, service
from yuantou.notices.forms import AnswerForm, SuggestionForm

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@audience()
def index() -> str:
    """What my unit and I were told."""
    only_unread = request.args.get("unread") == "1"
    before = request.args.get("before", type=int)
    found = queries.inbox(db(), only_unread=only_unread, before=before)
    return render_template(
        "notices/index.html",
        notices=found[: queries.PAGE],
        older=found[queries.PAGE - 1].id if len(found) > queries.PAGE else None,
        only_unread=only_unread,
        unread=queries.unread(db()),
    )


@blueprint.post("/notices/<int:notice_id>/open")
@audience()
def open_notice(notice_id: int) -> Response:
    """Mark a notice as read and lead to what it tells of."""
    notice = queries.notice(db(), notice_id)
    if notice is None:
        abort(404)
    service.mark_read(db(), by=current_user, ids=[notice_id])
    return redirect(local_path(notice.link) if notice.link else url_for("notices.index"))


@blueprint.post("/notices/read")
@audience()
def read_all() -> Response:
    """Mark those on the page as read."""
    ids = request.form.getlist("id", type=int)
    count = service.mark_read(db(), by=current_user, ids=ids)
    flash(_("已将 %(n)s 条消息标为已读", n=count), "success")
    return redirect(url_for("notices.index"))


@blueprint.get("/suggestions")
@audience()
def suggestions() -> str:
    """Leave a complaint or a suggestion, and see what became of the earlier ones."""
    return _suggestions_page(SuggestionForm())


@blueprint.post("/suggestions")
@audience()
def send_suggestion() -> Response | tuple[str, int]:
    """Take in what was written."""
    form = SuggestionForm()
    if not form.validate_on_submit():
        return _suggestions_page(form), 422
    page = local_path(request.form.get("page", ""))[:500]
    service.suggest(db(), by=current_user, text=form.text.data, page=page)
    flash(_("已收到，答复会写在本页"), "success")
    return redirect(url_for("notices.suggestions"))


@blueprint.post("/suggestions/<int:suggestion_id>/answer")
@audience(Permission.SETTINGS_MANAGE)
def answer_suggestion(suggestion_id: int) -> Response | tuple[str, int]:
    """Answer one."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _suggestions_page(SuggestionForm(formdata=None), suggestion_id, form), 422
    if not service.answer(db(), by=current_user, suggestion_id=suggestion_id, text=form.text.data):
        abort(404)
    flash(_("答复已保存"), "success")
    return redirect(url_for("notices.suggestions"))


def _suggestions_page(
    form: SuggestionForm, answering: int | None = None, answer_form: AnswerForm | None = None
) -> str:
    everybody = current_user.may(Permission.SETTINGS_MANAGE)
    return render_template(
        "notices/suggestions.html",
        form=form,
        everybody=everybody,
        left=queries.all_suggestions(db())
        if everybody
        else queries.suggestions_by(db(), current_user.id),
        answering=answering,
        answer_form=answer_form or AnswerForm(formdata=None),
        page=request.args.get("page", ""),
    )
