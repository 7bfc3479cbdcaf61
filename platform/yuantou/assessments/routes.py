"""Reports, receipts, targets and runs."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.assessments import files, jobs, pages, queries, service
from yuantou.assessments.explaining import LEVELS
from yuantou.assessments.forms import TargetForm
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.paging import Part
from yuantou.assessments.runs.pages import preview_rows
from yuantou.assessments.runs.queries import in_preview, page_of
from yuantou.assessments.runs.words import STATES, issue_shown
from yuantou.assessments.targets.progress import progress
from yuantou.assessments.targets.values import FIRST_YEAR, LAST_YEAR
from yuantou.assessments.units import COUNTY
from yuantou.calendar.clock import now, today
from yuantou.database.paging import page_asked
from yuantou.database.text import clean
from yuantou.indicators.queries import definitions

blueprint = Blueprint("assessments", __name__)
blueprint.add_app_template_filter(pages.moment, "as_moment")
blueprint.add_app_template_filter(pages.day_of, "as_day")


@blueprint.get("/assessments")
@audience(Permission.ASSESSMENT_READ)
def index() -> str:
    """A county's reports, or the counties with what was sent to and received by them."""
    if pages.of_one_county(current_user):
        agency = current_user.agency
        reports = queries.reports_of(db(), agency.area_code, agency.id)
        return render_template(
            "assessments/reports.html",
            rows=pages.report_rows(reports),
            previews=preview_rows(db(), current_user, now()),
        )
    held = queries.runs(db(), published=True, level=COUNTY)
    chosen = next((run for run in held if run.id == request.args.get("run", type=int)), None)
    whole = next((run for run in held if not run.areas), None)
    run = chosen or whole
    counties = queries.counties(db(), run, current_user.agency.area_path) if run else []
    return render_template(
        "assessments/counties.html",
        run=run,
        run_choices=pages.run_choices(held),
        counties=counties,
        previews=in_preview(db()) if current_user.may(Permission.RUNS_READ) else 0,
    )


@blueprint.get("/assessments/units")
@audience(Permission.RUNS_READ)
def units() -> str:
    """What was sent to the departments and townships in sight, and who signed."""
    held = [run for run in queries.runs(db(), published=True) if run.level != COUNTY]
    asked = request.args.get("run", type=int)
    run = next((run for run in held if run.id == asked), held[0] if held else None)
    part = Part.of(request.args)
    shown = pages.unit_page(db(), current_user, run, part) if run else {}
    return render_template(
        "assessments/units.html",
        run=run,
        run_choices=pages.run_choices(held),
        places=pages.pairs(pages.area_choices(db(), current_user)),
        level=LEVELS[run.level] if run else "",
        page_url=lambda at: url_for(
            "assessments.units", run=run.id if run else None, place=part.place, page=at
        ),
        **shown,
    )


@blueprint.get("/assessments/reports/<int:report_id>")
@audience(Permission.ASSESSMENT_READ)
def report(report_id: int) -> str:
    """One sealed report."""
    return _page(*_find(report_id))


@blueprint.get("/assessments/reports/<int:report_id>/verify")
@audience(Permission.ASSESSMENT_READ)
def verify(report_id: int) -> str:
    """The same page with what verifying its seal found."""
    kept, run = _find(report_id)
    return _page(kept, run, verified=service.verify(db(), kept))


@blueprint.post("/assessments/reports/<int:report_id>/receive")
@audience(Permission.ASSESSMENT_RECEIVE)
def receive(report_id: int) -> Response:
    """Sign for a report."""
    _find(report_id)
    try:
        service.receive(db(), by=current_user, report_id=report_id)
        flash(_("已签收。签收时间和签收人已记录，上级可以看到。"), "success")
    except service.AlreadyReceived:
        db().rollback()
        flash(_("这份报告此前已经签收，没有重复记录。"), "info")
    except service.NotDelivered:
        abort(403)
    return redirect(url_for("assessments.report", report_id=report_id))


@blueprint.post("/assessments/reports/<int:report_id>/<any(docx, pdf, xlsx):form>")
@audience(Permission.ASSESSMENT_READ)
def export(report_id: int, form: str) -> Response:
    """The report as Word, PDF or Excel; taking it out is logged."""
    kept, run = _find(report_id)
    made = files.report_file(kept, run, form)
    service.note_export(db(), by=current_user, report_id=report_id, form=form)
    return files.sent(made, files.name_of(kept), form)


@blueprint.get("/assessments/targets")
@audience(Permission.ASSESSMENT_READ)
def targets() -> str:
    """The targets of a year, and the form for those who set them."""
    return _targets(TargetForm(year=today().year, set_on=today()))


@blueprint.post("/assessments/targets")
@audience(Permission.TARGET_SET)
def set_target() -> Response | tuple[str, int]:
    """Append a target."""
    form = _choices(TargetForm())
    if not form.validate() or not pages.find_unit(db(), form):
        return _targets(form), 422
    made = service.set_target(db(), by=current_user, target=form.target())
    flash(_("目标已保存为第 %(n)s 版，旧版保留。", n=made.revision), "success")
    return redirect(url_for("assessments.targets", year=made.year))


@blueprint.get("/assessments/runs")
@audience(Permission.RUNS_READ)
def runs() -> str:
    """What ran when: the assessment's runs, and the last run of every job."""
    known = current_app.extensions["jobs"]
    held, sheet = page_of(db(), page_asked(request.args))
    return render_template(
        "assessments/runs.html",
        sheet=sheet,
        page_url=lambda at: url_for("assessments.runs", page=at),
        jobs=pages.job_rows(queries.job_runs(db(), jobs.CODE), known),
        last=pages.job_rows(queries.last_runs(db()), known),
        runs=held,
        issue=issue_shown,
        levels=LEVELS,
        run_states=STATES,
    )


def _find(report_id: int) -> tuple[AssessmentReport, AssessmentRun]:
    found = queries.find_report(db(), report_id)
    if found is None:
        abort(404)
    return found


def _page(kept: AssessmentReport, run: AssessmentRun, **more: Any) -> str:
    context = pages.report_page(db(), current_user, kept, run, now())
    return render_template("assessments/report.html", **context, **more)


def _choices(form: TargetForm) -> TargetForm:
    form.known = definitions(db())
    form.indicator.choices = pages.indicator_choices(form.known)
    form.area_code.choices = pages.area_choices(db(), current_user)
    return form


def _targets(form: TargetForm) -> str:
    asked = request.args
    year = asked.get("year", type=int) or form.year.data or today().year
    area, indicator = clean(asked.get("area", "")), clean(asked.get("indicator", ""))
    found = queries.target_page(
        db(),
        min(max(year, FIRST_YEAR), LAST_YEAR),
        area_code=area,
        indicator=indicator,
        page=page_asked(asked),
    )
    _choices(form)
    return render_template(
        "assessments/targets.html",
        form=form,
        area_pairs=pages.pairs(form.area_code.choices),
        indicator_pairs=pages.pairs(form.indicator.choices),
        rows=pages.target_rows(db(), found.rows),
        progress=progress(db(), found.rows),
        found=found,
        chosen={"area": area, "indicator": indicator},
        year=year,
        years=pages.years(today()),
        page_url=lambda page: url_for(
            "assessments.targets", year=year, page=page, area=area, indicator=indicator
        ),
    )
