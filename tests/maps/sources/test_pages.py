"""What the pages of sources give to whom: sums of own counties, matters to handlers, no names."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import GONGYINGZI
from tests.coordination.matters import Door
from tests.maps.sources.conftest import FIRM, Planter
from yuantou.maps.sources.keeping import Kept
from yuantou.maps.sources.models import CommonSource, CommonSourceMatter

Night = Callable[[], Kept]
Clients = Callable[[str], FlaskClient]


def page(client: FlaskClient, address: str = "/map/sources/", status: int = 200) -> str:
    """The words of a page."""
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def one(owner: Session) -> int:
    """Id of the one source."""
    return owner.scalars(select(CommonSource.id)).one()


def test_before_the_first_night_the_page_says_when(client_of: Clients) -> None:
    assert "还没有扫描过" in page(client_of("gao"))


def test_a_source_is_listed_by_a_neutral_label(
    background: None, plant: Planter, night: Night, client_of: Clients, owner: Session
) -> None:
    plant(8)
    night()
    words = page(client_of("gao"))
    assert f"某用工单位 #{one(owner)}" in words
    assert "近期上升" in words
    assert FIRM.name not in words
    assert "没有符合条件的来源" in page(client_of("gao"), "/map/sources/?kind=property")


def test_another_county_sees_nothing(
    plant: Planter, night: Night, client_of: Clients, owner: Session
) -> None:
    plant(6)
    night()
    assert f"#{one(owner)}" not in page(client_of("hu"))
    page(client_of("hu"), f"/map/sources/{one(owner)}", 404)
    page(client_of("ke"), f"/map/sources/{one(owner)}", 404)


@pytest.mark.parametrize("login", ["mei", "ren", "an", "shen"])
def test_who_has_no_map_has_no_sources(client_of: Clients, login: str) -> None:
    page(client_of(login), status=403)


def test_the_office_opens_members_and_the_government_sees_sums_only(
    plant: Planter, night: Night, client_of: Clients, owner: Session
) -> None:
    plant(6)
    night()
    assert page(client_of("gao"), f"/map/sources/{one(owner)}").count("院墙滴水争议") == 6
    sums = page(client_of("zhou"), f"/map/sources/{one(owner)}")
    assert "院墙滴水争议" not in sums
    assert "没有您能打开的事项" in sums
    assert "6 件" in sums


def test_a_restricted_matter_counts_and_is_not_shown(
    plant: Planter, night: Night, client_of: Clients, owner: Session
) -> None:
    plant(5)
    plant(1, first=30, flags=("domestic_violence",), title="要保密的一件")
    owner.execute(text("DELETE FROM named_handler"))  # the coordinator is named to it on its way in
    owner.commit()
    night()
    words = page(client_of("gao"), f"/map/sources/{one(owner)}")
    assert "要保密的一件" not in words
    assert "另有 1 件不在您的范围" in words


def test_what_is_small_elsewhere_is_concealed(
    plant: Planter, night: Night, client_of: Clients, owner: Session
) -> None:
    plant(5)
    plant(2, login="kai", area=GONGYINGZI, first=50)
    night()
    words = page(client_of("gao"), f"/map/sources/{one(owner)}")
    assert "范围外 &lt;3 件" in words
    assert "7 件" not in words
    assert "只画您能打开的事项" in words
    other = page(client_of("ke"), f"/map/sources/{one(owner)}")
    assert "2 件" not in other
    assert "5 件" not in other


def test_the_name_is_opened_with_a_reason_and_noted(
    plant: Planter, night: Night, client_of: Clients, owner: Session
) -> None:
    plant(5)
    night()
    address = f"/map/sources/{one(owner)}/name"
    assert FIRM.name not in page(client_of("gao"), f"/map/sources/{one(owner)}")
    opened = client_of("gao").post(address, data={"reason": "contact"})
    assert FIRM.name in opened.get_data(as_text=True)
    noted = text("SELECT count(*) FROM dispute_event WHERE event = 'party_opened'")
    assert owner.execute(noted).scalar() == 1
    assert client_of("gao").post(address, data={"reason": "curious"}).status_code == 303
    assert client_of("zhou").post(address, data={"reason": "contact"}).status_code == 403
    assert client_of("hu").post(address, data={"reason": "contact"}).status_code == 404
    assert owner.execute(noted).scalar() == 1


SOURCE = {"submission": "a" * 32, "kind": "project", "name": "滨河路旧城改造项目"}


def numbers(owner: Session, ids: list[int]) -> str:
    """Numbers of matters, one a line; they get them here."""
    given = "UPDATE dispute SET number = '凌矛调第' || lpad(id::text, 6, '0') || '号'"
    owner.execute(text(given))
    owner.commit()
    rows = owner.execute(text("SELECT number FROM dispute WHERE id = ANY (:ids)"), {"ids": ids})
    return "\n".join(row.number for row in rows)


def test_a_project_is_named_matters_are_attached_counted_and_let_go(
    plant: Planter, night: Night, client_of: Clients, owner: Session, door: Door
) -> None:
    ids = plant(3)
    gao = client_of("gao")
    first, again = gao.post("/map/sources/", data=SOURCE), gao.post("/map/sources/", data=SOURCE)
    assert first.location == again.location
    told = {"numbers": numbers(owner, ids) + "\n没有这件"}
    assert gao.post(f"{first.location}/attach", data=told).status_code == 303
    night()
    owner.expire_all()
    source = owner.scalars(select(CommonSource).where(CommonSource.origin == "typed")).one()
    assert (source.disputes, source.people, source.state) == (3, 3, "few")
    assert gao.post(f"{first.location}/attach", data=told).status_code == 422
    gao.post(f"{first.location}/detach", data={"dispute_id": str(ids[0]), "reason": "弄错了"})
    assert len(owner.scalars(select(CommonSourceMatter)).all()) == 2
    assert client_of("qi").post(f"{first.location}/end").status_code == 303
    gao.post(f"{first.location}/end")
    owner.expire_all()
    assert source.ended_at is not None
    assert gao.post(f"{first.location}/attach", data=told).status_code == 422


@pytest.mark.parametrize("name", ["王小明", "欧阳小明", "项目", "身份证21138219900101123X的事"])
def test_a_person_is_not_typed_as_a_source(client_of: Clients, name: str) -> None:
    answer = client_of("gao").post("/map/sources/", data=SOURCE | {"name": name})
    assert answer.status_code == 422
    assert name in answer.get_data(as_text=True)


def test_a_restricted_matter_is_not_attached(
    plant: Planter, client_of: Clients, owner: Session
) -> None:
    (restricted,) = plant(1, login="gao", flags=("minor",))
    made = client_of("gao").post("/map/sources/", data=SOURCE).location
    told = {"numbers": numbers(owner, [restricted])}
    answer = client_of("gao").post(f"{made}/attach", data=told)
    assert answer.status_code == 422
    assert "限制知悉的事项不归入共同源头" in answer.get_data(as_text=True)


def test_walls_hold_without_the_pages(
    plant: Planter, night: Night, door: Door, owner: Session
) -> None:
    plant(5)
    night()
    for login, sources, matters in (("gao", 1, 5), ("hu", 0, 0), ("zhou", 1, 0), ("mei", 0, 5)):
        session, _viewer = door(login)
        assert len(session.scalars(select(CommonSource)).all()) == sources, login
        assert len(session.scalars(select(CommonSourceMatter)).all()) == matters, login
