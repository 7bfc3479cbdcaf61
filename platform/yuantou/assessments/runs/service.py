"""The office's acts on runs: open one, have it prepared anew, approve, cancel."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.periods import last_day, month_of
from yuantou.assessments.runs.carrying import rows
from yuantou.assessments.runs.machine import ENDS, RunKind, after, refusal
from yuantou.assessments.runs.preparing import note_act, open_run
from yuantou.assessments.runs.queries import drafted, standing
from yuantou.assessments.runs.words import issue
from yuantou.assessments.units import units
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.calendar.clock import now as clock_now
from yuantou.notices.service import Told, notify_all

_ONE_OPENS = text("SELECT pg_advisory_xact_lock(hashtext('assessment_run_opened'))")


class Refused(ValueError):
    """The act does not fit where the run stands; `code` says why (words.py)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def start(
    session: Session,
    *,
    by: Viewer,
    kind: RunKind,
    first: date,
    last: date,
    scheme_code: str,
    reason: str,
    areas: Sequence[str] | None = None,
    restates: int | None = None,
    dropped: Sequence[int] = (),
    now: datetime | None = None,
) -> AssessmentRun:
    """Open a run over whole months; the worker prepares it within a minute."""
    at = now or clock_now()
    end = last_day(month_of(last))
    session.execute(_ONE_OPENS)
    if end >= local(at).date():
        raise Refused("not_ended")
    if _running(session, scheme_code, kind, first.replace(day=1), end):
        raise Refused("same_period")
    run = open_run(
        session,
        kind=kind,
        start=first.replace(day=1),
        end=end,
        due_at=at,
        scheme_code=scheme_code,
        by=by.id,
        areas=areas,
        restates=restates,
        dropped=dropped,
        reason=reason,
    )
    _record(session, by, run, "open")
    session.commit()
    return run


def act(
    session: Session,
    *,
    by: Viewer,
    run_id: int,
    action: str,
    revision: int,
    note: str = "",
    now: datetime | None = None,
) -> AssessmentRun:
    """One act of the office on the revision it had before it; Refused says why not."""
    at = now or clock_now()
    run = session.scalars(
        select(AssessmentRun).where(AssessmentRun.id == run_id).with_for_update()
    ).one()
    session.refresh(run)
    before = standing(session, run, at)
    why = "not_now" if revision != run.revision else refusal(action, before, by.id)
    why = why or ("no_reason" if action == "cancel" and not note else None)
    if why:
        session.rollback()
        raise Refused(why)
    note_act(session, run, action, by=by.id, note=note, at=at)
    run.state, run.error = after(action, before), None
    if action == "cancel":
        _call_off(session, run, at)
    _record(session, by, run, action)
    session.commit()
    return run


def carry(
    session: Session,
    *,
    by: Viewer,
    run_id: int,
    revision: int,
    kept: Collection[int],
    now: datetime | None = None,
) -> AssessmentRun:
    """Choose which earlier adjustments a re-issue carries on; it is prepared anew by that."""
    run = session.get_one(AssessmentRun, run_id, with_for_update=True, populate_existing=True)
    run.dropped = [
        one["objection"] for one in rows(session, run) if one["objection"] not in kept
    ] or None
    return act(
        session, by=by, run_id=run_id, action="prepare", revision=revision, now=now,
        note=f"沿用以前的调整 {sum(one['kept'] for one in rows(session, run))} 项",
    )  # fmt: skip


def note_export(
    session: Session, *, by: Viewer, run: AssessmentRun, area_code: str, form: str
) -> None:
    """Write down that a draft was taken out as a file."""
    record(
        session,
        action="assessment:export_draft",
        object_type="assessment_run",
        object_id=run.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"area": area_code, "revision": run.revision, "form": form},
    )
    session.commit()


def _running(session: Session, scheme: str, kind: RunKind, first: date, end: date) -> bool:
    asked = select(AssessmentRun.id).where(
        AssessmentRun.scheme == scheme,
        AssessmentRun.kind == kind,
        AssessmentRun.period_start == first,
        AssessmentRun.period_end == end,
        AssessmentRun.state.not_in(ENDS),
    )
    return session.scalar(asked.limit(1)) is not None


def _call_off(session: Session, run: AssessmentRun, at: datetime) -> None:
    """Whoever was told of a draft is told that it is void."""
    known = units(session, run.level, run.period_end, drafted(session, run))
    told = [
        Told(
            unit.agency,
            title=f"{issue(run)}评估已取消，预览稿作废",
            body="理由写在预览稿页上。不必再提异议。",
            link=f"/assessments/runs/{run.id}/drafts/{unit.code}",
        )
        for unit in known.values()
        if unit.agency
    ]
    notify_all(session, told, kind="assessment", now=at)


def _record(session: Session, by: Viewer, run: AssessmentRun, what: str) -> None:
    record(
        session,
        action=f"assessment:{what}",
        object_type="assessment_run",
        object_id=run.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"revision": run.revision, "fingerprint": run.fingerprint},
    )
