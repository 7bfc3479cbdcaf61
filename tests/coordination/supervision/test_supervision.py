"""Supervision climbs from urging to listing, is answered, judged, cleared; each step is seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, dispatched, report
from yuantou.calendar import clock
from yuantou.coordination.supervision import queries, service
from yuantou.coordination.supervision.models import SupervisionLetter, SupervisionReply
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]
SOON = clock.today() + timedelta(days=5)
ORDER = {"reason": "超期未办", "demands": "查明并答复", "time_limit": SOON}


def do(door: Door, login: str, action: str, dispute: int, **facts: Any) -> Dispute:
    session, viewer = door(login)
    done: Dispute = getattr(service, action)(session, by=viewer, dispute_id=dispute, **facts)
    return done


def urge(door: Door, login: str, *disputes: int) -> service.Urged:
    session, viewer = door(login)
    return service.remind(session, by=viewer, dispute_ids=disputes, message="请抓紧")


def why(door: Door, login: str, action: str, dispute: int, **facts: Any) -> str:
    session, viewer = door(login)
    with pytest.raises(RefusedError) as refused:
        getattr(service, action)(session, by=viewer, dispute_id=dispute, **facts)
    session.rollback()  # as the page does
    return refused.value.refusal.code


def seen_by(door: Door, login: str, dispute: int) -> bool:
    session, viewer = door(login)
    asked = select(Dispute.id).where(Dispute.id == dispute, viewer.scope.visible(Dispute))
    return session.scalar(asked) is not None


def events(owner: Session, dispute: int) -> list[str]:
    asked = select(DisputeEvent.event).where(DisputeEvent.dispute_id == dispute)
    return list(owner.scalars(asked.order_by(DisputeEvent.id)))


def test_several_are_urged_at_once_and_each_handler_hears(door: Door, owner: Session) -> None:
    first, second = dispatched(door, "ren"), dispatched(door, "zhu")
    assert urge(door, "gao", first, second).done == 2
    told = owner.scalars(select(Notice.dispute_id).where(Notice.kind == "urged")).all()
    assert sorted(filter(None, told)) == [first, second]
    assert "reminded" in events(owner, first)


def test_a_second_click_does_not_urge_twice(door: Door, owner: Session) -> None:
    dispute = dispatched(door)
    urge(door, "gao", dispute)
    again = urge(door, "gao", dispute)
    assert (again.done, [why for _id, why in again.left]) == (0, ["刚刚催过，没有重复催"])
    assert events(owner, dispute).count("reminded") == 1


def test_an_order_has_a_number_and_a_limit_and_shows_the_matter_to_the_city(
    door: Door, owner: Session
) -> None:
    dispute = dispatched(door)
    assert not seen_by(door, "qi", dispute)
    do(door, "gao", "supervise", dispute, **ORDER)
    letter = owner.scalars(select(SupervisionLetter)).one()
    assert letter.number == f"凌源督〔{clock.today().year}〕1号"
    assert letter.due_at is not None
    assert clock.local(letter.due_at).date() == SOON
    assert seen_by(door, "qi", dispute)
    assert seen_by(door, "sheng", dispute)


def test_urging_alone_does_not_show_the_matter_to_the_city(door: Door) -> None:
    dispute = dispatched(door)
    urge(door, "gao", dispute)
    assert not seen_by(door, "qi", dispute)


def test_the_answer_is_judged_and_clearing_takes_the_city_off(door: Door, owner: Session) -> None:
    dispute = dispatched(door)
    do(door, "gao", "supervise", dispute, **ORDER)
    do(door, "ren", "answer", dispute, reply="正在核实")
    do(door, "gao", "send_back", dispute, reason="没有写原因", time_limit=SOON)
    do(door, "ren", "answer", dispute, reply="欠薪属实，已责令支付")
    do(door, "gao", "clear", dispute, cleared_on=clock.today(), evidence="答复属实")
    verdicts = owner.scalars(select(SupervisionReply.verdict).order_by(SupervisionReply.id)).all()
    assert verdicts == ["sent_back", "accepted"]
    assert not seen_by(door, "qi", dispute)
    assert events(owner, dispute)[-5:] == [
        "supervised",
        "supervision_replied",
        "supervision_reply_returned",
        "supervision_replied",
        "supervision_cleared",
    ]


def test_a_red_matter_stays_pressing_when_cleared(door: Door, owner: Session) -> None:
    dispute = dispatched(door)
    row = owner.get_one(Dispute, dispute)
    row.risk, row.pressing = "red", True
    owner.commit()
    do(door, "gao", "supervise", dispute, **ORDER)
    do(door, "gao", "clear", dispute, cleared_on=clock.today(), evidence="已办结")
    assert seen_by(door, "qi", dispute)


def test_the_city_leads_what_it_took_up_and_keeps_seeing_it(door: Door) -> None:
    dispute = dispatched(door)
    do(door, "gao", "supervise", dispute, **ORDER)
    do(door, "qi", "list_publicly", dispute, listed_by="朝阳市委政法委", **ORDER)
    clearing = {"cleared_on": clock.today(), "evidence": "已落实"}
    assert why(door, "gao", "clear", dispute, **clearing) == "outranked"
    do(door, "qi", "clear", dispute, **clearing)
    assert seen_by(door, "qi", dispute)


def test_listing_follows_an_order_and_censure_comes_last(door: Door) -> None:
    dispute = dispatched(door)
    listing = {"listed_by": "凌源市委政法委", **ORDER}
    assert why(door, "gao", "list_publicly", dispute, **listing) == "wrong_state"
    do(door, "gao", "supervise", dispute, **ORDER)
    do(door, "gao", "list_publicly", dispute, **listing)
    do(door, "gao", "censure", dispute, fault="两次逾期不答复")
    assert why(door, "gao", "list_publicly", dispute, **listing) == "wrong_state"


def test_nobody_supervises_his_own_unit_and_no_handler_clears_himself(door: Door) -> None:
    own = report(door, "gao")
    assert why(door, "gao", "supervise", own, **ORDER) == "own_unit"
    dispute = dispatched(door)
    do(door, "gao", "supervise", dispute, **ORDER)
    clearing = {"cleared_on": clock.today(), "evidence": "办了"}
    assert why(door, "ren", "clear", dispute, **clearing) == "not_your_duty"
    assert why(door, "tang", "clear", dispute, **clearing) == "not_your_duty"


def test_another_county_neither_urges_nor_sees(door: Door) -> None:
    dispute = dispatched(door)
    with pytest.raises(NotVisibleError):
        do(door, "hu", "supervise", dispute, **ORDER)
    assert urge(door, "hu", dispute).done == 0


def test_a_limit_in_the_past_is_refused(door: Door) -> None:
    dispute = dispatched(door)
    past = ORDER | {"time_limit": clock.today() - timedelta(days=1)}
    assert why(door, "gao", "supervise", dispute, **past) == "limit_past"


def test_urging_ends_with_the_matter_an_order_does_not(door: Door, owner: Session) -> None:
    urged, ordered = report(door), report(door)
    urge(door, "gao", urged, ordered)
    do(door, "gao", "supervise", ordered, **ORDER)
    for dispute in (urged, ordered):
        act(door, "mei", dispute, "decline", reason="已起诉", path_options=["litigation"])
    assert queries.open_one(owner, urged) is None
    assert queries.open_one(owner, ordered) is not None
    assert events(owner, urged)[-1] == "supervision_cleared"
