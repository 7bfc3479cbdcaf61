"""The pages of an extension."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination import queries
from yuantou.coordination.blueprint import found
from yuantou.coordination.extending import service
from yuantou.coordination.extending.acts import BY_NAME, Act, open_request, refusal
from yuantou.database.text import whole_number
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.standing import history
from yuantou.disputes.words import refusal_words
from yuantou.disputes.workflow import DisputeState
from yuantou.limits import words
from yuantou.limits.history import extensions_of
from yuantou.limits.queries import clock_of
from yuantou.mediation.queries import changes_since, last_event

Answer = str | Response | tuple[str, int]
TWICE = timedelta(minutes=10)
EVENTS = {
    "consent": "deadline_extended",
    "approve": "deadline_extended",
    "ask": "extension_asked",
    "refuse": "extension_refused",
}
blueprint = Blueprint("extending", __name__)


@blueprint.get("/matters/<int:dispute_id>/deadlines/<int:deadline_id>/<action>")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_DISPATCH)
def act(dispute_id: int, deadline_id: int, action: str) -> Answer:
    """The form, or why it is shut."""
    asked, dispute = _asked(action), found(dispute_id)
    shut = _shut(asked, dispute, deadline_id)
    if shut is not None:
        return _render(asked, dispute, deadline_id, shut=shut), 409
    form, row, rule, request = asked.form(formdata=None), *_known(dispute, deadline_id)
    wish = whole_number(request.facts.get("amount")) if request else None
    form.show(rule, sum(each.amount for each in extensions_of(row)), wish)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    return _render(asked, dispute, deadline_id, form=form)


@blueprint.post("/matters/<int:dispute_id>/deadlines/<int:deadline_id>/<action>")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_DISPATCH)
def carry_out(dispute_id: int, deadline_id: int, action: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    asked, dispute = _asked(action), found(dispute_id)
    form = asked.form()
    if not form.validate():
        return _render(asked, dispute, deadline_id, form=form), 422
    try:
        service.carry_out(
            db(),
            by=current_user,
            act=asked,
            dispute_id=dispute_id,
            deadline_id=deadline_id,
            note=form.note,
            amount=form.amount.data if "amount" in form else None,
            version=form.known_version,
        )
    except RefusedError as refused:
        db().rollback()
        return _refused(asked, dispute_id, deadline_id, form, refused.refusal)
    except StaleDisputeError:
        return _stale(asked, dispute_id, deadline_id, form)
    except NotVisibleError:
        abort(404)
    flash(str(asked.done), "success")
    return redirect(_back(dispute_id), 303)


def _refused(asked: Act, dispute_id: int, deadline_id: int, form: Any, refusal: Refusal) -> Answer:
    if refusal.field and refusal.field in form:
        form[refusal.field].errors = [*form[refusal.field].errors, refusal_words(refusal)]
        refusal = None  # type: ignore[assignment]  # it stands beside its field
    return _render(asked, found(dispute_id), deadline_id, form=form, refusal=refusal), 422


def _stale(asked: Act, dispute_id: int, deadline_id: int, form: Any) -> Answer:
    """Somebody was faster; if it was oneself a moment ago, all is well."""
    db().rollback()
    db().expire_all()
    dispute, last = found(dispute_id), queries.last_event(db(), dispute_id)
    own = last is not None and (last.event, last.actor_id) == (EVENTS[asked.name], current_user.id)
    if last is not None and own and clock.now() - last.at < TWICE:
        flash(_("这一步已经办好，没有重复办理。"), "info")
        return redirect(_back(dispute_id), 303)
    changes = changes_since(db(), dispute, form.known_event)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    shut = _shut(asked, dispute, deadline_id)
    more = {"stale": True, "changes": changes, "shut": shut}
    return _render(asked, dispute, deadline_id, form=form, **more), 409


def _asked(action: str) -> Act:
    if action not in BY_NAME:
        abort(404)
    return BY_NAME[action]


def _known(dispute: Dispute, deadline_id: int) -> tuple[Any, Any, Any]:
    """The deadline, its rule, and the request that waits."""
    try:
        row = service.deadline_of(db(), dispute.id, deadline_id)
    except NotVisibleError:
        abort(404)
    rule = clock_of(db()).book.rule(row.rule, row.rule_version)
    return row, rule, open_request(history(db(), dispute.id), row)


def _shut(asked: Act, dispute: Dispute, deadline_id: int) -> Refusal | None:
    row, rule, _request = _known(dispute, deadline_id)
    events = history(db(), dispute.id)
    return refusal(asked, current_user, dispute, row, rule, events, clock.now())


def _render(asked: Act, dispute: Dispute, deadline_id: int, **more: Any) -> str:
    row, rule, request = _known(dispute, deadline_id)
    now = clock.now()
    return render_template(
        "limits/extend.html",
        act=asked,
        dispute=dispute,
        deadline_id=deadline_id,
        state=DisputeState(dispute.state),
        rule=rule,
        unit=words.UNITS[rule.unit],
        due=words.due_line(row, rule, now),
        reckoning=words.reckoning_words(row, rule, clock_of(db()), now),
        request=request,
        back=_back(dispute.id),
        **more,
    )


def _back(dispute_id: int) -> str:
    return url_for("coordination.matter", dispute_id=dispute_id, _anchor="terms")
