"""Preparing a run: inputs gathered once, frozen as a draft of every county, counties told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.reckoning import report
from yuantou.assessments.runs.carrying import carried
from yuantou.assessments.runs.machine import RunKind, RunState
from yuantou.assessments.runs.members import Packed, keys_of, of_matters, packed_meanwhile
from yuantou.assessments.runs.models import AssessmentDraft, RunAct, SealedMember
from yuantou.assessments.runs.queries import digests, members_mark, scheme_of
from yuantou.assessments.runs.undisturbed import undisturbed
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
REPORT_EVERY = 50


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
    keep_stale(session, now=now)
    with undisturbed():
        return _prepare(session, run, now, progress)


def _prepare(
    session: Session, run: AssessmentRun, now: datetime, progress: Progress
) -> AssessmentRun:
    scheme = scheme_of(session, run)
    inputs = gather_level(session, run, scheme, carried(session, run))
    chosen = {code: one for code, one in inputs.items() if not run.areas or code in run.areas}
    _refuse_empty(run, chosen)
    before, known = digests(session, run), units(session, run.level, run.period_end)
    with packed_meanwhile(session, _lists(session, run, scheme, list(chosen), now)) as reading:
        frozen = _frozen(run, chosen, known, now)
        members = reading.result()
    _keep_drafts(session, run, frozen, progress)
    _keep_members(session, run, members, known)
    made = {one["area_code"]: one["digest"] for one in frozen}
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


def _frozen(
    run: AssessmentRun,
    inputs: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, Unit],
    now: datetime,
) -> list[dict[str, Any]]:
    """The drafts of the next revision: what was gathered, and what it gives."""
    of_all = {
        "run_id": run.id,
        "revision": run.revision + 1,
        "code_version": code_version(),
        "prepared_at": now,
    }
    return [{**of_all, **_draft(area, known[area], one)} for area, one in inputs.items()]


def _draft(area: str, unit: Unit, inputs: Mapping[str, Any]) -> dict[str, Any]:
    frozen, content = canonical(inputs), canonical(report(inputs))
    return {
        "area_code": area,
        "area_path": unit.path,
        "inputs": frozen,
        "content": content,
        "digest": digest(frozen + b"\n" + content, inputs["scheme"]["algorithm"]),
    }


def _keep_drafts(
    session: Session, run: AssessmentRun, rows: Sequence[Mapping[str, Any]], progress: Progress
) -> None:
    for start in range(0, len(rows), REPORT_EVERY):
        some = rows[start : start + REPORT_EVERY]
        session.execute(insert(AssessmentDraft.__table__), some)  # type: ignore[arg-type]
        still(session, run, RunState.PREPARING)
        progress(start + len(some), len(rows))


def _lists(
    session: Session, run: AssessmentRun, scheme: Scheme, chosen: Sequence[str], now: datetime
) -> dict[str, Select[Any]]:
    """By figure, what asks which matters stood behind it: a later look compares with that."""
    held, end = definitions(session, run.period_end), run.period_end.replace(day=1)
    judged = (held[code] for code in scheme.indicators if run.level in held[code].levels)
    return {
        made.code: keys_of(
            session, made, run.period_start, end, units=chosen, as_of=now, level=run.level
        )
        for made in of_matters(judged)
    }


def _keep_members(
    session: Session, run: AssessmentRun, found: Sequence[Packed], known: Mapping[str, Unit]
) -> None:
    """In the place of those of the revision before."""
    session.execute(delete(SealedMember).where(SealedMember.run_id == run.id))
    rows = [
        {
            "run_id": run.id,
            "area_code": unit,
            "code": code,
            "area_path": known[unit].path,
            "number": number,
            "members": members,
        }
        for code, unit, number, members in found
    ]
    if rows:
        session.execute(insert(SealedMember.__table__), rows)  # type: ignore[arg-type]


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
