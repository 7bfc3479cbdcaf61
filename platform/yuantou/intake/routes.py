"""Intake: the form, its live hints, its last page, and the coordinator's list of twins."""

from flask import (
    Blueprint,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.disputes.codes import read
from yuantou.disputes.errors import NotVisibleError
from yuantou.disputes.service import working_calendar
from yuantou.disputes.words import due_words, moment_words, refusal_words
from yuantou.disputes.workflow import DisputeState
from yuantou.intake.crowd import reminds
from yuantou.intake.drafts.content import is_of_window, reopened
from yuantou.intake.drafts.keeping import asked_draft, keep_typed, kept_as
from yuantou.intake.drafts.queries import Own, count_own
from yuantou.intake.duplicates import question_of
from yuantou.intake.forms import (
    FIRST_FLAGS,
    FIRST_SOURCES,
    SCREENED,
    HintForm,
    IntakeForm,
    named_parties,
)
from yuantou.intake.queries import Start, hints_of, outcome_of, start_of
from yuantou.intake.rounds.queries import origin_of, origin_of_find
from yuantou.intake.rounds.service import found_in
from yuantou.intake.service import (
    Also,
    Logged,
    SubmissionTakenError,
    log_dispute,
    settle_hint,
)
from yuantou.intake.twins import admitted, matches_of, matches_said, supplement_from, twins_of
from yuantou.intake.wording import next_step
from yuantou.mediation.fields import cleaned_labels, options

LARGEST_LOOK_UP = 8_000

blueprint = Blueprint("intake", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/intake/")
@audience(Permission.DISPUTE_LOG)
def new() -> str | Response:
    """An empty form with what the writer used last, or a draft as it was left."""
    draft = asked_draft()
    if draft and is_of_window(draft.content) and current_user.may(Permission.WINDOW_SERVE):
        return redirect(url_for("window.new", draft=draft.row.dispute_id))
    start = start_of(db(), current_user)
    return _page(_form(start, draft), start)


@blueprint.post("/intake/")
@audience(Permission.DISPUTE_LOG)
def log() -> Answer:
    """Log it, ask about possible twins first, or add to the one that is there."""
    start = start_of(db(), current_user)
    form = _form(start)
    if "same" in request.form:
        return supplement_from(form)
    if "keep" in request.form:
        return keep_typed(form, lambda: _page(form, start))
    if not form.validate():
        return _page(form, start), 422
    if "back" in request.form:
        return _page(form, start)
    matches = twins_of(form)
    if matches and "apart" not in request.form:
        return render_template("intake/twins.html", form=form, matches=matches_said(matches))
    try:
        logged = log_dispute(
            db(),
            by=current_user,
            draft=form.draft(),
            parties=form.parties(),
            oral=form.agreement(),
            also=_screened(form),
        )
    except SubmissionTakenError:
        form.renew()
        return _page(form, start), 409
    _say(logged, form)
    return redirect(url_for("intake.done", dispute_id=logged.dispute_id))


@blueprint.get("/intake/<int:dispute_id>/done")
@audience(Permission.DISPUTE_LOG)
def done(dispute_id: int) -> str:
    """Its number or 已上报， what comes next, who has it, until when."""
    outcome = outcome_of(db(), current_user, dispute_id)
    if outcome is None:
        abort(404)
    dispute, codes = outcome.dispute, read()
    screened = dispute.source == SCREENED
    state = DisputeState(dispute.state)
    due = due_words(outcome.due_at, dispute.state, working_calendar(db()), clock.now())
    return render_template(
        "intake/done.html",
        outcome=outcome,
        dispute=dispute,
        state=state,
        next_step=next_step(state),
        origin=origin_of_find(db(), dispute.id) if screened else None,
        due_line=" · ".join(filter(None, (outcome.due_rule, due.main, due.basis))),
        reminded=reminds(dispute.involved, dispute.type, dispute.flags),
        crime=codes.suggests_crime(dispute.flags),
        barred=codes.bars_mediation(dispute.flags),
    )


@blueprint.post("/intake/hints")
@audience(Permission.DISPUTE_LOG)
def look_up() -> Response | tuple[Response, int]:
    """Live hints while typing: JSON in, JSON out."""
    if (request.content_length or 0) > LARGEST_LOOK_UP:
        abort(413)
    try:
        sent = request.get_json(silent=True)
    except RecursionError:
        abort(400)
    parties = named_parties(sent.get("parties") if isinstance(sent, dict) else None)
    question = question_of(parties)
    if not question:
        return jsonify(matches=[])
    if not admitted():
        words = _("查得太快，请过一分钟再看；登记不受影响")
        return jsonify(matches=[], message=words), 429
    return jsonify(matches=matches_said(matches_of(parties, (), known=True)))


@blueprint.get("/intake/twins")
@audience(Permission.DISPUTE_SUPERVISE)
def hints() -> str:
    """Possible duplicates that the county coordinator is to judge."""
    settled = request.args.get("view") == "settled"
    rows = hints_of(db(), current_user, settled)
    now = clock.now()
    return render_template(
        "intake/hints.html",
        hints=rows,
        settled=settled,
        form=HintForm(),
        said=lambda at: moment_words(at, now),
        state=lambda dispute: DisputeState(dispute.state),
    )


@blueprint.post("/intake/twins/<int:hint_id>")
@audience(Permission.DISPUTE_SUPERVISE)
def settle(hint_id: int) -> Response:
    """Same or different."""
    form = HintForm()
    if not form.validate():
        words = [text for field in form for text in field.errors]
        flash("；".join(map(str, words)), "error")
        return redirect(url_for("intake.hints"))
    try:
        settle_hint(
            db(),
            by=current_user,
            hint_id=hint_id,
            verdict=form.verdict.data,
            note=form.note.data or "",
        )
    except NotVisibleError:
        abort(404)
    same = form.verdict.data == "same"
    merge = _("已记下。是同一件的，请到后登记的一件里办并案。")
    flash(merge if same else _("已记下：不是同一件。"), "success")
    return redirect(url_for("intake.hints"))


def _form(start: Start, draft: Own | None = None) -> IntakeForm:
    form = reopened(draft, IntakeForm) if draft else IntakeForm()
    form.area.choices = options([("", _("请选择")), *start.townships])
    if request.method == "GET" and draft is None:
        form.area.data = start.last
        form.unit.data = request.args.get("unit", "")
    origin = origin_of(db(), current_user, form.unit.data)
    if origin is not None:
        form.begin_at(origin.area_code, origin.place)
    return form


def _screened(form: IntakeForm) -> Also | None:
    """What a unit of a round found is counted in its round."""
    origin = origin_of(db(), current_user, form.unit.data)
    return found_in(db(), by=current_user, unit_id=origin.unit_id) if origin else None


def _page(form: IntakeForm, start: Start) -> str:
    codes = read()
    return render_template(
        "intake/new.html",
        form=form,
        start=start,
        origin=origin_of(db(), current_user, form.unit.data),
        drafts=count_own(db(), current_user),
        kept=kept_as(form),
        types_first=len(codes.common_types()),
        sources_first=len(FIRST_SOURCES),
        flags_first=len(FIRST_FLAGS),
    )


def _say(logged: Logged, form: IntakeForm) -> None:
    if logged.again:
        flash(_("这次提交已登记过，没有重复登记。"), "info")
        return
    if logged.refusal:
        words = _(
            "口头协议的内容已附在这件事项里，还没有作为协议生效：%(why)s",
            why=refusal_words(logged.refusal),
        )
        flash(words, "warning")
    labels = cleaned_labels(form)
    if labels:
        flash(_("已去掉看不见的控制字符：%(fields)s", fields="、".join(labels)), "info")
