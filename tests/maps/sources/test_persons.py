"""A natural person typed as an organisation is no common source until the county has looked."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.conftest import Database
from tests.coordination.matters import Door, report
from tests.coordination.test_parties import told
from tests.disputes.test_organisations import PERSONAL_NUMBERS, numbered
from tests.maps.sources.conftest import NIGHT, TODAY, Planter, worker
from yuantou.alerts.gathering import respondents
from yuantou.alerts.rulebook import in_force
from yuantou.disputes.models import DisputeEvent, Party
from yuantou.disputes.parties import NewParty
from yuantou.maps.sources.keeping import Kept
from yuantou.maps.sources.models import CommonSource

Night = Callable[[], Kept]
PERSON = NewParty("respondent", "organisation", "王某丙", phone="13800000099")


def sources(owner: Session) -> int:
    owner.expire_all()
    asked = select(CommonSource).where(CommonSource.ended_at.is_(None))
    return len(owner.scalars(asked).all())


def unsure(owner: Session) -> list[Party]:
    owner.expire_all()
    return list(owner.scalars(select(Party).where(Party.kind == "unsure").order_by(Party.id)))


def test_a_person_typed_as_an_organisation_is_no_source(
    plant: Planter, owner: Session, database: Database, night: Night
) -> None:
    plant(6, firm=PERSON)
    night()
    assert sources(owner) == 0
    assert {party.name_mask for party in unsure(owner)} == {"王∗∗"}
    with database.sessions("worker")() as session:
        rule = in_force(session, TODAY)["W03"]
        assert list(respondents(session, rule, NIGHT + timedelta(days=1))) == []


def test_what_the_county_found_to_be_an_organisation_counts_from_then_on(
    plant: Planter, owner: Session, night: Night, client_of: Client
) -> None:
    plant(6, firm=PERSON)
    client = client_of("gao")
    assert "单位名称待核 6 个" in client.get("/map/sources/").text
    for party in unsure(owner):
        address = f"/matters/{party.dispute_id}/parties/{party.id}/look"
        assert "王∗∗" in client.get(address).text
        assert "王某丙" not in client.get(address).text
        assert client.post(address, data={"kind": "organisation"}).status_code == 303
    night()
    assert sources(owner) == 1
    assert "待核" not in client.get("/map/sources/").text
    noted = owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "party_settled")).all()
    assert [event.facts["found"] for event in noted] == ["organisation"] * 6


def test_a_person_stays_one(plant: Planter, owner: Session, client_of: Client) -> None:
    plant(1, firm=PERSON)
    (party,) = unsure(owner)
    address = f"/matters/{party.dispute_id}/parties/{party.id}/look"
    assert client_of("gao").post(address, data={"kind": "person"}).status_code == 303
    owner.expire_all()
    assert (party.kind, party.name_mask) == ("person", "王∗∗")
    assert client_of("gao").get(address).status_code == 404


def test_the_second_look_is_the_countys(plant: Planter, owner: Session, client_of: Client) -> None:
    plant(1, firm=PERSON)
    (party,) = unsure(owner)
    address = f"/matters/{party.dispute_id}/parties/{party.id}/look"
    assert client_of("tang").post(address, data={"kind": "organisation"}).status_code != 303
    assert client_of("mei").get(address).status_code == 403
    assert [party.kind for party in unsure(owner)] == ["unsure"]
    assert "待核" not in client_of("tang").get("/map/sources/").text


def test_the_intake_says_that_an_id_number_is_a_persons(client_of: Client, door: Door) -> None:
    dispute, client = report(door, parties=(worker(1),)), client_of("mei")
    number = numbered(PERSONAL_NUMBERS[0])
    answer = client.post(
        f"/matters/{dispute}/parties/new",
        data=told(client, dispute, kind="organisation", name="红星超市", id_number=number),
    )
    assert answer.status_code == 422
    assert "这是居民身份证号" in answer.text


def test_an_upgrade_masks_what_was_typed_before(plant: Planter, owner: Session) -> None:
    plant(1, firm=PERSON)
    plant(1, first=10)
    typed = {"王∗∗": "王某丙"}
    for party in owner.scalars(select(Party).where(Party.side == "respondent")):
        party.kind, party.name_mask = "organisation", typed.get(party.name_mask, party.name_mask)
    owner.commit()
    owner.execute(text(import_module("migrations.versions.0038_unsure").UNSURE))
    owner.commit()
    held = owner.execute(
        select(Party.kind, Party.name_mask)
        .where(Party.side == "respondent")
        .order_by(Party.dispute_id)
    ).all()
    assert held == [("unsure", "王∗∗"), ("organisation", "凌源红山建筑工程公司")]
