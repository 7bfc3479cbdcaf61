"""Pages of the courts: acts on their tracks, what lies before a court, and entrusting."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.agencies.models import Agency
from yuantou.calendar import clock
from yuantou.calendar.clock import today
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.standing import history
from yuantou.disputes.tracks import ConfirmationState, EntrustmentState
from yuantou.disputes.words import refusal_words
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.courts import queries, service
from yuantou.mediation.courts.entrusting import Entrusted, entrust
from yuantou.mediation.courts.forms import ApplicationForm, EntrustForm, TrackForm, offer
from yuantou.mediation.courts.pages import BY_ACTION, Page
from yuantou.mediation.courts.tracking import ROWS, places
from yuantou.mediation.queries import changes_since, find_dispute, last_event

blueprint = Blueprint("courts", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/matters/<int:dispute_id>/court/<action>")
@audience(Permission.DISPUTE_READ)
def act(dispute_id: int, action: str) -> Answer:
    """The form of an act, or why it is shut."""
    page, dispute = _asked(action), _found(dispute_id)
    refusal = _shut(page, dispute)
    if refusal is not None:
        return render_template("mediation/shut.html", **_words(page, dispute), refusal=refusal), 409
    form = _form(page, dispute)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    return _render(page, dispute, form)


@blueprint.post("/matters/<int:dispute_id>/court/<action>")
@audience(
    Permission.DISPUTE_HANDLE,
    Permission.DISPUTE_SIGN,
    Permission.CONFIRMATION_DECIDE,
    Permission.ENTRUSTMENT_SEND,
)
def carry_out(dispute_id: int, action: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    page, dispute = _asked(action), _found(dispute_id)
    form = _form(page, dispute)
    if not form.validate():
        return _render(page, dispute, form), 422
    try:
        service.act(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            action=action,
            facts=_facts(form),
            version=form.known_version,
            named_id=form.named_id.data if "named_id" in form else None,
        )
    except RefusedError as refused:
        return _refused(page, dispute_id, form, refused.refusal)
    except StaleDisputeError:
        return _stale(page, dispute_id, form)
    except NotVisibleError:
        abort(404)
    flash(str(page.done), "success")
    return redirect(url_for("disputes.show", dispute_id=dispute_id), 303)


@blueprint.get("/courts/")
@audience(Permission.ENTRUSTMENT_SEND)
def index() -> str:
    """What this court entrusted, and what lies before it for confirmation."""
    return render_template(
        "courts/index.html",
        entrusted=queries.entrusted(db(), current_user),
        confirmations=queries.confirmations(db(), current_user),
        entrustment_state=EntrustmentState,
        confirmation_state=ConfirmationState,
    )


@blueprint.get("/courts/entrust")
@audience(Permission.ENTRUSTMENT_SEND)
def new() -> Answer:
    """The form of an entrustment."""
    form, _receivers = _entrusting()
    return render_template("courts/entrust.html", form=form)


@blueprint.post("/courts/entrust")
@audience(Permission.ENTRUSTMENT_SEND)
def send() -> Answer:
    """Entrust it."""
    form, receivers = _entrusting()
    if not form.validate():
        return render_template("courts/entrust.html", form=form), 422
    receiver = next(one for one in receivers if one.id == form.receiver.data)
    dispute = entrust(db(), by=current_user, sent=_sent(form, receiver))
    flash(_("已委托，等受委托单位签收材料。"), "success")
    return redirect(url_for("disputes.show", dispute_id=dispute.id), 303)


def _entrusting() -> tuple[EntrustForm, list[Agency]]:
    form, receivers = EntrustForm(), queries.mediators_of(db(), current_user)
    form.prepare([(one.id, one.name) for one in receivers])
    return form, receivers


def _sent(form: EntrustForm, receiver: Agency) -> Entrusted:
    return Entrusted(
        submission=form.submission.data,
        receiver=receiver,
        court_case=form.court_case.data,
        procedure=form.procedure.data,
        type=form.type.data,
        summary=form.summary.data,
        place=form.place.data,
        filed_on=form.filed_on.data or today(),
        materials=form.materials.data,
        parties=form.parties(),
    )


def _asked(action: str) -> Page:
    if action not in BY_ACTION:
        abort(404)
    return BY_ACTION[action]


def _found(dispute_id: int) -> Dispute:
    dispute = find_dispute(db(), current_user, dispute_id)
    if dispute is None:
        abort(404)
    return dispute


def _form(page: Page, dispute: Dispute) -> TrackForm:
    form = page.form()
    if isinstance(form, ApplicationForm):
        courts = queries.courts_near(db(), dispute)
        offer(form.court_agency_id, courts)
        form.prepare(queries.courts_elsewhere(db(), dispute))
        if dispute.restricted:
            offer(form.named_id, queries.people_of_courts(db(), [key for key, _name in courts]))
        else:
            del form.named_id
    return form


def _facts(form: TrackForm) -> dict[str, Any]:
    facts = form.facts()
    chosen = facts.get("court_agency_id")
    court = db().get(Agency, chosen) if chosen else None
    return facts | ({"court_code": court.court_code or court.code} if court else {})


def _shut(page: Page, dispute: Dispute) -> Refusal | None:
    now, row = clock.now(), ROWS[page.action]
    found = places(db(), current_user, dispute, history(db(), dispute.id), now)
    place = next((one for one in found if row in one.track.table), None)
    if place is None:
        abort(404)
    return place.refusal(row)


def _refused(page: Page, dispute_id: int, form: TrackForm, refusal: Refusal) -> Answer:
    db().rollback()
    if refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, refusal_words(refusal)]
    else:
        form.form_errors.append(refusal_words(refusal))
    return _render(page, _found(dispute_id), form, refusal=refusal), 422


def _stale(page: Page, dispute_id: int, form: TrackForm) -> Answer:
    """Someone was faster: show what changed, keep what was typed, take the new version."""
    db().rollback()
    db().expire_all()
    dispute = _found(dispute_id)
    changes = changes_since(db(), dispute, form.known_event)
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))
    shut = _shut(page, dispute)
    return _render(page, dispute, form, stale=True, changes=changes, shut=shut), 409


def _render(page: Page, dispute: Dispute, form: TrackForm, **more: Any) -> str:
    return render_template("courts/act.html", **_words(page, dispute), form=form, **more)


def _words(page: Page, dispute: Dispute) -> dict[str, Any]:
    row = ROWS[page.action]
    return {
        "page": {
            "name": page.action,
            "title": _(row.name_zh),
            "lead": page.lead,
            "button": _(row.name_zh),
            "kind": page.kind,
        },
        "dispute": dispute,
        "state": DisputeState(dispute.state),
        "law": row.law_zh,
        "back": url_for("disputes.show", dispute_id=dispute.id),
    }
