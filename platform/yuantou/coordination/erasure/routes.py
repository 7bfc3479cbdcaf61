"""Pages of erasure: what is due, asking, deciding."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar.clock import today
from yuantou.coordination.erasure import queries, service
from yuantou.coordination.erasure.forms import BASES, ERASE, RequestForm, VerdictForm
from yuantou.coordination.erasure.models import Erasure
from yuantou.coordination.erasure.retention import read
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.queries import account_names
from yuantou.disputes.words import refusal_words

blueprint = Blueprint("erasures", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/erasures")
@audience(Permission.ERASURE_ASK, Permission.ERASURE_DECIDE)
def index() -> str:
    """What is due, what is asked, what was done; the form to ask for who may."""
    form = RequestForm(formdata=None)
    form.number.data = request.args.get("number", "")[:60]
    return _index(form)


@blueprint.post("/erasures")
@audience(Permission.ERASURE_ASK)
def ask() -> Answer:
    """Ask for one."""
    form = RequestForm()
    if not form.validate():
        return _index(form), 422
    try:
        service.ask(
            db(),
            by=current_user,
            number=form.number.data or "",
            basis=form.basis.data,
            reason=form.reason.data or "",
        )
    except RefusedError as refused:
        db().rollback()
        form.number.errors = [*form.number.errors, refusal_words(refused.refusal)]
        return _index(form), 422
    flash(_("已提出申请，等另一人核准。"), "success")
    return redirect(url_for("erasures.index"), 303)


@blueprint.get("/erasures/<int:erasure_id>")
@audience(Permission.ERASURE_DECIDE)
def decision(erasure_id: int) -> Answer:
    """One request, to be decided."""
    return _decision(_found(erasure_id), VerdictForm(formdata=None))


@blueprint.post("/erasures/<int:erasure_id>")
@audience(Permission.ERASURE_DECIDE)
def decide(erasure_id: int) -> Answer:
    """Erase, or refuse."""
    erasure, form = _found(erasure_id), VerdictForm()
    form.expected = erasure.number
    if not form.validate():
        return _decision(erasure, form), 422
    erasing = form.verdict.data == ERASE
    run = service.erase if erasing else service.refuse
    try:
        run(db(), by=current_user, erasure_id=erasure_id, note=form.note.data or "")
    except RefusedError as refused:
        db().rollback()
        flash(refusal_words(refused.refusal), "error")
        return redirect(url_for("erasures.index"), 303)
    flash(_("个人信息已销毁，不能恢复。") if erasing else _("已登记不同意。"), "success")
    return redirect(url_for("erasures.index"), 303)


def _found(erasure_id: int) -> Erasure:
    erasure = queries.find(db(), erasure_id)
    if erasure is None:
        abort(404)
    return erasure


def _index(form: RequestForm) -> str:
    asked = queries.requests(db())
    people = {one for each in asked for one in (each.asked_by, each.decided_by) if one}
    return _shown(
        "index",
        form=form,
        due=queries.due(db(), today()),
        asked=asked,
        names=account_names(db(), people),
    )


def _decision(erasure: Erasure, form: VerdictForm) -> str:
    refusal = service.deciding_refusal(erasure, current_user)
    names = account_names(db(), [erasure.asked_by])
    return _shown("decision", form=form, erasure=erasure, refusal=refusal, names=names)


def _shown(template: str, **words: Any) -> str:
    bases = {code: str(name) for code, name in BASES}
    return render_template(
        f"erasure/{template}.html", backup_days=read().backup_days, bases=bases, **words
    )
