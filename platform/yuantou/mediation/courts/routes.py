"""Pages of the courts: acts on their tracks, what lies before a court, and entrusting."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.agencies.models import Agency
from yuantou.calendar import clock
from yuantou.calendar.clock import today
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.standing import history
from yuantou.disputes.tracks import ConfirmationState, EntrustmentState
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.courts import queries, service
from yuantou.mediation.courts.entrusting import Entrusted, entrust
from yuantou.mediation.courts.forms import ApplicationForm, EntrustForm, TrackForm, offer
from yuantou.mediation.courts.pages import BY_ACTION, Page
from yuantou.mediation.courts.tracking import ROWS, places
from yuantou.mediation.deeds import Deed, open_form
from yuantou.mediation.deeds import carry_out as finish
from yuantou.mediation.queries import find_dispute
from yuantou.mediation.submitting import Answer

blueprint = Blueprint("courts", __name__)


class CourtAct(Deed):
    """An act on a track of the courts."""

    def __init__(self, asked: Page, dispute: Dispute) -> None:
        super().__init__(dispute)
        self.asked, self.row = asked, ROWS[asked.action]

    def form(self) -> TrackForm:
        """Its form, with the courts near and the people that may be named."""
        form = self.asked.form()
        if isinstance(form, ApplicationForm):
            courts = queries.courts_near(db(), self.dispute)
            offer(form.court_agency_id, courts)
            form.prepare(queries.courts_elsewhere(db(), self.dispute))
            if self.dispute.restricted:
                people = queries.people_of_courts(db(), [key for key, _name in courts])
                offer(form.named_id, people)
            else:
                del form.named_id
        return form

    def shut(self) -> Refusal | None:
        """Why the track does not take this act now."""
        events = history(db(), self.dispute_id)
        found = places(db(), current_user, self.dispute, events, clock.now())
        place = next((one for one in found if self.row in one.track.table), None)
        if place is None:
            abort(404)
        return place.refusal(self.row)

    def run(self, form: TrackForm) -> object:
        """The use case."""
        return service.act(
            db(),
            by=current_user,
            dispute_id=self.dispute_id,
            action=self.asked.action,
            facts=_facts(form),
            version=form.known_version,
            named_id=form.named_id.data if "named_id" in form else None,
        )

    def page(self, **more: Any) -> str:
        """The page of the act."""
        return render_template("courts/act.html", **self._words(), **more)

    def door(self, refusal: Refusal) -> str:
        """A shut door."""
        return render_template("mediation/shut.html", **self._words(), refusal=refusal)

    def onward(self) -> str:
        """Back to the matter."""
        return url_for("disputes.show", dispute_id=self.dispute_id)

    def say_done(self, form: TrackForm) -> None:
        """What was done."""
        flash(str(self.asked.done), "success")

    def _words(self) -> dict[str, Any]:
        return {
            "page": {
                "name": self.asked.action,
                "title": _(self.row.name_zh),
                "lead": self.asked.lead,
                "button": _(self.row.name_zh),
                "kind": self.asked.kind,
            },
            "dispute": self.dispute,
            "state": DisputeState(self.dispute.state),
            "law": self.row.law_zh,
            "back": self.onward(),
        }


@blueprint.get("/matters/<int:dispute_id>/court/<action>")
@audience(Permission.DISPUTE_READ)
def act(dispute_id: int, action: str) -> Answer:
    """The form of an act, or why it is shut."""
    return open_form(CourtAct(_asked(action), _found(dispute_id)))


@blueprint.post("/matters/<int:dispute_id>/court/<action>")
@audience(
    Permission.DISPUTE_HANDLE,
    Permission.DISPUTE_SIGN,
    Permission.CONFIRMATION_DECIDE,
    Permission.ENTRUSTMENT_SEND,
)
def carry_out(dispute_id: int, action: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    return finish(CourtAct(_asked(action), _found(dispute_id)))


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


def _facts(form: TrackForm) -> dict[str, Any]:
    facts = form.facts()
    chosen = facts.get("court_agency_id")
    court = db().get(Agency, chosen) if chosen else None
    return facts | ({"court_code": court.court_code or court.code} if court else {})
