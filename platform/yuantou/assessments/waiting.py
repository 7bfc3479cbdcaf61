"""What of the assessments waits for a viewer, for his inbox: each a question and its rows.

A unit may object until its window ends and signs what it was sent; the office answers objections
within their limit, and approves as the second person. Nobody is asked for what he has done.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.assessments.models import AssessmentReport, AssessmentRun, SchemeVersion
from yuantou.assessments.objections.models import Objection
from yuantou.assessments.objections.queries import UPHELD
from yuantou.assessments.runs.machine import RunState
from yuantou.assessments.runs.models import AssessmentDraft, RunAct
from yuantou.assessments.runs.words import issue_shown
from yuantou.assessments.schemes.models import SchemeChoice, ScoreEvent
from yuantou.assessments.units import spoken_for
from yuantou.notices.tasks import Task, Tasks

MOST = 20
Rows = Select[*tuple[Any, ...]]
Asked = Callable[[Viewer, datetime], Rows]
Told = Callable[[Any], Task]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work: who may have it, which rows wait, and how one is told."""

    permission: Permission
    asked: Asked
    told: Told


def _objectable(viewer: Viewer, now: datetime) -> Rows:
    return (
        select(AssessmentRun, AssessmentDraft.area_code)
        .join(AssessmentDraft, AssessmentDraft.run_id == AssessmentRun.id)
        .where(
            AssessmentRun.state == RunState.PREVIEW,
            AssessmentRun.preview_until >= now,
            AssessmentDraft.revision == AssessmentRun.revision,
            AssessmentDraft.area_code == spoken_for(viewer.agency),
        )
    )


def _objectable_told(row: Any) -> Task:
    run, area = row
    return Task(
        title=_("%(issue)s评估预览稿：有误可提异议", issue=issue_shown(run)),
        link=url_for("runs.draft", run_id=run.id, area_code=area),
        note=_("评估"),
        due_at=run.preview_until,
    )


def _unsigned(viewer: Viewer, _now: datetime) -> Rows:
    newer, later = aliased(AssessmentReport), aliased(AssessmentRun)
    over = (
        select(literal(1))
        .select_from(newer)
        .join(later, later.id == newer.run_id)
        .where(
            newer.area_code == AssessmentReport.area_code,
            newer.id > AssessmentReport.id,
            later.kind == AssessmentRun.kind,
            later.period_start == AssessmentRun.period_start,
            later.period_end == AssessmentRun.period_end,
        )
    )
    return (
        select(AssessmentRun, AssessmentReport.id, AssessmentReport.sign_by)
        .join(AssessmentReport, AssessmentReport.run_id == AssessmentRun.id)
        .where(
            AssessmentReport.delivered_to == viewer.agency.id,
            AssessmentReport.received_at.is_(None),
            ~exists(over),
        )
    )


def _unsigned_told(row: Any) -> Task:
    run, report_id, due = row
    return Task(
        title=_("%(issue)s评估报告待签收", issue=issue_shown(run)),
        link=url_for("assessments.report", report_id=report_id),
        note=_("评估"),
        due_at=due,
    )


def _undecided(viewer: Viewer, _now: datetime) -> Rows:
    return (
        select(Objection.id, Objection.due_at, AssessmentRun)
        .join(AssessmentRun, AssessmentRun.id == Objection.run_id)
        .where(
            Objection.decision.is_(None),
            Objection.raised_by != viewer.id,
            AssessmentRun.state == RunState.PREVIEW,
        )
    )


def _undecided_told(row: Any) -> Task:
    number, due, run = row
    return Task(
        title=_("%(issue)s评估：答复第 %(n)s 号异议", issue=issue_shown(run), n=number),
        link=url_for("objections.show", objection_id=number),
        note=_("评估异议"),
        due_at=due,
    )


def _approvable(viewer: Viewer, now: datetime) -> Rows:
    """Runs that nothing stands against, and that this person has not approved."""
    mine = select(literal(1)).where(
        RunAct.run_id == AssessmentRun.id,
        RunAct.revision == AssessmentRun.revision,
        RunAct.action == "approve",
        RunAct.by_id == viewer.id,
    )
    against = select(literal(1)).where(
        Objection.run_id == AssessmentRun.id,
        or_(
            Objection.decision.is_(None),
            and_(
                Objection.decision.in_(UPHELD),
                Objection.decided_at > AssessmentRun.prepared_at,
            ),
        ),
    )
    return select(AssessmentRun).where(
        AssessmentRun.state == RunState.PREVIEW,
        AssessmentRun.preview_until <= now,
        ~exists(mine),
        ~exists(against),
    )


def _approvable_told(row: Any) -> Task:
    (run,) = row
    return Task(
        title=_("%(issue)s评估待批准发布", issue=issue_shown(run)),
        link=url_for("runs.show", run_id=run.id),
        note=_("评估，需两个人批准"),
    )


def _proposed(table: Any, viewer: Viewer) -> ColumnElement[bool]:
    return and_(
        table.proposed_by != viewer.id, table.approved_at.is_(None), table.rejected_at.is_(None)
    )


def _versions(viewer: Viewer, _now: datetime) -> Rows:
    return select(SchemeVersion).where(_proposed(SchemeVersion, viewer))


def _versions_told(row: Any) -> Task:
    (made,) = row
    return Task(
        title=_("计分方案“%(name)s”第 %(n)s 版待批准", name=made.body["name_zh"], n=made.version),
        link=url_for("schemes.show", code=made.code, version=made.version),
        note=_("第二个人批准"),
    )


def _choices(viewer: Viewer, _now: datetime) -> Rows:
    return select(SchemeChoice).where(_proposed(SchemeChoice, viewer))


def _choices_told(row: Any) -> Task:
    (made,) = row
    return Task(
        title=_("%(year)s 年起换用计分方案，待批准", year=made.year),
        link=url_for("schemes.index"),
        note=_("第二个人批准"),
    )


def _events(viewer: Viewer, _now: datetime) -> Rows:
    return select(ScoreEvent).where(_proposed(ScoreEvent, viewer))


def _events_told(row: Any) -> Task:
    (made,) = row
    return Task(
        title=_("加减分第 %(n)s 条待批准", n=made.id),
        link=url_for("schemes.events"),
        note=_("第二个人批准"),
    )


KINDS = (
    Kind(Permission.ASSESSMENT_OBJECT, _objectable, _objectable_told),
    Kind(Permission.ASSESSMENT_RECEIVE, _unsigned, _unsigned_told),
    Kind(Permission.ASSESSMENT_APPROVE, _undecided, _undecided_told),
    Kind(Permission.ASSESSMENT_APPROVE, _approvable, _approvable_told),
    Kind(Permission.FIGURES_DEFINE, _versions, _versions_told),
    Kind(Permission.FIGURES_DEFINE, _choices, _choices_told),
    Kind(Permission.TARGET_SET, _events, _events_told),
)


def number(viewer: Viewer, now: datetime) -> ScalarSelect[int] | None:
    """How many wait, each kind counted up to a bound; None where there is never anything."""
    counts = [
        select(func.count()).select_from(
            kind.asked(viewer, now).with_only_columns(literal(1)).limit(MOST).subquery()
        )
        for kind in KINDS
        if viewer.may(kind.permission)
    ]
    if not counts:
        return None
    whole = sum((each.scalar_subquery() for each in counts), literal(0))
    return select(whole).scalar_subquery()


def read(session: Session, viewer: Viewer, now: datetime) -> Sequence[Task]:
    """The same, told."""
    return list(_read(session, viewer, now))


def _read(session: Session, viewer: Viewer, now: datetime) -> Iterator[Task]:
    for kind in KINDS:
        if viewer.may(kind.permission):
            for row in session.execute(kind.asked(viewer, now).limit(MOST)):
                yield kind.told(row)


TASKS = Tasks(number, read)
