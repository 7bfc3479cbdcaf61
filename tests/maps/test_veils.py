"""Who may not open the matters cannot subtract one view of the map from another."""

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import DONGJIE, HEPING, KAZUO, LINGYUAN, NANJIE
from tests.maps.lands import NOW, PATHS, land_of, of
from yuantou.indicators.models import DisputeMonth

Clients = Callable[[str], FlaskClient]
# A year long past: place, type, month, reported.
COUNTS = [
    (LINGYUAN, "damages", 1, 9), (LINGYUAN, "damages", 2, 8), (LINGYUAN, "damages", 3, 1),
    (LINGYUAN, "contract", 1, 5), (LINGYUAN, "contract", 2, 6), (LINGYUAN, "contract", 3, 7),
    (KAZUO, "damages", 1, 20), (KAZUO, "damages", 3, 11), (KAZUO, "traffic", 2, 4),
    (HEPING, "damages", 1, 30), (HEPING, "damages", 2, 31), (HEPING, "damages", 3, 32),
    (NANJIE, "damages", 1, 6), (DONGJIE, "damages", 1, 2),
]  # fmt: skip
SPANS = ("01..01", "02..02", "03..03", "01..03", "01..12")


@pytest.fixture
def year(owner: Session) -> None:
    """2020: in Lingyuan one matter of damages in March, everything else is many."""
    land_of(owner)
    paths = PATHS | {code: f"{PATHS[LINGYUAN]}{code}/" for code in (NANJIE, DONGJIE)}
    for code, type_, month, number in COUNTS:
        level = "county" if code in PATHS else "township"
        owner.add(
            DisputeMonth(area_code=code, month=date(2020, month, 1), type=type_, level=level,
                         area_path=paths[code], reported=number, closed=0, computed_at=NOW)
        )  # fmt: skip
    owner.commit()


def view(span: str, type_: str = "", layer: str = "reported") -> str:
    first, last = span.split("..")
    return f"layer={layer}&type={type_}&since=2020-{first}&until=2020-{last}"


def test_free_spans_become_the_quarter_or_the_year(client_of: Clients, year: None) -> None:
    client = client_of("sheng")
    for asked, said in (("01..02", "2020年1月—2020年3月"), ("02..06", "2020年1月—2020年12月")):
        assert client.get(f"/map/values?{view(asked)}").get_json()["period"] == said
    own = client_of("gao").get(f"/map/values?{view('01..02')}").get_json()
    assert own["period"] == "2020年1月—2020年2月"
    assert "给整月、整季、整年的数" in client.get("/map").text
    assert "给整月、整季、整年的数" not in client_of("gao").get("/map").text


def test_no_three_views_give_the_one_matter_away(client_of: Clients, year: None) -> None:
    client = client_of("sheng")
    told = {
        (span, type_): of(client, view(span, type_))[LINGYUAN]
        for span, type_ in product(SPANS, ("damages", "contract", ""))
    }
    assert told["03..03", "damages"] == "<3"
    assert told["01..12", ""] == "36"
    for span in SPANS:
        shown = [told[span, type_].isdigit() for type_ in ("damages", "contract", "")]
        assert shown.count(False) != 1, (span, told)
    for type_ in ("damages", "contract", ""):
        shown = [told[span, type_].isdigit() for span in SPANS[:4]]
        assert shown.count(False) != 1, (type_, told)


def test_a_file_hides_what_the_map_hides(client_of: Clients, year: None) -> None:
    client = client_of("sheng")
    asked = view("03..03", "damages")
    document = client.get(f"/map/counties.geojson?{asked}").get_json(force=True)
    hidden = {each["id"] for each in document["features"] if each["properties"]["concealed"]}
    assert LINGYUAN in hidden
    assert hidden == {code for code, words in of(client, asked).items() if not words.isdigit()}
    assert any("全年一张表" in line for line in document["notes"])


def test_the_months_below_the_map_are_those_of_the_year(client_of: Clients, year: None) -> None:
    page = client_of("sheng").get(f"/map?area={LINGYUAN}&{view('01..12', 'damages')}").text
    assert "2020-03 " not in page  # out of the months offered, so told nowhere
    county = client_of("sheng").get(f"/map/county/{LINGYUAN}?{view('01..12', 'damages')}").text
    assert "这一年各月" in county


def test_what_it_is_made_of_is_held_against_the_same_table(client_of: Clients, year: None) -> None:
    client = client_of("sheng")
    spot = client.get(f"/map/spot/{LINGYUAN}?{view('03..03')}").text
    assert "渠道、系列案和单位只在看一整年" in spot
    assert "来源渠道" not in spot
    whole = client.get(f"/map/spot/{LINGYUAN}?{view('01..12')}").text
    assert "来源渠道" in whole
    assert "来源渠道" in client_of("gao").get(f"/map/spot/{LINGYUAN}?{view('03..03')}").text


def test_townships_and_what_is_left_between_them(client_of: Clients, year: None) -> None:
    page = client_of("sheng").get(f"/map/county/{LINGYUAN}?{view('01..01', 'damages')}").text
    assert "&lt;3" in page
    assert ">6<" not in page


@pytest.mark.parametrize("layer", ["open", "rate", "I07", "I01", "R_filed"])
def test_every_figure_can_be_looked_at(client_of: Clients, year: None, layer: str) -> None:
    for login, level in product(("sheng", "qi", "zhou"), ("county", "township")):
        for span in SPANS:
            asked = f"{view(span, layer=layer)}&level={level}&area=211300"
            if login == "zhou":
                asked = f"{view(span, layer=layer)}&level={level}&area={LINGYUAN}"
            assert client_of(login).get(f"/map/table?{asked}").status_code == 200
