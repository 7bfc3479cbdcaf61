"""Whom and where a wide office may choose: what a warning is about is always among it."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.cast import HEPING, LINGYUAN, NANJIE, NOW, PROVINCE, SHENYANG
from tests.coordination.conftest import door
from tests.coordination.matters import Door, agency_of
from yuantou.agencies.models import Agency
from yuantou.alerts.governance.places import MOST, partners, reachable
from yuantou.territory.models import Area

__all__ = ["door"]
PATH = f"{PROVINCE}/{SHENYANG}/{HEPING}/"


@pytest.fixture
def many(owner: Session) -> None:
    """More townships and more of their centres than a list holds, in front of Lingyuan."""
    for place in range(MOST + 5):
        code = f"2101{place:05d}"
        owner.add(
            Area(code=code, name=f"第{place}街道", short_name=f"{place}", level="township",
                 parent_code=HEPING, path=f"{PATH}{code}/", valid_from=date(2020, 1, 1),
                 source="test")
        )  # fmt: skip
        owner.flush()
        owner.add(
            Agency(code=f"centre-{code}", name=f"第{place}街道综治中心", kind="township_centre",
                   area_code=code, area_path=f"{PATH}{code}/", active=True, demo=False,
                   created_at=NOW)
        )  # fmt: skip
    owner.commit()


def test_a_province_reaches_every_county_and_the_place_of_a_warning(door: Door, many: None) -> None:
    session, viewer = door("sheng")
    offered = {area.code for area in reachable(session, viewer)}
    assert {PROVINCE, HEPING, LINGYUAN} <= offered
    assert NANJIE not in offered
    assert NANJIE in {area.code for area in reachable(session, viewer, NANJIE)}


def test_the_units_of_the_place_in_question_stand_in_the_list(door: Door, many: None) -> None:
    session, viewer = door("sheng")
    lingyuan = session.get_one(Area, LINGYUAN)
    assert agency_of(door, "gao") in {one.id for one in partners(session, viewer, lingyuan.path)}
    assert agency_of(door, "gao") in {one.id for one in partners(session, viewer)}
