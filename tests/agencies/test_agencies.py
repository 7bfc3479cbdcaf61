"""Agencies: founded over an area, under a superior whose area holds theirs, closed when empty."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.access.doors import Client
from yuantou.agencies.models import Agency
from yuantou.audit.models import AuditEvent

FIELDS = {
    "code": "lingyuan-petition",
    "name": "凌源市信访局",
    "kind": "petition",
    "area": "211382",
    "parent": "lingyuan-centre",
}


def _agency(owner: Session, code: str) -> Agency:
    return owner.scalars(select(Agency).where(Agency.code == code)).one()


def test_the_system_administrator_founds_an_agency(client_of: Client, owner: Session) -> None:
    client_of("an").post("/agencies/new", data=FIELDS)
    made = _agency(owner, "lingyuan-petition")
    assert (made.area_path, made.kind) == ("210000/211300/211382/", "petition")
    assert made.parent_id == _agency(owner, "lingyuan-centre").id
    assert [row.action for row in owner.scalars(select(AuditEvent))] == ["agency:found"]


def test_an_area_may_be_named_when_only_one_bears_the_name(
    client_of: Client, owner: Session
) -> None:
    fields = FIELDS | {"area": "万元店镇", "kind": "committee", "parent": ""}
    client_of("an").post("/agencies/new", data=fields)
    assert _agency(owner, "lingyuan-petition").area_code == "211382100"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "lingyuan-centre"}, "已经有单位用了"),
        ({"area": "无此县"}, "没有这个区划"),
        ({"area": "211382", "kind": "township_centre"}, "不设在这一级区划"),
        ({"parent": "kazuo-centre"}, "辖区须包含本单位"),
        ({"parent": "nobody"}, "没有这个单位"),
        ({"kind": "court"}, "法院单位须填法院代码"),
        ({"kind": "administration"}, "不是有效的选择"),
        ({"name": ""}, "请填写"),
        ({"code": "有汉字"}, "2 至 32 位"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(
    client_of: Client, owner: Session, changes: dict[str, str], words: str
) -> None:
    answer = client_of("an").post("/agencies/new", data=FIELDS | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert owner.scalars(select(Agency).where(Agency.name == "凌源市信访局")).all() == []


def test_an_agency_with_accounts_is_not_closed(client_of: Client, owner: Session) -> None:
    agency = _agency(owner, "nanjie-committee")
    an = client_of("an")
    an.post(f"/agencies/{agency.id}/close")
    assert "还有 3 个账号在用" in an.get(f"/agencies/{agency.id}").text
    owner.refresh(agency)
    assert agency.active


def test_an_empty_agency_is_closed_and_opened_again(client_of: Client, owner: Session) -> None:
    an = client_of("an")
    an.post("/agencies/new", data=FIELDS)
    agency = _agency(owner, "lingyuan-petition")
    for act, active in (("close", False), ("open", True)):
        an.post(f"/agencies/{agency.id}/{act}")
        owner.refresh(agency)
        assert agency.active is active


def test_a_superior_is_not_oneself(client_of: Client, owner: Session) -> None:
    agency = _agency(owner, "lingyuan-centre")
    fields = {"name": "凌源市综治中心", "parent": "lingyuan-centre"}
    assert client_of("an").post(f"/agencies/{agency.id}", data=fields).status_code == 422


def test_the_list_is_searched_by_name_and_kind(client_of: Client) -> None:
    page = client_of("an").get("/agencies?q=凌源&kind=court").text
    assert "凌源市人民法院" in page
    assert "凌源市综治中心" not in page
