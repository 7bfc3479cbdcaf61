"""The pages of runs: opening one, its course, the drafts of its counties."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.assessments import files
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.objections.queries import Wanted
from yuantou.assessments.pages import area_choices, pairs
from yuantou.assessments.paging import Part
from yuantou.assessments.queries import SchemeUnknown
from yuantou.assessments.runs import pages, service
from yuantou.assessments.runs.forms import RunForm
from yuantou.assessments.runs.machine import RunKind
from yuantou.assessments.runs.queries import draft_of
from yuantou.assessments.runs.words import REFUSALS
from yuantou.assessments.schemes.choosing import scheme_of
from yuantou.assessments.units import COUNTY
from yuantou.calendar.clock import now, today
from yuantou.database.paging import page_asked
from yuantou.database.text import clean
from yuantou.mediation.fields import options

blueprint = Blueprint("runs", __name__, url_prefix="/assessments/runs")
LONGEST_NOTE = 300


@blueprint.get("/new")
@audience(Permission.ASSESSMENT_APPROVE)
def new() -> str:
    """The form of a run."""
    return _form(RunForm(kind=RunKind.AD_HOC, scheme=scheme_of(db(), COUNTY, today().year)))


@blueprint.post("/new")
@audience(Permission.ASSESSMENT_APPROVE)
def start() -> Response | tuple[str, int]:
    """Open a run; the worker prepares it."""
    form = _choices(RunForm())
    if not form.validate():
        return _form(form), 422
    first, last = form.span()
    try:
        run = service.start(
            db(),
            by=current_user,
            kind=RunKind(form.kind.data),
            first=first,
            last=last,
            scheme_code=form.scheme.data,
            reason=form.reason.data or "",
        )
    except service.Refused as why:
        form.last.errors = [REFUSALS[why.code]]
        return _form(form), 422
    except SchemeUnknown:
        form.scheme.errors = [_("这个方案在这段时间还没有生效")]
        return _form(form), 422
    flash(_("已发起，预览稿大约一分钟准备好。"), "success")
    return redirect(url_for("runs.show", run_id=run.id))


@blueprint.get("/<int:run_id>")
@audience(Permission.RUNS_READ)
def show(run_id: int) -> str:
    """One run: how far it is, what stands against going on, its counties, its history."""
    part, wanted = Part.of(request.args), Wanted.of(request.args)
    said = page_asked(request.args, "said")
    kept: dict[str, Any] = wanted.kept
    return render_template(
        "assessments/run.html",
        **pages.run_page(db(), current_user, _run(run_id), now(), part, wanted, said),
        places=pairs(area_choices(db(), current_user)),
        page_url=lambda at: url_for("runs.show", run_id=run_id, place=part.place, page=at),
        said_url=lambda at: url_for(
            "runs.show", run_id=run_id, said=at, _anchor="objections", **kept
        ),
    )


@blueprint.post("/<int:run_id>/<any(prepare, approve, cancel):action>")
@audience(Permission.ASSESSMENT_APPROVE)
def act(run_id: int, action: str) -> Response:
    """One act of the office."""
    _run(run_id)
    try:
        run = service.act(
            db(),
            by=current_user,
            run_id=run_id,
            action=action,
            revision=request.form.get("revision", -1, type=int),
            note=clean(request.form.get("note", ""))[:LONGEST_NOTE],
        )
    except service.Refused as why:
        flash(str(REFUSALS[why.code]), "error")
        return redirect(url_for("runs.show", run_id=run_id))
    flash(_said(action, run), "success")
    return redirect(url_for("runs.show", run_id=run_id))


@blueprint.post("/<int:run_id>/carried")
@audience(Permission.ASSESSMENT_APPROVE)
def carry(run_id: int) -> Response:
    """Choose which earlier adjustments a re-issue carries on; it is prepared anew."""
    _run(run_id)
    try:
        service.carry(
            db(),
            by=current_user,
            run_id=run_id,
            revision=request.form.get("revision", -1, type=int),
            kept=request.form.getlist("kept", type=int),
        )
    except service.Refused as why:
        flash(str(REFUSALS[why.code]), "error")
    else:
        flash(_("已要求重新准备，大约一分钟。已有的批准不再算数。"), "success")
    return redirect(url_for("runs.show", run_id=run_id))


@blueprint.get("/<int:run_id>/drafts/<area_code>")
@audience(Permission.RUNS_READ, Permission.ASSESSMENT_RECEIVE)
def draft(run_id: int, area_code: str) -> str:
    """One county's draft, marked as such on every sheet."""
    run = _run(run_id)
    found = draft_of(db(), run, area_code)
    if found is None:
        abort(404)
    return render_template(
        "assessments/draft.html", **pages.draft_page(db(), current_user, found, run, now())
    )


@blueprint.post("/<int:run_id>/drafts/<area_code>/<any(docx, pdf, xlsx):form>")
@audience(Permission.RUNS_READ, Permission.ASSESSMENT_RECEIVE)
def export(run_id: int, area_code: str, form: str) -> Response:
    """A draft as a file, marked on every page; taking it out is logged."""
    run = _run(run_id)
    found = draft_of(db(), run, area_code)
    if found is None:
        abort(404)
    made = files.source_file(pages.source_of(found, run), form)
    service.note_export(db(), by=current_user, run=run, area_code=area_code, form=form)
    return files.sent(made, f"{area_code}-{run.period_end:%Y-%m}-预览稿", form)


def _said(action: str, run: AssessmentRun) -> str:
    if action == "prepare":
        return _("已要求重新准备，大约一分钟。已有的批准不再算数。")
    if action == "cancel":
        return _("已取消，没有送达任何单位；收到过预览稿的单位已收到通知。")
    if run.state == "approved":
        return _("两个人都已批准，大约一分钟后封存并送达。")
    return _("已记下您的批准，还差另一位有权限的人。")


def _run(run_id: int) -> AssessmentRun:
    found = db().get(AssessmentRun, run_id)
    if found is None:
        abort(404)
    return found


def _choices(form: RunForm) -> RunForm:
    form.scheme.choices = options(pages.schemes(db()))
    return form


def _form(form: RunForm) -> str:
    more: dict[str, Any] = {"form": _choices(form)}
    return render_template("assessments/run_new.html", **more)
