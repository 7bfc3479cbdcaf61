"""The page of a matter, its parties' particulars on request, and the acts of coordination."""

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

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination import parties, party_pages, queries
from yuantou.coordination.blueprint import blueprint, found
from yuantou.coordination.deeds import CoordinationDeed
from yuantou.coordination.forms import CoordinationForm, OpenPartyForm
from yuantou.coordination.matter import REASONS, context
from yuantou.coordination.pages import BY_NAME, Page
from yuantou.disputes.errors import NotVisibleError
from yuantou.disputes.machine import door_refusal
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import working_calendar
from yuantou.disputes.standing import actor_of, history, matter_of
from yuantou.disputes.workflow import BY_ACTION
from yuantou.mediation.deeds import carry_out as finish
from yuantou.mediation.deeds import open_form
from yuantou.mediation.submitting import Answer

__all__ = ["blueprint", "party_pages"]


class Act(CoordinationDeed):
    """A row of the workflow table."""

    def __init__(self, asked: Page, dispute: Dispute) -> None:
        super().__init__(dispute)
        self.asked, self.row = asked, BY_ACTION[asked.action]
        self.law = self.row.law_zh

    def form(self) -> Any:
        """Its form, prepared for this matter."""
        form = self.asked.form()
        self.asked.prepare(db(), current_user, self.dispute, form)
        return form

    def shut(self) -> Refusal | None:
        """Why the form may not be opened now."""
        seen = matter_of(
            self.dispute, history(db(), self.dispute_id), working_calendar(db()), clock.now()
        )
        return door_refusal(self.row, seen, actor_of(current_user, self.dispute))

    def run(self, form: CoordinationForm) -> object:
        """The use case."""
        known = {"dispute_id": self.dispute_id, "version": form.known_version}
        return self.asked.run(db(), by=current_user, **known, **form.values())


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
    return open_form(Act(_asked(action), found(dispute_id)))


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
    return finish(Act(_asked(action), found(dispute_id)))


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
