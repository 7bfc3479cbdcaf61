"""What was logged wrongly is put right, and what stood there stays to be read."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import DONGJIE, NANJIE
from tests.coordination.matters import Door, act, dispatched, report
from tests.mediation.stories import hidden
from yuantou.coordination.corrections.models import Correction
from yuantou.disputes.models import Dispute

ClientOf = Callable[[str], FlaskClient]
STANDING = {
    "title": "院墙滴水争议",
    "summary": "院墙滴水，邻居多年不和",
    "type": "neighborhood",
    "area_code": NANJIE,
    "place": "前山村三组",
    "occurred_on": "2026-03-01",
    "involved": "4",
    "reason": "登记时听错",
}


def correct(client: FlaskClient, dispute: int, **changes: Any) -> TestResponse:
    page = client.get(f"/matters/{dispute}/correct")
    if page.status_code != 200:
        return page
    words = {**hidden(page.text), **STANDING, **changes}
    return client.post(f"/matters/{dispute}/correct", data=words)


def now(owner: Session, dispute: int) -> Dispute:
    owner.rollback()
    return owner.get_one(Dispute, dispute, populate_existing=True)


def test_only_what_differs_is_kept_with_what_stood_there(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, mei = report(door), client_of("mei")
    correct(mei, dispute, involved="62", type="migrant_wages", title="欠薪六十二人")
    assert now(owner, dispute).involved == 62
    assert {row.field for row in owner.query(Correction)} == {"title", "type", "involved"}
    page = mei.get(f"/matters/{dispute}").text
    assert "标题：院墙滴水争议 → 欠薪六十二人" in page
    assert "人数：4 → 62" in page


def test_words_are_sealed_and_open_for_few(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute = report(door, flags=("armed",))  # red, so that the city sees it
    correct(client_of("mei"), dispute, summary="东邻打伤西邻", flags=["armed"])
    assert owner.scalar(text("SELECT count(*) FROM correction WHERE after IS NOT NULL")) == 0
    page = client_of("qi").get(f"/matters/{dispute}").text
    assert "事由：内容已隐去" in page
    assert "院墙滴水，邻居多年不和" not in page


def test_a_fact_that_comes_in_raises_the_risk_and_restricts(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = report(door)
    correct(client_of("mei"), dispute, flags=["domestic_violence"])
    found = now(owner, dispute)
    assert (found.risk, found.pressing, found.restricted) == ("red", True, True)
    assert client_of("tang").get(f"/matters/{dispute}").status_code == 404


def test_a_restriction_is_not_corrected_away(door: Door, client_of: ClientOf) -> None:
    dispute = report(door, flags=("domestic_violence",))
    answer = correct(client_of("mei"), dispute)
    assert answer.status_code == 422
    assert "须由县级协调员提出" in answer.text


def test_figures_follow(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute = report(door)
    owner.execute(text("DELETE FROM stale_area"))
    owner.commit()
    correct(client_of("mei"), dispute, involved="5")
    assert owner.scalar(text("SELECT count(*) FROM stale_area")) > 0


def test_the_area_stays_in_the_county(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, gao = report(door), client_of("gao")
    assert correct(gao, dispute, area_code=DONGJIE).status_code == 303
    assert now(owner, dispute).area_path.endswith(f"{DONGJIE}/")
    assert correct(gao, dispute, area_code="211324100").status_code == 422


@pytest.mark.parametrize(("login", "status"), [("ren", 303), ("gao", 303), ("tang", 303)])
def test_handler_and_centres_correct(
    door: Door, client_of: ClientOf, login: str, status: int
) -> None:
    dispute = dispatched(door)
    changes = {"type": "migrant_wages", "involved": "9"}
    assert correct(client_of(login), dispute, **changes).status_code == status


def test_who_has_handed_it_on_does_not(door: Door, client_of: ClientOf) -> None:
    dispute = dispatched(door)
    assert correct(client_of("mei"), dispute).status_code == 409
    assert correct(client_of("hu"), dispute).status_code == 404
    assert client_of("qi").get(f"/matters/{dispute}/correct").status_code == 403


def test_nothing_changed_and_sent_twice(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, mei = report(door), client_of("mei")
    assert "没有改动" in correct(mei, dispute).text
    words = hidden(mei.get(f"/matters/{dispute}/correct").text) | STANDING | {"involved": "7"}
    answers = [mei.post(f"/matters/{dispute}/correct", data=words) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert owner.query(Correction).count() == 1


def test_an_older_page_shows_what_changed(door: Door, client_of: ClientOf) -> None:
    dispute, mei = report(door), client_of("mei")
    words = hidden(mei.get(f"/matters/{dispute}/correct").text) | STANDING | {"involved": "7"}
    act(door, "mei", dispute, "accept")
    answer = mei.post(f"/matters/{dispute}/correct", data=words)
    assert answer.status_code == 409
    assert "刚才有人先办了" in answer.text
