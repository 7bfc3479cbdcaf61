"""The way of a batch: what is asked, the progress, the end, the way back."""

from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
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
from yuantou.access.table_out import XLSX
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.coordination.batches import exporting, queries, service
from yuantou.coordination.batches.acts import ACTS, ASKED_FOR, Act
from yuantou.coordination.batches.forms import FORMS, BatchForm
from yuantou.coordination.batches.models import Batch
from yuantou.database.text import whole_number
from yuantou.disputes.desk import default_view
from yuantou.disputes.filters import Filters
from yuantou.disputes.forms import args_of, asked, filters_from
from yuantou.disputes.queries import ids_of, total

blueprint = Blueprint("batches", __name__)
Answer = str | Response | tuple[str, int]
BATCHING = (
    Permission.DISPUTE_DISPATCH,
    Permission.DISPUTE_SUPERVISE,
    Permission.DISPUTE_EXPORT,
)


@blueprint.get("/batches/")
@audience(*BATCHING)
def index() -> str:
    """One's own batches."""
    found = queries.batches_of(db(), current_user)
    return render_template("batches/index.html", batches=found, acts=ACTS, now=clock.now())


@blueprint.post("/batches/prepare")
@audience(*BATCHING)
def prepare() -> Answer:
    """The form of a batch: which matters, and what is done with them. Nothing changes yet."""
    kind = request.form.get("kind", "")
    if kind == "series" and "series.new" in current_app.view_functions:
        return redirect(url_for("series.new", dispute=_picked()), 303)
    act = _act(kind)
    form = FORMS[act.kind](formdata=None)
    form.prepare(queries.receivers(db(), current_user))
    form.submission.data = form.drawn
    return _form(act, form, _number(act))


@blueprint.post("/batches/")
@audience(*BATCHING)
def make() -> Answer:
    """Enter the batch and carry out its first step; a large export of the desk comes here too."""
    act = _act(request.form.get("kind", "export"))
    form = FORMS[act.kind]()
    form.prepare(queries.receivers(db(), current_user))
    number = _number(act)
    if not form.validate() or not 0 < number <= act.most:
        return _form(act, form, number), 422
    filters = _filters()
    facts = form.facts() | ({"asked": asked(filters)} if _whole() else {})
    batch_id = service.make(
        db(),
        by=current_user,
        kind=act.kind,
        submission=f"{current_user.id}-{form.drawn}",
        ids=_ids(act, filters),
        facts=facts,
    )
    service.step(db(), by=current_user, batch_id=batch_id)
    return redirect(url_for(".show", batch_id=batch_id), 303)


@blueprint.get("/batches/<int:batch_id>")
@audience(*BATCHING)
def show(batch_id: int) -> str:
    """How far it has come, what was refused and why."""
    batch = _found(batch_id)
    return render_template(
        "batches/show.html",
        batch=batch,
        act=ACTS[batch.kind],
        progress=queries.progress_of(batch),
        refusals=queries.refusals(db(), batch),
        undone=queries.undoing(db(), batch),
        may_undo=current_user.may(Permission.DISPUTE_DISPATCH),
        facts=_facts(batch),
    )


@blueprint.post("/batches/<int:batch_id>/step")
@audience(*BATCHING)
def step(batch_id: int) -> Response:
    """The next second or two of work; a script is answered in numbers."""
    batch = _found(batch_id)
    if not ACTS[batch.kind].open_to(current_user):
        abort(403)
    batch = service.step(db(), by=current_user, batch_id=batch_id)
    if request.accept_mimetypes.best == "application/json":
        far = queries.progress_of(batch)
        return jsonify(total=far.total, passed=far.passed, waiting=far.waiting)
    return redirect(url_for(".show", batch_id=batch_id), 303)


@blueprint.post("/batches/<int:batch_id>/stop")
@audience(*BATCHING)
def stop(batch_id: int) -> Response:
    """Leave the rest."""
    _found(batch_id)
    service.stop(db(), by=current_user, batch_id=batch_id)
    return redirect(url_for(".show", batch_id=batch_id), 303)


@blueprint.post("/batches/<int:batch_id>/undo")
@audience(Permission.DISPUTE_DISPATCH)
def undo(batch_id: int) -> Response:
    """Take back what can still be taken back."""
    _found(batch_id)
    try:
        number = service.undo(db(), by=current_user, batch_id=batch_id)
    except service.NotUndoableError:
        flash(_("这一批不能撤回"), "error")
        return redirect(url_for(".show", batch_id=batch_id), 303)
    service.step(db(), by=current_user, batch_id=number)
    return redirect(url_for(".show", batch_id=number), 303)


@blueprint.post("/batches/<int:batch_id>/file")
@audience(Permission.DISPUTE_EXPORT)
def fetch(batch_id: int) -> Response:
    """The workbook of an export that has ended; every fetching is on record."""
    batch, now = _found(batch_id), clock.now()
    book = exporting.workbook_of(db(), by=current_user, batch=batch, now=now)
    if book is None:
        flash(_("这一批的内容已过保留期，请重新导出"), "error")
        return redirect(url_for(".show", batch_id=batch_id), 303)
    return _file(book, now)


def _file(book: bytes, now: datetime) -> Response:
    answer = current_app.response_class(book, mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=f"list-{now:%Y%m%d-%H%M}.xlsx")
    return answer


def _form(act: Act, form: BatchForm, number: int) -> str:
    return render_template(
        "batches/prepare.html",
        act=act,
        form=form,
        number=number,
        picked=_picked(),
        whole=_whole(),
        question=asked(_filters()),
        back=url_for("disputes.index", **asked(_filters())),
    )


def _act(kind: str) -> Act:
    if kind not in ASKED_FOR:
        abort(404)
    if not ACTS[kind].open_to(current_user):
        abort(403)
    return ACTS[kind]


def _found(batch_id: int) -> Batch:
    batch = queries.find(db(), batch_id)
    if batch is None:
        abort(404)
    return batch


def _picked() -> list[int]:
    ids = (whole_number(one) for one in request.form.getlist("picked"))
    return list(dict.fromkeys(one for one in ids if one))


def _whole() -> bool:
    """Whether everything that answers the question is meant, and not ticked rows."""
    return not request.form.getlist("picked")


def _filters() -> Filters:
    return filters_from(request.form, default_view(current_user))


def _number(act: Act) -> int:
    """How many matters are meant; one more than allowed where they are too many."""
    if not _whole():
        return len(_picked())
    return total(db(), current_user, _filters(), now=clock.now(), most=act.most)


def _ids(act: Act, filters: Filters) -> list[int]:
    if not _whole():
        return _picked()
    return list(ids_of(db(), current_user, filters, now=clock.now(), most=act.most))


def _facts(batch: Batch) -> dict[str, Any]:
    """What all its matters shared, in words."""
    agency_id = whole_number(batch.facts.get("handler_agency_id", ""))
    agency = queries.agency(db(), agency_id) if agency_id else None
    kept = batch.facts.get("asked")
    question = kept if isinstance(kept, dict) else None
    return {
        "agency": agency.name if agency else "",
        "deadline": batch.facts.get("deadline", ""),
        "words": batch.facts.get("reason") or batch.facts.get("message") or "",
        "list_url": url_for("disputes.index", **asked(filters_from(args_of(question), "open")))
        if question
        else "",
    }
