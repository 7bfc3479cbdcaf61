"""The office's page of a run: files, archive, summaries, the yearly draft, who has not signed."""

from urllib.parse import quote

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
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
from yuantou.assessments import pages
from yuantou.assessments.delivery import queries, sealing, service
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.delivery.printing import KINDS
from yuantou.assessments.models import AssessmentRun
from yuantou.calendar.clock import now

blueprint = Blueprint("delivery", __name__)


@blueprint.get("/assessments/delivery")
@audience(Permission.ASSESSMENT_READ)
def index() -> str:
    """Files, summaries and receipts of a run, for the offices above the counties."""
    return _page(_chosen(request.args.get("run", type=int)))


@blueprint.get("/assessments/delivery/summaries/<int:summary_id>/verify")
@audience(Permission.ASSESSMENT_READ)
def verify(summary_id: int) -> str:
    """The same page with whether a summary still is the sum of its reports."""
    summary, run = _summary(summary_id)
    return _page(run, verified=summary, holds=sealing.holds(db(), summary, run))


@blueprint.post("/assessments/delivery/summaries/<int:summary_id>/<any(docx, pdf, xlsx):form>")
@audience(Permission.ASSESSMENT_READ)
def summary(summary_id: int, form: str) -> Response:
    """A summary as a file; taking it out is logged."""
    kept, run = _summary(summary_id)
    made = service.summary_file(kept, run, form)
    service.note_taking(db(), by=current_user, run_id=run.id, what=f"summary:{form}")
    return _sent(made, f"{kept.area_code}评估汇总{run.period_end:%Y-%m}.{form}", KINDS[form])


@blueprint.post("/assessments/delivery/<int:run_id>/zip")
@audience(Permission.ASSESSMENT_READ)
def archive(run_id: int) -> Response:
    """All files in sight of a run in one archive."""
    run = _run(run_id)
    try:
        made = service.packed(db(), run)
    except service.NotYetMade:
        flash(_("文件还在生成，请过几分钟再下载。"), "warning")
        return redirect(url_for("delivery.index", run=run.id))
    service.note_taking(db(), by=current_user, run_id=run.id, what="zip")
    return _sent(made, f"评估报告{run.period_end:%Y-%m}第{run.edition}版.zip", "application/zip")


@blueprint.post("/assessments/delivery/congress/<int:year>")
@audience(Permission.TARGET_SET)
def congress(year: int) -> Response:
    """The draft for the People's Congress as Word."""
    try:
        made, run_id = service.congress_file(db(), year)
    except service.NothingSealed:
        flash(_("这一年还没有封存的全省汇总，不能起草人大专报。"), "warning")
        return redirect(url_for("delivery.index"))
    service.note_taking(db(), by=current_user, run_id=run_id, what="congress")
    return _sent(made, f"{year}年人大专报（起草稿）.docx", KINDS["docx"])


def _chosen(run_id: int | None) -> AssessmentRun | None:
    if pages.of_one_county(current_user):
        abort(404)
    held = queries.sealed_runs(db())
    return next((run for run in held if run.id == run_id), held[0] if held else None)


def _run(run_id: int) -> AssessmentRun:
    run = _chosen(run_id)
    if run is None or run.id != run_id:
        abort(404)
    return run


def _summary(summary_id: int) -> tuple[AssessmentSummary, AssessmentRun]:
    kept = db().get(AssessmentSummary, summary_id)
    if kept is None:
        abort(404)
    return kept, _run(kept.run_id)


def _page(run: AssessmentRun | None, **more: object) -> str:
    if run is None:
        return render_template("assessments/delivery.html", run=None)
    there, whole = service.files_made(db(), run)
    names = dict(service.named_summaries(db(), run))
    return render_template(
        "assessments/delivery.html",
        run=run,
        run_choices=pages.run_choices(queries.sealed_runs(db())),
        summaries=queries.summaries(db(), run.id),
        names=names,
        unsigned=queries.unsigned(db(), run_id=run.id),
        there=there,
        whole=whole,
        now=now(),
        **more,
    )


def _sent(content: bytes, name: str, kind: str) -> Response:
    response: Response = make_response(content)
    response.headers["Content-Type"] = kind
    ending = name.rpartition(".")[2]
    response.headers["Content-Disposition"] = (
        f"attachment; filename=assessment.{ending}; filename*=UTF-8''{quote(name)}"
    )
    return response
