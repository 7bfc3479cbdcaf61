"""Courts' counts and matters for figures, written straight into the tables."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Database
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.disputes.models import Dispute
from yuantou.indicators.periods import months
from yuantou.indicators.rates import FILE_FIRST, regime_of
from yuantou.judiciary.models import CourtCount
from yuantou.limits.models import Deadline
from yuantou.mediation.models import Agreement
from yuantou.territory.models import Area, Court

AT = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
Count = Callable[..., None]
Matter = Callable[..., int]


@pytest.fixture
def worker(database: Database) -> Any:
    """A session as the worker, who keeps the figures."""
    with database.sessions("worker")() as session:
        yield session


@pytest.fixture
def count(owner: Session) -> Count:
    """`count("lingyuan-court", "2024-01", civil=100, …)`: one released month of a court."""

    def write(court_code: str, month: str, **values: Any) -> None:
        court = owner.get_one(Court, court_code)
        first = date.fromisoformat(f"{month}-01")
        owner.add(_count(owner, court, first, values))
        owner.commit()

    return write


@pytest.fixture
def counts(count: Count) -> Count:
    """`counts("lingyuan-court", "2024-01", "2024-05", …)`: the same for every month."""

    def write(court_code: str, first: str, last: str, **values: Any) -> None:
        for month in months(date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01")):
            count(court_code, f"{month:%Y-%m}", **values)

    return write


def _count(session: Session, court: Court, month: date, values: dict[str, Any]) -> CourtCount:
    file_first = regime_of(month) == FILE_FIRST
    newest = session.scalar(
        select(func.max(CourtCount.revision)).where(
            CourtCount.court_code == court.code, CourtCount.month == month
        )
    )
    row = {
        "civil_first_new": values.get("civil", 100),
        "admin_first_new": values.get("admin", 2),
        "first_mediation": values.get("started", 40 if file_first else None),
        "first_mediation_success": values.get("mediated", 20 if file_first else None),
        "prelit": values.get("prelit", None if file_first else 80),
        "prelit_success": values.get("before", None if file_first else 50),
        "basis": values.get("basis", "incl" if file_first else "none"),
        "regime": values.get("regime", regime_of(month)),
        "released_at": AT if values.get("released", True) else None,
    }
    return CourtCount(
        batch_id=1,
        court_code=court.code,
        counts_to_code=court.counts_to_code,
        counts_to_path=court.counts_to_path,
        month=month,
        revision=(newest or 0) + 1,
        withdrawn=None,
        dismissed=None,
        special_procedure=None,
        by_cause=None,
        by_township=None,
        attribution="A1",
        reason=None,
        content_hash="test",
        demo=False,
        **row,
    )


@pytest.fixture
def matter(owner: Session) -> Matter:
    """`matter("211382001", reported="2026-01-05", …)`: a dispute; returns its id."""
    reporter = owner.query(Account).filter_by(login="mei").one()
    agency = owner.query(Agency).filter_by(code="nanjie-committee").one()

    def write(area_code: str, **values: Any) -> int:
        dispute = _dispute(owner, owner.get_one(Area, area_code), agency, reporter, values)
        owner.add(dispute)
        owner.flush()
        owner.commit()
        return dispute.id

    return write


def moment(words: str | None) -> datetime | None:
    """Ten in the morning in Shanghai of a day."""
    return datetime.fromisoformat(f"{words}T02:00:00+00:00") if words else None


def _dispute(
    session: Session, area: Area, agency: Agency, reporter: Account, values: dict[str, Any]
) -> Dispute:
    number = session.scalar(select(func.nextval("dispute_id_seq")))
    reported = moment(values.get("reported", "2026-01-05"))
    ends = ("accepted", "concluded", "performed", "closed", "reopened")
    return Dispute(
        id=number,
        submission=f"s{number}",
        number=f"凌源〔2026〕第{number:06d}号",
        state=values.get("state", "closed" if values.get("closed") else "in_mediation"),
        title="邻里排水",
        summary="屋檐水",
        type=values.get("type", "neighborhood"),
        source="active_screening",
        place="村口",
        area_code=area.code,
        area_path=area.path,
        county_code=area.path.split("/")[2],
        occurred_on=date(2026, 1, 1),
        involved=2,
        flags=[],
        restricted=values.get("restricted", False),
        pressing=False,
        refused=False,
        returns=0,
        demo=False,
        reporting_agency_id=agency.id,
        reporter_id=reporter.id,
        handler_agency_id=agency.id,
        outcome=values.get("outcome"),
        reported_at=reported,
        updated_at=AT,
        **{f"{each}_at": moment(values.get(each)) for each in ends},
    )


@pytest.fixture
def agreement(owner: Session) -> Callable[..., None]:
    """`agreement(dispute, effective="2026-01-10", due="2026-02-10", amount=5000)`."""

    def write(dispute_id: int, **values: Any) -> None:
        owner.add(
            Agreement(
                dispute_id=dispute_id,
                form="oral",
                content="赔偿",
                amount=values.get("amount", 5_000),
                perform_mode=values.get("mode", "by_date"),
                due_on=date.fromisoformat(values["due"]) if values.get("due") else None,
                signature=None,
                effective_on=date.fromisoformat(values.get("effective", "2026-01-10")),
                superseded_at=AT if values.get("superseded") else None,
                written_by=1,
                written_at=AT,
            )
        )
        owner.commit()

    return write


@pytest.fixture
def deadline(owner: Session) -> Callable[..., None]:
    """`deadline(dispute, "finish", due="2026-02-04", met="2026-02-01")`."""

    def write(dispute_id: int, rule: str, **values: Any) -> None:
        dispute = owner.get_one(Dispute, dispute_id)
        due = moment(values["due"])
        assert due is not None
        owner.add(
            Deadline(
                dispute_id=dispute_id,
                county_code=dispute.county_code,
                area_path=dispute.area_path,
                agency_id=dispute.handler_agency_id,
                rule=rule,
                rule_version=1,
                started_at=due - timedelta(days=1),
                due_at=due,
                met_at=moment(values.get("met")),
                lapsed_at=moment(values.get("lapsed")),
                pauses=values.get("pauses", []),
                extensions=[],
            )
        )
        owner.commit()

    return write
