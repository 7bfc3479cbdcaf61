"""The page on which what was logged is corrected."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination import queries as matters
from yuantou.coordination.blueprint import found
from yuantou.coordination.corrections.forms import CorrectionForm
from yuantou.coordination.corrections.queries import areas_to_choose
from yuantou.coordination.corrections.service import CORRECTED, correct, correcting_refusal
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.models import Dispute
from yuantou.disputes.words import refusal_words
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.queries import changes_since, find_dispute, last_event

blueprint = Blueprint("corrections", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/matters/<int:dispute_id>/correct")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def form(dispute_id: int) -> Answer:
    """The form with what stands there now, or why it is shut."""
    dispute = found(dispute_id)
    refusal = correcting_refusal(dispute, current_user)
    if refusal is not None:
        return _shown("coordination/shut.html", dispute, refusal=refusal), 409
    made = _form(dispute)
    made.version.data, made.seen.data = str(dispute.version), str(last_event(db(), dispute))
    return _shown("corrections/form.html", dispute, form=made)


@blueprint.post("/matters/<int:dispute_id>/correct")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def carry_out(dispute_id: int) -> Answer:
    """Correct it, or say why not and keep what was typed."""
    made = _form(found(dispute_id))
    if not made.validate():
        return _shown("corrections/form.html", found(dispute_id), form=made), 422
    try:
        correct(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            stated=made.stated(),
            reason=made.reason.data or "",
            version=made.known_version,
        )
    except RefusedError as refused:
        return _refused(dispute_id, made, refused)
    except StaleDisputeError:
        return _stale(dispute_id, made)
    except NotVisibleError:
        abort(404)
    flash(_("已更正；原来的内容留在经过里。"), "success")
    return _back(dispute_id)


def _form(dispute: Dispute) -> CorrectionForm:
    made = CorrectionForm()
    made.prepare(dispute, areas_to_choose(db(), current_user, dispute))
    return made


def _refused(dispute_id: int, made: CorrectionForm, refused: RefusedError) -> Answer:
    db().rollback()
    words, field = refusal_words(refused.refusal), refused.refusal.field
    if field in made:
        made[field].errors = [*made[field].errors, words]
    else:
        made.form_errors.append(words)
    return _shown("corrections/form.html", found(dispute_id), form=made), 422


def _stale(dispute_id: int, made: CorrectionForm) -> Answer:
    """Somebody was faster: if it was oneself, all is well; else show it and keep what was typed."""
    db().rollback()
    db().expire_all()
    dispute = found(dispute_id)
    last = matters.last_event(db(), dispute_id)
    twice = last is not None and last.event == CORRECTED and last.actor_id == current_user.id
    if twice and last is not None and last.note == made.reason.data:
        flash(_("这一步已经办好，没有重复办理。"), "info")
        return _back(dispute_id)
    changes = changes_since(db(), dispute, made.known_event)
    made.version.data, made.seen.data = str(dispute.version), str(last_event(db(), dispute))
    words = {"form": made, "stale": True, "changes": changes}
    return _shown("corrections/form.html", dispute, **words), 409


def _back(dispute_id: int) -> Response:
    if find_dispute(db(), current_user, dispute_id) is None:
        return redirect(url_for("disputes.index"), 303)
    return redirect(url_for("coordination.matter", dispute_id=dispute_id), 303)


def _shown(template: str, dispute: Dispute, **more: Any) -> str:
    return render_template(
        template,
        page={"title": _("更正登记内容")},
        dispute=dispute,
        state=DisputeState(dispute.state),
        back=url_for("coordination.matter", dispute_id=dispute.id),
        now=clock.now(),
        **more,
    )
