"""Reads of summaries, of who has not signed, and of what was told already."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, defer

from yuantou.agencies.models import Agency, AgencyKind
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.queries import newer_edition
from yuantou.assessments.units import COUNTY
from yuantou.notices.models import Notice
from yuantou.territory.models import Area


def sealed_runs(session: Session, limit: int = 240) -> Sequence[AssessmentRun]:
    """The runs over counties that have sealed reports in sight, the newest first."""
    sealed = select(AssessmentReport.id).where(AssessmentReport.run_id == AssessmentRun.id)
    return session.scalars(
        select(AssessmentRun)
        .where(sealed.exists(), AssessmentRun.level == COUNTY)
        .order_by(AssessmentRun.period_end.desc(), AssessmentRun.id.desc())
        .limit(limit)
    ).all()


def runs_of_year(session: Session, year: int, scheme: str) -> Sequence[AssessmentRun]:
    """The sealed runs over counties from January of a year, the furthest and the yearly first.

    What is a quarter or begins later says nothing of the year; the scheme of the year goes first.
    """
    sealed = select(AssessmentReport.id).where(AssessmentReport.run_id == AssessmentRun.id)
    return session.scalars(
        select(AssessmentRun)
        .where(sealed.exists(), AssessmentRun.level == COUNTY)
        .where(AssessmentRun.period_start == date(year, 1, 1))
        .where(AssessmentRun.period_end <= date(year, 12, 31))
        .order_by(
            AssessmentRun.period_end.desc(),
            (AssessmentRun.scheme == scheme).desc(),
            (AssessmentRun.kind == "yearly").desc(),
            AssessmentRun.id.desc(),
        )
    ).all()


def reports(session: Session, run_id: int) -> Sequence[AssessmentReport]:
    """The reports of a run by county, with their contents."""
    return session.scalars(
        select(AssessmentReport)
        .where(AssessmentReport.run_id == run_id)
        .order_by(AssessmentReport.area_code)
    ).all()


def seals(session: Session, run_id: int) -> list[str]:
    """The seals of a run's reports and summaries in sight."""
    found: list[str] = []
    for table in (AssessmentReport, AssessmentSummary):
        found += session.scalars(select(table.seal).where(table.run_id == run_id))
    return found


def summaries(session: Session, run_id: int) -> Sequence[AssessmentSummary]:
    """The summaries of a run in sight, the province's first."""
    return session.scalars(
        select(AssessmentSummary)
        .where(AssessmentSummary.run_id == run_id)
        .order_by(AssessmentSummary.area_path)
    ).all()


def unsigned(
    session: Session, *, run_id: int | None = None, after: datetime | None = None
) -> list[tuple[AssessmentReport, str]]:
    """Delivered reports that nobody signed for, with their agencies; `after`: due since then."""
    wanted: list[ColumnElement[bool]] = [
        AssessmentReport.delivered_to.is_not(None),
        AssessmentReport.received_at.is_(None),
    ]
    if run_id is not None:
        wanted.append(AssessmentReport.run_id == run_id)
    if after is not None:
        wanted.append(AssessmentReport.sign_by >= after)
    rows = session.execute(
        select(AssessmentReport, func.coalesce(Area.name, Agency.name))
        .join(Agency, Agency.id == AssessmentReport.delivered_to)
        .outerjoin(Area, Area.code == AssessmentReport.area_code)
        .where(*wanted)
        .options(defer(AssessmentReport.content), defer(AssessmentReport.inputs))
        .order_by(AssessmentReport.area_code, AssessmentReport.id)
    )
    return [(report, name) for report, name in rows]


def superseded(session: Session, report: AssessmentReport) -> bool:
    """Whether a later edition of the same report was sealed; a quarter is no edition of a month."""
    return newer_edition(session, report) is not None


def told(session: Session, kind: str, *, report_id: int | None = None, link: str = "") -> bool:
    """Whether a notice of the kind about a report, or with a link, was written. For the worker."""
    about = Notice.report_id == report_id if report_id else Notice.link == link
    return bool(
        session.scalar(select(select(Notice.id).where(Notice.kind == kind, about).exists()))
    )


def offices(session: Session) -> Sequence[int]:
    """The coordinating offices of the province."""
    return session.scalars(
        select(Agency.id).where(Agency.kind == AgencyKind.PROVINCE_COORDINATION, Agency.active)
    ).all()


def city_names(session: Session) -> Sequence[str]:
    """The cities of the land, by code."""
    return session.scalars(
        select(Area.name).where(Area.level == "city", Area.valid_to.is_(None)).order_by(Area.code)
    ).all()
