"""Whom and where a wide office may choose: what a warning is about is always among it."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.cast import HEPING, LINGYUAN, NANJIE, NOW, PROVINCE, SHENYANG
from tests.coordination.conftest import door
from tests.coordination.matters import Door, agency_of
from yuantou.agencies.models import Agency
from yuantou.alerts.governance.places import MOST, partners, partners_among, reachable
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
    for near in (lingyuan.path, ""):
        offered = {one.id for one in partners(session, viewer, near).agencies}
        assert agency_of(door, "gao") in offered


def test_no_unit_is_out_of_reach_of_a_name(door: Door, many: None) -> None:
    session, viewer = door("sheng")
    every = partners(session, viewer)
    assert (len(every.agencies), every.more > 0) == (MOST, True)
    last = f"第{MOST + 4}街道综治中心"
    assert last not in {one.name for one in every.agencies}
    chosen = [agency_of(door, "gao")]
    found = partners(session, viewer, named=f"第{MOST + 4}街道", chosen=chosen)
    assert [one.name for one in found.agencies if one.id not in chosen] == [last]
    assert (len(found.agencies), found.more) == (2, 0)
    ids = [one.id for one in found.agencies]
    assert partners_among(session, viewer, [*ids, 0]) == set(ids)
    assert partners(session, viewer, named="100%_").agencies == []


@pytest.mark.parametrize("page", ["/sources/meetings/new", "/sources/letters/new"])
def test_finding_needs_no_script_and_loses_nothing(
    client_of: Client, door: Door, many: None, page: str
) -> None:
    client, chosen = client_of("sheng"), str(agency_of(door, "gao"))
    first = client.get(page).text
    assert "个单位没有列出" in first
    last = f"第{MOST + 4}街道"
    assert last not in first
    told = {"title": "写到一半的标题", "agencies": chosen, "addressee_id": chosen, "find": last}
    found = client.post(page, data=told | {"finding": "1"})
    assert found.status_code == 200
    assert f"{last}综治中心" in found.text
    assert "查到的都列出了" in found.text
    assert 'value="写到一半的标题"' in found.text
    kept = found.text.partition(f'value="{chosen}"')[0].rpartition("<")[2]
    after = found.text.partition(f'value="{chosen}"')[2].partition(">")[0]
    assert "selected" in kept + after or "checked" in kept + after
    none = client.post(page, data=told | {"find": "没有的名字", "finding": "1"})
    assert none.status_code == 200
    assert "没有名称里有“没有的名字”的单位" in none.text
