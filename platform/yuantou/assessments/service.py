"""Runs, receipts and targets: every write of the assessment."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.assessments import queries
from yuantou.assessments.models import AssessmentReport, AssessmentRun, SchemeVersion, Target
from yuantou.assessments.reckoning import report
from yuantou.assessments.runs.machine import RunKind, RunState
from yuantou.assessments.runs.preparing import Progress, open_run, prepare
from yuantou.assessments.runs.publishing import publish
from yuantou.assessments.scheme import Scheme, body, read
from yuantou.assessments.schemes.checks import refuse_unfit
from yuantou.assessments.schemes.choosing import DEFAULT
from yuantou.assessments.sealing import Comparison, Seal, canonical, compare, written
from yuantou.assessments.versions import code_version
from yuantou.audit.service import record
from yuantou.calendar.clock import now as clock_now
from yuantou.indicators.queries import definitions

_HEAD = re.compile(r"\d{1,18}:(?:[0-9a-f]{2})+")
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('assessment_run'))")


class AlreadyAssessed(RuntimeError):
    """The period has a sealed edition and no new one was asked for."""


class AlreadyReceived(RuntimeError):
    """The report was signed for before."""


class NotDelivered(RuntimeError):
    """The report was not delivered to the agency that would sign for it."""


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target as it is set."""

    indicator: str
    area_code: str
    year: int
    value: float
    direction: str
    set_by: str
    document: str
    set_on: date
    agency_id: int | None = None


def load_scheme(session: Session, path: Path) -> bool:
    """Step (owner): write the version of a file; True when it is new.

    A version that is there already with another body raises ValueError: give it a new number.
    Only a first version without points counts at once; two persons put all others in force.
    """
    made = read(path)
    refuse_unfit(made, definitions(session))
    kept = session.get(SchemeVersion, (made.code, made.version))
    if kept is None:
        at_once = not made.score and not queries.has_scheme(session, made.code)
        session.add(proposed(made, approved_at=clock_now() if at_once else None))
        session.flush()
        return True
    if kept.body != body(made):
        raise ValueError(f"{path}: 方案 {made.code} 第 {made.version} 版内容已变，请改用新的版本号")
    return False


def proposed(made: Scheme, *, approved_at: datetime | None = None) -> SchemeVersion:
    """The row of a version, in force or waiting."""
    return SchemeVersion(
        code=made.code,
        version=made.version,
        valid_from=made.valid_from,
        body=body(made),
        reason="",
        proposed_at=clock_now(),
        approved_at=approved_at,
    )


def assess(
    session: Session,
    *,
    period_end: date,
    due_at: datetime,
    scheme_code: str = DEFAULT,
    force: bool = False,
    progress: Progress = lambda done, whole: None,
    now: datetime | None = None,
) -> AssessmentRun:
    """Step (worker): prepare the year up to `period_end` and publish it at once, asking nobody.

    For set-up, demo data and tests; the office's runs go by preview and two approvals.
    Raises AlreadyAssessed unless `force` asks for a new edition, NothingToAssess without figures.
    """
    run = open_monthly(
        session, period_end=period_end, due_at=due_at, scheme_code=scheme_code, force=force
    )
    at = now or clock_now()
    prepare(session, run, now=at, progress=progress)
    return publish(session, run, now=at, progress=progress, state=RunState.PREVIEW)


def open_monthly(
    session: Session,
    *,
    period_end: date,
    due_at: datetime,
    scheme_code: str = DEFAULT,
    force: bool = False,
) -> AssessmentRun:
    """Step (worker): the run of a year up to a month, yet without drafts.

    Raises AlreadyAssessed where there is one, unless `force` asks for a new edition.
    """
    session.execute(_ONE_AT_A_TIME)
    before = queries.latest_run(session, scheme_code, period_end)
    if before and not force:
        raise AlreadyAssessed(
            f"{period_end:%Y年%m月}已有第 {before.edition} 版，需要新版请加 --force"
        )
    start = period_end.replace(month=1, day=1)
    return open_run(
        session,
        kind=RunKind.MONTHLY,
        start=start,
        end=period_end,
        due_at=due_at,
        scheme_code=scheme_code,
    )


def receive(session: Session, *, by: Viewer, report_id: int, now: datetime | None = None) -> None:
    """Sign for a report as the county government it was delivered to; once."""
    done = session.execute(
        update(AssessmentReport)
        .where(
            AssessmentReport.id == report_id,
            AssessmentReport.delivered_to == by.agency.id,
            AssessmentReport.received_at.is_(None),
        )
        .values(received_at=now or clock_now(), received_by=by.id)
        .returning(AssessmentReport.seal)
    ).scalar_one_or_none()
    if done is None:
        _explain_refusal(session, by, report_id)
    record(
        session,
        action="assessment:receive",
        object_type="assessment_report",
        object_id=report_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"seal": done},
    )
    session.commit()


def _explain_refusal(session: Session, by: Viewer, report_id: int) -> None:
    found = session.get(AssessmentReport, report_id)
    if found and found.delivered_to == by.agency.id:
        raise AlreadyReceived
    raise NotDelivered


def note_export(session: Session, *, by: Viewer, report_id: int, form: str) -> None:
    """Write down that a report was taken out as a file."""
    record(
        session,
        action="assessment:export",
        object_type="assessment_report",
        object_id=report_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"form": form},
    )
    session.commit()


def set_target(
    session: Session, *, by: Viewer, target: NewTarget, now: datetime | None = None
) -> Target:
    """Append a revision of a target; the one before stays."""
    path = queries.paths(session)[target.area_code]
    before = queries.last_revision(
        session, target.indicator, target.area_code, target.year, target.agency_id
    )
    made = Target(
        indicator=target.indicator,
        area_code=target.area_code,
        area_path=path,
        agency_id=target.agency_id,
        year=target.year,
        revision=before + 1,
        value=target.value,
        direction=target.direction,
        set_by=target.set_by,
        document=target.document,
        set_on=target.set_on,
        entered_by=by.id,
        entered_at=now or clock_now(),
        demo=False,
    )
    session.add(made)
    session.flush()
    record(
        session,
        action="target:set",
        object_type="target",
        object_id=made.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"indicator": made.indicator, "area": made.area_code, "revision": made.revision},
    )
    session.commit()
    return made


def verify(session: Session, kept: AssessmentReport) -> Comparison:
    """Judge a sealed report: same, made by other code, or altered. Writes nothing."""
    seal = Seal(
        run_id=kept.run_id,
        area_code=kept.area_code,
        period_end=kept.period_end.isoformat(),
        inputs=bytes(kept.inputs),
        content=bytes(kept.content),
        code_version=kept.code_version,
        audit_head=kept.audit_head,
        sealed_at=written(kept.sealed_at),
        algorithm=kept.algorithm,
    )
    return compare(
        sealed=seal,
        kept=kept.seal,
        chained=queries.chained_seal(session, kept) if _HEAD.fullmatch(kept.audit_head) else None,
        again=lambda inputs: canonical(report(inputs)),
        code_version=code_version(),
    )
