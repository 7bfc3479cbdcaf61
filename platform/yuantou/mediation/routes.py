"""Pages of mediation: each act is a form that names its law and loses nothing typed."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.database.text import whole_number
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.machine import door_refusal
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import working_calendar
from yuantou.disputes.standing import actor_of, history, matter_of
from yuantou.disputes.words import refusal_words
from yuantou.disputes.workflow import BY_ACTION, DisputeState
from yuantou.mediation.acting import ActForm, usual_paths
from yuantou.mediation.facts import Told
from yuantou.mediation.fields import cleaned_labels
from yuantou.mediation.pages import PAGES, Page
from yuantou.mediation.papers.closing import Lack, lacks_of
from yuantou.mediation.queries import changes_since, find_dispute, last_event
from yuantou.mediation.service import calling_refusal, end, recording_refusal

blueprint = Blueprint("mediation", __name__)
Answer = str | Response | tuple[str, int]


def _view(page: Page) -> Callable[[int], Answer]:
    def show(dispute_id: int) -> Answer:
        dispute = find_dispute(db(), current_user, dispute_id)
        if dispute is None:
            abort(404)
        return _send(page, dispute) if request.method == "POST" else _open(page, dispute)

    show.__name__ = page.name
    return show


for _page in PAGES:
    blueprint.add_url_rule(
        f"/matters/<int:dispute_id>/mediation/{_page.name.replace('_', '-')}",
        _page.name,
        audience(Permission.DISPUTE_HANDLE)(_view(_page)),
        methods=["GET", "POST"],
    )


@blueprint.post("/matters/<int:dispute_id>/mediation/withdraw")
@audience(Permission.DISPUTE_HANDLE)
def withdraw(dispute_id: int) -> Answer:
    """A party leaves: ended in one press, with the ways that are told of in such a matter."""
    dispute = _again(dispute_id)
    told = Told(tuple(usual_paths(dispute)), "oral", "")
    try:
        end(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            action="terminate",
            told=told,
            reason=_("当事人要求退出调解"),
            refused=True,
            version=whole_number(request.form.get("version")),
        )
    except (RefusedError, StaleDisputeError) as stopped:
        db().rollback()
        words = _("刚才有人先办了，请看过再办。")
        if isinstance(stopped, RefusedError):
            words = refusal_words(stopped.refusal)
        flash(words, "error")
    else:
        flash(_("调解已终止，并记下已告知的途径。"), "success")
    return redirect(url_for("disputes.show", dispute_id=dispute_id), 303)


def _open(page: Page, dispute: Dispute) -> Answer:
    shut = _shut(page, dispute)
    if shut is not None:
        context = _context(page, dispute) | {"refusal": shut, "lacks": _lacks(dispute, shut)}
        return render_template("mediation/shut.html", **context), 409
    form = page.form()
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    if "path_options" in form and "domestic_violence" in dispute.flags:
        form.path_options.data = usual_paths(dispute)
    return _render(page, dispute, form)


def _send(page: Page, dispute: Dispute) -> Answer:
    form = page.form()
    if not form.validate():
        return _render(page, dispute, form), 422
    try:
        page.run(db(), current_user, dispute.id, form)
    except RefusedError as refused:
        return _refused(page, dispute.id, form, refused.refusal)
    except StaleDisputeError:
        return _stale(page, dispute.id, form)
    except NotVisibleError:
        abort(404)
    flash(str(page.done), "success")
    _say_cleaned(form)
    return redirect(url_for("disputes.show", dispute_id=dispute.id))


def _refused(page: Page, dispute_id: int, form: ActForm, refusal: Refusal) -> Answer:
    db().rollback()
    dispute = _again(dispute_id)
    if refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, refusal_words(refusal)]
    else:
        form.form_errors.append(refusal_words(refusal))
    lacks = _lacks(dispute, refusal)
    return _render(page, dispute, form, refusal=refusal, lacks=lacks), 422


def _stale(page: Page, dispute_id: int, form: ActForm) -> Answer:
    """Someone was faster: show what changed, keep what was typed, take the new version."""
    db().rollback()
    dispute = _again(dispute_id)
    changes = changes_since(db(), dispute, form.known_event)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    shut = _shut(page, dispute)
    return _render(page, dispute, form, stale=True, changes=changes, shut=shut), 409


def _lacks(dispute: Dispute, refusal: Refusal) -> list[Lack]:
    """The papers that the file waits for, where it does."""
    return lacks_of(db(), dispute) if refusal.code == "documents_missing" else []


def _again(dispute_id: int) -> Dispute:
    dispute = find_dispute(db(), current_user, dispute_id)
    if dispute is None:
        abort(404)
    return dispute


def _shut(page: Page, dispute: Dispute) -> Refusal | None:
    """Why the form may not be opened now."""
    if page.name == "record":
        return recording_refusal(dispute, current_user)
    if page.name == "follow_up":
        return calling_refusal(dispute, current_user)
    matter = matter_of(dispute, history(db(), dispute.id), working_calendar(db()), clock.now())
    return door_refusal(BY_ACTION[page.action], matter, actor_of(current_user, dispute))


def _render(page: Page, dispute: Dispute, form: ActForm, **more: Any) -> str:
    return render_template("mediation/act.html", **_context(page, dispute), form=form, **more)


def _context(page: Page, dispute: Dispute) -> dict[str, Any]:
    state = DisputeState(dispute.state)
    row = BY_ACTION.get(page.action)
    return {
        "page": page,
        "dispute": dispute,
        "state": state,
        "law": row.law_zh if row else "",
        "back": url_for("disputes.show", dispute_id=dispute.id),
    }


def _say_cleaned(form: ActForm) -> None:
    labels = cleaned_labels(form)
    if labels:
        flash(_("已去掉看不见的控制字符：%(fields)s", fields="、".join(labels)), "info")
