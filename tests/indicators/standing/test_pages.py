"""The pages of standings, as roles see them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import CITY, KAZUO, LINGYUAN, NANJIE
from tests.indicators.conftest import AT, Count, Matter
from yuantou.indicators.keeping import keep_all

Client = Callable[[str], FlaskClient]
PERIOD = "month=2026-02&span=ytd"


@pytest.fixture
def filled(worker: Session, counts: Count, matter: Matter) -> None:
    """Fourteen months of the courts of three counties, and settled matters in two."""
    for court, civil in (("lingyuan-court", 400), ("kazuo-court", 300), ("heping-court", 900)):
        counts(court, "2025-01", "2026-02", civil=civil)
    for place, many in ((NANJIE, 30), (KAZUO, 4)):
        for _ in range(many):
            matter(place, closed="2025-10-03", concluded="2025-10-02", outcome="agreed_oral")
    keep_all(worker, now=AT)
    worker.commit()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.usefixtures("filled")
def test_a_county_reads_its_own_past_and_natural_limits(client_of: Client) -> None:
    body = page(client_of("zhou"), f"/indicators/R_filed?{PERIOD}")
    assert "与自己前几年同期（2025，15.98）相比，差别不超出偶然。" in body
    assert "各月都在自己的自然波动界内。" in body
    assert "上限" in body
    assert "漏斗图" not in body


@pytest.mark.usefixtures("filled")
def test_too_few_counties_give_no_funnel_and_say_so(client_of: Client) -> None:
    body = page(client_of("qi"), f"/indicators/R_filed?area={CITY}&{PERIOD}")
    assert "能判断的县区太少" in body
    assert "按区划代码排列，不排名" in body


@pytest.mark.usefixtures("filled")
def test_durable_success_says_how_many_stand_behind_it_and_what_is_not_known(
    client_of: Client,
) -> None:
    body = page(client_of("qi"), f"/indicators/lasting?area={CITY}&year=2025")
    assert "<b>100.0%</b>" in body
    assert "法院没有送案件级数据" in body
    assert "还没观察到这么久" in body
    assert body.count("数据不足") >= 2
    assert client_of("zhou").get(f"/indicators/lasting?area={KAZUO}").status_code == 404
    assert "凌源市" in page(client_of("zhou"), f"/indicators/lasting?area={LINGYUAN}")


@pytest.mark.usefixtures("filled")
def test_two_definitions_stand_side_by_side(client_of: Client) -> None:
    body = page(client_of("qi"), f"/indicators/R_filed/duel?area={CITY}&{PERIOD}&with=R_civil.1")
    assert "2 个县区两个口径都有数，其中 0 个的差别超出偶然。" in body
    assert "/indicators/R_filed/duel" in page(client_of("qi"), f"/indicators/R_filed?{PERIOD}")
    assert client_of("qi").get("/indicators/R_none/duel").status_code == 404
    assert client_of("mei").get("/indicators/R_filed/duel").status_code == 403


@pytest.mark.usefixtures("filled")
def test_intervals_of_ranks_come_only_where_an_office_turned_them_on(
    app: Flask, client_of: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = app.extensions["settings"].tables["standing"]
    monkeypatch.setitem(standing, "least_areas", 2)
    address = f"/indicators/R_filed?{PERIOD}"
    assert "名次区间" not in page(client_of("sheng"), address)
    monkeypatch.setitem(standing, "ranking", True)
    assert "名次区间" in page(client_of("sheng"), address)
