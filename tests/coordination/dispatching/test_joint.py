"""Joint handling: helpers see the matter, write what they did, and settle nothing."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.coordination.matters import Door, act, agency_of, dispatched, report, triaged
from yuantou.calendar import clock
from yuantou.disputes.models import Dispute, DisputeEvent, NamedHandler, Participation
from yuantou.disputes.queries import held_since
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]
Do = Callable[..., TestResponse]


def parts(owner: Session, dispute: int) -> dict[tuple[str, int], bool]:
    """Each part with its agency, and whether it is still open."""
    owner.rollback()
    rows = owner.scalars(select(Participation).where(Participation.dispute_id == dispute))
    return {(row.part, row.agency_id): row.until is None for row in rows}


def test_a_helper_sees_the_matter_and_is_told(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute, housing = dispatched(door), agency_of(door, "zhu")
    assert client_of("zhu").get(f"/matters/{dispute}").status_code == 404
    assert do("gao", dispute, "join", partners=[housing], reason="看图纸").status_code == 303
    page = client_of("zhu").get(f"/matters/{dispute}")
    assert "写协办情况" in page.text
    assert "登记答复" not in page.text
    told = owner.scalars(select(Notice.kind).where(Notice.agency_id == housing)).all()
    assert "dispute_joined" in told


def test_the_handler_leads_while_others_help(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = dispatched(door)
    labour, housing = agency_of(door, "ren"), agency_of(door, "zhu")
    do("gao", dispute, "join", partners=[housing], reason="看图纸")
    assert parts(owner, dispute)["lead", labour]
    assert "人力资源和社会保障局</b> 牵头" in client_of("zhu").get(f"/matters/{dispute}").text
    do("gao", dispute, "release", partner=housing, reason="图纸已看")
    after = parts(owner, dispute)
    assert not after["lead", labour]
    assert not after["assisting", housing]


def test_the_lead_follows_the_matter(door: Door, do: Do, owner: Session) -> None:
    dispute = dispatched(door)
    housing, centre = agency_of(door, "zhu"), agency_of(door, "gao")
    do("gao", dispute, "join", partners=[housing], reason="看图纸")
    act(door, "ren", dispute, "return", reason="不归我们", suggested_owner=housing)
    assert parts(owner, dispute)["lead", centre]


def test_what_a_helper_writes_stands_in_the_history(
    door: Door, client_of: ClientOf, do: Do
) -> None:
    dispute = dispatched(door)
    do("ren", dispute, "join", partners=[agency_of(door, "zhu")], reason="看图纸")
    assert do("zhu", dispute, "contribute", words="图纸与现场不符").status_code == 303
    assert "图纸与现场不符" in client_of("ren").get(f"/matters/{dispute}").text


def test_a_helper_closes_nothing(door: Door, client_of: ClientOf, do: Do) -> None:
    dispute = dispatched(door)
    act(door, "ren", dispute, "sign")
    do("gao", dispute, "join", partners=[agency_of(door, "zhu")], reason="看图纸")
    zhu = client_of("zhu")
    for action in ("handle", "return", "mediate"):
        assert zhu.get(f"/matters/{dispute}/do/{action}").status_code == 409


def test_a_released_helper_sees_it_no_longer(door: Door, client_of: ClientOf, do: Do) -> None:
    dispute, housing = dispatched(door), agency_of(door, "zhu")
    do("gao", dispute, "join", partners=[housing], reason="看图纸")
    do("gao", dispute, "release", partner=housing, reason="图纸已看")
    assert client_of("zhu").get(f"/matters/{dispute}").status_code == 404
    assert "解除协办" in client_of("gao").get(f"/matters/{dispute}").text


def test_strangers_and_other_counties_ask_nobody(door: Door, do: Do) -> None:
    dispute = dispatched(door)
    partners = [agency_of(door, "zhu")]
    assert do("hu", dispute, "join", partners=partners, reason="试").status_code == 404
    assert do("zhu", dispute, "join", partners=partners, reason="试").status_code == 404


def test_sending_the_form_twice_writes_once(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = dispatched(door)
    do("gao", dispute, "join", partners=[agency_of(door, "zhu")], reason="看图纸")
    zhu, address = client_of("zhu"), f"/matters/{dispute}/joint/contribute"
    page = zhu.get(address).text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    for _again in range(2):
        assert zhu.post(address, data={"version": version, "words": "一次"}).status_code == 303
    written = select(DisputeEvent).where(DisputeEvent.event == "contributed")
    assert len(owner.scalars(written).all()) == 1


def test_a_restricted_matter_is_for_the_persons_named(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = report(door, flags=("domestic_violence",))
    act(door, "mei", dispute, "accept")
    zhu = door("zhu")[1].id
    assert do("gao", dispute, "join", reason="保护").status_code == 422
    assert do("gao", dispute, "join", reason="保护", named=[zhu]).status_code == 303
    assert client_of("zhu").get(f"/matters/{dispute}").status_code == 200
    do("gao", dispute, "release", partner=agency_of(door, "zhu"), reason="不需要了")
    owner.rollback()
    named = select(NamedHandler.account_id).where(NamedHandler.dispute_id == dispute)
    assert zhu not in owner.scalars(named).all()


def test_help_is_asked_for_once_the_matter_is_taken_up(door: Door, do: Do) -> None:
    partners = [agency_of(door, "zhu")]
    assert do("gao", report(door), "join", partners=partners, reason="早").status_code == 409
    assert do("gao", triaged(door), "join", partners=partners, reason="好").status_code == 303


def test_leading_begins_later_than_holding(door: Door, do: Do, owner: Session) -> None:
    dispute = dispatched(door)
    owner.execute(update(Participation).values(since=clock.now() - timedelta(days=9)))
    owner.commit()
    do("gao", dispute, "join", partners=[agency_of(door, "zhu")], reason="看图纸")
    found = owner.get_one(Dispute, dispute)
    row = SimpleNamespace(id=dispute, handler_agency_id=found.handler_agency_id)
    since = held_since(owner, [row])[dispute]  # type: ignore[list-item]
    assert clock.now() - since > timedelta(days=8)


def test_the_countys_coordinator_stays_named_when_his_help_ends(
    door: Door, client_of: ClientOf, do: Do
) -> None:
    dispute = report(door, flags=("domestic_violence",))
    act(door, "mei", dispute, "accept")
    gao = door("gao")[1]
    assert do("mei", dispute, "join", reason="指导", named=[gao.id]).status_code == 303
    do("mei", dispute, "release", partner=gao.agency.id, reason="已指导")
    assert client_of("gao").get(f"/matters/{dispute}").status_code == 200
