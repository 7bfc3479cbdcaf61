"""The inbox, channels and outbox; complaints and suggestions."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.keeping import local_path
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.notices import channel_pages, inbox_pages, outbox_pages, queries, service
from yuantou.notices.blueprint import blueprint
from yuantou.notices.forms import AnswerForm, SuggestionForm

__all__ = ["blueprint", "channel_pages", "inbox_pages", "outbox_pages"]


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
