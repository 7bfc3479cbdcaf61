"""Preparing a run: inputs gathered once, frozen as a draft of every county, counties told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.reckoning import report
from yuantou.assessments.runs.carrying import carried
from yuantou.assessments.runs.machine import RunKind, RunState
from yuantou.assessments.runs.members import keys_of, of_matters
from yuantou.assessments.runs.models import AssessmentDraft, RunAct, SealedMember
from yuantou.assessments.runs.packing import pack
from yuantou.assessments.runs.queries import drafts, members_mark, scheme_of
from yuantou.assessments.runs.words import issue
from yuantou.assessments.scheme import Scheme
from yuantou.assessments.sealing import canonical, digest
from yuantou.assessments.unit_gathering import gather_level
from yuantou.assessments.units import COUNTY, Unit, units
from yuantou.assessments.versions import code_version
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.disputes.service import working_calendar
from yuantou.indicators.definitions import definitions
from yuantou.indicators.keeping import keep_stale
from yuantou.notices.service import Told, notify_all

Progress = Callable[[int, int], None]
REPORT_EVERY = 10


class NothingToAssess(RuntimeError):
    """No county has a single figure: a run without result must not look done."""


class Called(Exception):
    """The office took the run back while it was being worked on."""


def open_run(
    session: Session,
    *,
    kind: RunKind,
    start: date,
    end: date,
    due_at: datetime,
    scheme_code: str,
    by: int | None = None,
    areas: Sequence[str] | None = None,
    restates: int | None = None,
    dropped: Sequence[int] = (),
    reason: str | None = None,
) -> AssessmentRun:
    """Step: a new edition of a period, yet without drafts."""
    scheme = queries.scheme_in_force(session, scheme_code, end)
    before = queries.last_edition(session, scheme_code, kind, start, end)
    run = AssessmentRun(
        scheme=scheme.code,
        scheme_version=scheme.version,
        period_start=start,
        period_end=end,
        edition=before + 1,
        state=RunState.PREPARING,
        due_at=due_at,
        started_at=due_at,
        ended_at=None,
        counties=0,
        done=0,
        error=None,
        demo=queries.is_demo(session),
        kind=kind,
        revision=0,
        areas=list(areas) if areas else None,
        restates=restates,
        reason=reason,
        opened_by=by,
        level=scheme.level,
        dropped=list(dropped) or None,
    )
    session.add(run)
    session.flush()
    note_act(session, run, "open", by=by, note=reason or "", at=due_at)
    return run


def note_act(
    session: Session, run: AssessmentRun, action: str, *, by: int | None, note: str, at: datetime
) -> None:
    """Step: write an act into the run's own history."""
    session.add(
        RunAct(
            run_id=run.id,
            revision=run.revision,
            action=action,
            fingerprint=run.fingerprint,
            note=note,
            by_id=by,
            at=at,
        )
    )


def prepare(
    session: Session, run: AssessmentRun, *, now: datetime, progress: Progress
) -> AssessmentRun:
    """Step (worker): freeze the drafts of the next revision. Called when it was taken back."""
    scheme = scheme_of(session, run)
    keep_stale(session, now=now)
    inputs = gather_level(session, run, scheme, carried(session, run))
    chosen = {code: one for code, one in inputs.items() if not run.areas or code in run.areas}
    _refuse_empty(run, chosen)
    before = {one.area_code: one.digest for one in drafts(session, run)}
    known = units(session, run.level, run.period_end)
    made = _freeze(session, run, chosen, known, progress, now)
    _keep_members(session, run, scheme, {unit: known[unit] for unit in chosen}, now)
    changed = [area for area, mark in made.items() if before.get(area) != mark]
    _stand(session, run, scheme, made, now, fresh=bool(changed))
    _tell(session, run, [known[unit] for unit in changed], now)
    return run


def fingerprint(marks: Mapping[str, str], algorithm: str) -> str:
    """One hash over the drafts of a revision."""
    return digest(canonical(dict(marks)), algorithm)


def still(session: Session, run: AssessmentRun, state: RunState, *, last: bool = False) -> None:
    """Raise Called unless the run still stands in `state`, as others have committed it.

    The `last` look holds the row, so that nobody takes the run back before the commit.
    """
    asked = select(AssessmentRun.state).where(AssessmentRun.id == run.id)
    if session.scalar(asked.with_for_update() if last else asked) != state:
        raise Called(run.id)


def _refuse_empty(run: AssessmentRun, inputs: Mapping[str, Mapping[str, Any]]) -> None:
    figures = (each for one in inputs.values() for each in one["figures"].values())
    if all(each["missing"] or each["own"]["events"] is None for each in figures):
        whom = "县区" if run.level == COUNTY else "单位"
        raise NothingToAssess(
            f"没有任何{whom}有可用的指标数字：请先填报司法数据或登记纠纷，再重新运行"
        )


def _freeze(
    session: Session,
    run: AssessmentRun,
    inputs: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, Unit],
    progress: Progress,
    now: datetime,
) -> dict[str, str]:
    version = code_version()
    made: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    for number, (area, one) in enumerate(inputs.items(), start=1):
        frozen, content = canonical(one), canonical(report(one))
        made[area] = digest(frozen + b"\n" + content, one["scheme"]["algorithm"])
        rows.append(
            {
                "run_id": run.id,
                "area_code": area,
                "revision": run.revision + 1,
                "area_path": known[area].path,
                "inputs": frozen,
                "content": content,
                "digest": made[area],
                "code_version": version,
                "prepared_at": now,
            }
        )
        if number % REPORT_EVERY == 0 or number == len(inputs):
            session.execute(insert(AssessmentDraft), rows)
            rows.clear()
            still(session, run, RunState.PREPARING)
            progress(number, len(inputs))
    return made


def _keep_members(
    session: Session,
    run: AssessmentRun,
    scheme: Scheme,
    chosen: Mapping[str, Unit],
    now: datetime,
) -> None:
    """Which matters stood behind each figure: what a later look compares with."""
    session.execute(delete(SealedMember).where(SealedMember.run_id == run.id))
    held = definitions(session, run.period_end)
    end = run.period_end.replace(day=1)
    for made in of_matters(
        held[code] for code in scheme.indicators if run.level in held[code].levels
    ):
        rows = [
            {
                "run_id": run.id,
                "area_code": unit,
                "code": made.code,
                "area_path": chosen[unit].path,
                "number": len(found),
                "members": pack(found),
            }
            for unit, found in keys_of(
                session,
                made,
                run.period_start,
                end,
                units=list(chosen),
                as_of=now,
                level=run.level,
            )
        ]
        if rows:
            session.execute(insert(SealedMember), rows)


def _stand(
    session: Session,
    run: AssessmentRun,
    scheme: Scheme,
    made: Mapping[str, str],
    now: datetime,
    *,
    fresh: bool,
) -> None:
    """The run stands in preview; where a draft is new or other the whole window begins again."""
    still(session, run, RunState.PREPARING, last=True)
    run.revision, run.fingerprint = run.revision + 1, fingerprint(made, scheme.algorithm)
    run.state, run.prepared_at, run.error = RunState.PREVIEW, now, None
    run.counties, run.done = len(made), 0
    if fresh or run.preview_until is None:
        days = scheme.preview_workdays
        run.preview_until = working_calendar(session).add_working_days(now, days).at
    session.flush()
    note_act(session, run, "prepared", by=None, note="", at=now)
    _record(session, run, made)


def _record(session: Session, run: AssessmentRun, made: Mapping[str, str]) -> None:
    record(
        session,
        action="assessment:prepared",
        object_type="assessment_run",
        object_id=run.id,
        account_id=None,
        facts={
            "revision": run.revision,
            "fingerprint": run.fingerprint,
            "drafts": dict(made),
            "members": members_mark(session, run.id),
        },
    )


def _tell(session: Session, run: AssessmentRun, changed: Sequence[Unit], now: datetime) -> None:
    last = local(run.preview_until or now)
    told = [
        Told(
            unit.agency,
            title=f"{issue(run)}评估预览稿，{last.month}月{last.day}日前可提异议",
            body="预览稿不是结果。数字有误的，请在期限内提出并附依据。",
            link=f"/assessments/runs/{run.id}/drafts/{unit.code}",
        )
        for unit in changed
        if unit.agency
    ]
    notify_all(session, told, kind="assessment", now=now)
