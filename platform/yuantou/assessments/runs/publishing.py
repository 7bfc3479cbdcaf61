"""Publishing a run: exactly the drafts that were approved are sealed and delivered, once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.delivery.sealing import seal_summaries
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.runs.machine import APPROVALS, RunState
from yuantou.assessments.runs.models import AssessmentDraft
from yuantou.assessments.runs.preparing import (
    REPORT_EVERY,
    Progress,
    fingerprint,
    note_act,
    still,
)
from yuantou.assessments.runs.queries import approvals, drafts, scheme_of
from yuantou.assessments.runs.words import issue
from yuantou.assessments.scheme import Scheme
from yuantou.assessments.sealing import Seal, digest, written
from yuantou.assessments.units import COUNTY, units
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.calendar.clock import now as clock_now
from yuantou.disputes.service import working_calendar
from yuantou.notices.service import Told, notify_all

_CHAINED = text("""
    SELECT facts ->> :word FROM audit_event
    WHERE action = 'assessment:prepared' AND object_id = :run
      AND (facts ->> 'revision')::int = :revision
    ORDER BY seq DESC LIMIT 1""")


class DraftsAltered(RuntimeError):
    """The drafts are not those that were prepared and approved."""


def publish(
    session: Session,
    run: AssessmentRun,
    *,
    now: datetime,
    progress: Progress,
    state: RunState = RunState.APPROVED,
) -> AssessmentRun:
    """Step (worker): seal what two persons approved and deliver it.

    `state` PREVIEW is the way of set-up and tests, which ask nobody. Raises DraftsAltered, or
    Called when the office took the run back meanwhile: then nothing was sent.
    """
    scheme = scheme_of(session, run)
    held = drafts(session, run)
    _refuse_altered(session, run, held, scheme, approved=state is RunState.APPROVED)
    sealed = _seal_all(session, run, scheme, held, state, progress, now)
    still(session, run, state, last=True)
    run.state, run.ended_at, run.done = RunState.DONE, clock_now(), len(sealed)
    session.flush()
    note_act(session, run, "publish", by=None, note="", at=now)
    _deliver(session, run, sealed, now)
    record(
        session,
        action="assessment:seal",
        object_type="assessment_run",
        object_id=run.id,
        account_id=None,
        facts={"seals": {row["area_code"]: row["seal"] for row in sealed}},
    )
    if run.level == COUNTY:
        seal_summaries(session, run, now=now)
    return run


def digest_of(draft: AssessmentDraft, algorithm: str) -> str:
    """The hash over a draft's inputs and content, as they stand in the database."""
    return digest(bytes(draft.inputs) + b"\n" + bytes(draft.content), algorithm)


def chained(session: Session, run: AssessmentRun) -> str | None:
    """The fingerprint that the audit chain recorded when the drafts were prepared."""
    return _chained(session, run, "fingerprint")


def chained_members(session: Session, run: AssessmentRun) -> str | None:
    """The mark of the kept lists of matters of then; None for runs from before there was one."""
    return _chained(session, run, "members")


def _chained(session: Session, run: AssessmentRun, word: str) -> str | None:
    found: str | None = session.execute(
        _CHAINED, {"run": str(run.id), "revision": run.revision, "word": word}
    ).scalar_one_or_none()
    return found


def _refuse_altered(
    session: Session,
    run: AssessmentRun,
    held: Sequence[AssessmentDraft],
    scheme: Scheme,
    *,
    approved: bool,
) -> None:
    marks = {draft.area_code: digest_of(draft, scheme.algorithm) for draft in held}
    found = fingerprint(marks, scheme.algorithm)
    if not held or found != run.fingerprint:
        raise DraftsAltered("预览稿与准备时的指纹不符：有人绕过程序改动，没有发布")
    if not approved:
        return
    if chained(session, run) != found:
        raise DraftsAltered("预览稿与审计链里的指纹不符：有人绕过程序改动，没有发布")
    if len({each.by_id for each in approvals(session, run)}) < APPROVALS:
        raise DraftsAltered("没有两个人的批准，没有发布")


def _seal_all(
    session: Session,
    run: AssessmentRun,
    scheme: Scheme,
    held: Sequence[AssessmentDraft],
    state: RunState,
    progress: Progress,
    now: datetime,
) -> list[dict[str, Any]]:
    head, known = queries.audit_head(session), units(session, run.level, run.period_end)
    due = working_calendar(session).add_working_days(now, scheme.sign_within_workdays).at
    sealed = []
    for number, draft in enumerate(held, start=1):
        seal = _seal(run, draft, scheme.algorithm, head, now)
        agency = known[draft.area_code].agency if draft.area_code in known else None
        row = _row(run, seal, draft.area_path, agency, due, now)
        sealed.append(row)
        if number % REPORT_EVERY == 0 or number == len(held):
            still(session, run, state)
            progress(number, len(held))
    session.execute(insert(AssessmentReport), sealed)
    return sealed


def _seal(
    run: AssessmentRun, draft: AssessmentDraft, algorithm: str, head: str, now: datetime
) -> Seal:
    return Seal(
        run_id=run.id,
        area_code=draft.area_code,
        period_end=run.period_end.isoformat(),
        inputs=bytes(draft.inputs),
        content=bytes(draft.content),
        code_version=draft.code_version,
        audit_head=head,
        sealed_at=written(now),
        algorithm=algorithm,
    )


def _row(
    run: AssessmentRun, seal: Seal, path: str, agency: int | None, due: datetime, now: datetime
) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "area_code": seal.area_code,
        "area_path": path,
        "period_end": run.period_end,
        "content": seal.content,
        "inputs": seal.inputs,
        "seal": seal.value(),
        "algorithm": seal.algorithm,
        "code_version": seal.code_version,
        "audit_head": seal.audit_head,
        "sealed_at": now,
        "delivered_to": agency,
        "sign_by": due if agency else None,
    }


def _deliver(
    session: Session, run: AssessmentRun, sealed: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """A notice into the inbox of each one's agency."""
    ids = queries.report_ids(session, run.id)
    again = f"（第 {run.edition} 版，更正重发：{run.reason}）" if run.restates else ""
    told = [
        Told(
            row["delivered_to"],
            title=f"{issue(run)}定期评估已送达{again}",
            body=f"请于{last.month}月{last.day}日前签收。本报告不排名。",
            link=f"/assessments/reports/{ids[row['area_code']]}",
            report_id=ids[row["area_code"]],
        )
        for row in sealed
        if row["delivered_to"] and (last := local(row["sign_by"]))
    ]
    notify_all(session, told, kind="assessment", now=now)
