"""A warning finds its owner and limit, is told once, and rests."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.alerts.conftest import RAISED, Raise
from tests.cast import CITY, KAZUO, LINGYUAN, NANJIE
from tests.coordination.matters import Door, report
from yuantou.agencies.models import Agency
from yuantou.alerts.models import Alert
from yuantou.notices.models import Notice


@pytest.mark.parametrize(
    ("level", "area", "owner_code", "hours"),
    [
        ("red", NANJIE, "lingyuan-centre", 2),
        ("yellow", NANJIE, "nanjie-centre", 24),
        ("yellow", LINGYUAN, "lingyuan-centre", 24),
        ("yellow", CITY, "chaoyang", 24),
        ("red", KAZUO, "kazuo-centre", 2),
    ],
)
def test_each_level_has_its_owner_and_limit(
    warn: Raise, owner: Session, level: str, area: str, owner_code: str, hours: int
) -> None:
    row = owner.get_one(Alert, warn(level=level, area=area))
    assert owner.get_one(Agency, row.owner_agency_id).code == owner_code
    assert row.due_at == RAISED + timedelta(hours=hours)
    assert row.state == "open"


def test_a_blue_one_of_a_matter_goes_to_who_handles_it(
    warn: Raise, owner: Session, door: Door
) -> None:
    matter = report(door)
    row = owner.get_one(Alert, warn(level="blue", area=NANJIE, dispute_id=matter))
    assert owner.get_one(Agency, row.owner_agency_id).code == "nanjie-committee"


def test_a_restricted_matter_is_the_countys(warn: Raise, owner: Session, door: Door) -> None:
    matter = report(door, flags=("domestic_violence",))
    for level in ("yellow", "blue"):
        row = owner.get_one(
            Alert, warn(level=level, area=NANJIE, dispute_id=matter, key=f"test:{level}")
        )
        assert owner.get_one(Agency, row.owner_agency_id).code == "lingyuan-centre"


def test_it_is_told_and_audited_once_and_red_knows_no_quiet(warn: Raise, owner: Session) -> None:
    number = warn(level="red")
    told = owner.query(Notice).filter_by(link=f"/warnings/{number}").one()
    assert told.title == "红色预警：凌源市 同一地区同类纠纷骤增"
    assert (told.kind, told.urgent, told.topic) == ("alert_red", True, "alert")
    audited = owner.scalars(
        text("SELECT action FROM audit_event WHERE object_type = 'warning' AND object_id = :id"),
        {"id": str(number)},
    ).all()
    assert audited == ["alert:raised"]


@pytest.mark.parametrize(("days", "again"), [(6, False), (7, True), (8, True)])
def test_a_closed_key_rests_seven_days(warn: Raise, owner: Session, days: int, again: bool) -> None:
    _close(owner, warn(), "real")
    assert (warn(at=RAISED + timedelta(days=days)) is not None) is again


def test_what_is_open_is_not_raised_twice_however_long(warn: Raise) -> None:
    warn()
    assert warn(at=RAISED + timedelta(days=400)) is None


def test_a_higher_level_lifts_what_is_open(warn: Raise, owner: Session) -> None:
    first = warn(level="yellow", area=NANJIE)
    assert warn(level="red", area=NANJIE, at=RAISED + timedelta(hours=1)) == first
    row = owner.get_one(Alert, first)
    assert (row.level, row.state) == ("red", "open")
    assert row.due_at == RAISED + timedelta(hours=3)
    assert owner.get_one(Agency, row.owner_agency_id).code == "lingyuan-centre"
    assert warn(level="yellow", area=NANJIE, at=RAISED + timedelta(hours=2)) is None


def test_what_two_persons_lowered_is_not_lifted_by_the_same_finding(
    warn: Raise, owner: Session
) -> None:
    number = warn(level="red")
    owner.get_one(Alert, number).level = "yellow"
    owner.commit()
    assert warn(level="red", at=RAISED + timedelta(days=9)) is None
    owner.expire_all()
    assert owner.get_one(Alert, number).level == "yellow"


def test_what_people_escalated_stays_acknowledged_when_the_rule_says_the_same(
    warn: Raise, owner: Session
) -> None:
    row = owner.get_one(Alert, warn(level="yellow"))
    row.level, row.state = "red", "acting"
    owner.commit()
    assert warn(level="red", at=RAISED + timedelta(hours=3)) is None


def test_what_was_nothing_speaks_again_only_higher(warn: Raise, owner: Session, door: Door) -> None:
    matter, later = report(door), RAISED + timedelta(days=800)
    _close(owner, warn(dispute_id=matter, area=NANJIE), "nothing")
    assert warn(dispute_id=matter, area=NANJIE, at=later) is None
    assert warn(dispute_id=matter, area=NANJIE, level="red", at=later) is not None


@pytest.mark.parametrize(("days", "again"), [(89, False), (90, True)])
def test_a_place_cannot_be_silenced_for_ever(
    warn: Raise, owner: Session, days: int, again: bool
) -> None:
    _close(owner, warn(), "nothing")
    assert (warn(at=RAISED + timedelta(days=days)) is not None) is again


@pytest.mark.parametrize(("outcome", "days"), [("real", 7), ("explained", 7), ("nothing", 90)])
def test_days_of_rest_count_from_the_end(
    warn: Raise, owner: Session, outcome: str, days: int
) -> None:
    _close(owner, warn(), outcome, after=timedelta(days=30))
    end = RAISED + timedelta(days=30 + days)
    assert warn(at=end - timedelta(minutes=1)) is None
    assert warn(at=end) is not None


@pytest.mark.parametrize(("news", "days", "again"), [(-1, 400, False), (1, 6, False), (1, 7, True)])
def test_a_matter_found_to_be_nothing_wakes_for_what_came_after(
    warn: Raise, owner: Session, door: Door, news: int, days: int, again: bool
) -> None:
    about = {"dispute_id": report(door), "area": NANJIE}
    _close(owner, warn(**about), "nothing")
    made = warn(**about, at=RAISED + timedelta(days=days), news_at=RAISED + timedelta(hours=news))
    assert (made is not None) is again


def _close(
    owner: Session, number: int | None, outcome: str, after: timedelta = timedelta(0)
) -> None:
    row = owner.get_one(Alert, number)
    row.state, row.outcome, row.closed_at = "closed", outcome, row.raised_at + after
    owner.commit()
