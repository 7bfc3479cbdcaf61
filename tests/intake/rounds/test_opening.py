"""Opening a round: its units, its proposals, its changes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import KAZUO, LINGYUAN, NANJIE
from tests.intake.entries import entry
from tests.intake.rounds.opening import fields, opened, unit_named
from yuantou.calendar.clock import today
from yuantou.intake.rounds.models import ScreeningRound, ScreeningUnit, SensitiveDate
from yuantou.intake.rounds.queries import reporting_counts
from yuantou.notices.models import Notice

Clients = Callable[[str], FlaskClient]


def test_a_township_opens_a_round_with_its_villages(client_of: Clients, owner: Session) -> None:
    where = opened(client_of("tang"), places="前山村\n后山村\n\n前山村")
    units = [row.name for row in owner.query(ScreeningUnit).order_by(ScreeningUnit.id)]
    assert units == ["前山村", "后山村"]
    kept = owner.query(ScreeningRound).one()
    assert (kept.themes, kept.area_code) == (["欠薪", "供热"], NANJIE)
    assert client_of("gao").get(where).status_code == 200


def test_the_committee_is_told_without_names(client_of: Clients, owner: Session) -> None:
    opened(client_of("tang"), places="前山村\n后山村")
    told = owner.query(Notice).one()
    assert told.title == "请参加排查：十一月排查"
    assert told.body.startswith("2 个单元")


def test_opening_twice_is_one_round(client_of: Clients, owner: Session) -> None:
    tang, sent = client_of("tang"), fields(places="前山村")
    assert (
        tang.post("/screening/new", data=sent).location
        == tang.post("/screening/new", data=sent).location
    )
    assert owner.query(ScreeningRound).count() == 1


def test_a_county_names_the_township_of_each_village(client_of: Clients, owner: Session) -> None:
    gao = client_of("gao")
    lost = gao.post("/screening/new", data=fields(area=LINGYUAN, places="前山村"))
    assert lost.status_code == 422
    assert "第 1 行看不出属于哪个乡镇街道" in lost.text
    assert "前山村" in lost.text
    opened(gao, login="gao", places="南街\t前山村\n前山村，东街街道")
    codes = {row.area_code for row in owner.query(ScreeningUnit)}
    assert codes == {NANJIE, "211382002"}


def test_a_round_without_units_is_refused(client_of: Clients, owner: Session) -> None:
    answer = client_of("tang").post("/screening/new", data=fields())
    assert answer.status_code == 422
    assert "请至少写一个排查单元" in answer.text
    assert owner.query(ScreeningRound).count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "请填写"),
        ({"ends_on": "2020-01-01"}, "止日不能早于起日"),
        ({"ends_on": "2029-01-01"}, "不超过一年"),
        ({"area": KAZUO}, "area-error"),
    ],
)
def test_a_wrong_entry_is_told(client_of: Clients, changes: dict[str, str], words: str) -> None:
    answer = client_of("tang").post("/screening/new", data=fields(places="前山村") | changes)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_last_rounds_villages_stand_in_the_next_form(client_of: Clients) -> None:
    tang = client_of("tang")
    opened(tang, places="前山村\n后山村")
    page = tang.get("/screening/new").text
    assert "前山村\n后山村" in page


def test_villages_are_known_from_places_that_were_logged(client_of: Clients) -> None:
    client_of("mei").post("/intake/", data=entry(place="前山村三组"))
    page = client_of("tang").get("/screening/new").text
    assert "前山村" in page
    assert "前山村三组" not in page


def test_units_are_added_and_the_last_day_moved(client_of: Clients, owner: Session) -> None:
    tang = client_of("tang")
    where = opened(tang, places="前山村")
    assert (
        "新增 1 个单元"
        in tang.post(
            f"{where}/units", data={"places": "前山村\n后山村"}, follow_redirects=True
        ).text
    )
    later = today() + timedelta(days=20)
    tang.post(f"{where}/prolong", data={"ends_on": later.isoformat()})
    assert owner.query(ScreeningRound).one().ends_on == later


def test_only_a_round_without_reports_can_be_taken_back(client_of: Clients, owner: Session) -> None:
    tang = client_of("tang")
    where = opened(tang, places="前山村")
    tang.post(f"/screening/units/{unit_named(owner, '前山村').id}/report")
    assert "不能撤销" in tang.post(f"{where}/withdraw", follow_redirects=True).text
    other = opened(tang, places="后山村")
    tang.post(f"{other}/withdraw")
    assert tang.get(other).status_code == 404


@pytest.mark.parametrize("act", ["units", "remind", "prolong", "withdraw"])
def test_another_centre_changes_nothing_of_a_round(
    client_of: Clients, owner: Session, act: str
) -> None:
    where = opened(client_of("tang"), places="前山村")
    sent = {"places": "某村", "ends_on": "2026-12-31"}
    answer = client_of("gao").post(f"{where}/{act}", data=sent, follow_redirects=True)
    assert "只有发起单位能改这一轮排查" in answer.text
    assert client_of("hu").post(f"{where}/{act}", data=sent).status_code == 404
    assert client_of("mei").post(f"{where}/{act}", data=sent).status_code == 403
    assert owner.query(ScreeningUnit).count() == 1


def test_seasons_are_proposed_until_a_round_is_open(client_of: Clients) -> None:
    gao = client_of("gao")
    day = today()
    span = {"first": f"{day:%m-%d}", "last": f"{day + timedelta(days=3):%m-%d}"}
    gao.post("/screening/seasons", data={"name": ["某节"], "themes": ["欠薪、供热"]} | span)
    assert "某节" in gao.get("/screening/").text
    page = gao.get("/screening/new?season=某节").text
    assert 'value="某节排查"' in page
    assert 'value="欠薪、供热"' in page
    gao.post(
        "/screening/new",
        data=fields(area=LINGYUAN, kind="sensitive", title="某节排查", places="南街\t前山村"),
    )
    assert "临近敏感节点" not in gao.get("/screening/").text


def test_a_wrong_day_of_the_list_keeps_what_was_typed(client_of: Clients, owner: Session) -> None:
    sent = {"name": ["某节"], "first": ["13-01"], "last": ["2月3日"], "themes": [""]}
    answer = client_of("gao").post("/screening/seasons", data=sent)
    assert answer.status_code == 422
    assert "请写月日" in answer.text
    assert 'value="13-01"' in answer.text
    assert owner.query(SensitiveDate).count() == 0


def test_a_township_uses_the_countys_list(client_of: Clients) -> None:
    sent = {"name": ["县里的节"], "first": ["01-01"], "last": ["12-31"], "themes": [""]}
    client_of("gao").post("/screening/seasons", data=sent)
    assert "县里的节" in client_of("tang").get("/screening/").text
    assert "县里的节" not in client_of("hu").get("/screening/").text


def test_zero_and_late_reports_count_as_done(client_of: Clients, owner: Session) -> None:
    opened(client_of("tang"), places="前山村\n后山村")
    client_of("mei").post(f"/screening/units/{unit_named(owner, '前山村').id}/report")
    first, last = date(2020, 1, 1), today() + timedelta(days=30)
    path = "210000/211300/211382/"
    assert reporting_counts(owner, area_path=path, first=first, last=last) == (1, 2)
    assert reporting_counts(owner, area_path="210000/211300/211324/", first=first, last=last) == (
        0,
        0,
    )


def test_numbers_out_of_reach_find_nothing(client_of: Clients) -> None:
    far = 10**20
    for page in (f"/screening/{far}", f"/screening/units/{far}", f"/window/receipts/{far}"):
        assert client_of("gao").get(page).status_code == 404
    assert client_of("gao").get(f"/intake/?unit={far}").status_code == 200
