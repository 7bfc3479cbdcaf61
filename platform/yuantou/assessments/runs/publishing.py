"""Publishing a run: exactly the drafts that were approved are sealed and delivered, once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, Date, DateTime, String

from yuantou.assessments import queries
from yuantou.assessments.delivery.sealing import part_of, seal_summaries
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.runs.machine import APPROVALS, RunState
from yuantou.assessments.runs.preparing import (
    REPORT_EVERY,
    Progress,
    fingerprint,
    note_act,
    still,
)
from yuantou.assessments.runs.queries import Draft, approvals, drafts, scheme_of
from yuantou.assessments.runs.undisturbed import undisturbed
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


_REPORTS = text("""
    INSERT INTO assessment_report (run_id, area_code, area_path, period_end, content, inputs, seal,
      algorithm, code_version, audit_head, sealed_at, delivered_to, sign_by)
    SELECT d.run_id, d.area_code, d.area_path, :period_end, d.content, d.inputs, s.seal,
      :algorithm, d.code_version, :head, :at, s.agency, CASE WHEN s.agency > 0 THEN :due END
    FROM unnest(:areas, :seals, :agencies) WITH ORDINALITY AS s(area, seal, agency, place)
    JOIN assessment_draft d ON d.area_code = s.area
    WHERE d.run_id = :run AND d.revision = :revision
    ORDER BY s.place
    RETURNING id, area_code""").bindparams(
    bindparam("period_end", type_=Date),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("due", type_=DateTime(timezone=True)),
    bindparam("areas", type_=ARRAY(String)),
    bindparam("seals", type_=ARRAY(String)),
    bindparam("agencies", type_=ARRAY(BigInteger)),
)


class Sealed(NamedTuple):
    """A draft with its seal, its report, and whom it is delivered to by when."""

    draft: Draft
    seal: str
    report_id: int
    agency: int | None
    due: datetime


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
    with undisturbed():
        return _publish(session, run, now, progress, state)


def _publish(
    session: Session, run: AssessmentRun, now: datetime, progress: Progress, state: RunState
) -> AssessmentRun:
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
        facts={"seals": {one.draft.area_code: one.seal for one in sealed}},
    )
    if run.level == COUNTY:
        parts = {
            draft.area_code: part_of(seal, draft.area_path, draft.inputs, draft.content)
            for draft, seal, *_ in sealed
        }
        seal_summaries(session, run, now=now, fresh=parts)
    return run


def digest_of(draft: Draft, algorithm: str) -> str:
    """The hash over a draft's inputs and content, as they stand in the database."""
    return digest(draft.inputs + b"\n" + draft.content, algorithm)


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
    held: Sequence[Draft],
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
    held: Sequence[Draft],
    state: RunState,
    progress: Progress,
    now: datetime,
) -> list[Sealed]:
    """The seals of all drafts, each with its report: the database copies the bytes itself."""
    head, known = queries.audit_head(session), units(session, run.level, run.period_end)
    due = working_calendar(session).add_working_days(now, scheme.sign_within_workdays).at
    seals, told = {}, {}
    for number, draft in enumerate(held, start=1):
        unit = known.get(draft.area_code)
        seals[draft.area_code] = _seal(run, draft, scheme.algorithm, head, now).value()
        told[draft.area_code] = unit.agency if unit else None
        if number % REPORT_EVERY == 0 or number == len(held):
            still(session, run, state)
            progress(number, len(held))
    rows = session.execute(
        _REPORTS,
        {
            "run": run.id,
            "revision": run.revision,
            "period_end": run.period_end,
            "algorithm": scheme.algorithm,
            "head": head,
            "at": now,
            "due": due,
            "areas": list(seals),
            "seals": list(seals.values()),
            "agencies": list(told.values()),
        },
    )
    ids = {area: report for report, area in rows}
    return [
        Sealed(draft, seals[draft.area_code], ids[draft.area_code], told[draft.area_code], due)
        for draft in held
    ]


def _seal(run: AssessmentRun, draft: Draft, algorithm: str, head: str, now: datetime) -> Seal:
    return Seal(
        run_id=run.id,
        area_code=draft.area_code,
        period_end=run.period_end.isoformat(),
        inputs=draft.inputs,
        content=draft.content,
        code_version=draft.code_version,
        audit_head=head,
        sealed_at=written(now),
        algorithm=algorithm,
    )


def _deliver(session: Session, run: AssessmentRun, sealed: Sequence[Sealed], now: datetime) -> None:
    """A notice into the inbox of each one's agency."""
    again = f"（第 {run.edition} 版，更正重发：{run.reason}）" if run.restates else ""
    told = [
        Told(
            one.agency,
            title=f"{issue(run)}定期评估已送达{again}",
            body=f"请于{last.month}月{last.day}日前签收。本报告不排名。",
            link=f"/assessments/reports/{one.report_id}",
            report_id=one.report_id,
        )
        for one in sealed
        if one.agency and (last := local(one.due))
    ]
    notify_all(session, told, kind="assessment", now=now)
