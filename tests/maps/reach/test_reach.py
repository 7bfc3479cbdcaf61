"""The page of reach: distances from loaded positions alone, sorted, concealed, in a file."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import CITY, DONGJIE, LINGYUAN, NANJIE, PROVINCE, WANYUANDIAN
from tests.maps.reach.conftest import ROWS, Clients, load
from yuantou.calendar.clock import today
from yuantou.database.sheets import read_sheet
from yuantou.indicators.models import DisputeMonth
from yuantou.maps.queries import month_back
from yuantou.territory.models import Population

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def words(client: FlaskClient, query: str = "") -> str:
    """The page."""
    answer = client.get(f"/map/reach/?{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def order(page: str) -> list[str]:
    """Townships in the order of the table."""
    names = ("南街街道", "东街街道", "万元店镇")
    return sorted(names, key=lambda name: page.index(f'<th scope="row">{name}'))


@pytest.fixture
def counted(owner: Session) -> None:
    """Last month: Nanjie 38 disputes, Dongjie 2, Wanyuandian 9; people of Nanjie."""
    for code, reported in ((NANJIE, 38), (DONGJIE, 2), (WANYUANDIAN, 9)):
        owner.add(
            DisputeMonth(
                area_code=code,
                month=month_back(today().replace(day=1), 1),
                type="damages",
                level="township",
                area_path=f"{PROVINCE}/{CITY}/{LINGYUAN}/{code}/",
                reported=reported,
                closed=0,
                computed_at=NOW,
            )
        )
    owner.add(
        Population(
            area_code=NANJIE, year=2020, kind="census", persons=31_400, parts={}, source="普查"
        )
    )
    owner.commit()


def test_without_positions_nothing_is_pretended(land: None, client_of: Clients) -> None:
    page = words(client_of("gao"))
    assert "还没有载入位置" in page
    assert page.count("未载入位置") >= 3
    assert "reach-map" not in page


def test_distances_run_from_loaded_townships_to_the_nearest(
    land: None, counted: None, client_of: Clients
) -> None:
    load(client_of("gao"), *ROWS)
    page = words(client_of("gao"))
    assert "50.0" in page  # 0.45 degrees of latitude
    assert order(page) == ["万元店镇", "南街街道", "东街街道"]
    assert "1 个乡镇未载入位置" in page
    assert 'class="reach-far"' in page
    assert "31,400" in page
    assert order(words(client_of("gao"), "sort=cases")) == ["南街街道", "万元店镇", "东街街道"]
    assert order(words(client_of("gao"), "sort=nonsense"))[0] == "万元店镇"


def test_small_counts_are_concealed_from_who_opens_no_matter(
    land: None, counted: None, client_of: Clients
) -> None:
    own, sums = words(client_of("gao")), words(client_of("zhou"))
    assert '<td class="n" data-label="登记件数">2</td>' in own
    assert '<td class="n" data-label="登记件数">2</td>' not in sums
    assert "&lt;3" in sums
    assert '<td class="n" data-label="登记件数">9</td>' not in sums  # else the sum gave 2 away


def test_another_county_is_refused_and_sees_no_place(land: None, client_of: Clients) -> None:
    load(client_of("gao"), *ROWS)
    assert client_of("hu").get(f"/map/reach/?area={LINGYUAN}").status_code == 404
    assert "凌源第一人民法庭" not in words(client_of("hu"))
    assert client_of("mei").get("/map/reach/").status_code == 403
    assert "凌源第一人民法庭" in words(client_of("qi"), f"area={LINGYUAN}")


def test_the_nearest_may_lie_across_the_border_where_it_is_in_sight(
    land: None, client_of: Clients
) -> None:
    load(client_of("qi"), *ROWS, "人民法庭,喀左人民法庭,喀左,,120.05,41.70,CGCS2000",
         "乡镇街道,,凌源市,东街街道,119.95,41.70,CGCS2000")  # fmt: skip
    page = words(client_of("qi"), f"area={LINGYUAN}")
    assert "喀左人民法庭" in page


def test_the_file_holds_what_the_page_says(land: None, counted: None, client_of: Clients) -> None:
    load(client_of("gao"), *ROWS)
    answer = client_of("zhou").get("/map/reach/townships.xlsx")
    _head, *rows = read_sheet(answer.data, "a.xlsx", largest_rows=99, largest_unpacked=1 << 20)
    assert rows[0].cells[2:5] == ("万元店镇", "凌源第一人民法庭", "50")
    assert rows[2].cells[3] == "未载入位置"
    assert "<3" in {row.cells[9] for row in rows[:3]}
    assert any("不是路程" in row.cells[0] for row in rows)


def test_a_province_without_township_positions_is_whole(land: None, client_of: Clients) -> None:
    page = words(client_of("sheng"))
    assert "和平区" in page
    assert words(client_of("ren-da"))


def test_of_a_wide_area_those_without_a_position_are_counted_and_found_by_county(
    land: None, counted: None, client_of: Clients
) -> None:
    load(client_of("gao"), *ROWS)
    page = words(client_of("qi"))
    assert [name in page for name in ("万元店镇", "南街街道", "东街街道")] == [True, True, False]
    assert "不估计距离。选市或者县来看它们。" in page
    assert "东街街道" in words(client_of("qi"), f"area={LINGYUAN}")


def test_loaded_townships_stand_on_the_map_too(
    land: None, counted: None, client_of: Clients
) -> None:
    address = f"/map/places?level=township&layer=reported&area={LINGYUAN}"
    draw = client_of("gao").get(address).get_json()["places"]
    assert draw == []
    load(client_of("gao"), *ROWS)
    drawn = client_of("gao").get(address).get_json()["places"]
    assert [each[:3] for each in drawn] == [
        [119.4, 41.25, "南街"],
        [119.4, 41.7, "万元店"],
    ]
