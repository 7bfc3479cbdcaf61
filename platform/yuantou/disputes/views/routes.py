"""The pages of saved views."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.disputes.desk import default_view
from yuantou.disputes.forms import asked, filters_from
from yuantou.disputes.views import service
from yuantou.disputes.views.forms import ViewForm
from yuantou.disputes.views.queries import views_of

blueprint = Blueprint("views", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/disputes/views")
@audience(Permission.DISPUTE_READ)
def index() -> str:
    """All of one's own views, to rename, share, delete."""
    return _page(ViewForm(formdata=None))


@blueprint.post("/disputes/views")
@audience(Permission.DISPUTE_READ)
def save() -> Answer:
    """Keep the filters of the desk under a name."""
    form = ViewForm()
    question = asked(filters_from(request.form, default_view(current_user)))
    if not form.validate():
        return _page(form, question), 422
    try:
        number = service.save(
            db(),
            by=current_user,
            name=form.name.data or "",
            asked=question,
            shared=bool(form.shared.data),
            standard=bool(form.standard.data),
        )
    except service.TooManyViewsError as refused:
        flash(str(refused), "error")
        return redirect(url_for(".index"), 303)
    flash(_("视图已保存，在左边“我的视图”里。"), "success")
    return redirect(url_for("disputes.index", saved=number, **question), 303)


@blueprint.post("/disputes/views/<int:view_id>")
@audience(Permission.DISPUTE_READ)
def settle(view_id: int) -> Answer:
    """Rename, share, make it the default."""
    form = ViewForm()
    if not form.validate():
        return _page(form), 422
    try:
        done = service.settle(
            db(),
            by=current_user,
            view_id=view_id,
            name=form.name.data or "",
            shared=bool(form.shared.data),
            standard=bool(form.standard.data),
        )
    except IntegrityError:
        db().rollback()
        flash(_("已有同名的视图，请换个名称"), "error")
        return redirect(url_for(".index"), 303)
    return _answered(done, _("视图已更改。"))


@blueprint.post("/disputes/views/<int:view_id>/forget")
@audience(Permission.DISPUTE_READ)
def forget(view_id: int) -> Answer:
    """Delete it."""
    return _answered(
        service.forget(db(), by=current_user, view_id=view_id), _("视图已删除，事项不受影响。")
    )


def _answered(done: int | None, words: str) -> Response:
    if done is None:
        abort(404)
    flash(words, "success")
    return redirect(url_for(".index"), 303)


def _page(form: ViewForm, question: dict[str, object] | None = None) -> str:
    found = views_of(db(), current_user)
    return render_template(
        "views/index.html",
        form=form,
        question=question or {},
        own=[view for view in found if view.account_id == current_user.id],
        others=[view for view in found if view.account_id != current_user.id],
    )
