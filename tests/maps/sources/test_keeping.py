"""The night's scan on real rows: found, found again, never a person, warned of once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import CITY, GONGYINGZI, LINGYUAN
from tests.maps.sources.conftest import FIRM, TODAY, Planter, day
from yuantou.disputes.parties import NewParty
from yuantou.judiciary.casefeed.models import FeedBatch, FeedSuit, SuitLink
from yuantou.maps.sources.keeping import Kept, smallest
from yuantou.maps.sources.models import CommonSource, CommonSourceArea, CommonSourceMatter
from yuantou.synth.removal import remove_disputes

Night = Callable[[], Kept]


def only(owner: Session) -> CommonSource:
    """The one source."""
    owner.expire_all()
    return owner.scalars(select(CommonSource)).one()


def test_a_new_employer_is_found_and_rises(
    background: None, plant: Planter, night: Night, owner: Session
) -> None:
    plant(8)
    kept = night()
    source = only(owner)
    assert (kept.sources, kept.rising, kept.warned) == (1, 1, 1)
    assert (source.kind, source.name, source.area_code) == ("employer", None, LINGYUAN)
    assert (source.disputes, source.people, source.state) == (8, 8, "rising")
    assert source.since is not None
    assert 0 < (TODAY - source.since).days <= 28
    assert source.observed == 8
    assert (source.low or 0) < 8 / (source.expected or 1) < (source.high or 0)


@pytest.mark.parametrize(("count", "sources"), [(4, 0), (5, 1)])
def test_five_matters_make_a_source(plant: Planter, night: Night, count: int, sources: int) -> None:
    plant(count)
    assert night().sources == sources


def test_the_same_night_again_changes_nothing_and_warns_no_more(
    background: None, plant: Planter, night: Night, owner: Session
) -> None:
    plant(8)
    assert night().warned == 1
    before = only(owner).id
    assert night().warned == 0
    assert only(owner).id == before
    plant(3, first=20)
    night()
    assert (only(owner).id, only(owner).disputes) == (before, 11)


def test_a_firm_is_one_by_number_by_telephone_or_by_name(
    plant: Planter, night: Night, owner: Session
) -> None:
    plant(2)
    plant(2, firm=replace(FIRM, phone="0421-5559999"), first=10)
    plant(1, firm=replace(FIRM, name="红山建筑", id_number="91211382MA00000010"), first=20)
    plant(2, firm=replace(FIRM, id_number="91211382MA00000010", phone=None), first=30)
    night()
    assert only(owner).disputes == 7


def test_a_source_that_comes_apart_is_two(plant: Planter, night: Night, owner: Session) -> None:
    other = replace(FIRM, name="红山建筑二公司", phone="0421-5559999")
    plant(5)
    plant(5, firm=other, first=10)
    (link,) = plant(1, firm=replace(FIRM, phone="0421-5559999", name=other.name), first=20)
    again = replace(FIRM, id_number="91211382MA00000010")
    both = [
        *plant(1, firm=again, first=30),
        *plant(1, firm=replace(other, id_number=again.id_number), first=40),
    ]
    night()
    assert only(owner).disputes == 13
    gone = text("UPDATE dispute SET state = 'merged' WHERE id = ANY (:ids)")
    owner.execute(gone, {"ids": [*both, link]})
    owner.commit()
    night()
    owner.expire_all()
    sizes = owner.scalars(select(CommonSource.disputes).order_by(CommonSource.id)).all()
    assert sorted(sizes) == [5, 5]


def test_a_person_is_never_a_source(plant: Planter, night: Night, owner: Session) -> None:
    plant(9, firm=NewParty("respondent", "person", "王某某", phone="12900009999"))
    assert night().sources == 0
    assert owner.scalars(select(CommonSource)).all() == []


def test_firms_of_one_name_in_two_counties_stay_apart(
    plant: Planter, night: Night, owner: Session
) -> None:
    plant(5, firm=replace(FIRM, phone=None))
    plant(5, firm=replace(FIRM, phone=None), login="kai", area=GONGYINGZI, first=50)
    night()
    assert len(owner.scalars(select(CommonSource)).all()) == 2


def test_a_source_over_two_counties_stands_in_their_city(
    plant: Planter, night: Night, owner: Session
) -> None:
    plant(4)
    plant(3, login="kai", area=GONGYINGZI, first=50)
    night()
    assert only(owner).area_code == CITY
    counted = owner.execute(select(CommonSourceArea.disputes, CommonSourceArea.people)).all()
    assert sorted(map(tuple, counted)) == [(3, 3), (4, 4)]


def test_one_person_who_complains_often_is_one(
    plant: Planter, night: Night, owner: Session
) -> None:
    for _ in range(6):
        plant(1)
    night()
    assert (only(owner).disputes, only(owner).people) == (6, 1)


def test_restricted_matters_count_in_sums(plant: Planter, night: Night, owner: Session) -> None:
    plant(4)
    plant(2, first=30, flags=("minor",))
    night()
    assert only(owner).disputes == 6


def test_older_matters_stay_with_a_source_that_is_one_by_fresh_ones(
    plant: Planter, night: Night, owner: Session
) -> None:
    plant(9, back=500)
    assert night().sources == 0
    plant(5, first=20)
    night()
    assert (only(owner).disputes, sum(only(owner).weeks)) == (14, 5)


def test_a_source_stays_when_it_has_become_quiet(
    plant: Planter, night: Night, owner: Session
) -> None:
    ids = plant(6)
    night()
    early = text(
        "UPDATE dispute SET reported_at = reported_at - interval '500 days' WHERE id <> :id"
    )
    owner.execute(early, {"id": ids[0]})
    owner.commit()
    night()
    assert (only(owner).state, only(owner).ended_at, only(owner).disputes) == ("few", None, 6)


def test_what_nothing_belongs_to_any_more_ends(
    plant: Planter, night: Night, owner: Session
) -> None:
    plant(5)
    night()
    owner.execute(text("UPDATE dispute SET state = 'merged'"))
    owner.commit()
    night()
    assert only(owner).ended_at is not None
    assert owner.scalars(select(CommonSourceMatter)).all() == []


def test_the_smallest_area_of_all() -> None:
    assert smallest(["a/b/c/", "a/b/c/"]) == "a/b/c/"
    assert smallest(["a/b/c/", "a/b/d/"]) == "a/b/"
    assert smallest(["a/b/c/", "a/x/d/"]) == "a/"


def test_sources_of_the_demo_go_with_it(plant: Planter, night: Night, owner: Session) -> None:
    plant(5)
    night()
    owner.execute(text("UPDATE dispute SET demo = true"))
    owner.commit()
    raw = owner.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    assert remove_disputes(raw) == 5
    assert owner.scalars(select(CommonSource)).all() == []


def feed(owner: Session, cause: str, released: datetime | None, link: int | None = None) -> None:
    """A court's feed of six suits of one cause, the first of them linked to a matter."""
    batch = FeedBatch(
        court_code="lingyuan-court",
        counts_to_path="210000/211300/211382/",
        first_month=date(2026, 10, 1),
        last_month=date(2026, 10, 1),
        origin="file",
        content_hash=cause,
        unchanged=0,
        entered_by=1,
        entered_at=day(9),
        released_at=released,
        demo=False,
    )
    owner.add(batch)
    owner.flush()
    suits = [
        FeedSuit(
            batch_id=batch.id,
            court_code=batch.court_code,
            suit_key=f"{cause}{place}".encode(),
            cause=cause,
            type="property_management",
            filed_on=day(30 + place).date(),
        )
        for place in range(6)
    ]
    owner.add_all(suits)
    owner.flush()
    if link is not None:
        owner.add(
            SuitLink(dispute_id=link, suit_id=suits[0].id, filed_on=suits[0].filed_on, cause=cause)
        )
    owner.commit()


def test_a_cause_of_many_suits_is_a_source_with_the_matters_they_came_from(
    plant: Planter, night: Night, owner: Session, client_of: Callable[[str], FlaskClient]
) -> None:
    (settled,) = plant(1)
    feed(owner, "物业服务合同纠纷", day(5), settled)
    feed(owner, "车位纠纷", None)  # not released
    feed(owner, "没有这种案由", day(5))
    night()
    source = only(owner)
    assert (source.kind, source.name, source.disputes) == ("cause", "物业服务合同纠纷", 6)
    assert (source.area_code, source.people) == (LINGYUAN, None)
    assert owner.scalars(select(CommonSourceMatter.dispute_id)).all() == [settled]
    night()
    assert only(owner).id == source.id
    page = client_of("gao").get(f"/map/sources/{source.id}").get_data(as_text=True)
    assert "件数是法院立案的案件数" in page
    assert "不在您的范围" not in page
