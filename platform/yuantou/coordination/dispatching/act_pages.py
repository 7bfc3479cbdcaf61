"""The form of each act between agencies, done once."""

from typing import Any

from flask import abort, url_for
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.coordination.blueprint import found
from yuantou.coordination.deeds import CoordinationDeed
from yuantou.coordination.dispatching.acts import BY_NAME, Act
from yuantou.coordination.dispatching.blueprint import blueprint
from yuantou.coordination.dispatching.queries import held
from yuantou.coordination.forms import CoordinationForm
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.mediation.deeds import carry_out as finish
from yuantou.mediation.deeds import open_form
from yuantou.mediation.submitting import Answer


class Together(CoordinationDeed):
    """An act between agencies."""

    def __init__(self, asked: Act, dispute: Dispute) -> None:
        super().__init__(dispute)
        self.asked = self.act = asked

    def form(self) -> Any:
        """Its form, prepared for this matter and for those who hold it."""
        form = self.asked.form()
        self.asked.prepare(db(), current_user, self.dispute, held(db(), self.dispute_id), form)
        return form

    def shut(self) -> Refusal | None:
        """Why the form may not be opened now."""
        return self.act.rule(current_user, self.dispute, held(db(), self.dispute_id))

    def run(self, form: CoordinationForm) -> object:
        """The use case."""
        known = {"dispute_id": self.dispute_id, "version": form.known_version}
        return self.asked.run(db(), by=current_user, **known, **form.values())

    def onward(self) -> str:
        """Back to the matter, or to the list where the doer sees it no longer."""
        gone = self.asked.away and self.find(db(), current_user, self.dispute_id) is None
        return url_for("dispatching.index") if gone else self.back()


@blueprint.get("/matters/<int:dispute_id>/joint/<name>")
@audience(Permission.DISPUTE_READ)
def act(dispute_id: int, name: str) -> Answer:
    """The form of an act, or why it is shut."""
    return open_form(Together(_asked(name), found(dispute_id)))


@blueprint.post("/matters/<int:dispute_id>/joint/<name>")
@audience(Permission.DISPUTE_DISPATCH, Permission.DISPUTE_SIGN, Permission.DISPUTE_HANDLE)
def carry_out(dispute_id: int, name: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    return finish(Together(_asked(name), found(dispute_id)))


def _asked(name: str) -> Act:
    if name not in BY_NAME:
        abort(404)
    return BY_NAME[name]
