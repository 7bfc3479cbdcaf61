"""Four years of counts for the small land, and a run of October 2026."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import create_engine, delete, insert
from sqlalchemy.orm import Session

from tests.cast import CITY, HEPING, KAZUO, LINGYUAN, PROVINCE, SHENYANG
from tests.conftest import Database
from yuantou.assessments import receivers as _loads_schemes  # noqa: F401
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.service import assess
from yuantou.calendar.clock import ZONE
from yuantou.database.connections import ROOT
from yuantou.database.embedded import EmbeddedServer
from yuantou.database.roles import OWNER, WORKER
from yuantou.database.session import make_engine, make_sessions
from yuantou.indicators.keeping import keep_stale
from yuantou.indicators.loading import load_config
from yuantou.indicators.models import FigureLine
from yuantou.indicators.periods import months
from yuantou.indicators.rates import regime_of
from yuantou.judiciary.models import CourtCount
from yuantou.territory.models import Area, Court

FIRST, LAST = date(2023, 1, 1), date(2026, 10, 1)
OCTOBER = date(2026, 10, 31)
NOON = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
SHARES = ("I06", "I07", "I08", "I09", "I10")
MONTHLY = {"lingyuan-court": 320, "kazuo-court": 240, "heping-court": 500}


@pytest.fixture(scope="session")
def template(server: EmbeddedServer, template: str) -> str:
    """The small land with definitions, scheme, and counts without a gap, copied for each test."""
    name = f"{template}_counted"
    administration = create_engine(server.url(OWNER), isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    administration.dispose()
    for role, fill in ((OWNER, _fill), (WORKER, lambda session: keep_stale(session, now=NOON))):
        engine = make_engine(server.url(role, name))
        with make_sessions(engine)() as session:
            fill(session)
            session.commit()
        engine.dispose()
    return name


@pytest.fixture
def worker(database: Database) -> Iterator[Session]:
    """A session as the worker, who runs the assessment."""
    with database.sessions("worker")() as session:
        yield session


def _fill(owner: Session) -> None:
    load_config(owner, ROOT / "config", LAST)
    spans = list(months(FIRST, LAST))
    counts = [_count(owner, court, month) for court in MONTHLY for month in spans]
    owner.execute(insert(CourtCount), counts)
    areas = (LINGYUAN, KAZUO, HEPING, CITY, SHENYANG, PROVINCE)
    owner.execute(
        insert(FigureLine), [_line(owner, area, code, spans) for area in areas for code in SHARES]
    )


@pytest.fixture
def without_counts(owner: Session) -> Callable[[str, date], None]:
    """`without_counts("lingyuan-court", date(2026, 9, 1))` takes a month away."""

    def take(court: str, month: date) -> None:
        owner.execute(
            delete(CourtCount).where(CourtCount.court_code == court, CourtCount.month == month)
        )
        owner.connection().exec_driver_sql(
            "INSERT INTO stale_area (kind, area_code, at) SELECT 'counts', counts_to_code, now() "
            "FROM court WHERE code = %s",
            (court,),
        )
        owner.commit()

    return take


@pytest.fixture
def run(worker: Session) -> AssessmentRun:
    """October 2026, sealed and delivered."""
    made = assess(worker, period_end=OCTOBER, due_at=NOON, now=NOON)
    worker.commit()
    return made


@pytest.fixture
def lingyuan(owner: Session, run: AssessmentRun) -> AssessmentReport:
    """Lingyuan's report of the run."""
    return report_of(owner, LINGYUAN)


def report_of(session: Session, area: str) -> AssessmentReport:
    """The last report of an area."""
    session.expire_all()
    reports = session.query(AssessmentReport).filter_by(area_code=area)
    return reports.order_by(AssessmentReport.id.desc()).limit(1).one()


def _count(session: Session, court_code: str, month: date) -> dict[str, object]:
    court = session.get_one(Court, court_code)
    regime = regime_of(month)
    new = month.year >= 2025
    usual = MONTHLY[court_code] + (month.month % 3) * 12
    return {
        "batch_id": 1,
        "court_code": court.code,
        "counts_to_code": court.counts_to_code,
        "counts_to_path": court.counts_to_path,
        "month": month,
        "revision": 1,
        "regime": regime,
        "basis": "incl" if new else "none",
        "civil_first_new": usual if new else usual * 2 // 3,
        "admin_first_new": 3,
        "first_mediation": 80 if new else None,
        "first_mediation_success": 50 if new else None,
        "prelit": None if new else 90,
        "prelit_success": None if new else 60,
        "attribution": "A1",
        "content_hash": "test",
        "released_at": NOON,
        "demo": False,
    }


def _line(session: Session, area: str, code: str, months: list[date]) -> dict[str, object]:
    found = session.get_one(Area, area)
    return {
        "indicator": code,
        "area_code": area,
        "level": found.level,
        "area_path": found.path,
        "months": months,
        "versions": [1] * len(months),
        "numerators": [88] * len(months),
        "denominators": [100] * len(months),
        "computed_at": NOON,
    }
