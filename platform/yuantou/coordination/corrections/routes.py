"""The page on which what was logged is corrected."""

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination.blueprint import found
from yuantou.coordination.corrections.forms import CorrectionForm
from yuantou.coordination.corrections.queries import areas_to_choose
from yuantou.coordination.corrections.service import correct, correcting_refusal
from yuantou.coordination.deeds import CoordinationDeed
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.mediation.deeds import carry_out as finish
from yuantou.mediation.deeds import open_form
from yuantou.mediation.queries import find_dispute
from yuantou.mediation.submitting import Answer

blueprint = Blueprint("corrections", __name__)


class Correcting(CoordinationDeed):
    """What was logged, told anew; what it was stays in the story."""

    def __init__(self, dispute: Dispute) -> None:
        super().__init__(dispute)
        self.asked = {"title": _("更正登记内容")}

    def form(self) -> CorrectionForm:
        """The form with what stands there now."""
        made = CorrectionForm()
        made.prepare(self.dispute, areas_to_choose(db(), current_user, self.dispute))
        return made

    def shut(self) -> Refusal | None:
        """Why nothing can be corrected now."""
        return correcting_refusal(self.dispute, current_user)

    def run(self, form: CorrectionForm) -> object:
        """The use case."""
        return correct(
            db(),
            by=current_user,
            dispute_id=self.dispute_id,
            stated=form.stated(),
            reason=form.reason.data or "",
            version=form.known_version,
        )

    def page(self, **more: Any) -> str:
        """The form."""
        return render_template("corrections/form.html", **self.words(), **more)

    def onward(self) -> str:
        """Back to the matter, or to the list where it has moved out of sight."""
        gone = find_dispute(db(), current_user, self.dispute_id) is None
        return url_for("disputes.index") if gone else self.back()

    def say_done(self, form: CorrectionForm) -> None:
        """What was done."""
        flash(_("已更正；原来的内容留在经过里。"), "success")

    def words(self) -> dict[str, Any]:
        """And the hour."""
        return super().words() | {"now": clock.now()}


@blueprint.get("/matters/<int:dispute_id>/correct")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def form(dispute_id: int) -> Answer:
    """The form with what stands there now, or why it is shut."""
    return open_form(Correcting(found(dispute_id)))


@blueprint.post("/matters/<int:dispute_id>/correct")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def carry_out(dispute_id: int) -> Answer:
    """Correct it, or say why not and keep what was typed."""
    return finish(Correcting(found(dispute_id)))
