"""The pages of schemes: versions, their trials on past years, bonus, malus and veto."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.assessments import queries as assessed
from yuantou.assessments.models import SchemeVersion
from yuantou.assessments.scheme import Scheme, SchemeFault, scheme
from yuantou.assessments.schemes import jobs, queries, service, showing
from yuantou.assessments.schemes.entries import differences, written
from yuantou.assessments.schemes.forms import EventForm, ProposalForm, ReasonForm
from yuantou.assessments.schemes.models import SchemeTrial, ScoreEvent
from yuantou.assessments.schemes.trying import years
from yuantou.assessments.schemes.words import REFUSALS
from yuantou.calendar.clock import today

blueprint = Blueprint("schemes", __name__, url_prefix="/assessments/schemes")


@blueprint.get("")
@audience(Permission.ASSESSMENT_READ)
def index() -> str:
    """Every version of every scheme: those that wait first."""
    held = queries.held(db())
    waiting = [each for each in held if not each[0].approved_at and not each[0].rejected_at]
    return render_template(
        "assessments/schemes/index.html", waiting=waiting, held=held, showing=showing
    )


@blueprint.get("/<code>/new")
@audience(Permission.FIGURES_DEFINE)
def new(code: str) -> str:
    """The form of a new version, filled with the newest."""
    old = _newest(code)
    form = ProposalForm(code=code, version=service.next_version(db(), code))
    form.entry.data = written(old)
    return render_template("assessments/schemes/new.html", form=form, old=old)


@blueprint.post("/<code>/new")
@audience(Permission.FIGURES_DEFINE)
def propose(code: str) -> Response | tuple[str, int]:
    """Lay a version before the office."""
    old = _newest(code)
    form = ProposalForm(code=code, version=service.next_version(db(), code))
    if form.validate() and form.made is not None:
        try:
            row = service.propose(
                db(), by=current_user, made=form.made, reason=form.reason.data or ""
            )
        except service.Refused as why:
            form.entry.errors = [REFUSALS[why.code]]
        except SchemeFault as fault:
            form.entry.errors = [_("这套方案不能用：%(why)s", why=fault)]
        else:
            flash(_("已提请，正在用上一年的数据试算。"), "success")
            return redirect(url_for("schemes.show", code=row.code, version=row.version))
    return render_template("assessments/schemes/new.html", form=form, old=old), 422


@blueprint.get("/<code>/<int:version>")
@audience(Permission.ASSESSMENT_READ)
def show(code: str, version: int) -> str:
    """One version: its rows, what it changes, its trials, who decided."""
    return _page(_row(code, version), ReasonForm())


@blueprint.post("/<code>/<int:version>/adopt")
@audience(Permission.FIGURES_DEFINE)
def adopt(code: str, version: int) -> Response | tuple[str, int]:
    """Propose a version that came with the product."""
    row, form = _row(code, version), ReasonForm()
    if not form.validate():
        return _page(row, form), 422
    return _done(
        row,
        lambda: service.adopt(db(), by=current_user, row=row, reason=form.reason.data or ""),
        _("已提请，请另一位有权限的人批准。"),
    )


@blueprint.post("/<code>/<int:version>/approve")
@audience(Permission.FIGURES_DEFINE)
def approve(code: str, version: int) -> Response:
    """Put it in force as the second person."""
    row = _row(code, version)
    words = _(
        "已启用：从 %(month)s 起的评估按这一版，以前的期次不变。", month=f"{row.valid_from:%Y-%m}"
    )
    return _done(row, lambda: service.approve(db(), by=current_user, row=row), words)


@blueprint.post("/<code>/<int:version>/reject")
@audience(Permission.FIGURES_DEFINE)
def reject(code: str, version: int) -> Response:
    """End a proposal."""
    row = _row(code, version)
    return _done(
        row, lambda: service.reject(db(), by=current_user, row=row), _("已退回，现行方案不变。")
    )


@blueprint.post("/<code>/<int:version>/try")
@audience(Permission.FIGURES_DEFINE)
def try_year(code: str, version: int) -> Response:
    """Ask for a trial of a year."""
    row, year = _row(code, version), request.form.get("year", type=int)
    if year not in years(today()):
        abort(400)
    return _done(
        row,
        lambda: service.ask_trial(db(), by=current_user, row=row, year=year),
        _("已交给后台试算，大约一分钟。"),
    )


@blueprint.get("/trials/<int:trial_id>")
@audience(Permission.FIGURES_DEFINE)
def trial(trial_id: int) -> str:
    """How a year would have scored, and how often its order would flip by chance."""
    found = db().get(SchemeTrial, trial_id)
    if found is None:
        abort(404)
    row = _row(found.code, found.version)
    made = scheme(row.body)
    result = showing.shown(found, made)
    area = request.args.get("area", "")
    return render_template(
        "assessments/schemes/trial.html",
        row=row,
        made=made,
        trial=found,
        result=result,
        level=showing.level(made),
        opened=result.score(area) if result and area else None,
        progress=None if result else _progress(),
    )


@blueprint.get("/events")
@audience(Permission.ASSESSMENT_READ)
def events() -> str:
    """Bonus, malus and veto, and the form for those who may propose them."""
    return _events(EventForm(happened_on=today()))


@blueprint.post("/events")
@audience(Permission.TARGET_SET)
def put_down() -> Response | tuple[str, int]:
    """Propose an event."""
    form = _choices(EventForm())
    if not form.validate():
        return _events(form), 422
    event = form.event()
    path = assessed.paths(db()).get(event.area_code, "")
    try:
        service.put_down(db(), by=current_user, event=event, path=path)
    except service.Refused as why:
        form.points.errors = [REFUSALS[why.code]]
        return _events(form), 422
    flash(_("已提出，请另一位有权限的人批准后才计入。"), "success")
    return redirect(url_for("schemes.events"))


@blueprint.post("/events/<int:event_id>/<any(approve, reject):act>")
@audience(Permission.TARGET_SET)
def decide(event_id: int, act: str) -> Response:
    """Approve or end an event."""
    event = db().get(ScoreEvent, event_id)
    if event is None:
        abort(404)
    try:
        if act == "approve":
            service.approve_event(db(), by=current_user, event=event)
            flash(_("已批准，从下一次评估起计入。"), "success")
        else:
            service.reject_event(db(), by=current_user, event=event)
            flash(_("已退回，不计入。"), "success")
    except service.Refused as why:
        flash(str(REFUSALS[why.code]), "danger")
    return redirect(url_for("schemes.events"))


def _done(row: SchemeVersion, act: Callable[[], object], words: str) -> Response:
    code, version = row.code, row.version
    try:
        act()
    except service.Refused as why:
        flash(str(REFUSALS[why.code]), "danger")
    else:
        flash(words, "success")
    return redirect(url_for("schemes.show", code=code, version=version))


def _row(code: str, version: int) -> SchemeVersion:
    row = db().get(SchemeVersion, (code, version))
    if row is None:
        abort(404)
    return row


def _newest(code: str) -> Scheme:
    found = [made for row, made in queries.held(db()) if row.code == code and not row.rejected_at]
    if not found:
        abort(404)
    return found[0]


def _progress() -> str:
    """How far the worker is."""
    found = assessed.job_runs(db(), jobs.CODE, 1)
    told = (found[0].progress or {}) if found and found[0].state == "running" else {}
    return f"{told['done']} / {told['total']}" if told.get("total") else ""


def _page(row: SchemeVersion, form: ReasonForm) -> str:
    made = scheme(row.body)
    earlier = [
        each
        for version, each in queries.held(db())
        if version.code == row.code and version.version < row.version and version.approved_at
    ]
    old = earlier[0] if earlier else None
    return render_template(
        "assessments/schemes/show.html",
        row=row,
        made=made,
        old=old,
        changes=list(differences(old, made)) if old else [],
        rules=showing.rules(db(), made),
        level=showing.level(made),
        state=showing.state(row),
        trials=queries.trials(db(), row.code, row.version),
        years=[(year, _("%(year)s 年", year=year)) for year in years(today())],
        people=showing.people(db(), [row.proposed_by, row.approved_by]),
        form=form,
        written=written(made),
    )


def _choices(form: EventForm) -> EventForm:
    form.row.choices = showing.event_choices(db())
    form.area_code.choices = showing.county_choices(db(), current_user)
    return form


def _events(form: EventForm) -> str:
    _choices(form)
    rows = showing.event_rows(db(), queries.events(db()))
    return render_template("assessments/schemes/events.html", form=form, rows=rows)
