"""Reads of runs, drafts and acts. Row-level security bounds drafts to the viewer's areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, NamedTuple

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session, defer

from yuantou.accounts.models import Account
from yuantou.assessments.models import AssessmentRun, SchemeVersion
from yuantou.assessments.objections.queries import unapplied, undecided
from yuantou.assessments.runs.machine import WORK, RunState, Standing
from yuantou.assessments.runs.models import AssessmentDraft, RunAct
from yuantou.assessments.scheme import Scheme, scheme
from yuantou.database.binary import read_binary
from yuantou.database.paging import Sheet
from yuantou.database.schedule import JobRun

JOB = "assessments.runs"
_MEMBERS_MARK = text("""
    SELECT encode(sha256(string_agg(
      convert_to(area_code || '/' || code || '/' || number || '/', 'UTF8') || sha256(members), ''
      ORDER BY area_code COLLATE "C", code COLLATE "C")), 'hex')
    FROM sealed_member WHERE run_id = :run""")


_DRAFTS: LiteralString = """
    SELECT area_code, area_path, inputs, content, digest, code_version
    FROM assessment_draft WHERE run_id = %(run)s AND revision = %(revision)s ORDER BY area_code"""


class Draft(NamedTuple):
    """One unit's draft as it was frozen."""

    area_code: str
    area_path: str
    inputs: bytes
    content: bytes
    digest: str
    code_version: str


@dataclass(frozen=True, slots=True)
class Act:
    """One act with the name of who did it; the program has none."""

    act: RunAct
    name: str | None


def scheme_of(session: Session, run: AssessmentRun) -> Scheme:
    """The version that the run was opened by: one that came later does not change its rules."""
    return scheme(session.get_one(SchemeVersion, (run.scheme, run.scheme_version)).body)


def drafts(session: Session, run: AssessmentRun) -> list[Draft]:
    """The drafts of the newest revision, by county."""
    rows = read_binary(session, _DRAFTS, {"run": run.id, "revision": run.revision})
    return [Draft(*row) for row in rows]


def digests(session: Session, run: AssessmentRun) -> dict[str, str]:
    """The hashes of the newest revision's drafts, by county."""
    rows = session.execute(
        select(AssessmentDraft.area_code, AssessmentDraft.digest).where(
            AssessmentDraft.run_id == run.id, AssessmentDraft.revision == run.revision
        )
    )
    return {area: mark for area, mark in rows}  # noqa: C416 — typed rows


def draft_of(session: Session, run: AssessmentRun, area_code: str) -> AssessmentDraft | None:
    """One county's newest draft, None when there is none or the viewer may not see it."""
    return session.get(AssessmentDraft, (run.id, area_code, run.revision))


def drafted(session: Session, run: AssessmentRun) -> dict[str, datetime]:
    """The counties of the newest revision that the viewer may see, and when each was prepared."""
    rows = session.execute(
        select(AssessmentDraft.area_code, AssessmentDraft.prepared_at).where(
            AssessmentDraft.run_id == run.id, AssessmentDraft.revision == run.revision
        )
    )
    return {area: at for area, at in rows}  # noqa: C416 — typed rows


def draft_number(session: Session, run: AssessmentRun, under: str) -> int:
    """How many drafts of the newest revision are in sight at and below a path."""
    return session.scalar(select(func.count()).where(*_newest(run, under))) or 0


def drafts_listed(session: Session, run: AssessmentRun, under: str, sheet: Sheet) -> Sequence[str]:
    """A page of the units of these drafts, by place."""
    return session.scalars(
        select(AssessmentDraft.area_code)
        .where(*_newest(run, under))
        .order_by(AssessmentDraft.area_path, AssessmentDraft.area_code)
        .limit(sheet.size)
        .offset(sheet.start)
    ).all()


def _newest(run: AssessmentRun, under: str) -> tuple[ColumnElement[bool], ...]:
    return (
        AssessmentDraft.run_id == run.id,
        AssessmentDraft.revision == run.revision,
        AssessmentDraft.area_path.startswith(under, autoescape=True),
    )


def previews_of(
    session: Session, codes: Sequence[str]
) -> list[tuple[AssessmentDraft, AssessmentRun]]:
    """The drafts of some units that stand in preview, without their contents."""
    rows = session.execute(
        select(AssessmentDraft, AssessmentRun)
        .join(AssessmentRun, AssessmentRun.id == AssessmentDraft.run_id)
        .where(
            AssessmentDraft.area_code.in_(codes),
            AssessmentDraft.revision == AssessmentRun.revision,
            AssessmentRun.state.in_((RunState.PREVIEW, RunState.APPROVED)),
        )
        .options(defer(AssessmentDraft.content), defer(AssessmentDraft.inputs))
        .order_by(AssessmentRun.period_end.desc(), AssessmentRun.id.desc())
    )
    return [(draft, run) for draft, run in rows]


def approvals(session: Session, run: AssessmentRun) -> Sequence[RunAct]:
    """Who approved the newest revision with the drafts that now stand."""
    return session.scalars(
        select(RunAct)
        .where(
            RunAct.run_id == run.id,
            RunAct.revision == run.revision,
            RunAct.action == "approve",
            RunAct.fingerprint == run.fingerprint,
        )
        .order_by(RunAct.id)
    ).all()


def members_mark(session: Session, run_id: int) -> str | None:
    """One hash over the kept lists of matters of a run, reckoned where they lie; None of none."""
    found: str | None = session.scalar(_MEMBERS_MARK, {"run": run_id})
    return found


def acts(session: Session, run_id: int) -> list[Act]:
    """The history of a run, the newest first."""
    rows = session.execute(
        select(RunAct, Account.display_name)
        .outerjoin(Account, Account.id == RunAct.by_id)
        .where(RunAct.run_id == run_id)
        .order_by(RunAct.id.desc())
    )
    return [Act(act, name) for act, name in rows]


def called_off(session: Session, run: AssessmentRun) -> str:
    """Why a run was cancelled; empty where it was not."""
    if run.state != RunState.CANCELLED:
        return ""
    asked = select(RunAct.note).where(RunAct.run_id == run.id, RunAct.action == "cancel")
    return session.scalar(asked.limit(1)) or ""


def standing(session: Session, run: AssessmentRun, now: datetime) -> Standing:
    """All that an act on the run is judged by."""
    return Standing(
        state=RunState(run.state),
        now=now,
        preview_until=run.preview_until,
        undecided=undecided(session, run.id),
        unapplied=unapplied(session, run.id, run.prepared_at),
        approvals=frozenset(each.by_id for each in approvals(session, run) if each.by_id),
    )


def next_work(session: Session) -> AssessmentRun | None:
    """The run that the worker has to go on with: the oldest that waits."""
    return session.scalars(
        select(AssessmentRun)
        .where(AssessmentRun.state.in_(WORK))
        .order_by(AssessmentRun.id)
        .limit(1)
    ).one_or_none()


def ending(session: Session, after: datetime, before: datetime) -> Sequence[AssessmentRun]:
    """The runs in preview whose correction window ends between two moments."""
    return session.scalars(
        select(AssessmentRun)
        .where(
            AssessmentRun.state == RunState.PREVIEW,
            AssessmentRun.preview_until > after,
            AssessmentRun.preview_until <= before,
        )
        .order_by(AssessmentRun.id)
    ).all()


def progress_of(session: Session, run: AssessmentRun) -> dict[str, object] | None:
    """How far the worker is with this very run, None when it is not at it."""
    waiting = next_work(session)
    if waiting is None or waiting.id != run.id:
        return None
    return session.scalar(
        select(JobRun.progress)
        .where(JobRun.job == JOB, JobRun.state == "running")
        .order_by(JobRun.due.desc())
        .limit(1)
    )


def page_of(session: Session, page: int) -> tuple[Sequence[AssessmentRun], Sheet]:
    """A page of all runs, the newest first."""
    sheet = Sheet.of(session.scalar(select(func.count()).select_from(AssessmentRun)) or 0, page)
    rows = session.scalars(
        select(AssessmentRun)
        .order_by(AssessmentRun.period_end.desc(), AssessmentRun.id.desc())
        .limit(sheet.size)
        .offset(sheet.start)
    ).all()
    return rows, sheet


def in_preview(session: Session) -> int:
    """How many runs stand in preview or are being worked on."""
    states = (RunState.PREPARING, RunState.PREVIEW, RunState.APPROVED)
    found = session.scalar(
        select(func.count()).select_from(AssessmentRun).where(AssessmentRun.state.in_(states))
    )
    return found or 0
