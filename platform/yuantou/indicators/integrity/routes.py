"""The pages of questions: the list, one question with its answer and finding."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.database.paging import page_asked
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.words import refusal_words
from yuantou.indicators.integrity import queries, service
from yuantou.indicators.integrity.forms import AnswerForm, CloseForm
from yuantou.indicators.integrity.kinds import KINDS, MOST_MATTERS, OUTCOMES, STATES
from yuantou.indicators.integrity.models import IntegrityQuestion
from yuantou.indicators.periods import shift

Answer = str | Response | tuple[str, int]
blueprint = Blueprint("integrity", __name__, url_prefix="/integrity")
_BOTH = (Permission.INTEGRITY_ANSWER, Permission.INTEGRITY_LOOK)


@blueprint.get("/")
@audience(*_BOTH)
def index() -> str:
    """Questions to one's own unit, and those of the area that were heard."""
    wanted, held = _wanted(), queries.quarters(db(), current_user)
    pages = {"own": page_asked(request.args, "own"), "others": page_asked(request.args, "others")}
    may_look = current_user.may(Permission.INTEGRITY_LOOK)
    return render_template(
        "indicators/integrity/index.html",
        own=queries.questions(db(), current_user, wanted, pages["own"], own=True),
        others=queries.questions(db(), current_user, wanted, pages["others"], own=False)
        if may_look
        else None,
        may_look=may_look,
        wanted=wanted,
        quarters=[(day.isoformat(), period(day)) for day in held],
        kind_choices=[("", _("全部")), *((code, kind.name) for code, kind in KINDS.items())],
        state_choices=[("", _("全部")), *((code, words[0]) for code, words in STATES.items())],
        page_url={part: _pager(part, pages, wanted) for part in pages},
        rounds=queries.rounds(db()),
        kinds=KINDS,
        states_of=STATES,
        outcomes=OUTCOMES,
        period=period,
    )


@blueprint.get("/<int:question_id>")
@audience(*_BOTH)
def show(question_id: int) -> str:
    """One question."""
    return _page(_found(question_id), AnswerForm(), CloseForm())


@blueprint.post("/<int:question_id>/answer")
@audience(Permission.INTEGRITY_ANSWER)
def answer(question_id: int) -> Answer:
    """The unit explains."""
    held, form = _found(question_id), AnswerForm()
    if not form.validate():
        return _page(held, form, CloseForm(formdata=None)), 422
    try:
        service.answer(db(), by=current_user, question_id=question_id, words=form.answer.data or "")
    except RefusedError as refused:
        return _refused(question_id, refused)
    except NotVisibleError:
        abort(404)
    flash(_("已提交说明，协调机构收到了消息。"), "success")
    return redirect(url_for(".show", question_id=question_id), 303)


@blueprint.post("/<int:question_id>/look")
@audience(Permission.INTEGRITY_LOOK)
def look(question_id: int) -> Answer:
    """The office has read it."""
    try:
        service.look(db(), by=current_user, question_id=question_id)
    except NotVisibleError:
        abort(404)
    return redirect(url_for(".show", question_id=question_id), 303)


@blueprint.post("/<int:question_id>/close")
@audience(Permission.INTEGRITY_LOOK)
def close(question_id: int) -> Answer:
    """The office ends it."""
    held, form = _found(question_id), CloseForm()
    if not form.validate():
        return _page(held, AnswerForm(formdata=None), form), 422
    try:
        service.close(
            db(),
            by=current_user,
            question_id=question_id,
            outcome=form.outcome.data,
            words=form.words.data or "",
        )
    except RefusedError as refused:
        return _refused(question_id, refused)
    except NotVisibleError:
        abort(404)
    flash(_("已办结，单位收到了消息。"), "success")
    return redirect(url_for(".show", question_id=question_id), 303)


def period(first_day: date) -> str:
    """A quarter in words."""
    return _("%(year)s年第%(n)s季度", year=first_day.year, n=(first_day.month - 1) // 3 + 1)


def _pager(part: str, pages: dict[str, int], wanted: queries.Wanted) -> Callable[[int], str]:
    """The address of a page of one of the lists, all else as it stands."""
    kept: dict[str, Any] = {
        "kind": wanted.kind or None,
        "state": wanted.state or None,
        "quarter": wanted.quarter,
    }
    return lambda page: url_for(".index", _anchor=part, **kept | pages | {part: page})


def _wanted() -> queries.Wanted:
    """What the address asks for; what is no filter is left out."""
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    try:
        quarter = date.fromisoformat(request.args.get("quarter", ""))
    except ValueError:
        quarter = None
    return queries.Wanted(kind if kind in KINDS else "", state if state in STATES else "", quarter)


def _found(question_id: int) -> IntegrityQuestion:
    held = queries.question(db(), current_user, question_id)
    if held is None:
        abort(404)
    return held


def _refused(question_id: int, refused: RefusedError) -> Response:
    db().rollback()
    flash(refusal_words(refused.refusal), "error")
    return redirect(url_for(".show", question_id=question_id), 303)


def _page(held: IntegrityQuestion, form: AnswerForm, closing: CloseForm) -> str:
    own, may = held.agency_id == current_user.agency.id, current_user.may
    found = queries.matters(db(), current_user, held.matters)
    return render_template(
        "indicators/integrity/show.html",
        question=held,
        kind=KINDS[held.kind],
        state=STATES[held.state],
        outcomes=OUTCOMES,
        unit=queries.unit_name(db(), held.agency_id),
        period=period(held.first_day),
        last_day=shift(held.first_day, 3) - timedelta(days=1),
        matters=found,
        most=MOST_MATTERS,
        outside=len(held.matters) - len(found),
        form=form,
        closing=closing,
        may_answer=own and held.state == "open" and may(Permission.INTEGRITY_ANSWER),
        may_judge=not own and held.state != "closed" and may(Permission.INTEGRITY_LOOK),
    )
