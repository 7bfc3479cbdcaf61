"""Matters of one kind under one lead: made, seen as far as in scope, never about a person."""

from collections.abc import Callable, Sequence

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import DONGJIE
from tests.coordination.matters import Door, act, agency_of, dispatched, report, triaged
from yuantou.coordination.series import service
from yuantou.coordination.series.models import Series, SeriesMember
from yuantou.disputes.models import DisputeEvent
from yuantou.disputes.parties import NewParty

ClientOf = Callable[[str], FlaskClient]
FIRM = NewParty("respondent", "organisation", "和顺物业公司")
PERSON = NewParty("respondent", "person", "钱某丁", "id_card", "211382199001011234")
MARK = "b" * 32


def make(client: FlaskClient, lead: int, ids: Sequence[int], **more: object) -> TestResponse:
    data: dict[str, object] = {"name": "和顺供暖", "cause": "停暖", "submission": MARK}
    data |= {"dispute": list(ids), "lead_agency_id": lead, "respondent": ""}
    return client.post("/series/", data=data | more)


@pytest.fixture
def made(door: Door, client_of: ClientOf) -> tuple[int, int, str]:
    """Two matters of the same firm, and the address of their series."""
    one, two = (report(door, parties=(FIRM, PERSON), title=f"停暖之{n}") for n in "一二")
    answer = make(client_of("gao"), agency_of(door, "zhu"), [one, two], respondent="和顺物业公司")
    assert answer.status_code == 303
    return one, two, answer.location


def test_each_member_shows_its_series(
    made: tuple[int, int, str], client_of: ClientOf, owner: Session
) -> None:
    one, _two, _place = made
    html = client_of("mei").get(f"/matters/{one}").get_data(as_text=True)
    assert "和顺供暖" in html
    assert "归入系列案" in html
    events = owner.scalars(select(DisputeEvent.event).where(DisputeEvent.dispute_id == one)).all()
    assert "series_joined" in events


def test_the_respondent_in_common_is_an_organisation_of_theirs(
    door: Door, client_of: ClientOf
) -> None:
    dispute = report(door, parties=(FIRM, PERSON))
    gao = client_of("gao")
    html = gao.get(f"/series/new?dispute={dispute}").get_data(as_text=True)
    assert ">和顺物业公司</option>" in html
    assert "钱" not in html
    answer = make(gao, agency_of(door, "gao"), [dispute], respondent="钱某丁")
    assert answer.status_code == 422


def test_the_service_knows_no_person_either(door: Door) -> None:
    dispute = report(door, parties=(FIRM, PERSON))
    session, gao = door("gao")
    with pytest.raises(service.SeriesRefusedError):
        service.make(
            session,
            by=gao,
            submission=MARK,
            name="甲",
            cause="乙",
            dispute_ids=[dispute],
            lead_agency_id=gao.agency.id,
            respondent="钱∗∗",
        )


def test_members_out_of_sight_are_a_number(door: Door, client_of: ClientOf) -> None:
    here = report(door, title="南街的事")
    there = report(door, "dong", area_code=DONGJIE, title="东街的事")
    place = make(client_of("gao"), agency_of(door, "gao"), [here, there]).location
    html = client_of("tang").get(place).get_data(as_text=True)
    assert "南街的事" in html
    assert "东街的事" not in html
    assert "另有 1 件不在您的范围" in html


def test_another_county_sees_nothing_of_it(made: tuple[int, int, str], client_of: ClientOf) -> None:
    hu = client_of("hu")
    assert hu.get(made[2]).status_code == 404
    assert "和顺供暖" not in hu.get("/series/").get_data(as_text=True)
    assert hu.post(f"{made[2]}/end").status_code == 404


def test_restricted_merged_and_taken_matters_stay_outside(
    made: tuple[int, int, str], door: Door, client_of: ClientOf
) -> None:
    hidden = report(door, flags=("domestic_violence",))
    gao = client_of("gao")
    answer = make(gao, agency_of(door, "gao"), [hidden, made[0]], submission="c" * 32)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "限制知悉的事项不归入系列案" in html
    assert "已在系列“和顺供暖”里" in html


def test_one_leaves_with_a_reason_and_goes_on(
    made: tuple[int, int, str], client_of: ClientOf, owner: Session
) -> None:
    one, _two, place = made
    gao = client_of("gao")
    gao.post(f"{place}/remove", data={"dispute_id": one, "reason": ""})
    assert owner.scalars(select(Series.size)).one() == 2
    gao.post(f"{place}/remove", data={"dispute_id": one, "reason": "起因不同"})
    owner.rollback()
    left = owner.scalars(select(SeriesMember).where(SeriesMember.dispute_id == one)).one()
    assert (left.reason, owner.scalars(select(Series.size)).one()) == ("起因不同", 1)
    assert "移出系列案" in gao.get(f"/matters/{one}").get_data(as_text=True)


def test_more_are_added_by_number(
    made: tuple[int, int, str], door: Door, client_of: ClientOf, owner: Session
) -> None:
    third = report(door)
    act(door, "mei", third, "accept")
    gao = client_of("gao")
    gao.post(f"{made[2]}/add", data={"numbers": "1\n999999"})
    owner.rollback()
    assert owner.scalars(select(Series.size)).one() == 3
    html = gao.post(f"{made[2]}/add", data={"numbers": "1"}).get_data(as_text=True)
    assert "已在这个系列里" in html


def test_name_and_lead_change_and_the_end_shuts_it(
    made: tuple[int, int, str], door: Door, client_of: ClientOf, owner: Session
) -> None:
    one, _two, place = made
    gao = client_of("gao")
    changed = {"name": "换了名", "cause": "停暖", "lead_agency_id": agency_of(door, "ren")}
    gao.post(place, data=changed | {"lead_dispute_id": one})
    html = gao.get(place).get_data(as_text=True)
    assert "换了名" in html
    assert "牵头事项" in html
    gao.post(f"{place}/end")
    gao.post(place, data=changed | {"name": "又改", "lead_dispute_id": 0})
    owner.rollback()
    assert owner.scalars(select(Series.name)).one() == "换了名"


def test_who_may_not_dispatch_groups_nothing(
    made: tuple[int, int, str], door: Door, client_of: ClientOf
) -> None:
    mei = client_of("mei")
    assert make(mei, agency_of(door, "mei"), [made[0]]).status_code == 403
    assert mei.get(made[2]).status_code == 200


def test_many_matters_with_one_firm_are_suggested(door: Door, client_of: ClientOf) -> None:
    for n in range(5):
        report(door, parties=(FIRM, PERSON), title=f"停暖之{n}")
    html = client_of("gao").get("/series/").get_data(as_text=True)
    assert "和顺物业公司" in html
    assert "5 件，还没有归入系列" in html
    assert "钱" not in html
    assert "和顺物业公司" not in client_of("hu").get("/series/").get_data(as_text=True)


def test_the_desk_opens_a_series_and_groups_what_is_ticked(
    made: tuple[int, int, str], door: Door, client_of: ClientOf
) -> None:
    triaged(door, title="不相干的")
    other = dispatched(door, title="另一件")
    gao = client_of("gao")
    number = made[2].rsplit("/", 1)[1]
    html = gao.get(f"/disputes/?view=all&series={number}").get_data(as_text=True)
    assert "停暖之一</a>" in html
    assert "不相干的" not in html
    answer = gao.post("/batches/prepare", data={"kind": "series", "picked": [other]})
    assert answer.location == f"/series/new?dispute={other}"
