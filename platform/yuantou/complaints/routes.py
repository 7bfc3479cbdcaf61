"""Complaints and suggestions: leave one from any page, answer those of one's office."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.keeping import local_path
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar.clock import now
from yuantou.complaints import queries, service
from yuantou.complaints.forms import ABOUTS, KINDS, AnswerForm, ComplaintForm
from yuantou.complaints.queries import STATES, Listed, Wanted
from yuantou.database.text import whole_number

LONGEST_ADDRESS = 500
MOST_PAGES = 10_000
FILTERS = ("state", "kind", "own", "come")
ANSWERERS = (Permission.COMPLAINT_ANSWER, Permission.SETTINGS_MANAGE)  # of offices, of the platform
Answer = str | Response | tuple[str, int]
blueprint = Blueprint("complaints", __name__)


@blueprint.get("/suggestions")
@audience()
def index() -> str:
    """Leave one, see what became of the earlier ones, answer what came to one's office."""
    return _page(_form(), _came_from())


@blueprint.post("/suggestions")
@audience()
def leave() -> Answer:
    """Take in what was written."""
    form, page = _form(), _came_from()
    if not form.validate_on_submit():
        return _page(form, page), 422
    matter = queries.matter_on(db(), current_user, page) if form.about.data == "matter" else None
    words = service.Words(
        text=form.text.data,
        kind=form.kind.data,
        about=form.about.data,
        agency_id=form.agency.data or None,
        dispute_id=matter.id if matter else None,
        page=page.partition("?")[0],  # what was searched for is not the office's to read
    )
    try:
        left = service.leave(db(), by=current_user, words=words)
    except service.NobodyToAnswerError:
        db().rollback()
        form.form_errors.append(_("没有可以受理的上级单位，请联系系统管理员"))
        return _page(form, page), 422
    day = f"{left.due_at.month}月{left.due_at.day}日"
    flash(_("已收到，%(day)s前答复，答复会写在本页。", day=day), "success")
    return redirect(url_for("complaints.index"))


@blueprint.post("/suggestions/<int:complaint_id>/answer")
@audience(*ANSWERERS)
def answer(complaint_id: int) -> Answer:
    """Answer one."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(_form(empty=True), "", complaint_id, form), 422
    asked = service.answer(db(), by=current_user, complaint_id=complaint_id, text=form.text.data)
    if asked is None:
        abort(404)
    flash(_("答复已保存，已告知写信人。"), "success")
    return redirect(url_for("complaints.index"))


def _wanted(name: str) -> Wanted:
    """What is filtered for, and which page of the list of that name is asked for."""
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    page = whole_number(request.args.get(name)) or 1
    return Wanted(
        state if state in STATES else "", kind if kind in KINDS else "", min(page, MOST_PAGES)
    )


def _pages(name: str, more: bool) -> tuple[str | None, str | None]:
    """The addresses of the page before and of the next; the other list stays where it is."""
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if key in FILTERS}
    page = _wanted(name).page
    before = url_for("complaints.index", **kept | {name: page - 1}) if page > 1 else None
    return before, url_for("complaints.index", **kept | {name: page + 1}) if more else None


def _came_from() -> str:
    asked = request.form.get("page", "") or request.args.get("page", "")
    return local_path(asked)[:LONGEST_ADDRESS] if asked else ""


def _form(*, empty: bool = False) -> ComplaintForm:
    form = ComplaintForm(formdata=None) if empty else ComplaintForm()
    matter = queries.matter_on(db(), current_user, _came_from())
    form.prepare(queries.agencies_near(db(), current_user), has_matter=matter is not None)
    return form


def _page(
    form: ComplaintForm,
    page: str,
    answering: int | None = None,
    answer_form: AnswerForm | None = None,
) -> str:
    answers, at = any(current_user.may(one) for one in ANSWERERS), now()
    own = queries.written_by(db(), current_user, _wanted("own"), at)
    come = queries.to_answer(db(), current_user, _wanted("come"), at) if answers else Listed(())
    ids = {one.about_agency_id for one in (*own.rows, *come.rows)}
    ids |= {one.to_agency_id for one in own.rows}
    return render_template(
        "complaints/index.html",
        form=form,
        page=page,
        matter=queries.matter_on(db(), current_user, page),
        own=own.rows,
        come=come.rows,
        waiting=queries.waiting(db(), current_user) if answers else 0,
        wanted=_wanted(""),
        pages={name: _pages(name, listed.more) for name, listed in (("own", own), ("come", come))},
        answers=answers,
        answering=answering,
        answer_form=answer_form or AnswerForm(formdata=None),
        kinds=KINDS,
        abouts=ABOUTS,
        agencies=queries.agency_names(db(), {each for each in ids if each}),
        now=at,
    )
