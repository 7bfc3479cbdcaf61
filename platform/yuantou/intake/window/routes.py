"""The window: today, the desk's form with its check of a list, and the receipt."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.disputes.codes import read
from yuantou.disputes.service import working_calendar
from yuantou.disputes.telling import ETHNICITIES, SIDES
from yuantou.disputes.words import due_words, refusal_words
from yuantou.disputes.workflow import DisputeState
from yuantou.intake.drafts.content import reopened
from yuantou.intake.drafts.keeping import asked_draft, keep_typed, kept_as
from yuantou.intake.drafts.queries import Own, count_own
from yuantou.intake.queries import Start, outcome_of, start_of
from yuantou.intake.service import SubmissionTakenError
from yuantou.intake.twins import matches_said, supplement_from, twins_of
from yuantou.intake.window import queries, roster_pages, service
from yuantou.intake.window.blueprint import blueprint
from yuantou.intake.window.forms import WINDOW_SOURCE, DeskForm
from yuantou.intake.window.pasting import MOST_ROWS, Pasted
from yuantou.intake.window.roster import MODES
from yuantou.intake.window.wording import COLUMN_WORDS, fault_words
from yuantou.intake.wording import next_step
from yuantou.mediation.fields import options

__all__ = ["blueprint", "roster_pages"]
Answer = str | Response | tuple[str, int]
LARGEST_ID = 2**63 - 1
CONTROLS = ("csrf_token", "same", "apart", "back", "confirm", "recheck", "column", "lenient")


@blueprint.get("/")
@audience(Permission.WINDOW_SERVE)
def index() -> str:
    """Today at the window: who is present, who is on call, what was taken in."""
    today, centre = clock.today(), current_user.agency
    return render_template(
        "window/index.html",
        today=today,
        present=queries.present_on(db(), centre.id, today),
        duty=queries.duties_of(db(), centre.id, today, today).get(today),
        taken=queries.taken_in(db(), current_user, today),
        modes=dict(MODES),
        state=DisputeState,
    )


@blueprint.get("/new")
@audience(Permission.WINDOW_SERVE)
def new() -> str:
    """An empty form at the desk's width, or a draft as it was left."""
    start = start_of(db(), current_user)
    draft = asked_draft()
    form = _form(start, draft)
    if draft is None:
        form.source.data, form.area.data = WINDOW_SOURCE, start.last
    return _page(form, start)


@blueprint.post("/new")
@audience(Permission.WINDOW_SERVE)
def log() -> Answer:
    """Check what was pasted and who may be there already, then log all in one transaction."""
    start = start_of(db(), current_user)
    form = _form(start)
    if "same" in request.form:
        return supplement_from(form)
    read_well = form.take_file()
    unread = list(form.table.errors)
    if "keep" in request.form and read_well:
        return keep_typed(form, lambda: _page(form, start))
    if not form.validate() or not read_well:
        form.table.errors = [*form.table.errors, *unread]
        return _page(form, start), 422
    if "back" in request.form:
        return _page(form, start)
    return _checked(form, start)


@blueprint.get(f"/receipts/<int(max={LARGEST_ID}):dispute_id>")
@audience(Permission.DISPUTE_LOG)
def receipt(dispute_id: int) -> str:
    """What was received, who has it, what comes next, and the applicant's rights: for printing."""
    outcome = outcome_of(db(), current_user, dispute_id)
    if outcome is None:
        abort(404)
    dispute = outcome.dispute
    state = DisputeState(dispute.state)
    due = due_words(outcome.due_at, dispute.state, working_calendar(db()), clock.now())
    present = queries.present_on(db(), current_user.agency.id, clock.today())
    return render_template(
        "window/receipt.html",
        outcome=outcome,
        dispute=dispute,
        kind=read().types[dispute.type].name_zh,
        next_step=next_step(state),
        due_line=" · ".join(filter(None, (outcome.due_rule, due.basis or due.main))),
        papers=queries.papers_received(db(), dispute.id),
        parties=[] if dispute.restricted else _sides(dispute.id),
        phones=[one.phone for one in present if one.agency_id == current_user.agency.id],
        ways="、".join(_(one.name_zh) for one in read().paths.values()),
        now=clock.now(),
    )


def _sides(dispute_id: int) -> list[tuple[str, str]]:
    """The parties of each side, masked, in one line."""
    said = []
    for side in queries.sides_of(db(), dispute_id):
        more = _("等 %(n)s 人（家）", n=side.count) if side.count > len(side.names) else ""
        said.append((str(dict(SIDES).get(side.side, side.side)), "、".join(side.names) + more))
    return said


def _form(start: Start, draft: Own | None = None) -> DeskForm:
    form = reopened(draft, DeskForm) if draft else DeskForm()
    form.area.choices = options([("", _("请选择")), *start.townships])
    return form


def _page(form: DeskForm, start: Start) -> str:
    return render_template(
        "window/new.html",
        form=form,
        start=start,
        most=MOST_ROWS,
        ethnicities=ETHNICITIES,
        drafts=count_own(db(), current_user),
        kept=kept_as(form),
    )


def _checked(form: DeskForm, start: Start) -> Answer:
    """A list is shown before it is taken; then possible twins; then it is logged."""
    people = form.people
    if people and ("confirm" not in request.form or people.blocking(lenient=form.lenient.data)):
        return _check_page(form, people)
    matches = [] if "apart" in request.form else matches_said(twins_of(form))
    if matches:
        return _check_page(form, people, matches)
    return _log(form, start)


def _log(form: DeskForm, start: Start) -> Answer:
    try:
        done = service.take_in(
            db(),
            by=current_user,
            draft=form.draft(),
            parties=form.parties(),
            papers=form.papers.data or "",
            accept="accept" in request.form,
        )
    except SubmissionTakenError:
        form.renew()
        return _page(form, start), 409
    if done.logged.again:
        flash(_("这次提交已登记过，没有重复登记。"), "info")
    if done.refusal is not None:
        flash(_("已登记，但没有当场受理：%(why)s", why=refusal_words(done.refusal)), "warning")
    return redirect(url_for("window.receipt", dispute_id=done.logged.dispute_id))


def _check_page(
    form: DeskForm, people: Pasted | None, matches: list[dict[str, Any]] | None = None
) -> str:
    """What was typed goes along, hidden; the list can be mended in its place."""
    sent = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in (*CONTROLS, "pasted")
    ]
    return render_template(
        "window/check.html",
        form=form,
        sent=sent,
        people=people,
        matches=matches or [],
        blocked=bool(people and people.blocking(lenient=form.lenient.data)),
        mendable=bool(people and not people.blocking(lenient=True)),
        draft=form.draft(),
        count=len(form.parties()),
        columns=[("", _("不用")), *COLUMN_WORDS.items()],
        fault=fault_words,
        side_words=dict(SIDES),
    )
