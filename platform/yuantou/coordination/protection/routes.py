"""Pages on a restricted matter: who may know, and a wrong restriction lifted."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.coordination.blueprint import found
from yuantou.coordination.forms import offer
from yuantou.coordination.protection import queries, service
from yuantou.coordination.protection.forms import LiftForm, NamingForm, UnnamingForm, VerdictForm
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.queries import account_names
from yuantou.disputes.workflow import DisputeState

blueprint = Blueprint("protection", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/matters/<int:dispute_id>/named")
@audience(Permission.DISPUTE_HANDLE)
def named(dispute_id: int) -> Answer:
    """Who may know, with the forms to name and to unname."""
    dispute = found(dispute_id)
    refusal = service.naming_refusal(dispute, current_user)
    return _shut(dispute, refusal) if refusal else _named_page(dispute)


@blueprint.post("/matters/<int:dispute_id>/named")
@audience(Permission.DISPUTE_HANDLE)
def name_person(dispute_id: int) -> Answer:
    """Name one person more."""
    dispute, form = found(dispute_id), NamingForm()
    offer(form.account_id, queries.who_else(db(), dispute))
    if not form.validate():
        return _named_page(dispute, naming=form), 422
    return _run(
        dispute_id,
        lambda: service.name_person(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            account_id=form.account_id.data,
            reason=form.reason.data,
        ),
        _("已点名，他现在能看这件事项。"),
    )


@blueprint.post("/matters/<int:dispute_id>/named/remove")
@audience(Permission.DISPUTE_HANDLE)
def unname_person(dispute_id: int) -> Answer:
    """Name one person less."""
    dispute, form = found(dispute_id), UnnamingForm()
    offer(form.account_id, _removable(dispute))
    if not form.validate():
        return _named_page(dispute, unnaming=form), 422
    return _run(
        dispute_id,
        lambda: service.unname_person(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            account_id=form.account_id.data,
            reason=form.reason.data,
        ),
        _("已撤下，他不再能看这件事项。"),
    )


@blueprint.get("/matters/<int:dispute_id>/lift")
@audience(Permission.DISPUTE_HANDLE)
def lift(dispute_id: int) -> Answer:
    """Ask for the restriction to be lifted, or decide on what was asked."""
    dispute = found(dispute_id)
    asked = queries.open_lift(db(), dispute_id)
    if asked is not None:
        refusal = service.deciding_refusal(asked, current_user)
        return _shut(dispute, refusal) if refusal else _lift_page(dispute, VerdictForm())
    refusal = service.asking_refusal(dispute, current_user)
    return _shut(dispute, refusal) if refusal else _lift_page(dispute, LiftForm())


@blueprint.post("/matters/<int:dispute_id>/lift")
@audience(Permission.DISPUTE_DISPATCH)
def ask_lift(dispute_id: int) -> Answer:
    """Ask."""
    dispute, form = found(dispute_id), LiftForm()
    if not form.validate():
        return _lift_page(dispute, form), 422
    return _run(
        dispute_id,
        lambda: service.ask_lift(
            db(), by=current_user, dispute_id=dispute_id, reason=form.reason.data
        ),
        _("已提出解除，等另一人核准。"),
    )


@blueprint.post("/matters/<int:dispute_id>/lift/decide")
@audience(Permission.DISPUTE_HANDLE)
def decide_lift(dispute_id: int) -> Answer:
    """Decide."""
    dispute, form = found(dispute_id), VerdictForm()
    if not form.validate():
        return _lift_page(dispute, form), 422
    return _run(
        dispute_id,
        lambda: service.decide_lift(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            verdict=form.verdict.data,
            note=form.note.data or "",
        ),
        _("核准结果已登记。"),
    )


def _run(dispute_id: int, act: Callable[[], object], done: str) -> Answer:
    try:
        act()
    except RefusedError as refused:
        db().rollback()
        return _shut(found(dispute_id), refused.refusal)
    except NotVisibleError:
        abort(404)
    flash(done, "success")
    return redirect(url_for("coordination.matter", dispute_id=dispute_id), 303)


def _named_page(
    dispute: Dispute, naming: NamingForm | None = None, unnaming: UnnamingForm | None = None
) -> str:
    naming, unnaming = naming or NamingForm(), unnaming or UnnamingForm(formdata=None)
    offer(naming.account_id, queries.who_else(db(), dispute))
    offer(unnaming.account_id, _removable(dispute))
    people = queries.named(db(), dispute.id)
    return _shown(
        "protection/named", dispute, _("知悉人"), people=people, naming=naming, unnaming=unnaming
    )


def _removable(dispute: Dispute) -> list[tuple[int, str]]:
    kept = (current_user.id, dispute.mediator_id)
    return [
        (row.account_id, f"{row.agency} · {row.display_name}")
        for row in queries.named(db(), dispute.id)
        if row.account_id not in kept
    ]


def _lift_page(dispute: Dispute, form: LiftForm | VerdictForm) -> str:
    asked = queries.open_lift(db(), dispute.id)
    asker = account_names(db(), [asked.asked_by]) if asked else {}
    words = {"form": form, "asked": asked, "asker": asker}
    return _shown("protection/lift", dispute, _("解除限制知悉"), **words)


def _shut(dispute: Dispute, refusal: Refusal) -> tuple[str, int]:
    return _shown("coordination/shut", dispute, _("限制知悉"), refusal=refusal), 409


def _shown(template: str, dispute: Dispute, title: str, **more: Any) -> str:
    return render_template(
        f"{template}.html",
        page={"title": title},
        dispute=dispute,
        state=DisputeState(dispute.state),
        back=url_for("coordination.matter", dispute_id=dispute.id),
        **more,
    )
