"""Summaries sealed with their run, and whether they still hold."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.delivery.summing import Part, summarise
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.sealing import Comparison, canonical, digest
from yuantou.assessments.versions import code_version
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.territory.models import Area

_CHAINED = text(
    "SELECT object_id, facts -> 'seals' FROM audit_event "
    "WHERE action = 'assessment:summarise' ORDER BY seq"
)


def seal_summaries(
    session: Session,
    run: AssessmentRun,
    *,
    now: datetime,
    fresh: Mapping[str, tuple[str, Part]] | None = None,
) -> list[AssessmentSummary]:
    """Step (worker): the summaries of the province and its cities for a sealed run, once.

    A run that seals some counties anew is summed with the newest earlier edition of the others.
    `fresh` holds by county the parts of reports just sealed, so that they are not read back.
    """
    just = fresh or {}
    others = reports_of(session, run, besides=list(just))
    areas = session.scalars(
        select(Area).where(Area.level.in_(("province", "city"))).order_by(Area.code)
    )
    known = set(
        session.scalars(
            select(AssessmentSummary.area_code).where(AssessmentSummary.run_id == run.id)
        )
    )
    parts = [*just.values(), *((each.area_path, _part(each)) for each in others)]
    head = queries.audit_head(session)
    made = [
        _sealed(run, area, below, head, now)
        for area in areas
        if area.code not in known
        and (below := [part for path, part in parts if path.startswith(area.path)])
    ]
    session.add_all(made)
    if made:
        record(
            session,
            action="assessment:summarise",
            object_type="assessment_run",
            object_id=run.id,
            account_id=None,
            facts={"seals": {each.area_code: each.seal for each in made}},
        )
    return made


def part_of(seal: str, path: str, inputs: bytes, content: bytes) -> tuple[str, Part]:
    """Where a report just sealed belongs, and what it says."""
    return path, Part(seal, json.loads(inputs), json.loads(content))


def reports_of(
    session: Session, run: AssessmentRun, besides: Collection[str] = ()
) -> Sequence[AssessmentReport]:
    """For each county, but those named, the newest sealed report of the run's kind and period up
    to its edition."""
    return session.scalars(
        select(AssessmentReport)
        .join(AssessmentRun, AssessmentRun.id == AssessmentReport.run_id)
        .where(AssessmentRun.scheme == run.scheme, AssessmentRun.period_end == run.period_end)
        .where(AssessmentRun.period_start == run.period_start, AssessmentRun.kind == run.kind)
        .where(AssessmentRun.edition <= run.edition, AssessmentReport.area_code.not_in(besides))
        .ext(distinct_on(AssessmentReport.area_code))
        .order_by(AssessmentReport.area_code, AssessmentRun.edition.desc())
    ).all()


def _sealed(
    run: AssessmentRun, area: Area, below: Sequence[Part], head: str, now: datetime
) -> AssessmentSummary:
    made = AssessmentSummary(
        run_id=run.id,
        area_code=area.code,
        area_path=area.path,
        period_end=run.period_end,
        content=content_of(run, area.code, area.name, area.level, below),
        algorithm=str(below[0].inputs["scheme"]["algorithm"]),
        code_version=code_version(),
        audit_head=head,
        sealed_at=now,
    )
    made.seal = seal_of(made)
    return made


def _part(kept: AssessmentReport) -> Part:
    return Part(kept.seal, json.loads(kept.inputs), json.loads(kept.content))


def content_of(
    run: AssessmentRun, code: str, name: str, level: str, below: Sequence[Part]
) -> bytes:
    """The summary of these reports in its one spelling."""
    area = {"code": code, "name": name, "level": level, "edition": run.edition}
    return canonical(summarise(area, below))


def seal_of(kept: AssessmentSummary) -> str:
    """The hash over everything that a summary's row says."""
    document = {
        "run": kept.run_id,
        "area": kept.area_code,
        "period_end": kept.period_end.isoformat(),
        "content": digest(bytes(kept.content), kept.algorithm),
        "code_version": kept.code_version,
        "audit_head": kept.audit_head,
        "sealed_at": local(kept.sealed_at).isoformat(timespec="microseconds"),
    }
    return digest(canonical(document), kept.algorithm)


def holds(session: Session, kept: AssessmentSummary, run: AssessmentRun) -> bool:
    """Whether the row is as it was sealed, and is the sum of the reports that it names."""
    return judge(session, kept, run) is Comparison.SAME


def judge(session: Session, kept: AssessmentSummary, run: AssessmentRun) -> Comparison:
    """The same, made by other code, or altered: by its own hash, and by summing up anew."""
    try:
        if seal_of(kept) != kept.seal:
            return Comparison.ALTERED
        same = _again(session, kept, run) == bytes(kept.content)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        same = False  # what cannot be summed up any more is not what was summed up then
    if same:
        return Comparison.SAME
    other = kept.code_version != code_version()
    return Comparison.CODE_DIFFERS if other else Comparison.ALTERED


def verified(session: Session) -> Iterator[tuple[AssessmentSummary, Comparison]]:
    """Every summary with what a look at it and at the audit chain finds. For the worker."""
    chained = _chained(session)
    rows = session.execute(
        select(AssessmentSummary, AssessmentRun)
        .join(AssessmentRun, AssessmentRun.id == AssessmentSummary.run_id)
        .order_by(AssessmentSummary.id)
    )
    for kept, run in rows:
        known = chained.get((kept.run_id, kept.area_code), set())
        yield kept, judge(session, kept, run) if kept.seal in known else Comparison.ALTERED


def missing(session: Session) -> list[tuple[int, str]]:
    """Run and area of the summaries that the audit chain names and that are gone."""
    held = session.execute(select(AssessmentSummary.run_id, AssessmentSummary.area_code))
    return sorted(_chained(session).keys() - {(run, area) for run, area in held})


def _chained(session: Session) -> dict[tuple[int, str], set[str]]:
    """The seals that the audit chain recorded, by run and area."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for run, seals in session.execute(_CHAINED):
        for area, seal in seals.items():
            found[int(run), area].add(seal)
    return found


def _again(session: Session, kept: AssessmentSummary, run: AssessmentRun) -> bytes:
    about = json.loads(kept.content)["about"]
    below = [
        _part(each)
        for each in reports_of(session, run)
        if each.area_path.startswith(kept.area_path)
    ]
    return content_of(run, kept.area_code, about["name"], about["level"], below)
