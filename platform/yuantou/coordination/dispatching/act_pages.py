"""The form of each act between agencies, done once."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination import queries as matters
from yuantou.coordination.blueprint import found
from yuantou.coordination.changes import changes_since
from yuantou.coordination.dispatching.acts import BY_NAME, Act
from yuantou.coordination.dispatching.blueprint import blueprint
from yuantou.coordination.dispatching.queries import held
from yuantou.coordination.forms import CoordinationForm
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.words import refusal_words
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.queries import last_event

Answer = str | Response | tuple[str, int]
TWICE = timedelta(minutes=10)


@blueprint.get("/matters/<int:dispute_id>/joint/<name>")
@audience(Permission.DISPUTE_READ)
def act(dispute_id: int, name: str) -> Answer:
    """The form of an act, or why it is shut."""
    asked, dispute = _asked(name), found(dispute_id)
    refusal = _refusal(asked, dispute)
    if refusal is not None:
        words = _words(asked, dispute)
        return render_template("coordination/shut.html", **words, refusal=refusal), 409
    form = _form(asked, dispute)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    return _render(asked, dispute, form)


@blueprint.post("/matters/<int:dispute_id>/joint/<name>")
@audience(Permission.DISPUTE_DISPATCH, Permission.DISPUTE_SIGN, Permission.DISPUTE_HANDLE)
def carry_out(dispute_id: int, name: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    asked, dispute = _asked(name), found(dispute_id)
    form = _form(asked, dispute)
    if not form.validate():
        return _render(asked, dispute, form), 422
    try:
        asked.run(
            db(), by=current_user, dispute_id=dispute_id, version=form.known_version,
            **form.values(),
        )  # fmt: skip
    except RefusedError as refused:
        return _refused(asked, dispute_id, form, refused.refusal)
    except StaleDisputeError:
        return _stale(asked, dispute_id, form)
    except NotVisibleError:
        abort(404)
    flash(str(asked.done), "success")
    return _onward(asked, dispute_id)


def _onward(asked: Act, dispute_id: int) -> Response:
    """Back to the matter, or to the list where the doer sees it no longer."""
    if asked.away and matters.find(db(), current_user, dispute_id) is None:
        return redirect(url_for("dispatching.index"), 303)
    return redirect(url_for("coordination.matter", dispute_id=dispute_id), 303)


def _asked(name: str) -> Act:
    if name not in BY_NAME:
        abort(404)
    return BY_NAME[name]


def _form(asked: Act, dispute: Dispute) -> CoordinationForm:
    form = asked.form()
    asked.prepare(db(), current_user, dispute, held(db(), dispute.id), form)
    return form


def _refusal(asked: Act, dispute: Dispute) -> Refusal | None:
    return asked.rule(current_user, dispute, held(db(), dispute.id))


def _refused(asked: Act, dispute_id: int, form: CoordinationForm, refusal: Refusal) -> Answer:
    db().rollback()
    if refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, refusal_words(refusal)]
    else:
        form.form_errors.append(refusal_words(refusal))
    return _render(asked, found(dispute_id), form, refusal=refusal), 422


def _stale(asked: Act, dispute_id: int, form: CoordinationForm) -> Answer:
    """Somebody was faster: if it was oneself, all is well; else show it and keep what was typed."""
    db().rollback()
    db().expire_all()
    dispute = found(dispute_id)
    last = matters.last_event(db(), dispute.id)
    again = last is not None and last.event == asked.event and last.actor_id == current_user.id
    if last is not None and again and clock.now() - last.at < TWICE:
        flash(_("这一步已经办好，没有重复办理。"), "info")
        return _onward(asked, dispute_id)
    changes = changes_since(db(), dispute, form.known_event)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    shut = _refusal(asked, dispute)
    return _render(asked, dispute, form, stale=True, changes=changes, shut=shut), 409


def _render(asked: Act, dispute: Dispute, form: CoordinationForm, **more: Any) -> str:
    return render_template("coordination/act.html", **_words(asked, dispute), form=form, **more)


def _words(asked: Act, dispute: Dispute) -> dict[str, Any]:
    return {
        "page": asked,
        "dispute": dispute,
        "state": DisputeState(dispute.state),
        "law": "",
        "back": url_for("coordination.matter", dispute_id=dispute.id),
    }
