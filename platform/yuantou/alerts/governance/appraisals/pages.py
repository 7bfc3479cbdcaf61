"""The pages of the register of appraised decisions."""

from uuid import uuid4

from flask import abort, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.alerts.governance import history
from yuantou.alerts.governance.appraisals import queries, service
from yuantou.alerts.governance.appraisals.forms import (
    DECISIONS,
    KINDS,
    RISKS,
    ConclusionForm,
    ProjectForm,
)
from yuantou.alerts.governance.appraisals.models import AppraisalProject
from yuantou.alerts.governance.blueprint import (
    PAGE,
    blueprint,
    done,
    page_number,
    paged,
    steps,
)
from yuantou.alerts.governance.courses import APPRAISAL
from yuantou.alerts.governance.fields import WordsForm
from yuantou.alerts.governance.story import told
from yuantou.calendar import clock
from yuantou.mediation.submitting import Answer, submit

NAMES = {"kinds": dict(KINDS), "risks": dict(RISKS), "decisions": dict(DECISIONS)}


@blueprint.get("/sources/appraisals/")
@audience(Permission.SOURCE_READ)
def appraisals() -> str:
    """The register."""
    page = page_number()
    rows = queries.listing(db(), page, PAGE)
    return render_template(
        "governance/appraisals.html",
        **paged(rows, page, "governance.appraisals"),
        course=APPRAISAL,
        **NAMES,
    )


@blueprint.get("/sources/appraisals/new")
@audience(Permission.APPRAISAL_REGISTER)
def appraisal_new() -> str:
    """Which decision."""
    form = ProjectForm(formdata=None)
    form.submission.data = uuid4().hex
    form.body.data = current_user.agency_name
    return render_template("governance/appraisal_new.html", form=form)


@blueprint.post("/sources/appraisals/new")
@audience(Permission.APPRAISAL_REGISTER)
def appraisal_register() -> Answer:
    """Enter it."""
    form = ProjectForm()
    return submit(
        form,
        lambda: service.register(
            db(),
            by=current_user,
            submission=form.submission.data or uuid4().hex,
            name=form.name.data or "",
            kind=form.kind.data,
            body=form.body.data or "",
        ),
        page=lambda: render_template("governance/appraisal_new.html", form=form),
        said=_("已登记。"),
        onward=_onward,
    )


@blueprint.get("/sources/appraisals/<int:project_id>")
@audience(Permission.SOURCE_READ)
def appraisal(project_id: int) -> str:
    """One entry."""
    made = _found(project_id)
    known = {"measures": made.measures, "version": made.version}
    if made.risk:
        known |= {"risk": made.risk, "decision": made.decision or ""}
    return _page(made, ConclusionForm(formdata=None, data=known))


@blueprint.post("/sources/appraisals/<int:project_id>/appraise")
@audience(Permission.APPRAISAL_REGISTER)
def appraisal_conclude(project_id: int) -> Answer:
    """Note the conclusion."""
    made, form = _found(project_id), ConclusionForm()
    return submit(
        form,
        lambda: service.appraise(
            db(),
            by=current_user,
            project_id=project_id,
            risk=form.risk.data,
            decision=form.decision.data,
            appraised_on=form.appraised_on.data or clock.today(),
            measures=form.measures.data or "",
            version=form.known_version,
        ),
        page=lambda: _page(made, form),
        said=_("结论已记下；须报送平安建设协调机构的，报送后请记报送。"),
        onward=_onward,
    )


@blueprint.post("/sources/appraisals/<int:project_id>/<any(report,amend,drop,restore):action>")
@audience(Permission.APPRAISAL_REGISTER)
def appraisal_turn(project_id: int, action: str) -> Answer:
    """The other steps."""
    form = WordsForm()
    return done(
        form,
        lambda: service.turn(
            db(),
            by=current_user,
            project_id=project_id,
            action=action,
            words=form.words.data or "",
        ),
        _("已记下。"),
        url_for("governance.appraisal", project_id=project_id),
        page=lambda: appraisal(project_id),
        step=("appraisal", action),
    )


def _onward(made: AppraisalProject) -> str:
    return url_for("governance.appraisal", project_id=made.id)


def _found(project_id: int) -> AppraisalProject:
    made = queries.find(db(), project_id)
    if made is None:
        abort(404)
    return made


def _page(made: AppraisalProject, form: ConclusionForm) -> str:
    own = made.agency_id == current_user.agency.id and current_user.may(
        Permission.APPRAISAL_REGISTER
    )
    return render_template(
        "governance/appraisal.html",
        project=made,
        form=form,
        own=own,
        course=APPRAISAL,
        open_steps=steps(APPRAISAL, made.state, owner=own),
        story=told("appraisal", history.story(db(), "appraisal", made.id)),
        **NAMES,
    )
