"""Pages of mediation: each act is a form that names its law and loses nothing typed."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.database.text import whole_number
from yuantou.disputes.errors import RefusedError, StaleDisputeError
from yuantou.disputes.machine import door_refusal
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import working_calendar
from yuantou.disputes.standing import actor_of, history, matter_of
from yuantou.disputes.words import refusal_words
from yuantou.disputes.workflow import BY_ACTION, DisputeState
from yuantou.mediation.acting import ActForm, usual_paths
from yuantou.mediation.deeds import Deed, carry_out, open_form
from yuantou.mediation.facts import Told
from yuantou.mediation.fields import cleaned_labels
from yuantou.mediation.pages import PAGES, Page
from yuantou.mediation.papers.closing import Lack, lacks_of
from yuantou.mediation.queries import find_dispute
from yuantou.mediation.service import calling_refusal, end, recording_refusal
from yuantou.mediation.submitting import Answer

blueprint = Blueprint("mediation", __name__)


class Mediating(Deed):
    """An act of mediation."""

    def __init__(self, asked: Page, dispute: Dispute) -> None:
        super().__init__(dispute)
        self.asked = asked

    def form(self) -> ActForm:
        """Its form; where there is violence, the ways that protect are ticked."""
        form = self.asked.form()
        violent = "domestic_violence" in self.dispute.flags
        if violent and "path_options" in form and not form.is_submitted():
            form.path_options.data = usual_paths(self.dispute)
        return form

    def shut(self) -> Refusal | None:
        """Why the form may not be opened now."""
        if self.asked.name == "record":
            return recording_refusal(self.dispute, current_user)
        if self.asked.name == "follow_up":
            return calling_refusal(self.dispute, current_user)
        seen = matter_of(
            self.dispute, history(db(), self.dispute_id), working_calendar(db()), clock.now()
        )
        actor = actor_of(current_user, self.dispute)
        return door_refusal(BY_ACTION[self.asked.action], seen, actor)

    def run(self, form: ActForm) -> object:
        """The use case."""
        return self.asked.run(db(), current_user, self.dispute_id, form)

    def page(self, **more: Any) -> str:
        """The page of the act."""
        lacks = self._lacks(more.get("refusal"))
        return render_template("mediation/act.html", **self._words(), lacks=lacks, **more)

    def door(self, refusal: Refusal) -> str:
        """A shut door, and the papers that would open it."""
        lacks = self._lacks(refusal)
        return render_template("mediation/shut.html", **self._words(), refusal=refusal, lacks=lacks)

    def onward(self) -> str:
        """Back to the matter."""
        return url_for("disputes.show", dispute_id=self.dispute_id)

    def say_done(self, form: ActForm) -> None:
        """What was done, and what was taken out of the text."""
        flash(str(self.asked.done), "success")
        labels = cleaned_labels(form)
        if labels:
            flash(_("已去掉看不见的控制字符：%(fields)s", fields="、".join(labels)), "info")

    def _lacks(self, refusal: Refusal | None) -> list[Lack]:
        """The papers that the file waits for, where it does."""
        waits = refusal is not None and refusal.code == "documents_missing"
        return lacks_of(db(), self.dispute) if waits else []

    def _words(self) -> dict[str, Any]:
        row = BY_ACTION.get(self.asked.action)
        return {
            "page": self.asked,
            "dispute": self.dispute,
            "state": DisputeState(self.dispute.state),
            "law": row.law_zh if row else "",
            "back": self.onward(),
        }


def _view(page: Page) -> Callable[[int], Answer]:
    def show(dispute_id: int) -> Answer:
        deed = Mediating(page, _found(dispute_id))
        return carry_out(deed) if request.method == "POST" else open_form(deed)

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
    dispute = _found(dispute_id)
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


def _found(dispute_id: int) -> Dispute:
    dispute = find_dispute(db(), current_user, dispute_id)
    if dispute is None:
        abort(404)
    return dispute
