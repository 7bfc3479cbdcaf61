"""Reads of targets, runs and reports. Row-level security bounds them to the viewer's areas."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, text, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased, defer

from yuantou.agencies.models import Agency, AgencyKind
from yuantou.assessments.models import AssessmentReport, AssessmentRun, SchemeVersion, Target
from yuantou.assessments.periods import month_of
from yuantou.assessments.scheme import Scheme, scheme
from yuantou.assessments.units import DEPARTMENTS
from yuantou.calendar.clock import local
from yuantou.database.paging import Sheet
from yuantou.database.schedule import JobRun
from yuantou.judiciary.models import CourtCount
from yuantou.territory.models import Area, Court

BLOCK = 100
_MISSING = text("""
    SELECT e.object_id AS run, s.area
    FROM audit_event e CROSS JOIN LATERAL jsonb_object_keys(e.facts -> 'seals') AS s(area)
    WHERE e.action = 'assessment:seal' AND NOT EXISTS (
      SELECT 1 FROM assessment_report r
      WHERE r.run_id::text = e.object_id AND r.area_code = s.area)
    ORDER BY e.seq, s.area""")


class SchemeUnknown(LookupError):
    """No version of the scheme is in force."""


@dataclass(frozen=True, slots=True)
class CountyRow:
    """One county in the list of a period, its report if there is one."""

    area: Area
    report: AssessmentReport | None


@dataclass(frozen=True, slots=True)
class MissingReport:
    """A report that the audit chain names as sealed and that is no longer there."""

    run: str
    area_code: str


def scheme_in_force(session: Session, code: str, on: date) -> Scheme:
    """The newest version in force on a day; SchemeUnknown where there is none."""
    row = session.scalars(
        select(SchemeVersion)
        .where(SchemeVersion.code == code, SchemeVersion.valid_from <= on)
        .where(SchemeVersion.approved_at.is_not(None))
        .order_by(SchemeVersion.valid_from.desc(), SchemeVersion.version.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise SchemeUnknown(f"没有在 {on} 生效的方案：{code}(请先载入配置)")
    return scheme(row.body)


def has_scheme(session: Session, code: str) -> bool:
    """Whether any version of the scheme is known."""
    found = select(SchemeVersion.code).where(SchemeVersion.code == code)
    return bool(session.scalar(select(found.exists())))


def latest_run(session: Session, code: str, period_end: date) -> AssessmentRun | None:
    """The newest monthly edition of a period that was not cancelled."""
    return session.scalars(
        select(AssessmentRun)
        .where(
            AssessmentRun.scheme == code,
            AssessmentRun.kind == "monthly",
            AssessmentRun.period_end == period_end,
            AssessmentRun.state != "cancelled",
        )
        .order_by(AssessmentRun.edition.desc())
        .limit(1)
    ).one_or_none()


def last_edition(session: Session, code: str, kind: str, start: date, end: date) -> int:
    """The number of the last edition of a period, 0 where there was none."""
    found = session.scalar(
        select(func.max(AssessmentRun.edition)).where(
            AssessmentRun.scheme == code,
            AssessmentRun.kind == kind,
            AssessmentRun.period_start == start,
            AssessmentRun.period_end == end,
        )
    )
    return found or 0


def targets_in_force(session: Session, year: int) -> dict[str, list[Target]]:
    """The last revision of every target of a year, by area; departments have their own."""
    rows = session.scalars(
        select(Target)
        .where(Target.year == year, Target.agency_id.is_(None))
        .ext(distinct_on(Target.area_code, Target.indicator))
        .order_by(Target.area_code, Target.indicator, Target.revision.desc())
    )
    found: dict[str, list[Target]] = defaultdict(list)
    for row in rows:
        found[row.area_code].append(row)
    return found


def agency_targets(session: Session, year: int) -> dict[int, list[Target]]:
    """The last revision of every target of a department in a year, by its agency."""
    rows = session.scalars(
        select(Target)
        .where(Target.year == year, Target.agency_id.is_not(None))
        .ext(distinct_on(Target.agency_id, Target.area_code, Target.indicator))
        .order_by(Target.agency_id, Target.area_code, Target.indicator, Target.revision.desc())
    )
    found: dict[int, list[Target]] = defaultdict(list)
    for row in rows:
        found[row.agency_id or 0].append(row)
    return found


@dataclass(frozen=True, slots=True)
class TargetPage:
    """A page of target revisions, each with whether it is the one in force."""

    rows: Sequence[tuple[Target, bool]]
    sheet: Sheet


def target_page(
    session: Session, year: int, *, area_code: str = "", indicator: str = "", page: int = 1
) -> TargetPage:
    """Revisions of a year's targets by area and indicator, the newest first."""
    wanted = [Target.year == year]
    if area_code:
        wanted.append(Target.area_code == area_code)
    if indicator:
        wanted.append(Target.indicator == indicator)
    count = session.scalar(select(func.count()).select_from(Target).where(*wanted)) or 0
    sheet = Sheet.of(count, page)
    newest = func.max(Target.revision).over(
        partition_by=(Target.area_code, Target.agency_id, Target.indicator)
    )
    rows = session.execute(
        select(Target, newest == Target.revision)
        .where(*wanted)
        .order_by(Target.area_path, Target.agency_id, Target.indicator, Target.revision.desc())
        .limit(sheet.size)
        .offset(sheet.start)
    )
    return TargetPage([(target, current) for target, current in rows], sheet)


def revised_counts(session: Session, start: date, end: date) -> dict[str, list[dict[str, str]]]:
    """Released corrections of the period's counts by the area they count to."""
    rows = session.execute(
        select(CourtCount, Court.name)
        .join(Court, Court.code == CourtCount.court_code)
        .where(CourtCount.month.between(start, end), CourtCount.revision > 1)
        .where(CourtCount.released_at.is_not(None))
        .ext(distinct_on(CourtCount.court_code, CourtCount.month))
        .order_by(CourtCount.court_code, CourtCount.month, CourtCount.revision.desc())
    )
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for count, court in rows:
        at = local(count.released_at).date().isoformat() if count.released_at else ""
        found[count.counts_to_code].append(
            {"court": court, "month": month_of(count.month), "at": at}
        )
    return found


def townships(session: Session) -> dict[str, tuple[str, str]]:
    """Name and county of every township."""
    rows = session.execute(
        select(Area.code, Area.short_name, Area.parent_code).where(Area.level == "township")
    )
    return {code: (name, parent or "") for code, name, parent in rows}


def province_office(session: Session) -> int | None:
    """The agency of the province's office, which answers objections."""
    return session.scalar(
        select(Agency.id)
        .where(Agency.kind == AgencyKind.PROVINCE_COORDINATION, Agency.active)
        .order_by(Agency.id)
        .limit(1)
    )


def audit_head(session: Session) -> str:
    """Place and hash of the last audit row, as it is printed into a seal."""
    seq, link = session.execute(text("SELECT seq, hash FROM audit_head WHERE id = 1")).one()
    return f"{seq}:{bytes(link).hex()}"


def chained_seal(session: Session, report: AssessmentReport) -> str | None:
    """The hash that the audit chain recorded when the report was sealed."""
    place, _, link = report.audit_head.partition(":")
    found: str | None = session.execute(
        text("SELECT sealed_in_chain(:place, decode(:link, 'hex'), :run, :area)"),
        {"place": int(place), "link": link, "run": str(report.run_id), "area": report.area_code},
    ).scalar_one()
    return found


def find_report(session: Session, report_id: int) -> tuple[AssessmentReport, AssessmentRun] | None:
    """A report with its run, None when the viewer may not see it or there is none."""
    row = session.execute(
        select(AssessmentReport, AssessmentRun)
        .join(AssessmentRun, AssessmentRun.id == AssessmentReport.run_id)
        .where(AssessmentReport.id == report_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def sealed_reports(session: Session, report_id: int | None = None) -> Iterator[AssessmentReport]:
    """All reports, or one, in their order, held one block at a time."""
    chosen = select(AssessmentReport).order_by(AssessmentReport.id)
    if report_id is not None:
        chosen = chosen.where(AssessmentReport.id == report_id)
    yield from session.scalars(chosen.execution_options(yield_per=BLOCK))


def missing_reports(session: Session) -> list[MissingReport]:
    """What was sealed by the word of the audit chain and is gone. For the worker, who reads it."""
    return [MissingReport(run, area) for run, area in session.execute(_MISSING)]


def newer_edition(session: Session, report: AssessmentReport) -> int | None:
    """The id of a later report of the same unit by the same scheme, of its kind and period."""
    own, other = aliased(AssessmentRun), aliased(AssessmentRun)
    return session.scalar(
        select(func.max(AssessmentReport.id))
        .join(other, other.id == AssessmentReport.run_id)
        .join(own, own.id == report.run_id)
        .where(
            AssessmentReport.area_code == report.area_code,
            AssessmentReport.id > report.id,
            (other.scheme == own.scheme) & (other.kind == own.kind),
            other.period_start == own.period_start,
            other.period_end == own.period_end,
        )
    )


def reports_of(
    session: Session, area_code: str, agency_id: int
) -> list[tuple[AssessmentReport, AssessmentRun]]:
    """The reports of one area or sent to one agency, the newest first, without their contents."""
    rows = session.execute(
        select(AssessmentReport, AssessmentRun)
        .join(AssessmentRun, AssessmentRun.id == AssessmentReport.run_id)
        .where(
            or_(
                AssessmentReport.area_code == area_code,
                AssessmentReport.delivered_to == agency_id,
            )
        )
        .options(defer(AssessmentReport.content), defer(AssessmentReport.inputs))
        .order_by(AssessmentReport.period_end.desc(), AssessmentRun.edition.desc())
    )
    return [(report, run) for report, run in rows]


def runs(
    session: Session, limit: int = 240, *, published: bool = False, level: str | None = None
) -> Sequence[AssessmentRun]:
    """The runs, the newest first; of those that were published, or all; of a level, or of all."""
    return session.scalars(
        select(AssessmentRun)
        .where(AssessmentRun.state == "done" if published else true())
        .where(AssessmentRun.level == level if level else true())
        .order_by(AssessmentRun.period_end.desc(), AssessmentRun.id.desc())
        .limit(limit)
    ).all()


def counties(session: Session, run: AssessmentRun, under: str) -> list[CountyRow]:
    """The counties at and below a path, by code, with their reports of `run`."""
    reports = {
        report.area_code: report
        for report in session.scalars(
            select(AssessmentReport)
            .where(AssessmentReport.run_id == run.id)
            .options(defer(AssessmentReport.content), defer(AssessmentReport.inputs))
        )
    }
    areas = session.scalars(
        select(Area)
        .where(Area.level == "county", Area.path.startswith(under, autoescape=True))
        .where(Area.code.in_(run.areas) if run.areas else true())
        .where(Area.valid_to.is_(None) | (Area.valid_to > run.period_end))
        .order_by(Area.code)
    )
    return [CountyRow(area, reports.get(area.code)) for area in areas]


def job_runs(session: Session, job: str, limit: int = 24) -> Sequence[JobRun]:
    """The runs of one job, the newest first."""
    return session.scalars(
        select(JobRun).where(JobRun.job == job).order_by(JobRun.due.desc()).limit(limit)
    ).all()


def last_runs(session: Session) -> Sequence[JobRun]:
    """The last run of every job."""
    return session.scalars(
        select(JobRun).ext(distinct_on(JobRun.job)).order_by(JobRun.job, JobRun.due.desc())
    ).all()


def areas_to_aim(session: Session, under: str) -> Sequence[Area]:
    """The areas that can be given a target."""
    return session.scalars(
        select(Area)
        .where(Area.level.in_(("province", "city", "county")))
        .where(Area.path.startswith(under, autoescape=True))
        .order_by(Area.path)
    ).all()


def departments(session: Session, under: str) -> Sequence[Agency]:
    """The departments at and below a path that can be given a target."""
    return session.scalars(
        select(Agency)
        .where(Agency.kind.in_(DEPARTMENTS), Agency.active)
        .where(Agency.area_path.startswith(under, autoescape=True))
        .order_by(Agency.area_path, Agency.id)
    ).all()


def report_ids(session: Session, run_id: int) -> dict[str, int]:
    """The reports of a run by county."""
    rows = session.execute(
        select(AssessmentReport.area_code, AssessmentReport.id).where(
            AssessmentReport.run_id == run_id
        )
    )
    return {area: report for area, report in rows}  # noqa: C416 — typed rows


def paths(session: Session) -> dict[str, str]:
    """The path of every area."""
    rows = session.execute(select(Area.code, Area.path))
    return {code: path for code, path in rows}  # noqa: C416 — typed rows


def is_demo(session: Session) -> bool:
    """Whether the installation holds demo data."""
    return bool(session.scalar(select(select(Agency.id).where(Agency.demo).exists())))


def last_revision(
    session: Session, indicator: str, area_code: str, year: int, agency_id: int | None = None
) -> int:
    """The number of the last revision of a target, 0 where none was set."""
    found = session.scalar(
        select(func.max(Target.revision)).where(
            Target.indicator == indicator,
            Target.area_code == area_code,
            Target.agency_id.is_not_distinct_from(agency_id),
            Target.year == year,
        )
    )
    return found or 0


def area_labels(session: Session, codes: Collection[str] | None = None) -> dict[str, str]:
    """The names of the areas, or of some."""
    asked = select(Area.code, Area.name)
    rows = session.execute(asked if codes is None else asked.where(Area.code.in_(codes)))
    return {code: name for code, name in rows}  # noqa: C416 — typed rows
