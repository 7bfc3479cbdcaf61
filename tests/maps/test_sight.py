"""What the map gives to whom: own areas only, small cells hidden, files with their notes."""

import json

import pytest
from sqlalchemy.orm import Session

from tests.cast import HEPING, KAZUO, LINGYUAN
from tests.maps.lands import Clients, land_of, of
from yuantou.calendar.clock import today
from yuantou.maps.queries import month_back


@pytest.fixture
def land(owner: Session) -> None:
    """Lingyuan has 40 disputes, Kazuo 2, Heping 30."""
    land_of(owner)


def test_the_province_sees_every_county_and_no_small_cell(land: None, client_of: Clients) -> None:
    values = of(client_of("sheng"))
    assert set(values) == {LINGYUAN, KAZUO, HEPING}
    assert values[KAZUO] == "<3"
    assert values[LINGYUAN] == "—"  # else the city's sum would give Kazuo away
    assert values[HEPING] == "30"


def test_a_county_sees_itself_alone(land: None, client_of: Clients) -> None:
    assert set(of(client_of("zhou"))) == {LINGYUAN}
    assert client_of("zhou").get(f"/map/county/{KAZUO}").status_code == 404
    assert set(of(client_of("qi"))) == {LINGYUAN, KAZUO}


def test_a_mediator_has_no_map(land: None, client_of: Clients) -> None:
    assert client_of("mei").get("/map").status_code == 403


def test_townships_are_concealed_so_that_the_sum_tells_nothing(
    land: None, client_of: Clients
) -> None:
    page = client_of("zhou").get(f"/map/county/{LINGYUAN}?layer=reported").get_data(as_text=True)
    assert "南街街道" in page
    assert ">38<" not in page
    assert "&lt;3" in page


def test_the_file_carries_source_and_approval_and_is_logged(
    land: None, client_of: Clients, owner: Session
) -> None:
    document = json.loads(client_of("sheng").get("/map/counties.geojson?layer=reported").data)
    notes = "".join(document["notes"])
    assert "仅限内部使用" in notes
    assert "方格" in notes
    kazuo = next(each for each in document["features"] if each["id"] == KAZUO)
    assert (kazuo["properties"]["count"], kazuo["properties"]["concealed"]) == (None, True)
    assert (
        owner.connection()
        .exec_driver_sql("SELECT count(*) FROM audit_event WHERE action = 'map:export'")
        .scalar()
        == 1
    )


def test_a_workbook_comes_back_as_one(land: None, client_of: Clients) -> None:
    answer = client_of("sheng").get("/map/counties.xlsx")
    assert answer.data[:2] == b"PK"


def test_months_in_the_wrong_order_are_put_right(land: None, client_of: Clients) -> None:
    newest = f"{month_back(today().replace(day=1), 1):%Y-%m}"
    assert of(client_of("sheng"), f"layer=reported&since={newest}&until=2020-01")[HEPING] == "30"


@pytest.mark.parametrize("query", ["layer=magic", "type=<b>", "since=2026-13", "until=x"])
def test_nonsense_is_refused_in_words(land: None, client_of: Clients, query: str) -> None:
    assert client_of("sheng").get(f"/map?{query}").status_code == 400


def test_without_a_drawing_the_page_says_what_to_do(client_of: Clients) -> None:
    page = client_of("sheng").get("/map").get_data(as_text=True)
    assert "maps draw" in page
