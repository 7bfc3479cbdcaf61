"""Pages on the parties of a matter: telling one, and telling one anew that was told wrongly."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.coordination import parties, queries
from yuantou.coordination.blueprint import blueprint, found
from yuantou.coordination.party_forms import CorrectionForm, PartyForm
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.parties import says_the_same
from yuantou.disputes.telling import ETHNICITIES
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.queries import changes_since, last_event

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Page:
    """The words of one of the two pages."""

    event: str
    title: Any
    lead: Any
    button: Any
    done: Any


ADDING = Page(
    "party_added",
    _l("登记当事人"),
    _l("姓名、电话、证件号、住址加密保存，登记后只显示隐去的样子；查看要写事由。"),
    _l("登记"),
    _l("已登记当事人。"),
)
CORRECTING = Page(
    "party_corrected",
    _l("更正当事人"),
    _l(
        "请把这位当事人完整重写一遍：没有填的，更正后就没有。原来的内容不再保留；谁、何时、为什么更正，留在经过里。"
    ),
    _l("更正"),
    _l("已更正当事人。"),
)


@blueprint.get("/matters/<int:dispute_id>/parties/new")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def new_party(dispute_id: int) -> Answer:
    """An empty form."""
    return _opened(ADDING, found(dispute_id), PartyForm())


@blueprint.post("/matters/<int:dispute_id>/parties/new")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def add_party(dispute_id: int) -> Answer:
    """One more party."""
    return _carried_out(ADDING, found(dispute_id), PartyForm(), None)


@blueprint.get("/matters/<int:dispute_id>/parties/<int:party_id>/correct")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def correction(dispute_id: int, party_id: int) -> Answer:
    """The form of a correction; nothing personal stands in it."""
    dispute, form = found(dispute_id), CorrectionForm()
    form.prepare(_party(dispute, party_id))
    return _opened(CORRECTING, dispute, form)


@blueprint.post("/matters/<int:dispute_id>/parties/<int:party_id>/correct")
@audience(Permission.DISPUTE_HANDLE, Permission.DISPUTE_ACCEPT)
def correct_party(dispute_id: int, party_id: int) -> Answer:
    """The party told anew."""
    dispute, form = found(dispute_id), CorrectionForm()
    form.prepare(_party(dispute, party_id))
    return _carried_out(CORRECTING, dispute, form, party_id)


def _party(dispute: Dispute, party_id: int) -> Party:
    party = db().get(Party, party_id)
    if party is None or party.dispute_id != dispute.id:
        abort(404)
    return party


def _opened(page: Page, dispute: Dispute, form: PartyForm) -> Answer:
    refusal = parties.telling_refusal(dispute, current_user)
    if refusal is not None:
        return _shown("shut", page, dispute, refusal=refusal), 409
    _know(dispute, form)
    return _shown("party", page, dispute, form=form)


def _carried_out(page: Page, dispute: Dispute, form: PartyForm, party_id: int | None) -> Answer:
    if not form.validate():
        return _shown("party", page, dispute, form=form), 422
    dispute_id, restricted = dispute.id, dispute.restricted
    try:
        _run(dispute_id, form, party_id)
    except RefusedError as refused:
        db().rollback()
        return _shown("shut", page, found(dispute_id), refusal=refused.refusal), 409
    except StaleDisputeError:
        return _stale(page, dispute_id, form)
    except NotVisibleError:
        abort(404)
    flash(str(page.done), "success")
    if found(dispute_id).restricted and not restricted:
        flash(_("涉未成年人，这件事项已转为限制知悉，只有被点名的人能看。"), "warning")
    return _back(dispute_id)


def _run(dispute_id: int, form: PartyForm, party_id: int | None) -> None:
    version = form.known_version
    if isinstance(form, CorrectionForm) and party_id is not None:
        parties.correct_party(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            party_id=party_id,
            told=form.told(),
            reason=form.reason.data,
            reason_words=form.reason_words,
            version=version,
        )
    else:
        parties.add_party(
            db(), by=current_user, dispute_id=dispute_id, told=form.told(), version=version
        )


def _stale(page: Page, dispute_id: int, form: PartyForm) -> Answer:
    """Somebody was faster: if it was oneself with these very words, all is well."""
    db().rollback()
    db().expire_all()
    dispute = found(dispute_id)
    if _told_already(page, dispute, form):
        flash(_("这一步已经办好，没有重复办理。"), "info")
        return _back(dispute_id)
    changes = changes_since(db(), dispute, form.known_event)
    _know(dispute, form)
    return _shown("party", page, dispute, form=form, stale=True, changes=changes), 409


def _told_already(page: Page, dispute: Dispute, form: PartyForm) -> bool:
    last = queries.last_event(db(), dispute.id)
    if last is None or last.event != page.event or last.actor_id != current_user.id:
        return False
    party = db().get(Party, last.facts.get("party_id"))
    return party is not None and says_the_same(db(), party=party, told=form.told())


def _know(dispute: Dispute, form: PartyForm) -> None:
    form.version.data, form.seen.data = str(dispute.version), str(last_event(db(), dispute))


def _back(dispute_id: int) -> Response:
    return redirect(url_for(".matter", dispute_id=dispute_id, _anchor="parties"), 303)


def _shown(template: str, page: Page, dispute: Dispute, **more: Any) -> str:
    return render_template(
        f"coordination/{template}.html",
        page=page,
        dispute=dispute,
        state=DisputeState(dispute.state),
        back=url_for(".matter", dispute_id=dispute.id),
        ethnicities=ETHNICITIES,
        **more,
    )
