"""The pages of call-back samples: the rounds, a draw, a round, a call."""

from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.coordination.sampling import queries, service
from yuantou.coordination.sampling.forms import (
    PERFORMED,
    SATISFIED,
    YES_NO,
    CallForm,
    DrawForm,
    last_month,
)
from yuantou.coordination.sampling.models import SampleAnswer, SampleRound, SampleTask
from yuantou.coordination.sampling.results import results_of
from yuantou.disputes.errors import NotVisibleError
from yuantou.mediation.submitting import Answer, submit

blueprint = Blueprint("sampling", __name__)
ANSWERS = {"genuine": dict(YES_NO), "performed": dict(PERFORMED), "satisfied": dict(SATISFIED)}
_TAKING_PART = (Permission.DISPUTE_SUPERVISE, Permission.DISPUTE_HANDLE)


@blueprint.get("/sampling/")
@audience(*_TAKING_PART)
def index() -> str:
    """Rounds that this unit draws, in which it calls, and that asked about it."""
    return render_template(
        "sampling/index.html",
        drawn=queries.drawn_by_unit(db(), current_user),
        calls=queries.calls_waiting(db(), current_user),
        told=queries.told_about_unit(db(), current_user),
        may_draw=current_user.may(Permission.DISPUTE_SUPERVISE),
    )


@blueprint.get("/sampling/new")
@audience(Permission.DISPUTE_SUPERVISE)
def new() -> str:
    """What to draw."""
    form = DrawForm()
    first, _last = last_month()
    form.submission.data = uuid4().hex
    form.name.data = _("%(year)s年%(month)s月结案抽查回访", year=first.year, month=first.month)
    return render_template("sampling/new.html", form=form)


@blueprint.post("/sampling/new")
@audience(Permission.DISPUTE_SUPERVISE)
def draw() -> Answer:
    """Draw."""
    form = DrawForm()
    return submit(
        form,
        lambda: service.draw_round(db(), by=current_user, **form.values()),
        page=lambda: render_template("sampling/new.html", form=form),
        said=_("已抽取，请回访的单位收到了消息。"),
        onward=lambda made: url_for(".show", round_id=made.id),
    )


@blueprint.get("/sampling/<int:round_id>")
@audience(*_TAKING_PART)
def show(round_id: int) -> str:
    """One round: its calls while it runs, its sums when it is closed."""
    held = _round(round_id)
    drew = held.agency_id == current_user.agency.id
    names = queries.agency_names(db(), [part.agency_id for part in queries.strata(db(), round_id)])
    return render_template(
        "sampling/round.html",
        round=held,
        drew=drew,
        strata=queries.strata(db(), round_id) if drew else [],
        names=names,
        tasks=queries.tasks(db(), current_user, round_id),
        results=results_of(held, names, None if drew else current_user.agency.id),
        redrawn=queries.redraw(db(), round_id) if drew else None,
        answers={
            "genuine": dict(YES_NO),
            "performed": dict(PERFORMED),
            "satisfied": dict(SATISFIED),
        },
        own=current_user.agency.id,
    )


@blueprint.post("/sampling/<int:round_id>/close")
@audience(Permission.DISPUTE_SUPERVISE)
def close(round_id: int) -> Response:
    """End the round."""
    try:
        service.close_round(db(), by=current_user, round_id=round_id)
    except NotVisibleError:
        abort(404)
    flash(_("这一轮已结束，汇总结果已经可以看。"), "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@blueprint.get("/sampling/calls/<int:task_id>")
@audience(Permission.DISPUTE_HANDLE)
def call(task_id: int) -> str:
    """What to ask, and what was said."""
    task = _task(task_id)
    known = db().get(SampleAnswer, task_id)
    form = CallForm(data=_said(known) if known else {})
    return _call_page(task, form)


@blueprint.post("/sampling/calls/<int:task_id>")
@audience(Permission.DISPUTE_HANDLE)
def write_call(task_id: int) -> Answer:
    """Write it down."""
    task, form = _task(task_id), CallForm()
    return submit(
        form,
        lambda: service.answer(db(), by=current_user, task_id=task_id, told=form.told()),
        page=lambda: _call_page(task, form),
        said=_("已登记。承办单位看不到这次回访说了什么。"),
        onward=lambda _answer: url_for(".show", round_id=task.round_id),
    )


def _round(round_id: int) -> SampleRound:
    held = queries.round_of(db(), round_id)
    if held is None:
        abort(404)
    return held


def _task(task_id: int) -> SampleTask:
    task = queries.task_of(db(), current_user, task_id)
    if task is None:
        abort(404)
    return task


def _call_page(task: SampleTask, form: CallForm) -> str:
    row = queries.matter_of(db(), task)
    return render_template("sampling/call.html", task=task, matter=row, form=form)


def _said(known: SampleAnswer) -> dict[str, object]:
    return {
        "reached": "yes" if known.reached else "no",
        "genuine": known.genuine,
        "performed": known.performed,
        "satisfied": known.satisfied,
        "note": known.note,
    }
