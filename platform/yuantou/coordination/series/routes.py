"""Series: the list, one of them, making and changing it; comparisons are in comparing.py."""

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination.batches.queries import receivers
from yuantou.coordination.queries import agency_names, by_number
from yuantou.coordination.series import comparing, queries, service
from yuantou.coordination.series.blueprint import blueprint
from yuantou.coordination.series.forms import AddForm, ChangeForm, RemoveForm, SeriesForm
from yuantou.coordination.series.models import Series
from yuantou.database.text import whole_number
from yuantou.disputes.workflow import DisputeState

Answer = str | Response | tuple[str, int]
MOST = 500
__all__ = ["blueprint", "comparing"]


@blueprint.get("/series/")
@audience(Permission.DISPUTE_READ)
def index() -> str:
    """Series in sight, and what looks like one."""
    settings = current_app.extensions["settings"]
    least, days = (int(settings.of("finding", f"series_{name}")) for name in ("least", "days"))
    makes = current_user.may(Permission.DISPUTE_DISPATCH)
    found = queries.suggestions(
        db(), current_user, least=least, days=days, now=clock.now()
    ) if makes else []  # fmt: skip
    return render_template(
        "series/index.html",
        series=queries.series_in_sight(db()),
        suggestions=found,
        least=least,
        days=days,
        makes=makes,
    )


@blueprint.get("/series/new")
@audience(Permission.DISPUTE_DISPATCH)
def new() -> Answer:
    """The form, with the matters that were ticked or suggested."""
    form = SeriesForm(formdata=None)
    ids = _ids(request.args.getlist("dispute"))
    found = queries.organisations(db(), ids) if ids else []
    form.prepare(_leads(), found)
    form.submission.data = form.drawn
    form.lead_agency_id.data = current_user.agency.id
    asked = request.args.get("respondent", "")
    form.respondent.data = asked if asked in found else ""
    return _making(form, ids)


@blueprint.post("/series/")
@audience(Permission.DISPUTE_DISPATCH)
def make() -> Answer:
    """Group them."""
    form, ids = SeriesForm(), _ids(request.form.getlist("dispute"))
    form.prepare(_leads(), queries.organisations(db(), ids))
    if not form.validate():
        return _making(form, ids), 422
    try:
        outcome = service.make(
            db(),
            by=current_user,
            submission=f"{current_user.id}-{form.drawn}",
            name=form.name.data or "",
            cause=form.cause.data or "",
            dispute_ids=ids,
            lead_agency_id=form.lead_agency_id.data,
            respondent=form.respondent.data or "",
        )
    except service.SeriesRefusedError as refused:
        db().rollback()
        form.form_errors.append(str(refused))
        return _making(form, ids), 422
    _say(outcome)
    return redirect(url_for(".show", series_id=outcome.series.id), 303)


@blueprint.get("/series/<int:series_id>")
@audience(Permission.DISPUTE_READ)
def show(series_id: int) -> str:
    """One series: its lead, its numbers, its members in sight."""
    return _page(_found(series_id))


@blueprint.post("/series/<int:series_id>/add")
@audience(Permission.DISPUTE_DISPATCH)
def add(series_id: int) -> Answer:
    """More members, by number."""
    series, form = _found(series_id), AddForm()
    if not form.validate():
        return _page(series, adding=form), 422
    known = [by_number(db(), current_user, one) for one in (form.numbers.data or "").split()]
    try:
        outcome = service.add(
            db(),
            by=current_user,
            series_id=series_id,
            dispute_ids=[one.id for one in known if one],
        )
    except service.SeriesRefusedError as refused:
        db().rollback()
        form.numbers.errors = [str(refused)]
        return _page(series, adding=form), 422
    _say(outcome, len([one for one in known if one is None]))
    return redirect(url_for(".show", series_id=series_id), 303)


@blueprint.post("/series/<int:series_id>/remove")
@audience(Permission.DISPUTE_DISPATCH)
def remove(series_id: int) -> Answer:
    """One member leaves."""
    _found(series_id)
    form = RemoveForm()
    number = whole_number(form.dispute_id.data or "")
    if not form.validate() or number is None:
        flash(_("移出要写明理由"), "error")
        return redirect(url_for(".show", series_id=series_id), 303)
    return _changed(
        series_id,
        lambda: service.remove(
            db(),
            by=current_user,
            series_id=series_id,
            dispute_id=number,
            reason=form.reason.data or "",
        ),
        _("已移出，这件事项照常办理。"),
    )


@blueprint.post("/series/<int:series_id>")
@audience(Permission.DISPUTE_DISPATCH)
def change(series_id: int) -> Answer:
    """Another name or lead."""
    series, form = _found(series_id), ChangeForm()
    form.prepare(_leads(series), _choices(series))
    if not form.validate():
        return _page(series, changing=form), 422
    return _changed(
        series_id,
        lambda: service.change(
            db(),
            by=current_user,
            series_id=series_id,
            name=form.name.data or "",
            cause=form.cause.data or "",
            lead_agency_id=form.lead_agency_id.data,
            lead_dispute_id=form.lead_dispute_id.data or None,
        ),
        _("系列已更改。"),
    )


@blueprint.post("/series/<int:series_id>/end")
@audience(Permission.DISPUTE_DISPATCH)
def end(series_id: int) -> Response:
    """It is over."""
    _found(series_id)
    return _changed(
        series_id,
        lambda: service.end(db(), by=current_user, series_id=series_id),
        _("系列已结束，各件照常办理。"),
    )


def _changed(series_id: int, act: Any, words: str) -> Response:
    try:
        act()
    except service.SeriesRefusedError as refused:
        db().rollback()
        flash(str(refused), "error")
    else:
        flash(words, "success")
    return redirect(url_for(".show", series_id=series_id), 303)


def _found(series_id: int) -> Series:
    series = queries.find(db(), series_id)
    if series is None:
        abort(404)
    return series


def _page(series: Series, adding: AddForm | None = None, changing: ChangeForm | None = None) -> str:
    manages = queries.may_manage(current_user, series)
    members = queries.members_of(db(), current_user, series)
    form = changing
    if manages and form is None:
        form = ChangeForm(formdata=None, obj=series)
        form.prepare(_leads(series), _choices(series))
    return render_template(
        "series/show.html",
        series=series,
        lead=agency_names(db(), [series.lead_agency_id]).get(series.lead_agency_id, ""),
        members=members,
        manages=manages,
        changing=form,
        adding=adding or AddForm(formdata=None),
        removing=RemoveForm(formdata=None),
        state=DisputeState,
        changed=changing is not None,
    )


def _making(form: SeriesForm, ids: Sequence[int]) -> str:
    found = queries.matters(db(), current_user, ids)
    return render_template("series/new.html", form=form, matters=found, state=DisputeState)


def _leads(series: Series | None = None) -> list[tuple[int, str]]:
    """One's own agency, the others of the county, and the one that leads now."""
    own = (current_user.agency.id, current_user.agency_name)
    found = dict([own, *receivers(db(), current_user)])
    if series is not None and series.lead_agency_id not in found:
        found |= agency_names(db(), [series.lead_agency_id])
    return list(found.items())


def _choices(series: Series) -> list[tuple[int, str]]:
    rows = queries.members_of(db(), current_user, series).rows
    return [(row.id, f"{row.number or _('未编号')} · {row.title}") for row in rows]


def _ids(values: Sequence[str]) -> list[int]:
    return [one for one in map(whole_number, values[:MOST]) if one]


def _say(outcome: service.Outcome, unknown: int = 0) -> None:
    flash(_("已归入 %(n)s 件。", n=outcome.added), "success")
    if outcome.left:
        flash("；".join(f"{who}：{why}" for who, why in outcome.left), "warning")
    if unknown:
        flash(_("有 %(n)s 个编号在您的范围内没有查到。", n=unknown), "warning")
