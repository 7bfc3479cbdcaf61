"""Pages on the parties of a matter: telling one, and telling one anew that was told wrongly."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.coordination import parties
from yuantou.coordination.blueprint import blueprint, found
from yuantou.coordination.deeds import CoordinationDeed
from yuantou.coordination.party_forms import CorrectionForm, LookingForm, PartyForm
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.organisations import UNSURE
from yuantou.disputes.telling import ETHNICITIES
from yuantou.mediation.deeds import carry_out, open_form
from yuantou.mediation.submitting import Answer


@dataclass(frozen=True)
class Page:
    """The words of one of the two pages."""

    title: Any
    lead: Any
    button: Any
    done: Any


ADDING = Page(
    _l("登记当事人"),
    _l("姓名、电话、证件号、住址加密保存，登记后只显示隐去的样子；查看要写事由。"),
    _l("登记"),
    _l("已登记当事人。"),
)
CORRECTING = Page(
    _l("更正当事人"),
    _l(
        "请把这位当事人完整重写一遍：没有填的，更正后就没有。原来的内容不再保留；谁、何时、为什么更正，留在经过里。"
    ),
    _l("更正"),
    _l("已更正当事人。"),
)


LOOKING = Page(
    _l("核对单位名称"),
    _l(
        "登记为单位，名称却像自然人的姓名。核过以前不按单位计入类案、共同源头和预警，名单里也隐去。请先在事项页写明事由查看名称，再选。"
    ),
    _l("核对"),
    _l("已记下核对结果。"),
)


class TellingParty(CoordinationDeed):
    """One more party."""

    anchor = "parties"

    def __init__(self, asked: Page, dispute: Dispute) -> None:
        super().__init__(dispute)
        self.asked = asked
        self.restricted = dispute.restricted

    def form(self) -> PartyForm:
        """An empty form."""
        return PartyForm()

    def shut(self) -> Refusal | None:
        """Why no party can be told of now."""
        return parties.telling_refusal(self.dispute, current_user)

    def run(self, form: Any) -> object:
        """The use case."""
        return parties.add_party(
            db(),
            by=current_user,
            dispute_id=self.dispute_id,
            told=form.told(),
            version=form.known_version,
        )

    def page(self, **more: Any) -> str:
        """The form; nothing personal stands in it."""
        words = self.words() | {"ethnicities": ETHNICITIES}
        return render_template("coordination/party.html", **words, **more)

    def refused(self, form: Any, refusal: Refusal) -> Answer:
        """Shut while one was writing."""
        return self.door(refusal), 409

    def say_done(self, form: Any) -> None:
        """What was done, and where a child's party closes the matter to others."""
        super().say_done(form)
        self.again()
        if self.dispute.restricted and not self.restricted:
            flash(_("涉未成年人，这件事项已转为限制知悉，只有被点名的人能看。"), "warning")


class CorrectingParty(TellingParty):
    """A party told anew that was told wrongly."""

    def __init__(self, asked: Page, dispute: Dispute, party_id: int) -> None:
        super().__init__(asked, dispute)
        party = db().get(Party, party_id)
        if party is None or party.dispute_id != dispute.id:
            abort(404)
        self.party, self.party_id = party, party_id

    def form(self) -> CorrectionForm:
        """What may be told of it."""
        form = CorrectionForm()
        form.prepare(self.party)
        return form

    def run(self, form: Any) -> object:
        """The use case."""
        return parties.correct_party(
            db(),
            by=current_user,
            dispute_id=self.dispute_id,
            party_id=self.party_id,
            told=form.told(),
            reason=form.reason.data,
            reason_words=form.reason_words,
            version=form.known_version,
        )


class LookingAtParty(CorrectingParty):
    """The county's second look at what was typed as an organisation."""

    def __init__(self, asked: Page, dispute: Dispute, party_id: int) -> None:
        super().__init__(asked, dispute, party_id)
        if self.party.kind != UNSURE:
            abort(404)

    def form(self) -> LookingForm:
        """One question."""
        return LookingForm()

    def shut(self) -> Refusal | None:
        """It is for the county."""
        return parties.looking_refusal(self.dispute, current_user)

    def run(self, form: Any) -> object:
        """The use case."""
        return parties.settle_kind(
            db(),
            by=current_user,
            dispute_id=self.dispute_id,
            party_id=self.party_id,
            kind=form.kind.data,
            version=form.known_version,
        )

    def page(self, **more: Any) -> str:
        """The question, with the mask alone: who must see the name opens it on the matter."""
        return render_template(
            "coordination/looking.html", **self.words(), party=self.party, **more
        )


@blueprint.get("/matters/<int:dispute_id>/parties/new")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def new_party(dispute_id: int) -> Answer:
    """An empty form."""
    return open_form(TellingParty(ADDING, found(dispute_id)))


@blueprint.post("/matters/<int:dispute_id>/parties/new")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def add_party(dispute_id: int) -> Answer:
    """One more party."""
    return carry_out(TellingParty(ADDING, found(dispute_id)))


@blueprint.get("/matters/<int:dispute_id>/parties/<int:party_id>/correct")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def correction(dispute_id: int, party_id: int) -> Answer:
    """The form of a correction; nothing personal stands in it."""
    return open_form(CorrectingParty(CORRECTING, found(dispute_id), party_id))


@blueprint.post("/matters/<int:dispute_id>/parties/<int:party_id>/correct")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def correct_party(dispute_id: int, party_id: int) -> Answer:
    """The party told anew."""
    return carry_out(CorrectingParty(CORRECTING, found(dispute_id), party_id))


@blueprint.get("/matters/<int:dispute_id>/parties/<int:party_id>/look")
@audience(Permission.DISPUTE_DISPATCH)
def look(dispute_id: int, party_id: int) -> Answer:
    """The question whether it is an organisation."""
    return open_form(LookingAtParty(LOOKING, found(dispute_id), party_id))


@blueprint.post("/matters/<int:dispute_id>/parties/<int:party_id>/look")
@audience(Permission.DISPUTE_DISPATCH)
def settle_party(dispute_id: int, party_id: int) -> Answer:
    """The county's answer."""
    return carry_out(LookingAtParty(LOOKING, found(dispute_id), party_id))
