"""The pages of schemes: versions, their trials on past years, bonus, malus and veto."""

import io

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
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.proposing import ProposalForm, ReasonForm, Room, decided_here, done
from yuantou.access.second_person import Refused
from yuantou.access.viewer import db
from yuantou.assessments import queries as assessed
from yuantou.assessments.models import SchemeVersion
from yuantou.assessments.scheme import Scheme, SchemeFault, scheme
from yuantou.assessments.schemes import choosing, jobs, queries, service, showing
from yuantou.assessments.schemes.entries import differences, read, written
from yuantou.assessments.schemes.forms import ChoiceForm, EventForm
from yuantou.assessments.schemes.legend import LEGEND
from yuantou.assessments.schemes.models import SchemeChoice, SchemeTrial, ScoreEvent
from yuantou.assessments.schemes.trying import years
from yuantou.assessments.schemes.words import REFUSALS
from yuantou.assessments.units import whom
from yuantou.calendar.clock import today
from yuantou.database.paging import Sheet, page_asked
from yuantou.mediation.attachments.kinds import ACCEPT, KINDS

blueprint = Blueprint("schemes", __name__, url_prefix="/assessments/schemes")


@blueprint.get("")
@audience(Permission.ASSESSMENT_READ)
def index() -> str:
    """Which scheme judges whom, and every version of every scheme: those that wait first."""
    return _index(ChoiceForm(year=today().year))


@blueprint.post("/choices")
@audience(Permission.FIGURES_DEFINE)
def choose() -> Response | tuple[str, int]:
    """Propose the scheme of a level."""
    form = ChoiceForm()
    form.scheme.choices = showing.choosable(db())
    if not form.validate():
        return _index(form), 422
    try:
        choosing.choose(db(), by=current_user, choice=form.choice())
    except Refused as why:
        form.scheme.errors = [REFUSALS[why.code]]
        return _index(form), 422
    flash(_("已提请，请另一位有权限的人批准。"), "success")
    return redirect(url_for("schemes.index"))


@blueprint.post("/choices/<int:choice_id>/<any(approve, reject):act>")
@audience(Permission.FIGURES_DEFINE)
def decide_choice(choice_id: int, act: str) -> Response:
    """Approve or end a choice."""
    row = db().get(SchemeChoice, choice_id)
    if row is None:
        abort(404)
    words = _("已批准，从下一次评估起按这套方案。") if act == "approve" else _("已退回。")
    deciding = choosing.approve if act == "approve" else choosing.reject
    done(lambda: deciding(db(), by=current_user, row=row), words, REFUSALS)
    return redirect(url_for("schemes.index"))


@blueprint.get("/<code>/new")
@audience(Permission.FIGURES_DEFINE)
def new(code: str) -> str:
    """The form of a new version, filled with the newest."""
    old = _newest(code)
    form = ProposalForm(code=code, version=service.next_version(db(), code), reader=read)
    form.entry.data = written(old)
    return render_template("assessments/schemes/new.html", form=form, old=old, legend=LEGEND)


@blueprint.post("/<code>/new")
@audience(Permission.FIGURES_DEFINE)
def propose(code: str) -> Response | tuple[str, int]:
    """Lay a version before the office."""
    old = _newest(code)
    form = ProposalForm(code=code, version=service.next_version(db(), code), reader=read)
    if form.validate() and form.made is not None:
        try:
            row = service.propose(
                db(), by=current_user, made=form.made, reason=form.reason.data or ""
            )
        except Refused as why:
            form.entry.errors = [REFUSALS[why.code]]
        except SchemeFault as fault:
            form.entry.errors = [_("这一版不能用：%(why)s", why=fault)]
        else:
            flash(_("已提请，正在用上一年的数据试算。"), "success")
            return redirect(url_for("schemes.show", code=row.code, version=row.version))
    return render_template("assessments/schemes/new.html", form=form, old=old, legend=LEGEND), 422


@blueprint.get("/<code>/<int:version>")
@audience(Permission.ASSESSMENT_READ)
def show(code: str, version: int) -> str:
    """One version: its rows, what it changes, its trials, who decided."""
    return _page(_row(code, version), ReasonForm())


@blueprint.post("/<code>/<int:version>/try")
@audience(Permission.FIGURES_DEFINE)
def try_year(code: str, version: int) -> Response:
    """Ask for a trial of a year."""
    row, year = _row(code, version), request.form.get("year", type=int)
    if year not in years(today()):
        abort(400)
    done(
        lambda: service.ask_trial(db(), by=current_user, row=row, year=year),
        _("已交给后台试算，大约一分钟。"),
        REFUSALS,
    )
    return redirect(url_for("schemes.show", code=code, version=version))


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
    sheet = Sheet.of(len(result.judged) if result else 0, page_asked(request.args))
    return render_template(
        "assessments/schemes/trial.html",
        row=row,
        made=made,
        trial=found,
        result=result,
        level=showing.level(made),
        sheet=sheet,
        page_url=lambda at: url_for("schemes.trial", trial_id=trial_id, page=at),
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
    try:
        service.put_down(
            db(),
            by=current_user,
            event=form.event(),
            whom=whom(db(), form.area_code.data, form.unit.data),
            keyring=current_app.extensions["keyring"],
        )
    except Refused as why:
        of_unit = why.code in ("event_area", "event_level")
        (form.unit if of_unit else form.points).errors = [REFUSALS[why.code]]
        return _events(form), 422
    flash(_("已提出，请另一位有权限的人批准后才计入。"), "success")
    return redirect(url_for("schemes.events"))


@blueprint.post("/events/<int:event_id>/file")
@audience(Permission.ASSESSMENT_READ)
def open_file(event_id: int) -> Response:
    """Hand the evidence out; who opened it is logged."""
    event = db().get(ScoreEvent, event_id)
    if event is None or event.file is None or event.file_key is None or event.file_kind is None:
        abort(404)
    data = current_app.extensions["keyring"].unwrap(event.file, event.file_key)
    kind = KINDS[event.file_kind]
    service.note_opening(db(), by=current_user, event=event)
    name = f"evidence-{event_id}.{kind.ending}"
    return send_file(io.BytesIO(data), kind.mime, as_attachment=True, download_name=name)


@blueprint.post("/events/<int:event_id>/<any(approve, reject):act>")
@audience(Permission.TARGET_SET)
def decide(event_id: int, act: str) -> Response:
    """Approve or end an event."""
    event = db().get(ScoreEvent, event_id)
    if event is None:
        abort(404)
    words = _("已批准，从下一次评估起计入。") if act == "approve" else _("已退回，不计入。")
    deciding = service.approve_event if act == "approve" else service.reject_event
    done(lambda: deciding(db(), by=current_user, event=event), words, REFUSALS)
    return redirect(url_for("schemes.events"))


def _row(code: str, version: int) -> SchemeVersion:
    row = db().get(SchemeVersion, (code, version))
    if row is None:
        abort(404)
    return row


def _newest(code: str) -> Scheme:
    found = [(row, made) for row, made in queries.held(db()) if row.code == code]
    if not found:
        abort(404)
    return next((made for row, made in found if not row.rejected_at), found[0][1])


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


def _index(form: ChoiceForm) -> str:
    held = queries.held(db())
    waiting = [each for each in held if not each[0].approved_at and not each[0].rejected_at]
    form.scheme.choices = showing.choosable(db())
    chosen = choosing.choices(db())
    return render_template(
        "assessments/schemes/index.html",
        waiting=waiting,
        held=held,
        showing=showing,
        levels=showing.levels_in_use(db(), today().year),
        year=today().year,
        chosen=[
            (each, showing.choice_words(db(), each))
            for each in chosen
            if not each.approved_at and not each.rejected_at
        ],
        people=showing.people(db(), [each.proposed_by for each in chosen]),
        form=form,
    )


def _choices(form: EventForm) -> EventForm:
    form.row.choices = showing.event_choices(db())
    form.area_code.choices = showing.county_choices(db(), current_user)
    return form


def _events(form: EventForm) -> str:
    _choices(form)
    found, sheet = queries.events(db(), page_asked(request.args))
    return render_template(
        "assessments/schemes/events.html",
        form=form,
        rows=showing.event_rows(db(), found),
        sheet=sheet,
        page_url=lambda at: url_for("schemes.events", page=at),
        accept=ACCEPT,
    )


def _approved(row: SchemeVersion) -> str:
    month = f"{row.valid_from:%Y-%m}"
    return _("已启用：从 %(month)s 起的评估按这一版，以前的期次不变。", month=month)


decided_here(
    blueprint,
    Room(
        find=_row,
        page=_page,
        service=service,
        refusals=REFUSALS,
        approved=_approved,
        rejected=_l("已退回，现行方案不变。"),
    ),
)
