"""The pages of figures, as each role sees them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import CITY, KAZUO, LINGYUAN, NANJIE, PROVINCE
from tests.indicators.conftest import AT, Count, Matter
from yuantou.indicators.keeping import keep_all
from yuantou.territory.models import Population

Client = Callable[[str], FlaskClient]
PERIOD = "month=2026-02&span=ytd"


@pytest.fixture
def filled(worker: Session, counts: Count, matter: Matter) -> None:
    """Two months of all courts over two years, and a handful of matters in Lingyuan."""
    for court, civil in (
        ("lingyuan-court", 400),
        ("kazuo-court", 300),
        ("heping-court", 900),
        ("chaoyang-court", 7),
    ):
        counts(court, "2025-01", "2025-02", civil=civil)
        counts(court, "2026-01", "2026-02", civil=civil - 5)
    for _ in range(4):
        matter(NANJIE, concluded="2026-01-20", outcome="agreed_oral")
    matter(NANJIE, concluded="2026-01-21", outcome="failed", restricted=True)
    matter(KAZUO, concluded="2026-01-20", outcome="failed")
    keep_all(worker, now=AT)
    worker.commit()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.usefixtures("filled")
def test_a_county_government_sees_its_figures_with_everything_beside(client_of: Client) -> None:
    body = page(client_of("zhou"), f"/indicators/?{PERIOD}")
    assert "凌源市指标" in body
    for words in ("万人成讼率", "普查人口 2020年 503,000人", "与上年同期相比", "化解率", "口径"):
        assert words in body
    assert "15.79" in body  # (2·395 + 2·2) / 50.3


@pytest.mark.usefixtures("filled")
def test_another_county_is_not_there(client_of: Client) -> None:
    for path in ("/indicators/", "/indicators/R_filed"):
        assert client_of("zhou").get(f"{path}?area={KAZUO}").status_code == 404
    assert page(client_of("zhou"), f"/indicators/?area={CITY}&{PERIOD}")


@pytest.mark.usefixtures("filled")
def test_a_mediator_has_no_figures(client_of: Client) -> None:
    assert client_of("mei").get("/indicators/").status_code == 403


@pytest.mark.usefixtures("filled")
def test_a_rate_opens_to_its_components_and_courts(client_of: Client) -> None:
    body = page(client_of("zhou"), f"/indicators/R_filed?{PERIOD}")
    for words in ("由哪些数相加", "行政一审新收", "lingyuan-court", "范围外 0 份", "第 1 版"):
        assert words in body
    city = page(client_of("zhou"), f"/indicators/R_filed?area={CITY}&{PERIOD}")
    assert "您的范围内 2 份月报，范围外 4 份" in city
    assert "其中计入朝阳市本级的法院" in city
    assert "kazuo-court" not in city


@pytest.mark.usefixtures("filled")
def test_a_share_opens_to_its_matters_and_says_how_many_lie_outside(client_of: Client) -> None:
    body = page(client_of("gao"), f"/indicators/I07?{PERIOD}")
    assert body.count(">达成协议</td>") == 4
    assert "分母 5 件，您的范围内 4 件，范围外 1 件" in body
    government = page(client_of("zhou"), f"/indicators/I07?{PERIOD}")
    assert "不显示：否则能推算出别处小于3的数" in government  # one matter in Kazuo
    assert "范围外" not in government


@pytest.mark.usefixtures("filled")
def test_a_city_sees_its_counties_in_their_order_and_small_ones_hidden(client_of: Client) -> None:
    body = page(client_of("qi"), f"/indicators/I07?{PERIOD}")
    assert body.index("喀喇沁左翼蒙古族自治县</a>") < body.index("凌源市</a>")
    assert "数目小于3，不显示" in body
    assert "不排名" in body


@pytest.mark.usefixtures("filled")
def test_across_the_break_the_page_says_why_not(client_of: Client) -> None:
    body = page(client_of("sheng"), f"/indicators/R_filed?area={PROVINCE}&month=2025-02&span=ytd")
    assert "不能与上年同期直接比较" in body


def test_an_empty_land_says_what_is_missing(client_of: Client) -> None:
    body = page(client_of("zhou"), "/indicators/")
    assert "1 家法院没有报齐本期数据" in body
    assert page(client_of("zhou"), "/indicators/R_filed?month=nonsense&span=nonsense&page=-1")
    assert client_of("zhou").get("/indicators/R_none").status_code == 404
    assert client_of("zhou").get(f"/indicators/?area={LINGYUAN}'--").status_code == 404


@pytest.mark.usefixtures("filled")
def test_the_kind_of_population_can_be_chosen(client_of: Client, owner: Session) -> None:
    assert 'name="kind"' not in page(client_of("zhou"), f"/indicators/?{PERIOD}")
    owner.add(
        Population(
            area_code=LINGYUAN,
            year=2024,
            kind="resident_year_end",
            persons=480_000,
            parts={},
            source="统计公报",
        )
    )
    owner.commit()
    usual = page(client_of("zhou"), f"/indicators/?{PERIOD}")
    assert "普查人口 2020年 503,000人" in usual
    chosen = page(client_of("zhou"), f"/indicators/?{PERIOD}&kind=resident_year_end")
    assert "年末常住人口 2024年 480,000人" in chosen


def test_a_mean_says_of_how_many_counties_it_is(
    client_of: Client, worker: Session, counts: Count
) -> None:
    for court in ("lingyuan-court", "heping-court", "chaoyang-court"):
        counts(court, "2026-01", "2026-02", civil=400)
    keep_all(worker, now=AT)
    worker.commit()
    for path in ("/indicators/", "/indicators/R_filed"):
        body = page(client_of("zhou"), f"{path}?{PERIOD}")
        assert "朝阳市平均：只含数据已报齐的1个县区，共2个。" in body
