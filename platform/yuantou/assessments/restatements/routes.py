"""The ledger of a sealed report: as sent beside as known today."""

import json
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.assessments import queries
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.restatements import service
from yuantou.assessments.restatements.forms import ReasonForm
from yuantou.assessments.restatements.models import Restatement
from yuantou.assessments.runs.carrying import carried
from yuantou.assessments.runs.service import Refused
from yuantou.assessments.runs.words import REFUSALS, issue_shown
from yuantou.disputes.models import Dispute

blueprint = Blueprint("restatements", __name__, url_prefix="/assessments/restatements")


@blueprint.get("/<int:report_id>")
@audience(Permission.ASSESSMENT_READ)
def show(report_id: int) -> str:
    """The ledger of one report."""
    return _page(*_find(report_id), ReasonForm())


@blueprint.post("/<int:report_id>/ask")
@audience(Permission.ASSESSMENT_OBJECT, Permission.ASSESSMENT_APPROVE)
def ask(report_id: int) -> Response | tuple[str, int]:
    """Ask for a comparison, with the reason."""
    kept, run = _find(report_id)
    form = ReasonForm()
    if not form.validate():
        return _page(kept, run, form), 422
    service.ask(db(), by=current_user, report=kept, reason=form.reason.data or "")
    flash(_("已记下，比对大约一分钟。"), "success")
    return redirect(url_for("restatements.show", report_id=report_id))


@blueprint.post("/<int:report_id>/reissue")
@audience(Permission.ASSESSMENT_APPROVE)
def reissue(report_id: int) -> Response | tuple[str, int]:
    """Open a new edition of this report."""
    kept, run = _find(report_id)
    form = ReasonForm()
    if not form.validate():
        return _page(kept, run, form), 422
    kept_on = request.form.getlist("kept", type=int)
    try:
        made = service.reissue(
            db(),
            by=current_user,
            report=kept,
            run=run,
            reason=form.reason.data or "",
            dropped=[
                one["objection"] for one in _granted(kept, run) if one["objection"] not in kept_on
            ],
        )
    except (Refused, service.NotTheLast) as why:
        db().rollback()
        form.reason.errors = [
            REFUSALS[why.code] if isinstance(why, Refused) else _("这份报告已有新版，请看新版。")
        ]
        return _page(*_find(report_id), form), 422
    flash(_("已发起更正重发：先出预览稿，两个人批准后封存、送达。"), "success")
    return redirect(url_for("runs.show", run_id=made.id))


def _find(report_id: int) -> tuple[AssessmentReport, AssessmentRun]:
    found = queries.find_report(db(), report_id)
    if found is None:
        abort(404)
    return found


def _granted(kept: AssessmentReport, run: AssessmentRun) -> list[dict[str, Any]]:
    """The adjustments in a report, which a re-issue would carry on."""
    return [dict(one) for one in carried(db(), run).get(kept.area_code, ())]


def _page(kept: AssessmentReport, run: AssessmentRun, form: ReasonForm) -> str:
    ledger = db().get(Restatement, kept.id)
    rows = (ledger.lines or []) if ledger else []
    may_see = current_user.may(Permission.DISPUTE_READ)
    return render_template(
        "assessments/restatement.html",
        kept=kept,
        run=run,
        issue=issue_shown(run),
        area=json.loads(kept.content)["about"]["name"],
        ledger=ledger,
        rows=rows,
        numbers=_numbers(rows) if may_see else {},
        newer=queries.newer_edition(db(), kept),
        form=form,
        granted=_granted(kept, run) if current_user.may(Permission.ASSESSMENT_APPROVE) else [],
    )


def _numbers(rows: list[dict[str, Any]]) -> dict[int, str]:
    """The numbers of the moved matters that the viewer may see."""
    ids = [one["id"] for row in rows if row["moved"] for one in row["moved"]["rows"]]
    seen = select(Dispute.id, Dispute.number).where(
        Dispute.id.in_(ids), current_user.scope.visible(Dispute)
    )
    return {key: number or "" for key, number in db().execute(seen)}
