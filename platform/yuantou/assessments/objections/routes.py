"""The pages of objections: raising one, what follows from it, its answer."""

import io
import json
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.objections import service
from yuantou.assessments.objections.claims import claim_of
from yuantou.assessments.objections.counterfactual import NotClaimable
from yuantou.assessments.objections.forms import DecisionForm, ObjectionForm
from yuantou.assessments.objections.queries import Row, find
from yuantou.assessments.objections.words import REFUSALS, SUBJECTS
from yuantou.assessments.periods import first_day
from yuantou.assessments.runs.models import AssessmentDraft
from yuantou.assessments.runs.pages import may_object
from yuantou.assessments.runs.queries import draft_of
from yuantou.assessments.runs.words import issue_shown
from yuantou.assessments.units import COUNTY, spoken_for
from yuantou.calendar.clock import now
from yuantou.mediation.attachments.kinds import ACCEPT, KINDS
from yuantou.mediation.fields import options

blueprint = Blueprint("objections", __name__, url_prefix="/assessments/objections")


@blueprint.get("/new/<int:run_id>/<area_code>")
@audience(Permission.ASSESSMENT_OBJECT)
def new(run_id: int, area_code: str) -> str:
    """The form, on one's own draft."""
    draft, run = _draft(run_id, area_code)
    form = ObjectionForm(indicator=request.args.get("code"))
    return _form(form, draft, run)


@blueprint.post("/new/<int:run_id>/<area_code>")
@audience(Permission.ASSESSMENT_OBJECT)
def add(run_id: int, area_code: str) -> Response | tuple[str, int]:
    """Show what would follow, or write the objection; nothing typed is lost."""
    draft, run = _draft(run_id, area_code)
    form = _choices(ObjectionForm(), draft, run)
    if not form.validate():
        return _form(form, draft, run), 422
    if form.subject.data == "court" and not _in_period(form.month.data or "", run):
        form.month.errors = [_("月份要在这一期之内")]
        return _form(form, draft, run), 422
    try:
        told = claim_of(db(), current_user, draft, form)
        if "try" in request.form:
            return _form(form, draft, run, tried=told.counterfactual), 200
        made = service.raise_objection(
            db(),
            by=current_user,
            draft=draft,
            told=told,
            file=form.told[0] if form.told else None,
            keyring=current_app.extensions["keyring"],
        )
    except NotClaimable as why:
        _blame(form, why.code)
        return _form(form, draft, run), 422
    except service.Refused as why:
        db().rollback()
        _blame(form, why.code)
        draft, run = _draft(run_id, area_code)
        return _form(form, draft, run), 422
    flash(_("异议已提出，省级在期限内答复，答复进收件箱。"), "success")
    return redirect(url_for("objections.show", objection_id=made.id))


@blueprint.get("/<int:objection_id>")
@audience(Permission.RUNS_READ, Permission.ASSESSMENT_OBJECT)
def show(objection_id: int) -> str:
    """One objection, what would follow, and its answer or the form of it."""
    row = _row(objection_id)
    one = row.objection
    form = DecisionForm(events=one.numerator, whole=one.denominator)
    return _page(row, form)


@blueprint.post("/<int:objection_id>")
@audience(Permission.ASSESSMENT_APPROVE)
def decide(objection_id: int) -> Response | tuple[str, int]:
    """Answer it."""
    row, form = _row(objection_id), DecisionForm()
    if not form.validate():
        return _page(row, form), 422
    decision = service.Decision(
        outcome=form.outcome.data,
        remedy=form.remedy.data,
        events=form.events.data or 0,
        whole=form.whole.data or 0,
        reason=form.reason.data or "",
    )
    run_id = row.objection.run_id
    try:
        service.decide(db(), by=current_user, objection_id=objection_id, decision=decision)
    except service.Refused as why:
        db().rollback()
        if why.code in ("out_of_bounds", "missing_figure"):
            form.events.errors = [REFUSALS[why.code]]
        else:
            flash(str(REFUSALS[why.code]), "error")
        db().expire_all()
        return _page(_row(objection_id), form, unsaved=form.reason.data or ""), 422
    if form.outcome.data == "rejected":
        flash(_("已答复，提出的单位已收到通知。"), "success")
    else:
        flash(_("已答复。采纳的异议要重新准备预览稿才会计入。"), "success")
    return redirect(url_for("runs.show", run_id=run_id, _anchor="objections"))


@blueprint.post("/<int:objection_id>/file")
@audience(Permission.RUNS_READ, Permission.ASSESSMENT_OBJECT)
def open_file(objection_id: int) -> Response:
    """Hand the evidence out; who opened it is logged."""
    one = _row(objection_id).objection
    if one.file is None or one.file_key is None or one.file_kind is None:
        abort(404)
    data = current_app.extensions["keyring"].unwrap(one.file, one.file_key)
    kind = KINDS[one.file_kind]
    service.note_opening(db(), by=current_user, objection=one)
    name = f"objection-{objection_id}.{kind.ending}"
    return send_file(io.BytesIO(data), kind.mime, as_attachment=True, download_name=name)


def _draft(run_id: int, area_code: str) -> tuple[AssessmentDraft, AssessmentRun]:
    run = db().get(AssessmentRun, run_id)
    draft = draft_of(db(), run, area_code) if run else None
    if run is None or draft is None or area_code != spoken_for(current_user.agency):
        abort(404)
    return draft, run


def _in_period(month: str, run: AssessmentRun) -> bool:
    return run.period_start <= first_day(month) <= run.period_end


def _row(objection_id: int) -> Row:
    found = find(db(), objection_id)
    if found is None:
        abort(404)
    return found


def _blame(form: ObjectionForm, code: str) -> None:
    of_matter = {"no_matter", "not_counted", "already_counted", "as_counted", "no_rows"}
    field = form.number if code in of_matter else form.events
    if code in ("not_yours", "window_over", "too_many", "twice"):
        field = form.reason
    field.errors = [*field.errors, REFUSALS[code]]


def _choices(form: ObjectionForm, draft: AssessmentDraft, run: AssessmentRun) -> ObjectionForm:
    words = json.loads(draft.inputs)["definitions"]
    codes = json.loads(draft.inputs)["scheme"]["indicators"]
    form.indicator.choices = options(
        (code, f"{words[code]['name_zh']}（{code}）") for code in codes
    )
    if run.level != COUNTY:  # courts' months are counted to counties and above
        form.subject.choices = options(each for each in SUBJECTS if each[0] != "court")
    return form


def _form(
    form: ObjectionForm,
    draft: AssessmentDraft,
    run: AssessmentRun,
    tried: dict[str, Any] | None = None,
) -> str:
    return render_template(
        "assessments/objection_new.html",
        form=_choices(form, draft, run),
        draft=draft,
        run=run,
        issue=issue_shown(run),
        may_still=may_object(run, now()),
        tried=tried,
        accept=ACCEPT,
    )


def _page(row: Row, form: DecisionForm, unsaved: str = "") -> str:
    run = db().get_one(AssessmentRun, row.objection.run_id)
    return render_template(
        "assessments/objection.html",
        row=row,
        one=row.objection,
        run=run,
        issue=issue_shown(run),
        form=form,
        unsaved=unsaved,
        now=now(),
    )
