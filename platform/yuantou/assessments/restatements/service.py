"""Use cases of restatements: asked for, reckoned by the worker, issued anew by the office."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.assessments import queries
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.restatements.models import Restatement
from yuantou.assessments.restatements.reckoning import lines, past
from yuantou.assessments.runs import service as runs
from yuantou.assessments.runs.machine import RunKind
from yuantou.assessments.scheme import LEVELS
from yuantou.audit.service import record
from yuantou.calendar.clock import now as clock_now
from yuantou.indicators.keeping import keep_stale
from yuantou.notices.service import notify

Progress = Callable[[int, int], None]
RUNS_LOOKED_AT = 3
_ONE_ASKS = text("SELECT pg_advisory_xact_lock(hashtext('restatement/' || :report))")


class NotTheLast(ValueError):
    """There is a newer edition: that one is to be looked at."""


def ask(session: Session, *, by: Viewer, report: AssessmentReport, reason: str) -> None:
    """Ask what a sealed report would say today; the worker answers within a minute.

    Sent twice it is one question, and the office is told once.
    """
    session.execute(_ONE_ASKS, {"report": report.id})
    at, before = clock_now(), session.get(Restatement, report.id, populate_existing=True)
    again = before is not None and before.asked_by == by.id and _waits(before)
    told = {"asked_by": by.id, "asked_at": at, "reason": reason}
    session.execute(
        insert(Restatement)
        .values(report_id=report.id, area_code=report.area_code, area_path=report.area_path, **told)
        .on_conflict_do_update(index_elements=["report_id"], set_=told)
    )
    office = queries.province_office(session)
    if office and by.agency.id != office and not again:
        notify(
            session,
            agency_id=office,
            kind="assessment",
            title=f"有单位申请更正评估报告，{report.period_end:%Y年%m月}",
            body="请核对发出时与现在的差别，决定是否重发。",
            link=f"/assessments/restatements/{report.id}",
            now=at,
        )
    _record(session, by, report, "ask", reason)
    session.commit()


def _waits(row: Restatement) -> bool:
    return row.reckoned_at is None or row.reckoned_at < row.asked_at


def reissue(
    session: Session,
    *,
    by: Viewer,
    report: AssessmentReport,
    run: AssessmentRun,
    reason: str,
    dropped: Sequence[int] = (),
) -> AssessmentRun:
    """Open a new edition of one report: it goes by preview and two approvals again.

    Adjustments that were granted before are carried on, but for those in `dropped`.
    """
    if queries.newer_edition(session, report):
        raise NotTheLast
    _record(session, by, report, "reissue", reason)
    return runs.start(
        session,
        by=by,
        kind=RunKind(run.kind),
        first=run.period_start,
        last=run.period_end,
        scheme_code=run.scheme,
        reason=reason,
        areas=[report.area_code],
        restates=run.id,
        dropped=dropped,
    )


def reckon_asked(session: Session, progress: Progress, now: datetime | None = None) -> int:
    """Step (worker): answer what was asked since; returns how many reports."""
    waiting = session.scalars(
        select(AssessmentReport)
        .join(Restatement, Restatement.report_id == AssessmentReport.id)
        .where(
            or_(Restatement.reckoned_at.is_(None), Restatement.reckoned_at < Restatement.asked_at)
        )
    ).all()
    return _reckon(session, list(waiting), progress, now or clock_now())


def reckon_last(session: Session, progress: Progress, now: datetime | None = None) -> int:
    """Step (worker): look at the reports of the last runs that were published."""
    last = [
        run.id
        for level in LEVELS
        for run in queries.runs(session, RUNS_LOOKED_AT, published=True, level=level)
    ]
    found = session.scalars(select(AssessmentReport).where(AssessmentReport.run_id.in_(last))).all()
    return _reckon(session, list(found), progress, now or clock_now())


def _reckon(
    session: Session, found: list[AssessmentReport], progress: Progress, now: datetime
) -> int:
    if not found:
        return 0
    keep_stale(session, now=now)
    by_run: dict[int, list[AssessmentReport]] = defaultdict(list)
    for report in found:
        by_run[report.run_id].append(report)
    done = 0
    for run_id, reports in by_run.items():
        run = session.get_one(AssessmentRun, run_id)
        made = lines(session, past(session, run, reports), now)
        _write(session, reports, made, now)
        done += len(reports)
        progress(done, len(found))
    return done


def _write(
    session: Session,
    reports: Sequence[AssessmentReport],
    made: Mapping[str, Sequence[Mapping[str, object]]],
    now: datetime,
) -> None:
    rows = insert(Restatement)
    found = {key: rows.excluded[key] for key in ("reckoned_at", "lines")}
    session.execute(
        rows.on_conflict_do_update(index_elements=["report_id"], set_=found),
        [
            {
                "report_id": report.id,
                "area_code": report.area_code,
                "area_path": report.area_path,
                "asked_by": None,
                "asked_at": now,
                "reason": "",
                "reckoned_at": now,
                "lines": made[report.area_code],
            }
            for report in reports
        ],
    )


def _record(session: Session, by: Viewer, report: AssessmentReport, what: str, reason: str) -> None:
    record(
        session,
        action=f"restatement:{what}",
        object_type="assessment_report",
        object_id=report.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"reason": reason},
    )
