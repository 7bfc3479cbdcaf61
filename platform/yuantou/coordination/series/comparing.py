"""Two matters side by side: the same, or not; and a party's other matters in one's own unit."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination import queries as matters
from yuantou.coordination.blueprint import found
from yuantou.coordination.filters import long_date
from yuantou.coordination.merging import merge
from yuantou.coordination.series import others as kin
from yuantou.coordination.series import twins as same
from yuantou.coordination.series.blueprint import blueprint
from yuantou.coordination.series.forms import OthersForm, VerdictForm
from yuantou.disputes.codes import read
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.machine import door_refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.search import TooOftenError
from yuantou.disputes.service import working_calendar
from yuantou.disputes.standing import actor_of, history, matter_of
from yuantou.disputes.words import moment_words, money_words, refusal_words
from yuantou.disputes.workflow import BY_ACTION, DisputeState

Answer = str | Response | tuple[str, int]


@blueprint.get("/matters/<int:dispute_id>/twins")
@audience(Permission.DISPUTE_ACCEPT)
def twins(dispute_id: int) -> str:
    """What may be the same matter."""
    dispute = found(dispute_id)
    days = int(current_app.extensions["settings"].of("finding", "twin_days"))
    return render_template(
        "series/twins.html",
        dispute=dispute,
        twins=same.twins_of(db(), current_user, dispute, days=days),
        days=days,
        state=DisputeState,
    )


@blueprint.get("/matters/<int:dispute_id>/twins/<int:other_id>")
@audience(Permission.DISPUTE_ACCEPT)
def compare(dispute_id: int, other_id: int) -> str:
    """The two side by side."""
    one, other = _pair(dispute_id, other_id)
    return _comparison(one, other, _verdict(one, other, VerdictForm(formdata=None)))


@blueprint.post("/matters/<int:dispute_id>/twins/<int:other_id>")
@audience(Permission.DISPUTE_ACCEPT)
def judge(dispute_id: int, other_id: int) -> Answer:
    """The same: one goes into the other by the act of the workflow; or different."""
    one, other = _pair(dispute_id, other_id)
    form = _verdict(one, other, VerdictForm())
    if not form.validate():
        return _comparison(one, other, form), 422
    if form.verdict.data == "apart":
        same.tell_apart(db(), by=current_user, dispute=one, other=other, note=form.note.data or "")
        flash(_("已记下：不是同一件，不再提示。"), "success")
        return redirect(url_for("series.twins", dispute_id=one.id), 303)
    gone, kept = (one, other) if form.verdict.data == "into_other" else (other, one)
    return _merged(form, gone, kept, one, other)


@blueprint.get("/matters/<int:dispute_id>/others")
@audience(Permission.PARTY_OPEN)
def others(dispute_id: int) -> str:
    """Whose other matters, and what for."""
    dispute = found(dispute_id)
    return _asking(dispute, _parties(dispute, OthersForm(formdata=None)))


@blueprint.post("/matters/<int:dispute_id>/others")
@audience(Permission.PARTY_OPEN)
def ask_others(dispute_id: int) -> Answer:
    """Matters of one's own unit with the same party; the question is on record."""
    dispute = found(dispute_id)
    form = _parties(dispute, OthersForm())
    if not form.validate():
        return _asking(dispute, form), 422
    try:
        rows = kin.other_matters(
            db(),
            by=current_user,
            dispute_id=dispute.id,
            party_id=form.party_id.data,
            reason=form.reason.data or "",
        )
    except TooOftenError:
        form.form_errors.append(_("查找太频繁，请过一分钟再试"))
        return _asking(dispute, form), 429
    except NotVisibleError:
        abort(404)
    return _asking(dispute, form, rows)


def _pair(dispute_id: int, other_id: int) -> tuple[Dispute, Dispute]:
    if dispute_id == other_id:
        abort(404)
    return found(dispute_id), found(other_id)


def _merged(
    form: VerdictForm, gone: Dispute, kept: Dispute, one: Dispute, other: Dispute
) -> Answer:
    try:
        merge(
            db(),
            by=current_user,
            dispute_id=gone.id,
            version=gone.version,
            master_number=kept.number or "",
            reason=form.note.data or "",
        )
    except RefusedError as refused:
        db().rollback()
        form.form_errors.append(refusal_words(refused.refusal))
        return _comparison(found(one.id), found(other.id), form), 422
    except StaleDisputeError:
        db().rollback()
        form.form_errors.append(_("刚才有人改动了这件事项，请重新核对"))
        return _comparison(found(one.id), found(other.id), form), 409
    flash(_("已并案。如果并错了，可以在被并的一件里解除并案。"), "success")
    return redirect(url_for("coordination.matter", dispute_id=kept.id), 303)


def _verdict(one: Dispute, other: Dispute, form: VerdictForm) -> VerdictForm:
    """Mergers are offered where the workflow lets the viewer merge and the other has a number."""
    offered: list[tuple[str, Any]] = []
    if _mergeable(other, one):
        offered.append(("into_this", _("是同一件：把右边并入左边")))
    if _mergeable(one, other):
        offered.append(("into_other", _("是同一件：把左边并入右边")))
    form.prepare([*offered, ("apart", _("不是同一件"))])
    return form


def _mergeable(gone: Dispute, kept: Dispute) -> bool:
    return not _why_not(gone, kept)


def _why_not(gone: Dispute, kept: Dispute) -> str:
    """What keeps the one from going into the other; empty where nothing does."""
    if kept.master_id is not None:
        return _("另一件已经并案")
    if kept.number is None:
        return _("另一件还没有受理、没有编号")
    seen = matter_of(gone, history(db(), gone.id), working_calendar(db()), clock.now())
    refusal = door_refusal(BY_ACTION["merge"], seen, actor_of(current_user, gone))
    return refusal_words(refusal) if refusal else ""


def _comparison(one: Dispute, other: Dispute, form: VerdictForm) -> str:
    shown = [_facts(each) for each in (one, other)]
    rows = [
        (label, left, right, left == right)
        for (label, left), (_label, right) in zip(*shown, strict=True)
    ]
    return render_template(
        "series/compare.html",
        one=one,
        other=other,
        rows=rows,
        parties=[matters.parties(db(), each.id) for each in (one, other)],
        form=form,
        shut=_shut(one, other),
    )


def _shut(one: Dispute, other: Dispute) -> list[tuple[str, str]]:
    """Mergers that cannot be had now, each with its reason."""
    told = (
        (_("把右边并入左边"), _why_not(other, one)),
        (_("把左边并入右边"), _why_not(one, other)),
    )
    return [(label, why) for label, why in told if why]


def _facts(dispute: Dispute) -> list[tuple[str, str]]:
    codes, now = read(), clock.now()
    source = codes.sources.get(dispute.source)
    names = matters.agency_names(db(), [dispute.handler_agency_id])
    return [
        (_("编号"), dispute.number or _("未编号")),
        (_("状态"), _(DisputeState(dispute.state).name_zh)),
        (_("类型"), _(codes.types[dispute.type].name_zh)),
        (_("地点"), f"{matters.area_name(db(), dispute.area_code)} · {dispute.place}"),
        (_("发生"), long_date(dispute.occurred_on)),
        (_("登记"), moment_words(dispute.reported_at, now)),
        (_("来源"), _(source.name_zh) if source else ""),
        (_("承办"), names.get(dispute.handler_agency_id, "")),
        (_("涉及人数"), _("%(n)s 人", n=dispute.involved)),
        (_("金额"), money_words(dispute.amount)),
        (_("事由"), dispute.summary),
    ]


def _parties(dispute: Dispute, form: OthersForm) -> OthersForm:
    form.party_id.choices = [
        (row.id, " · ".join(filter(None, (row.name_mask, row.phone_mask))))
        for row in matters.parties(db(), dispute.id)
    ]
    return form


def _asking(dispute: Dispute, form: OthersForm, rows: Any = None) -> str:
    return render_template(
        "series/others.html", dispute=dispute, form=form, rows=rows, state=DisputeState
    )
