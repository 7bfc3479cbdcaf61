"""A quarter in the database: the worker asks once, about units, with ids alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NANJIE
from tests.conftest import Database
from tests.indicators.conftest import Matter, matter
from yuantou.agencies.models import Agency
from yuantou.disputes.models import Dispute
from yuantou.indicators.integrity.asking import Terms, ask
from yuantou.indicators.integrity.gathering import quarter_due, read
from yuantou.indicators.integrity.models import IntegrityQuestion, IntegrityRound
from yuantou.limits.models import Deadline
from yuantou.mediation.models import MediationRecord
from yuantou.notices.models import Notice

__all__ = ["matter"]
NOW = datetime(2026, 8, 6, 1, 0, tzinfo=UTC)
QUARTER = date(2026, 4, 1)
TERMS = Terms(0.05, 10, (999, 9_999))


@pytest.fixture
def units(owner: Session) -> list[Agency]:
    """Nine committees beside the cast's."""
    area = owner.query(Agency).filter_by(code="nanjie-committee").one()
    made = [
        Agency(code=f"c{k}", name=f"第{k}调委会", kind="committee", area_code=NANJIE,
               area_path=area.area_path, parent_id=None, court_code=None, active=True,
               demo=False, created_at=NOW)
        for k in range(9)
    ]  # fmt: skip
    owner.add_all(made)
    owner.commit()
    return made


@pytest.fixture
def quarter(owner: Session, units: list[Agency], matter: Matter) -> int:
    """Twelve limits of each committee met in good time; those of the last on the last day."""
    start = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
    for unit in units:
        for k in range(12):
            number = matter(NANJIE, reported="2026-05-04", closed="2026-05-30")
            dispute = owner.get_one(Dispute, number)
            dispute.handler_agency_id = unit.id
            due = start + timedelta(days=20)
            met = due - timedelta(hours=3 if unit is units[-1] or k == 0 else 200 + k)
            owner.add(_deadline(dispute, unit.id, start, due, met))
            owner.add(_record(number, unit.id, f"{unit.code}{k}", start))
    owner.commit()
    return units[-1].id


def _deadline(
    dispute: Dispute, agency: int, start: datetime, due: datetime, met: datetime
) -> Deadline:
    return Deadline(
        dispute_id=dispute.id, county_code=dispute.county_code, area_path=dispute.area_path,
        agency_id=agency, rule="finish", rule_version=1, started_at=start, due_at=due,
        promised_on=None, met_at=met, lapsed_at=None, pauses=[], extensions=[],
    )  # fmt: skip


def _record(number: int, agency: int, mark: str, at: datetime) -> MediationRecord:
    return MediationRecord(
        dispute_id=number, held_at=at, place="村部", attendees="双方", written_by=1, written_at=at,
        content=f"{mark}听取双方陈述，核对材料，明确争议焦点",
    )  # fmt: skip


def run(database: Database) -> Any:
    with database.sessions("worker")() as session:
        made = ask(session, QUARTER, TERMS, now=NOW, progress=lambda _done, _of: None)
        session.commit()
        return made


def test_a_quarter_is_asked_about_once(database: Database, owner: Session, quarter: int) -> None:
    made = run(database)
    assert run(database) is None
    (one,) = owner.scalars(select(IntegrityQuestion)).all()
    assert (one.agency_id, one.kind, one.hits, one.items) == (quarter, "deadline_day", 12, 12)
    assert (one.state, one.due_on) == ("open", date(2026, 8, 20))
    assert (len(one.matters), made.asked, made.missing) == (12, 1, ["sued"])
    assert owner.scalar(select(func.count()).select_from(IntegrityRound)) == 1
    office = owner.query(Agency).filter_by(code="lingyuan-centre").one()
    assert one.office_id == office.id
    assert [row.agency_id for row in owner.scalars(select(Notice))] == [quarter]


def test_restricted_matters_take_no_part(database: Database, owner: Session, quarter: int) -> None:
    owner.query(Dispute).update({"restricted": True})
    owner.commit()
    with database.sessions("worker")() as session:
        items = read(session, "deadline_day", QUARTER)
    assert items is not None
    assert len(items.unit) == 0


def test_every_kind_can_be_read_from_an_empty_quarter(database: Database) -> None:
    made = run(database)
    assert (made.tests, made.asked) == (0, 0)


def test_a_quarter_waits_until_it_can_be_refiled_and_sealed() -> None:
    assert quarter_due(date(2026, 8, 4), 35) == date(2026, 1, 1)
    assert quarter_due(date(2026, 8, 5), 35) == date(2026, 4, 1)
