"""A matter handed to another area: never nobody's, its number kept, its figures moved along."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import DONGJIE, GONGYINGZI, KAZUO, LINGYUAN
from tests.coordination.dispatching.conftest import HIDDEN
from tests.coordination.matters import Door, act, agency_of, dispatched, report, triaged
from yuantou.calendar import clock
from yuantou.coordination.dispatching.models import Transfer
from yuantou.disputes.models import Dispute, NamedHandler, Participation
from yuantou.limits.models import Deadline
from yuantou.limits.verification import differences

ClientOf = Callable[[str], FlaskClient]
Do = Callable[..., TestResponse]


def in_county(door: Door, **changes: Any) -> int:
    """A matter that the county's centre holds, before anybody handles it."""
    dispute = dispatched(door, **changes)
    act(door, "ren", dispute, "return", reason="不归我们", suggested_owner=agency_of(door, "zhu"))
    return dispute


def now(owner: Session, dispute: int) -> Dispute:
    owner.rollback()
    found = owner.get(Dispute, dispute, populate_existing=True)
    assert found is not None
    return found


def test_until_it_is_taken_the_sender_keeps_it(door: Door, do: Do, owner: Session) -> None:
    dispute, sender = in_county(door), agency_of(door, "gao")
    there = agency_of(door, "hu")
    assert (
        do("gao", dispute, "transfer", to_agency_id=there, reason="发生在喀左").status_code == 303
    )
    found = now(owner, dispute)
    assert (found.handler_agency_id, found.county_code) == (sender, LINGYUAN)
    act(door, "gao", dispute, "triage", category="other", risk="blue", path="department")


def test_the_receiver_takes_it_with_area_and_number(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = in_county(door)
    number = now(owner, dispute).number
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    assert "接收移送" in client_of("hu").get(f"/matters/{dispute}").text
    assert do("hu", dispute, "accept-transfer", area_code=GONGYINGZI).status_code == 303
    found = now(owner, dispute)
    assert (found.number, found.area_code, found.county_code) == (number, GONGYINGZI, KAZUO)
    assert found.handler_agency_id == agency_of(door, "hu")
    act(door, "hu", dispute, "triage", category="other", risk="blue", path="department")


def test_the_receiver_has_a_clock_of_its_own(door: Door, do: Do, owner: Session) -> None:
    dispute, there = in_county(door), agency_of(door, "hu")
    do("gao", dispute, "transfer", to_agency_id=there, reason="发生在喀左")
    do("hu", dispute, "accept-transfer", area_code=KAZUO)
    asked = owner.query(Deadline).filter(
        Deadline.dispute_id == dispute, Deadline.rule.like("triage%")
    )
    *_, left, fresh = asked.order_by(Deadline.id).all()
    assert (left.lapsed_at, fresh.lapsed_at) == (fresh.started_at, None)
    assert (fresh.agency_id, fresh.county_code) == (there, KAZUO)
    assert list(differences(owner, clock.now(), dispute)) == []


def test_both_see_the_history_afterwards(door: Door, client_of: ClientOf, do: Do) -> None:
    dispute = in_county(door, title="移走的事")
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    do("hu", dispute, "accept-transfer", area_code=KAZUO)
    for login in ("gao", "hu"):
        page = client_of(login).get(f"/matters/{dispute}")
        assert "发生在喀左" in page.text
        assert "凌源市综治中心 → 喀左县综治中心" in page.text
    assert "移走的事" in client_of("hu").get("/disputes/?view=all").text
    assert "移走的事" not in client_of("gao").get("/disputes/?view=all").text


def test_the_figures_of_both_counties_are_made_anew(door: Door, do: Do, owner: Session) -> None:
    dispute = in_county(door)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    owner.execute(text("DELETE FROM stale_area"))
    owner.commit()
    do("hu", dispute, "accept-transfer", area_code=KAZUO)
    stale = owner.scalars(text("SELECT area_code FROM stale_area WHERE kind = 'disputes'")).all()
    assert {LINGYUAN, KAZUO} <= set(stale)
    places = owner.scalars(
        select(Deadline.county_code).where(Deadline.dispute_id == dispute).distinct()
    )
    assert places.all() == [KAZUO]


def test_declined_it_stays_and_the_other_sees_it_no_longer(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = in_county(door)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    answer = do("hu", dispute, "decline-transfer", reason="查无此事")
    assert (answer.status_code, answer.location) == (303, "/joint")
    assert now(owner, dispute).handler_agency_id == agency_of(door, "gao")
    assert client_of("hu").get(f"/matters/{dispute}").status_code == 404
    assert "查无此事" in client_of("gao").get(f"/matters/{dispute}").text


def test_the_sender_may_take_it_back(door: Door, client_of: ClientOf, do: Do) -> None:
    dispute = in_county(door)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    assert do("gao", dispute, "withdraw-transfer", reason="再核实").status_code == 303
    assert client_of("hu").get(f"/matters/{dispute}").status_code == 404
    assert do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="确在喀左")


def test_townships_hand_over_to_each_other(door: Door, do: Do, owner: Session) -> None:
    dispute = report(door, "tang")
    do("tang", dispute, "transfer", to_agency_id=agency_of(door, "dong"), reason="发生在东街")
    assert do("dong", dispute, "accept-transfer", area_code=DONGJIE).status_code == 303
    found = now(owner, dispute)
    assert (found.area_code, found.state) == (DONGJIE, "reported")


def test_what_a_department_has_signed_is_not_handed_over(door: Door, do: Do) -> None:
    dispute = dispatched(door)
    there = agency_of(door, "hu")
    assert do("gao", dispute, "transfer", to_agency_id=there, reason="试").status_code == 409
    act(door, "ren", dispute, "sign")
    assert do("ren", dispute, "transfer", to_agency_id=there, reason="试").status_code == 409


def test_a_mediators_committee_transfers_nothing(door: Door, do: Do) -> None:
    there = agency_of(door, "hu")
    assert do("mei", triaged(door), "transfer", to_agency_id=there, reason="试").status_code == 409


def test_only_the_receiver_answers(door: Door, do: Do) -> None:
    dispute = in_county(door)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    assert do("gao", dispute, "accept-transfer", area_code=KAZUO).status_code == 409
    assert do("kai", dispute, "accept-transfer", area_code=KAZUO).status_code == 404


def test_it_is_placed_in_the_receivers_own_area(door: Door, do: Do, owner: Session) -> None:
    dispute = in_county(door)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    assert do("hu", dispute, "accept-transfer", area_code=DONGJIE).status_code == 422
    assert now(owner, dispute).county_code == LINGYUAN


def test_the_answer_is_due_in_two_working_days(door: Door, do: Do, owner: Session) -> None:
    dispute = in_county(door)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    offered = owner.scalars(select(Transfer)).one()
    assert timedelta(days=1) < offered.due_at - clock.now() < timedelta(days=13)


def test_a_restricted_matter_names_the_receivers_coordinators_while_it_waits(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = report(door, "tang", flags=("domestic_violence",))
    do("tang", dispute, "transfer", to_agency_id=agency_of(door, "dong"), reason="发生在东街")
    assert client_of("dong").get(f"/matters/{dispute}").status_code == 200
    do("dong", dispute, "decline-transfer", reason="不在东街")
    assert client_of("dong").get(f"/matters/{dispute}").status_code == 404
    owner.rollback()
    named = select(NamedHandler.account_id).where(NamedHandler.dispute_id == dispute)
    assert door("dong")[1].id not in owner.scalars(named).all()


def test_one_hand_at_a_time_holds_it(door: Door, do: Do, owner: Session) -> None:
    dispute = in_county(door)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    do("hu", dispute, "accept-transfer", area_code=KAZUO)
    rows = owner.scalars(
        select(Participation.agency_id).where(
            Participation.dispute_id == dispute,
            Participation.part == "handling",
            Participation.until.is_(None),
        )
    )
    assert rows.all() == [agency_of(door, "hu")]


def test_an_offer_falls_when_the_matter_goes_on(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = in_county(door)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    act(door, "gao", dispute, "triage", category="other", risk="blue", path="department")
    soon = clock.today() + timedelta(days=20)
    housing = agency_of(door, "zhu")
    act(door, "gao", dispute, "dispatch", handler_agency_id=housing, deadline=soon)
    assert client_of("hu").get(f"/matters/{dispute}").status_code == 404
    assert owner.scalars(select(Transfer.outcome)).all() == ["withdrawn"]
    assert "撤回移送" in client_of("zhu").get(f"/matters/{dispute}").text


def test_who_comes_too_late_sees_what_happened(door: Door, client_of: ClientOf, do: Do) -> None:
    dispute = in_county(door)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    gao, address = client_of("gao"), f"/matters/{dispute}/joint/withdraw-transfer"
    fields = dict(HIDDEN.findall(gao.get(address).text))
    do("hu", dispute, "accept-transfer", area_code=KAZUO)
    answer = gao.post(address, data=fields | {"reason": "再核实一下"})
    assert answer.status_code == 409
    assert "再核实一下" in answer.text
    assert "接收移送" in answer.text


def test_another_county_reads_no_transfer_of_others(
    door: Door, do: Do, viewer_session: Callable[[str], tuple[Session, object]]
) -> None:
    dispute = report(door, "tang")
    do("tang", dispute, "transfer", to_agency_id=agency_of(door, "dong"), reason="发生在东街")
    seen = {
        login: len(viewer_session(login)[0].scalars(select(Transfer)).all())
        for login in ("tang", "dong", "gao", "hu", "ren")
    }
    assert seen == {"tang": 1, "dong": 1, "gao": 1, "hu": 0, "ren": 0}


def test_who_had_a_restricted_matter_still_sees_it_after_declining_its_return(
    door: Door, client_of: ClientOf, do: Do
) -> None:
    dispute = report(door, "tang", flags=("domestic_violence",))
    do("tang", dispute, "transfer", to_agency_id=agency_of(door, "dong"), reason="发生在东街")
    do("dong", dispute, "accept-transfer", area_code=DONGJIE)
    do("dong", dispute, "transfer", to_agency_id=agency_of(door, "tang"), reason="又在南街")
    assert do("tang", dispute, "decline-transfer", reason="确在东街").status_code == 303
    assert client_of("tang").get(f"/matters/{dispute}").status_code == 200
    assert client_of("gao").get(f"/matters/{dispute}").status_code == 200


def test_the_receiver_finds_it_to_do_with_the_limit_of_its_answer(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = in_county(door, title="要移送的事")
    owner.execute(
        text("UPDATE dispute SET next_due_at = now() - interval '9 days' WHERE id = :id"),
        {"id": dispute},
    )
    owner.commit()
    assert "要移送的事" not in client_of("hu").get("/notices?tab=todo").text
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    page = client_of("hu").get("/notices?tab=todo").text
    assert "要移送的事" in page
    assert "移送接收答复" in page
    assert "去答复" in page
    assert "已超期" not in page  # the sender's own limit is not the receiver's
    do("hu", dispute, "decline-transfer", reason="不在喀左")
    assert "要移送的事" not in client_of("hu").get("/notices?tab=todo").text


def test_who_was_not_offered_it_does_not_find_it(door: Door, client_of: ClientOf, do: Do) -> None:
    dispute = in_county(door, title="要移送的事")
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    assert "要移送的事" not in client_of("kai").get("/notices?tab=todo").text


def test_taking_it_starts_the_takers_own_clock(door: Door, do: Do, owner: Session) -> None:
    dispute = in_county(door)
    asked = select(Deadline).where(Deadline.dispute_id == dispute, Deadline.rule == "triage_yellow")
    old = owner.scalars(asked.order_by(Deadline.id.desc())).first()
    assert old is not None
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="发生在喀左")
    do("hu", dispute, "accept-transfer", area_code=KAZUO)
    owner.expire_all()
    running = owner.scalars(
        asked.where(Deadline.met_at.is_(None), Deadline.lapsed_at.is_(None))
    ).one()
    assert owner.get_one(Deadline, old.id).lapsed_at == running.started_at
    assert running.agency_id == agency_of(door, "hu")
    assert running.county_code == KAZUO
