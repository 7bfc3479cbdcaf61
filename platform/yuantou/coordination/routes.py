"""The page of a matter, its parties' particulars on request, and the acts of coordination."""

from datetime import timedelta
from typing import Any

from flask import (
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination import parties, party_pages, queries
from yuantou.coordination.blueprint import blueprint, found
from yuantou.coordination.changes import changes_since
from yuantou.coordination.forms import CoordinationForm, OpenPartyForm
from yuantou.coordination.matter import REASONS, context
from yuantou.coordination.pages import BY_NAME, Page
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.machine import door_refusal
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import working_calendar
from yuantou.disputes.standing import actor_of, history, matter_of
from yuantou.disputes.words import refusal_words
from yuantou.disputes.workflow import BY_ACTION, DisputeState
from yuantou.mediation.queries import last_event

Answer = str | Response | tuple[str, int]
TWICE = timedelta(minutes=10)
__all__ = ["blueprint", "party_pages"]


@blueprint.get("/matters/<int:dispute_id>")
@audience(Permission.DISPUTE_READ)
def matter(dispute_id: int) -> str:
    """Everything about one matter, and what can be done now."""
    return _page(found(dispute_id))


@blueprint.get("/matters/<int:dispute_id>/glance")
@audience(Permission.DISPUTE_READ)
def glance(dispute_id: int) -> str:
    """The same in short, for the third column of the desk."""
    return render_template("coordination/glance.html", **_shown(found(dispute_id)))


@blueprint.post("/matters/<int:dispute_id>/parties/<int:party_id>")
@audience(Permission.PARTY_OPEN)
def open_party(dispute_id: int, party_id: int) -> Answer:
    """One party in clear, once, with who looked, when and why."""
    dispute = found(dispute_id)
    known = {row.id for row in queries.parties(db(), dispute_id)}
    form = OpenPartyForm()
    if party_id not in known:
        abort(404)
    if not form.validate():
        flash(_("查看当事人资料要写明事由"), "error")
        return redirect(url_for(".matter", dispute_id=dispute_id))
    reason = REASONS.get(form.reason.data, form.reason.data)
    try:
        opened = parties.open_party(db(), by=current_user, party_id=party_id, reason=str(reason))
    except NotVisibleError:
        flash(_("个人信息已销毁，没有可以查看的内容。"), "info")
        return redirect(url_for(".matter", dispute_id=dispute_id))
    return _page(dispute, opened=opened, reason=str(reason))


@blueprint.get("/matters/<int:dispute_id>/do/<action>")
@audience(Permission.DISPUTE_READ)
def act(dispute_id: int, action: str) -> Answer:
    """The form of an act, or why it is shut."""
    page, dispute = _asked(action), found(dispute_id)
    shut = _shut(page, dispute)
    if shut is not None:
        return render_template("coordination/shut.html", **_words(page, dispute), refusal=shut), 409
    form = _form(page, dispute)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    return _render(page, dispute, form)


@blueprint.post("/matters/<int:dispute_id>/do/<action>")
@audience(
    Permission.DISPUTE_ACCEPT,
    Permission.DISPUTE_TRIAGE,
    Permission.DISPUTE_DISPATCH,
    Permission.DISPUTE_SIGN,
    Permission.DISPUTE_HANDLE,
)
def carry_out(dispute_id: int, action: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    page, dispute = _asked(action), found(dispute_id)
    form = _form(page, dispute)
    if not form.validate():
        return _render(page, dispute, form), 422
    try:
        page.run(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            version=form.known_version,
            **form.values(),
        )
    except RefusedError as refused:
        return _refused(page, dispute_id, form, refused.refusal)
    except StaleDisputeError:
        return _stale(page, dispute_id, form)
    except NotVisibleError:
        abort(404)
    flash(str(page.done), "success")
    return redirect(url_for(".matter", dispute_id=dispute_id), 303)


def _page(dispute: Dispute, **more: Any) -> str:
    only_acts = request.args.get("only") == "acts"
    return render_template(
        "coordination/matter.html", **_shown(dispute), only_acts=only_acts, **more
    )


def _shown(dispute: Dispute) -> dict[str, Any]:
    return context(db(), current_user, dispute, current_app.view_functions, clock.now())


def _asked(action: str) -> Page:
    if action not in BY_NAME:
        abort(404)
    return BY_NAME[action]


def _form(page: Page, dispute: Dispute) -> CoordinationForm:
    form = page.form()
    page.prepare(db(), current_user, dispute, form)
    return form


def _shut(page: Page, dispute: Dispute) -> Refusal | None:
    """Why the form may not be opened now."""
    seen = matter_of(dispute, history(db(), dispute.id), working_calendar(db()), clock.now())
    return door_refusal(BY_ACTION[page.action], seen, actor_of(current_user, dispute))


def _refused(page: Page, dispute_id: int, form: CoordinationForm, refusal: Refusal) -> Answer:
    db().rollback()
    if refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, refusal_words(refusal)]
    else:
        form.form_errors.append(refusal_words(refusal))
    return _render(page, found(dispute_id), form, refusal=refusal), 422


def _stale(page: Page, dispute_id: int, form: CoordinationForm) -> Answer:
    """Somebody was faster: if it was oneself, all is well; else show it and keep what was typed."""
    db().rollback()
    db().expire_all()
    dispute = found(dispute_id)
    if _done_already(page, dispute):
        flash(_("这一步已经办好，没有重复办理。"), "info")
        return redirect(url_for(".matter", dispute_id=dispute_id), 303)
    changes = changes_since(db(), dispute, form.known_event)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    shut = _shut(page, dispute)
    return _render(page, dispute, form, stale=True, changes=changes, shut=shut), 409


def _done_already(page: Page, dispute: Dispute) -> bool:
    """A double click or the back button: the last thing done is this, by the same person."""
    last = queries.last_event(db(), dispute.id)
    return (
        last is not None
        and last.event == BY_ACTION[page.action].event
        and last.actor_id == current_user.id
        and clock.now() - last.at < TWICE
    )


def _render(page: Page, dispute: Dispute, form: CoordinationForm, **more: Any) -> str:
    return render_template("coordination/act.html", **_words(page, dispute), form=form, **more)


def _words(page: Page, dispute: Dispute) -> dict[str, Any]:
    return {
        "page": page,
        "dispute": dispute,
        "state": DisputeState(dispute.state),
        "law": BY_ACTION[page.action].law_zh,
        "back": url_for(".matter", dispute_id=dispute.id),
    }
