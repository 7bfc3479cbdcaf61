"""Where small counts hide a county, the page says so and leads to a view that shows it."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import HEPING, KAZUO, LINGYUAN
from tests.maps.lands import NOW, PATHS, land_of, of
from yuantou.calendar import clock
from yuantou.indicators.models import DisputeMonth

Clients = Callable[[str], FlaskClient]
COUNTS = [
    *((LINGYUAN, "damages", month, n) for month, n in ((7, 9), (8, 2), (9, 9))),
    *((KAZUO, "damages", month, 9) for month in (7, 8, 9)),
    *((HEPING, "damages", month, 8) for month in (7, 8, 9)),
    *((code, "contract", 3, n) for code, n in ((LINGYUAN, 2), (KAZUO, 5), (HEPING, 9))),
    *((code, "traffic", 3, 9) for code in (LINGYUAN, KAZUO, HEPING)),
]  # fmt: skip
LINK = re.compile(r'<li><a href="([^"]+)">([^<]+)</a> 可显示 (\d+) 个县')


@pytest.fixture
def sparse(owner: Session) -> None:
    """2020: in Lingyuan two matters in August, and many in the months beside it."""
    land_of(owner)
    for code, type_, month, number in COUNTS:
        owner.add(
            DisputeMonth(area_code=code, month=date(2020, month, 1), type=type_, level="county",
                         area_path=PATHS[code], reported=number, closed=0, computed_at=NOW)
        )  # fmt: skip
    owner.commit()


def offered(client: FlaskClient, view: str) -> list[tuple[str, str, int]]:
    """What a page offers instead: address, words, counties shown."""
    page = client.get(f"/map?layer=reported&{view}").text
    return [(unescape(path), words, int(n)) for path, words, n in LINK.findall(page)]


def shown(client: FlaskClient, path: str) -> int:
    """How many counties have a number under an address of the map."""
    told = of(client, path.partition("?")[2])
    return sum(words not in ("<3", "—") for words in told.values())


def test_a_month_leads_to_its_quarter_and_the_number_is_true(
    client_of: Clients, sparse: None
) -> None:
    client = client_of("sheng")
    month = "since=2020-08&until=2020-08"
    found = offered(client, month)
    assert [words for _path, words, _n in found] == ["2020年7月—2020年9月"]
    ((path, _words, number),) = found
    assert number == 3 > shown(client, f"/map?layer=reported&{month}")
    assert shown(client, path) == number
    assert "不显示。可以改看" in client.get(f"/map?layer=reported&{month}").text


def test_the_table_leads_to_the_table(client_of: Clients, sparse: None) -> None:
    page = client_of("sheng").get("/map/table?layer=reported&since=2020-08&until=2020-08").text
    ((path, _words, _n),) = LINK.findall(page)
    assert path.startswith("/map/table?")


def test_a_type_leads_to_all_types(client_of: Clients, sparse: None) -> None:
    client = client_of("sheng")
    year = "type=contract&since=2020-01&until=2020-12"
    ((path, words, number),) = offered(client, year)
    assert (words, number) == ("全部类型", 3)
    assert "type=" not in path
    assert shown(client, path) == 3 > shown(client, f"/map?layer=reported&{year}")


def test_a_running_year_leads_to_the_last_whole_one(
    client_of: Clients, owner: Session, sparse: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.add(
        DisputeMonth(area_code=LINGYUAN, month=date(2021, 1, 1), type="damages", level="county",
                     area_path=PATHS[LINGYUAN], reported=2, closed=0, computed_at=NOW)
    )  # fmt: skip
    owner.commit()
    monkeypatch.setattr(clock, "now", lambda: NOW.replace(year=2021, month=3, day=9))
    found = offered(client_of("sheng"), "since=2021-01&until=2021-02")
    assert [words for _path, words, _n in found] == ["2020年1月—2020年12月"]


def test_who_opens_the_matters_and_who_sees_all_is_offered_nothing(
    client_of: Clients, sparse: None
) -> None:
    assert offered(client_of("gao"), "since=2020-08&until=2020-08") == []
    assert (
        "不显示。"
        not in client_of("sheng").get("/map?layer=reported&since=2020-07&until=2020-09").text
    )
