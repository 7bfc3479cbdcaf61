"""The pages of an extension."""

from typing import Any

from flask import Blueprint, abort, render_template
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination.blueprint import found
from yuantou.coordination.deeds import CoordinationDeed
from yuantou.coordination.extending import service
from yuantou.coordination.extending.acts import BY_NAME, Act, open_request, refusal
from yuantou.database.text import whole_number
from yuantou.disputes.errors import NotVisibleError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.standing import history
from yuantou.disputes.words import refusal_words
from yuantou.limits import words
from yuantou.limits.history import extensions_of
from yuantou.limits.queries import clock_of
from yuantou.mediation.deeds import carry_out as finish
from yuantou.mediation.deeds import open_form
from yuantou.mediation.submitting import Answer

blueprint = Blueprint("extending", __name__)


class Extending(CoordinationDeed):
    """An act on one deadline of a matter."""

    anchor = "terms"

    def __init__(self, asked: Act, dispute: Dispute, deadline_id: int) -> None:
        super().__init__(dispute)
        self.asked, self.deadline_id = asked, deadline_id

    def form(self) -> Any:
        """Its form; opened, it proposes what was asked for."""
        form = self.asked.form()
        if not form.is_submitted():
            row, rule, wished = self._known()
            wish = whole_number(wished.facts.get("amount")) if wished else None
            form.show(rule, sum(each.amount for each in extensions_of(row)), wish)
        return form

    def shut(self) -> Refusal | None:
        """Why the form may not be opened now."""
        row, rule, _request = self._known()
        events = history(db(), self.dispute_id)
        return refusal(self.asked, current_user, self.dispute, row, rule, events, clock.now())

    def run(self, form: Any) -> object:
        """The use case."""
        return service.carry_out(
            db(),
            by=current_user,
            act=self.asked,
            dispute_id=self.dispute_id,
            deadline_id=self.deadline_id,
            note=form.note,
            amount=form.amount.data if "amount" in form else None,
            version=form.known_version,
        )

    def page(self, **more: Any) -> str:
        """The deadline, how it is reckoned, and the form."""
        row, rule, request = self._known()
        now = clock.now()
        return render_template(
            "limits/extend.html",
            **self.words(),
            act=self.asked,
            deadline_id=self.deadline_id,
            rule=rule,
            unit=words.UNITS[rule.unit],
            due=words.due_line(row, rule, now),
            reckoning=words.reckoning_words(row, rule, clock_of(db()), now),
            request=request,
            **more,
        )

    def door(self, refusal: Refusal) -> str:
        """The same page, shut."""
        return self.page(shut=refusal)

    def refused(self, form: Any, refusal: Refusal) -> Answer:
        """Said once: beside its field, else above the form."""
        if refusal.field and refusal.field in form:
            form[refusal.field].errors = [*form[refusal.field].errors, refusal_words(refusal)]
            return self.page(form=form), 422
        return self.page(form=form, refusal=refusal), 422

    def _known(self) -> tuple[Any, Any, Any]:
        """The deadline, its rule, and the request that waits."""
        try:
            row = service.deadline_of(db(), self.dispute_id, self.deadline_id)
        except NotVisibleError:
            abort(404)
        rule = clock_of(db()).book.rule(row.rule, row.rule_version)
        return row, rule, open_request(history(db(), self.dispute_id), row)


@blueprint.get("/matters/<int:dispute_id>/deadlines/<int:deadline_id>/<action>")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_DISPATCH)
def act(dispute_id: int, deadline_id: int, action: str) -> Answer:
    """The form, or why it is shut."""
    return open_form(Extending(_asked(action), found(dispute_id), deadline_id))


@blueprint.post("/matters/<int:dispute_id>/deadlines/<int:deadline_id>/<action>")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_DISPATCH)
def carry_out(dispute_id: int, deadline_id: int, action: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    return finish(Extending(_asked(action), found(dispute_id), deadline_id))


def _asked(action: str) -> Act:
    if action not in BY_NAME:
        abort(404)
    return BY_NAME[action]
