"""Pages of figures are told from the tables that the map is told from; who opens rows sees all."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import CITY, HEPING, KAZUO, LINGYUAN, PROVINCE, SHENYANG
from tests.indicators.conftest import AT
from tests.maps.lands import land_of, of
from yuantou.calendar.clock import today
from yuantou.indicators.models import FigureLine, FigurePack

Client = Callable[[str], FlaskClient]
ABOVE = {LINGYUAN: CITY, KAZUO: CITY, HEPING: SHENYANG}
# A year long past: county, type, month, numerator, denominator.
COUNTS: list[tuple[str, str, int, int, int]] = [
    (LINGYUAN, "damages", 1, 9, 12), (LINGYUAN, "damages", 2, 8, 11),
    (LINGYUAN, "damages", 3, 1, 9), (LINGYUAN, "contract", 1, 5, 9),
    (LINGYUAN, "contract", 2, 6, 9), (LINGYUAN, "contract", 5, 7, 8),
    (KAZUO, "damages", 1, 20, 30), (KAZUO, "damages", 2, 17, 20), (KAZUO, "damages", 3, 11, 15),
    (KAZUO, "traffic", 5, 4, 6), (HEPING, "damages", 1, 30, 40), (HEPING, "damages", 2, 31, 40),
    (HEPING, "damages", 3, 32, 40), (HEPING, "damages", 5, 30, 40),
]  # fmt: skip
YEAR = today().year - 2
YEARS = (YEAR - 1, YEAR)
PERIODS = {"01": "month", "02": "month", "03": "month", "05": "month", "06": "quarter"}


@pytest.fixture
def years(owner: Session) -> None:
    """Two years alike: in Lingyuan one success of damages in March, everything else is many."""
    for county in ABOVE:
        rows = [row for row in COUNTS if row[0] == county]
        at = [(date(year, row[2], 1), row) for year in YEARS for row in rows]
        owner.add(
            FigurePack(
                indicator="I07",
                area_code=county,
                dimension="type",
                area_path=f"{PROVINCE}/{ABOVE[county]}/{county}/",
                months=[month for month, _ in at],
                values=[row[1] for _, row in at],
                versions=[1 for _ in at],
                numerators=[row[3] for _, row in at],
                denominators=[row[4] for _, row in at],
                computed_at=AT,
            )
        )
    places = [(each, {each}, "county", f"{PROVINCE}/{ABOVE[each]}/{each}/") for each in ABOVE]
    places += [
        (city, {each for each in ABOVE if ABOVE[each] == city}, "city", f"{PROVINCE}/{city}/")
        for city in (CITY, SHENYANG)
    ]
    places.append((PROVINCE, set(ABOVE), "province", f"{PROVINCE}/"))
    for code, counties, level, path in places:
        owner.add(_line(code, counties, level, path))
    owner.commit()


def _line(code: str, counties: set[str], level: str, path: str) -> FigureLine:
    months = sorted({row[2] for row in COUNTS if row[0] in counties})
    sums = [
        [sum(row[3:][part] for row in COUNTS if row[0] in counties and row[2] == month)
         for month in months]
        for part in (0, 1)
    ]  # fmt: skip
    return FigureLine(
        indicator="I07",
        area_code=code,
        level=level,
        area_path=path,
        months=[date(year, month, 1) for year in YEARS for month in months],
        versions=[1] * len(YEARS) * len(months),
        numerators=sums[0] * len(YEARS),
        denominators=sums[1] * len(YEARS),
        computed_at=AT,
    )


def shown(client: FlaskClient, area: str, month: str, span: str, year: int = YEAR) -> str:
    """The page of one figure, without what stands beside it."""
    answer = client.get(f"/indicators/I07?area={area}&month={year}-{month}&span={span}")
    assert answer.status_code == 200
    return answer.text.split("逐月走势")[0]


def basis(body: str) -> str | None:
    """Numerator and denominator as the page has them, None where it has none."""
    found = re.search(r"(\d+ / \d+)", body)
    return found.group(1) if found else None


def answers(client: FlaskClient, area: str) -> Iterator[tuple[str, str | None]]:
    for month, span in (*PERIODS.items(), ("03", "quarter"), ("12", "ytd")):
        yield f"{month} {span}", basis(shown(client, area, month, span))


@pytest.mark.usefixtures("years")
def test_no_month_follows_from_the_quarter(client_of: Client) -> None:
    for login, area in product(("sheng", "qi"), (LINGYUAN, KAZUO, CITY)):
        told = dict(answers(client_of(login), area))
        quarter = [told[key] for key in ("01 month", "02 month", "03 month", "03 quarter")]
        assert quarter.count(None) != 1, (login, area, told)
        if area == LINGYUAN:
            assert told["03 month"] is None
        assert told["12 ytd"]


@pytest.mark.usefixtures("years")
def test_page_and_map_hide_the_same(client_of: Client, owner: Session) -> None:
    land_of(owner)
    client = client_of("sheng")
    told = dict(answers(client, LINGYUAN))
    for key, first, last in (
        ("01 month", "01", "01"), ("03 month", "03", "03"), ("03 quarter", "01", "03"),
        ("12 ytd", "01", "12"),
    ):  # fmt: skip
        words = of(client, f"layer=I07&since={YEAR}-{first}&until={YEAR}-{last}")
        assert (words[LINGYUAN] in ("—", "<3")) is (told[key] is None), (key, words)


@pytest.mark.usefixtures("years")
def test_other_months_become_the_quarter_or_the_year_and_the_page_says_so(
    client_of: Client,
) -> None:
    body = shown(client_of("qi"), CITY, "05", "ytd")
    assert f"{YEAR}-01 至 {YEAR}-12" in body
    assert "只看合计的，给整月、整季、整年的数" in body
    own = shown(client_of("gao"), LINGYUAN, "02", "ytd")
    assert f"{YEAR}-01 至 {YEAR}-02" in own
    assert basis(own) == "28 / 41"
    assert "只看合计的" not in own


@pytest.mark.usefixtures("years")
def test_a_hidden_figure_says_why_and_nothing_tells_it(client_of: Client) -> None:
    for login in ("sheng", "qi", "zhou"):
        body = shown(client_of(login), LINGYUAN, "03", "month")
        assert "数目小于3，不显示" in body
        assert "11.1" not in body  # 1 of 9
        assert "范围外" not in body
    told = shown(client_of("sheng"), LINGYUAN, "01", "month")
    assert basis(told) or "否则能推算出别处小于3的数" in told


@pytest.mark.usefixtures("years")
def test_no_change_tells_the_hidden_year_before(client_of: Client, owner: Session) -> None:
    line = owner.get_one(FigureLine, ("I07", LINGYUAN))
    line.numerators = [*line.numerators[:2], 5, *line.numerators[3:]]
    owner.commit()
    body = (
        client_of("sheng").get(f"/indicators/I07?area={LINGYUAN}&month={YEAR}-03&span=month").text
    )
    assert "与上年同期相比" not in body


@pytest.mark.usefixtures("years")
def test_a_county_that_knows_its_part_is_not_told_the_rest(
    client_of: Client, owner: Session
) -> None:
    line = owner.get_one(FigureLine, ("I07", KAZUO))
    city = owner.get_one(FigureLine, ("I07", CITY))
    pack = owner.get_one(FigurePack, ("I07", KAZUO, "type"))
    for row in (line, pack):
        row.numerators = [1 if n == 11 else n for n in row.numerators]
    city.numerators = [2 if n == 12 else n for n in city.numerators]
    owner.commit()
    body = shown(client_of("gao"), CITY, "03", "month")
    assert basis(body) is None
    assert basis(shown(client_of("gao"), LINGYUAN, "03", "month")) is None  # as before: 1 of 9
    assert basis(shown(client_of("gao"), CITY, "12", "ytd"))


@pytest.mark.usefixtures("years")
def test_trend_counties_and_duel_are_told_from_the_same_table(client_of: Client) -> None:
    client = client_of("sheng")
    body = client.get(f"/indicators/I07?month={YEAR}-03&span=month").text
    row = body.split("凌源市</a>")[1].split("</tr>")[0]
    assert "不显示" in row
    duel = client.get(f"/indicators/I07/duel?month={YEAR}-03&span=month").text
    row = duel.split('<th scope="row">凌源市')[1].split("</tr>")[0]
    assert "没有可显示的数" in row
    trend = client.get(f"/indicators/I07?area={LINGYUAN}&month={YEAR}-05&span=month").text
    assert "11.1" not in trend
