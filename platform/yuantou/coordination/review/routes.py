"""The pages of cross-review: rounds, a file before its reviewer, findings before the reviewed."""

from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.coordination.review import queries, service
from yuantou.coordination.review.checklist import restored
from yuantou.coordination.review.forms import (
    VERDICT_NAMES,
    FindingsForm,
    ReplyForm,
    RoundForm,
    checklist_form,
)
from yuantou.coordination.review.models import ReviewFile, ReviewRound
from yuantou.coordination.review.summing import sums
from yuantou.coordination.sampling.forms import last_month
from yuantou.coordination.story import EVENTS
from yuantou.disputes.codes import read
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.parties import keyring
from yuantou.disputes.words import refusal_words
from yuantou.mediation.submitting import Answer, submit

blueprint = Blueprint("review", __name__)
_TAKING_PART = (
    Permission.DISPUTE_SUPERVISE,
    Permission.FILE_REVIEW,
    Permission.DISPUTE_HANDLE,
)


@blueprint.get("/review/")
@audience(*_TAKING_PART)
def index() -> str:
    """Rounds that this unit organises, files to judge, findings to answer."""
    may_open = current_user.may(Permission.DISPUTE_SUPERVISE)
    return render_template(
        "review/index.html",
        rounds=queries.organised(db(), current_user) if may_open else [],
        waiting=queries.to_review(db(), current_user),
        about=queries.about_unit(db(), current_user),
        may_open=may_open,
    )


@blueprint.get("/review/new")
@audience(Permission.DISPUTE_SUPERVISE)
def new() -> str:
    """Which files, how many."""
    form = RoundForm()
    first, _last = last_month()
    form.submission.data = uuid4().hex
    form.name.data = _("%(year)s年%(month)s月结案交叉评查", year=first.year, month=first.month)
    return render_template("review/new.html", form=form)


@blueprint.post("/review/new")
@audience(Permission.DISPUTE_SUPERVISE)
def open_round() -> Answer:
    """Draw and assign."""
    form = RoundForm()
    return submit(
        form,
        lambda: service.open_round(db(), by=current_user, **form.values()),
        page=lambda: render_template("review/new.html", form=form),
        said=_("已抽取并分给别处的评查人。"),
        onward=lambda made: url_for(".show", round_id=made.id),
    )


@blueprint.get("/review/<int:round_id>")
@audience(Permission.DISPUTE_SUPERVISE)
def show(round_id: int) -> str:
    """A round for its organiser: progress, and what was found item by item."""
    held = queries.round_of(db(), current_user, round_id)
    if held is None:
        abort(404)
    files = queries.files_of(db(), round_id)
    judged = [row[0].findings for row in files if row[0].submitted_at]
    return render_template(
        "review/round.html", round=held, files=files, sums=sums(restored(held.items), judged)
    )


@blueprint.post("/review/<int:round_id>/close")
@audience(Permission.DISPUTE_SUPERVISE)
def close(round_id: int) -> Response:
    """End the round."""
    try:
        service.close_round(db(), by=current_user, round_id=round_id)
    except NotVisibleError:
        abort(404)
    flash(_("这一轮已结束。"), "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@blueprint.post("/review/files/<int:file_id>/open")
@audience(Permission.FILE_REVIEW)
def open_file(file_id: int) -> Response:
    """The reviewer opens his file; from now on its history says so."""
    try:
        service.open_file(db(), by=current_user, file_id=file_id)
    except NotVisibleError:
        abort(404)
    except RefusedError as refused:
        db().rollback()
        flash(refusal_words(refused.refusal), "error")
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".file", file_id=file_id), 303)


@blueprint.get("/review/files/<int:file_id>")
@audience(*_TAKING_PART)
def file(file_id: int) -> Answer:
    """For the reviewer the file and its checklist; for the others what was found."""
    held = _held(file_id)
    round_ = db().get_one(ReviewRound, held.round_id)
    if held.reviewer_id == current_user.id and held.submitted_at is None:
        items = restored(round_.items)
        return _reviewing(held, round_, checklist_form(items, held.findings, held.opinion))
    return _found(held, round_, ReplyForm())


@blueprint.post("/review/files/<int:file_id>")
@audience(Permission.FILE_REVIEW)
def judge(file_id: int) -> Answer:
    """Keep or hand in what was found."""
    held = _held(file_id)
    round_ = db().get_one(ReviewRound, held.round_id)
    items = restored(round_.items)
    form, final = checklist_form(items, {}, ""), "keep" not in request.form
    if form.validate() and final and not form.complete(items):
        return _reviewing(held, round_, form), 422
    return submit(
        form,
        lambda: service.judge(
            db(),
            by=current_user,
            file_id=file_id,
            findings=form.findings(items),
            opinion=form.opinion.data or "",
            final=final,
        ),
        page=lambda: _reviewing(_held(file_id), round_, form),
        said=_("已提交，卷宗不再开放。") if final else _("已暂存。"),
        onward=lambda _file: url_for(".index") if final else url_for(".file", file_id=file_id),
    )


@blueprint.post("/review/files/<int:file_id>/reply")
@audience(Permission.DISPUTE_HANDLE)
def reply(file_id: int) -> Answer:
    """The reviewed unit answers."""
    held, form = _held(file_id), ReplyForm()
    round_ = db().get_one(ReviewRound, held.round_id)
    return submit(
        form,
        lambda: service.reply(db(), by=current_user, file_id=file_id, words=form.words.data or ""),
        page=lambda: _found(held, round_, form),
        said=_("已答复。"),
        onward=lambda _file: url_for(".file", file_id=file_id),
    )


def _held(file_id: int) -> ReviewFile:
    held = queries.file_of(db(), file_id)
    if held is None:
        abort(404)
    return held


def _reviewing(held: ReviewFile, round_: ReviewRound, form: FindingsForm) -> str:
    shown = None
    if held.opened_at is not None:
        shown = queries.file_under_review(db(), held.id, keyring())
    return render_template(
        "review/file.html",
        held=held,
        round=round_,
        items=restored(round_.items),
        file=shown,
        form=form,
        type_names={code: _(kind.name_zh) for code, kind in read().types.items()},
        event_names={code: _(name) for code, name in EVENTS.items()},
    )


def _found(held: ReviewFile, round_: ReviewRound, form: ReplyForm) -> str:
    return render_template(
        "review/findings.html",
        held=held,
        round=round_,
        items=restored(round_.items),
        verdicts=dict(VERDICT_NAMES),
        form=form,
        answers=held.reviewed_agency_id == current_user.agency.id,
    )
