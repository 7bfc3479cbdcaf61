"""Runs, receipts and targets: every write of the assessment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.assessments import queries
from yuantou.assessments.gathering import gather
from yuantou.assessments.models import AssessmentReport, AssessmentRun, SchemeVersion, Target
from yuantou.assessments.reckoning import report
from yuantou.assessments.scheme import Scheme, body, read
from yuantou.assessments.schemes.checks import refuse_unfit
from yuantou.assessments.sealing import Comparison, Seal, canonical, compare
from yuantou.assessments.versions import code_version
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.calendar.clock import now as clock_now
from yuantou.disputes.service import working_calendar
from yuantou.indicators.keeping import keep_stale
from yuantou.indicators.queries import definitions
from yuantou.notices.service import notify

Progress = Callable[[int, int], None]
SCHEME = "example"
REPORT_EVERY = 10
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('assessment_run'))")


class NothingToAssess(RuntimeError):
    """No county has a single figure: a run without result must not look done."""


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
    scheme_code: str = SCHEME,
    force: bool = False,
    progress: Progress = lambda done, whole: None,
    now: datetime | None = None,
) -> AssessmentRun:
    """Step (worker): assess all counties for the year up to `period_end`, seal and deliver.

    Raises AlreadyAssessed unless `force` asks for a new edition, NothingToAssess without figures.
    """
    now = now or clock_now()
    session.execute(_ONE_AT_A_TIME)
    scheme = queries.scheme_in_force(session, scheme_code, period_end)
    before = queries.latest_run(session, scheme_code, period_end)
    if before and not force:
        raise AlreadyAssessed(
            f"{period_end:%Y年%m月}已有第 {before.edition} 版，需要新版请加 --force"
        )
    keep_stale(session, now=now)
    run = _open_run(session, scheme, period_end, due_at, before.edition + 1 if before else 1, now)
    inputs = gather(session, run, scheme)
    _refuse_empty(inputs)
    sealed = _seal_all(session, run, scheme, inputs, progress, now)
    _deliver(session, run, sealed, now)
    run.state, run.ended_at, run.done = "done", clock_now(), len(sealed)
    record(
        session,
        action="assessment:seal",
        object_type="assessment_run",
        object_id=run.id,
        account_id=None,
        facts={"seals": {row["area_code"]: row["seal"] for row in sealed}},
    )
    return run


def _open_run(
    session: Session,
    scheme: Scheme,
    period_end: date,
    due_at: datetime,
    edition: int,
    now: datetime,
) -> AssessmentRun:
    run = AssessmentRun(
        scheme=scheme.code,
        scheme_version=scheme.version,
        period_start=period_end.replace(month=1, day=1),
        period_end=period_end,
        edition=edition,
        state="running",
        due_at=due_at,
        started_at=now,
        ended_at=None,
        counties=0,
        done=0,
        error=None,
        demo=queries.is_demo(session),
    )
    session.add(run)
    session.flush()
    return run


def _refuse_empty(inputs: Mapping[str, Mapping[str, Any]]) -> None:
    figures = (each for one in inputs.values() for each in one["figures"].values())
    if all(each["missing"] for each in figures):
        raise NothingToAssess(
            "没有任何县区有可用的指标数字：请先填报司法数据或登记纠纷，再重新运行"
        )


def _seal_all(
    session: Session,
    run: AssessmentRun,
    scheme: Scheme,
    inputs: Mapping[str, Mapping[str, Any]],
    progress: Progress,
    now: datetime,
) -> list[dict[str, Any]]:
    head, version = queries.audit_head(session), code_version()
    agencies = queries.governments(session)
    paths = queries.paths(session)
    due = working_calendar(session).add_working_days(now, scheme.sign_within_workdays).at
    run.counties = len(inputs)
    sealed = []
    for number, (area, one) in enumerate(inputs.items(), start=1):
        seal = Seal(
            run_id=run.id,
            area_code=area,
            period_end=run.period_end.isoformat(),
            inputs=canonical(one),
            content=canonical(report(one)),
            code_version=version,
            audit_head=head,
            sealed_at=written(now),
            algorithm=scheme.algorithm,
        )
        sealed.append(_row(run, seal, paths[area], agencies.get(area), due, now))
        if number % REPORT_EVERY == 0:
            progress(number, len(inputs))
    session.execute(insert(AssessmentReport), sealed)
    progress(len(inputs), len(inputs))
    return sealed


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
    session: Session, run: AssessmentRun, sealed: list[dict[str, Any]], now: datetime
) -> None:
    """A notice into the inbox of each county's government."""
    ids = queries.report_ids(session, run.id)
    for row in sealed:
        if row["delivered_to"]:
            report_id = ids[row["area_code"]]
            last = local(row["sign_by"])
            notify(
                session,
                agency_id=row["delivered_to"],
                kind="assessment",
                title=f"{run.period_end.year}年第{run.period_end.month}期定期评估已送达",
                body=f"请于{last.month}月{last.day}日前签收。本报告不排名。",
                link=f"/assessments/reports/{report_id}",
                report_id=report_id,
                now=now,
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
    before = queries.last_revision(session, target.indicator, target.area_code, target.year)
    made = Target(
        indicator=target.indicator,
        area_code=target.area_code,
        area_path=path,
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
        chained=queries.chained_seal(session, kept),
        again=lambda inputs: canonical(report(inputs)),
        code_version=code_version(),
    )


def written(moment: datetime) -> str:
    """A moment as it goes into a seal."""
    return local(moment).isoformat(timespec="microseconds")
