"""Villages without suits: a list, and conditions that are data of the definition in force."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import CITY, KAZUO, LINGYUAN
from yuantou.calendar.clock import today
from yuantou.indicators.catalogue import CRITERIA, body
from yuantou.indicators.editions.trying import tried
from yuantou.indicators.figures import Figure
from yuantou.indicators.models import DefinitionVersion, VillageYear
from yuantou.indicators.queries import definitions, read_ledger
from yuantou.indicators.villages import MET

Client = Callable[[str], FlaskClient]
YEAR = today().year - 1
ADDRESS = f"/supplying/villages?area={LINGYUAN}&year={YEAR}"
HEAD = "乡镇街道,村或社区,一审被诉件数,民转刑件数,越级访件数,排查全部完成\n"
LIST = HEAD + "南街,甲村,0,0,0,是\n南街,乙村,2,0,0,是\n东街,丙村,0,0,1,是\n东街,丁村,0,0,0,否\n"


def send(client: FlaskClient, text: str, **more: str) -> TestResponse:
    data = {"table": (io.BytesIO(text.encode()), "a.csv"), "source": "全年汇总", **more}
    return client.post(ADDRESS, data=data, content_type="multipart/form-data")


def figure(owner: Session, area: str = LINGYUAN, first: int = 1, last: int = 12) -> Figure:
    owner.expire_all()
    start, end = date(YEAR, first, 1), date(YEAR, last, 1)
    return read_ledger(owner, [area], start, end, codes=["I25"]).figure("I25", area, start, end)


def test_its_page_opens_on_the_last_year_that_has_a_list(client_of: Client) -> None:
    gao, page = client_of("gao"), f"/indicators/I25?area={LINGYUAN}"
    send(gao, LIST + "西街,戊村,0,0,0,是\n西街,己村,0,0,0,是\n")
    for asked in ("", f"&month={today():%Y-%m}&span=month", f"&month={YEAR}-05"):
        text = gao.get(page + asked).text
        assert f"{YEAR} 年，按年统计" in text
        assert "<b>50.0</b>" in text
        assert 'name="span"' not in text
    before = gao.get(f"{page}&month={YEAR - 1}-12").text
    assert f"{YEAR - 1} 年，按年统计" in before
    assert "村（社区）名单" in before
    assert f"month={YEAR}-12" in before
    door = f"/supplying/villages?year={YEAR - 1}"
    assert f'href="{door}"' in before
    assert gao.get(door).status_code == 200
    assert "/supplying/villages" not in client_of("zhou").get(page).text
    row = gao.get(f"/indicators/?area={LINGYUAN}&month={YEAR + 1}-01").text
    assert "按年统计：一年过完、村（社区）名单报来以后才有。" in row


def test_every_condition_has_its_fact() -> None:
    assert tuple(MET) == CRITERIA


def test_the_list_makes_the_figure_by_the_conditions_and_a_list_alone_does(
    client_of: Client, owner: Session
) -> None:
    assert figure(owner).missing is not None
    assert send(client_of("gao"), LIST).status_code == 302
    one = figure(owner)
    assert (one.numerator, one.denominator, one.value) == (1, 4, 25)
    page = client_of("gao").get(ADDRESS).text
    assert "1 个全部符合，共 4 个" in page
    assert "不符合：没有一审被诉" in page
    early = figure(owner, last=11).missing
    assert early is not None
    assert early.code == "year"
    assert figure(owner, CITY).missing is not None


def test_other_conditions_give_another_figure_from_the_same_list(
    client_of: Client, owner: Session
) -> None:
    send(client_of("gao"), LIST)
    made = replace(definitions(owner)["I25"], criteria=("no_suits", "no_crimes"))
    owner.execute(
        update(DefinitionVersion).where(DefinitionVersion.code == "I25").values(body=body(made))
    )
    owner.commit()
    assert figure(owner).numerator == 3
    where = f"/indicators/I25?area={LINGYUAN}&month={YEAR}-12"
    assert "条件：没有一审被诉、没有民转刑。" in client_of("gao").get(where).text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("南街,甲村,,0,0,是", "要填整数"),
        (f"南街,甲村,{'0' * 30}{'9' * 30},0,0,是", "要填整数"),
        ("南街,甲村,0,0,0,也许", "请写“是”或“否”"),
        (",甲村,0,0,0,是", "不能空着"),
        ("南街,甲村,0,0,0,是\n南街,甲村,0,0,0,是", "写了两行"),
    ],
)
def test_a_fault_is_told_by_its_cell_and_nothing_is_written(
    client_of: Client, owner: Session, line: str, words: str
) -> None:
    answer = send(client_of("gao"), HEAD + line + "\n")
    assert answer.status_code == 422
    assert words in answer.text
    assert owner.query(VillageYear).count() == 0


def test_a_new_list_needs_its_reason_and_the_old_one_is_kept(
    client_of: Client, owner: Session
) -> None:
    send(client_of("gao"), LIST)
    again = LIST.replace("乙村,2", "乙村,0")
    assert "要写更正说明" in send(client_of("gao"), again).text
    assert send(client_of("gao"), again, reason="两件已移送").status_code == 302
    assert figure(owner).numerator == 2
    assert owner.query(VillageYear).filter(VillageYear.replaced_at.is_not(None)).count() == 4


def test_only_the_centre_sends_it_and_only_for_its_own_county(
    client_of: Client, owner: Session
) -> None:
    assert client_of("ren").get(ADDRESS).status_code == 404
    assert client_of("zhou").get(ADDRESS).status_code == 403
    assert send(client_of("hu"), LIST).status_code == 404
    assert owner.query(VillageYear).count() == 0
    own = client_of("hu").get(f"/supplying/villages?area={KAZUO}")
    assert "这一年还没有名单" in own.text
    assert client_of("gao").get(f"/supplying/villages/template.xlsx?year={YEAR}").status_code == 200


def test_a_version_is_tried_on_the_newest_year_that_has_a_list(
    client_of: Client, owner: Session
) -> None:
    made = replace(definitions(owner)["I25"], criteria=("no_suits",))
    later = datetime(YEAR + 2, 3, 10, 4, 0, tzinfo=UTC)
    assert tried(owner, None, made, later)["end"] == f"{YEAR + 1}-12-01"
    send(client_of("gao"), LIST)
    found = tried(owner, definitions(owner)["I25"], made, later)
    assert (found["start"], found["end"]) == (f"{YEAR}-01-01", f"{YEAR}-12-01")
    row = next(each for each in found["rows"] if each["area"] == LINGYUAN)
    assert (row["old"]["numerator"], row["new"]["numerator"]) == (1, 3)


def test_a_year_without_a_list_leads_to_the_newest_that_has_one(client_of: Client) -> None:
    before = ADDRESS.replace(f"year={YEAR}", f"year={YEAR - 1}")
    assert "看最近一份" not in client_of("gao").get(before).text
    send(client_of("gao"), LIST)
    assert f"看最近一份：{YEAR} 年的名单" in client_of("gao").get(before).text
    assert "看最近一份" not in client_of("gao").get(ADDRESS).text
