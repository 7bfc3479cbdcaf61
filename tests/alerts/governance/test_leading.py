"""A city leads a class over its counties: all of it by number, and nothing of what is theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.alerts.conftest import RAISED, Raise, warn
from tests.alerts.governance.stories import EMPLOYER, analysed, wages
from tests.cast import CITY, GONGYINGZI, HEPING, KAZUO, LINGYUAN, PROVINCE
from tests.coordination.conftest import door
from tests.coordination.matters import Door
from yuantou.alerts.governance.analyses import leading
from yuantou.alerts.governance.analyses.models import Analysis, AnalysisMember
from yuantou.alerts.governance.effects.counting import here
from yuantou.alerts.governance.terms import read
from yuantou.alerts.models import Alert
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.notices.models import Notice

__all__ = ["door", "warn"]
SEEN = RAISED - timedelta(days=2)
FACTS = {"members": [LINGYUAN, KAZUO], "first": "2026-11-14", "last": "2026-11-20"}


@pytest.fixture
def cluster(door: Door, owner: Session, warn: Raise) -> int:
    """A warning of two counties: four matters of Lingyuan, one restricted, and three of Kazuo."""
    wages(door, 4, SEEN)
    wages(door, 1, SEEN, flags=("domestic_violence",))
    wages(door, 3, SEEN, area_code=GONGYINGZI)
    owner.execute(update(Dispute).values(number=func.concat(Dispute.county_code, "号", Dispute.id)))
    owner.commit()
    number = warn(area=CITY, rule="D_SCAN", facts=FACTS)
    assert number is not None
    return number


def led(door: Door, cluster: int) -> int:
    """The city's analysis of it."""
    return analysed(door, [], login="qi", area=CITY, warning_id=cluster)


def numbers(owner: Session, county: str) -> list[str]:
    """The numbers of a county's open matters."""
    asked = select(Dispute.number).where(Dispute.county_code == county, ~Dispute.restricted)
    return [number for number in owner.scalars(asked) if number]


def test_all_of_a_cluster_is_frozen_and_the_restricted_only_counted(
    door: Door, owner: Session, cluster: int
) -> None:
    made = owner.get_one(Analysis, led(door, cluster))
    assert (made.size, made.counties, made.area_code) == (7, [KAZUO, LINGYUAN], CITY)
    assert made.frozen["places"] == [[LINGYUAN, 4], [KAZUO, 3]]
    assert (made.frozen["restricted"], made.frozen["organisations"]) == (1, [])
    kept = select(AnalysisMember.dispute_id).where(AnalysisMember.analysis_id == made.id)
    told = select(DisputeEvent.dispute_id).where(DisputeEvent.event == "analysed")
    open_ = set(owner.scalars(select(Dispute.id).where(~Dispute.restricted)))
    assert set(owner.scalars(kept)) == set(owner.scalars(told)) == open_


def test_the_city_reads_numbers_and_neither_titles_nor_parties(
    door: Door, owner: Session, cluster: int, client_of: Client
) -> None:
    made = led(door, cluster)
    page = client_of("qi").get(f"/sources/analyses/{made}").text
    for county in (LINGYUAN, KAZUO):
        for number in numbers(owner, county):
            assert number in page
    assert "拖欠工资<" not in page
    assert EMPLOYER.name not in page
    assert "限制知悉的 &lt;3 件" in page
    hidden = owner.scalars(select(Dispute.number).where(Dispute.restricted)).one()
    assert hidden is not None
    assert hidden not in page
    session, _viewer = door("qi")
    assert session.scalar(select(func.count()).select_from(Dispute)) == 0


@pytest.mark.parametrize(
    ("login", "own", "other", "others"), [("gao", LINGYUAN, KAZUO, 3), ("hu", KAZUO, LINGYUAN, 4)]
)
def test_each_county_sees_its_own_rows_and_hears_of_it(
    door: Door, owner: Session, cluster: int, client_of: Client,
    login: str, own: str, other: str, others: int,
) -> None:  # fmt: skip
    made = led(door, cluster)
    page = client_of(login).get(f"/sources/analyses/{made}").text
    assert all(number in page for number in numbers(owner, own))
    assert not any(number in page for number in numbers(owner, other))
    assert f"<dt>其他县事项</dt><dd>{others}</dd>" in page
    assert "欠薪类案分析" in client_of(login).get("/sources/analyses/").text
    _session, viewer = door(login)
    link = f"/sources/analyses/{made}"
    notices = select(func.count()).where(Notice.link == link, Notice.agency_id == viewer.agency.id)
    assert owner.scalar(notices) == 1


def test_a_small_number_of_other_counties_is_hidden(
    door: Door, warn: Raise, client_of: Client
) -> None:
    wages(door, 4, SEEN)
    wages(door, 2, SEEN, area_code=GONGYINGZI)
    made = led(door, warn(area=CITY, rule="D_SCAN", facts=FACTS) or 0)
    page = client_of("gao").get(f"/sources/analyses/{made}").text
    assert "<dt>其他县事项</dt><dd>&lt;3</dd>" in page
    assert "<dt>纳入事项</dt>" not in page


def test_a_county_outside_the_cluster_does_not_see_it(
    door: Door, warn: Raise, client_of: Client
) -> None:
    wages(door, 3, SEEN)
    facts = FACTS | {"members": [LINGYUAN, HEPING]}
    number = warn(area=PROVINCE, rule="D_SCAN", facts=facts)
    made = analysed(door, [], login="sheng", area=PROVINCE, warning_id=number)
    assert client_of("gao").get(f"/sources/analyses/{made}").status_code == 200
    for login in ("hu", "zhou", "tang", "ren"):
        assert client_of(login).get(f"/sources/analyses/{made}").status_code == 404


def test_who_does_not_coordinate_the_places_gets_no_class(
    door: Door, warn: Raise, cluster: int
) -> None:
    single = warn(area=CITY, rule="D_GI", key="one", facts=FACTS | {"members": [LINGYUAN]})
    above = warn(area=PROVINCE, rule="D_SCAN", key="two", facts=FACTS)
    asked = text("SELECT count(*) FROM class_of_warning(:warning)")
    given = {
        (login, number): door(login)[0].scalar(asked, {"warning": number})
        for login in ("gao", "zhou", "mei", "qi", "sheng")
        for number in (cluster, single, above)
    }
    assert {key for key, n in given.items() if n} == {
        ("qi", cluster), ("sheng", cluster), ("sheng", above),
    }  # fmt: skip
    with pytest.raises(DBAPIError, match="permission denied"):
        door("qi")[0].execute(text("SELECT * FROM class_members(:warning)"), {"warning": cluster})


def test_rows_are_the_leading_offices_alone_and_what_is_restricted_later_goes(
    door: Door, owner: Session, cluster: int
) -> None:
    made = led(door, cluster)
    asked = text("SELECT count(*) FROM class_rows(:made)")
    assert door("qi")[0].scalar(asked, {"made": made}) == 7
    for login in ("gao", "sheng", "hu"):
        assert door(login)[0].scalar(asked, {"made": made}) == 0
    owner.execute(
        update(Dispute).where(Dispute.number == numbers(owner, KAZUO)[0]).values(restricted=True)
    )
    owner.commit()
    assert door("qi")[0].scalar(asked, {"made": made}) == 6


def test_a_list_is_frozen_once(door: Door, owner: Session, cluster: int) -> None:
    made = led(door, cluster)
    again = text("SELECT freeze_class(:made)")
    assert door("qi")[0].scalar(again, {"made": made}) == 0
    assert door("gao")[0].scalar(again, {"made": made}) == 0
    assert owner.scalar(select(func.count()).select_from(AnalysisMember)) == 7


def test_what_comes_after_is_counted_in_its_counties_alone(door: Door, owner: Session) -> None:
    wages(door, 2, SEEN)
    wages(door, 5, SEEN, area_code=GONGYINGZI)
    path = f"{PROVINCE}/{CITY}/"
    made = Analysis(area_path=path, type_code="migrant_wages", counties=[LINGYUAN])
    day = SEEN.date() - timedelta(days=30)
    counted = here(owner, made, day, 90, RAISED.date() + timedelta(days=60), read().effects)
    assert sum(counted.after) == 2


def test_the_form_says_what_the_city_will_see(door: Door, cluster: int, client_of: Client) -> None:
    page = client_of("qi").get(f"/sources/analyses/new?warning={cluster}").text
    assert "整类事项全部按编号纳入" in page
    assert "整类事项全部按编号纳入" not in client_of("gao").get("/sources/analyses/new").text
    session, viewer = door("qi")
    assert leading.leads(viewer, session.get_one(Alert, cluster))
