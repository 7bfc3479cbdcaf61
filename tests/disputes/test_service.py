"""The main way through the service, as the people of the cast would walk it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NANJIE
from tests.mediation.papers.files import made
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import ZONE
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.models import Dispute, DisputeEvent, Participation, Party
from yuantou.disputes.parties import NewParty, add_party, open_party
from yuantou.disputes.service import NewDispute, move, open_dispute
from yuantou.limits.models import Deadline

Door = Callable[[str], tuple[Session, Viewer]]
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
WRITTEN = {
    "agreement_form": "written",
    "agreement_content": "分三期支付",
    "effective_on": date(2026, 3, 6),
    "due_on": date(2026, 4, 1),
    "signature": "paper",
}


def report(door: Door, login: str = "mei", **changes: object) -> int:
    session, viewer = door(login)
    draft = {
        "submission": f"s-{login}-{len(changes)}",
        "summary": "院墙滴水",
        "type": "neighborhood",
        "source": "grid_screening",
        "place": "前山村三组",
        "area_code": NANJIE,
        "occurred_on": date(2026, 3, 1),
        "involved": 4,
        "title": "院墙滴水争议",
    } | changes
    dispute = open_dispute(session, by=viewer, draft=NewDispute(**draft), now=MONDAY)  # type: ignore[arg-type]
    session.commit()
    return dispute.id


def act(
    door: Door, login: str, dispute: int, action: str, days: int = 0, **facts: object
) -> Dispute:
    session, viewer = door(login)
    done = move(
        session,
        by=viewer,
        dispute_id=dispute,
        action=action,
        facts=facts,
        now=MONDAY + timedelta(days=days, hours=1),
    )
    session.commit()
    return done


@pytest.fixture
def door(app: object, viewer_session: Door) -> Door:
    return viewer_session


def dispatched(door: Door) -> int:
    dispute = report(door)
    act(door, "tang", dispute, "accept")
    act(door, "tang", dispute, "triage", category="migrant_wages", risk="yellow", path="people")
    labour = door("ren")[1].agency.id
    act(door, "tang", dispute, "dispatch", handler_agency_id=labour, deadline=date(2026, 3, 20))
    return dispute


def test_the_main_way_from_the_village_to_the_closed_file(door: Door, owner: Session) -> None:
    dispute = dispatched(door)
    ren = door("ren")[1]
    act(door, "ren", dispute, "sign", 1)
    act(door, "ren", dispute, "mediate", 1, mediator_id=ren.id, consent=True)
    act(door, "ren", dispute, "agree", 4, **{**WRITTEN, "agreement_form": "oral"})
    act(door, "ren", dispute, "begin_performance", 4)
    act(door, "ren", dispute, "perform", 20, performed_on=date(2026, 3, 22), evidence="收条")
    act(door, "ren", dispute, "plan_follow_up", 20, planned_on=date(2026, 4, 10))
    made(door("ren")[0], dispute, "oral")
    closed = act(door, "ren", dispute, "close", 40, found="双方满意")
    assert (closed.state, closed.number) == ("closed", "凌源〔2026〕第000001号")
    assert closed.next_due_at is None
    events = owner.scalars(select(DisputeEvent.event).order_by(DisputeEvent.id)).all()
    assert events[:4] == ["reported", "accepted", "triaged", "dispatched"]
    assert (
        owner.scalars(
            select(Deadline).where(Deadline.met_at.is_(None), Deadline.lapsed_at.is_(None))
        ).all()
        == []
    )


def test_a_dispute_always_has_an_owner_and_a_next_deadline(door: Door, owner: Session) -> None:
    dispute = dispatched(door)
    row = owner.get_one(Dispute, dispute)
    assert row.handler_agency_id == door("ren")[1].agency.id
    assert row.next_due_rule == "sign"
    parts = owner.scalars(select(Participation.part).order_by(Participation.id)).all()
    assert parts == ["reporting", "handling"]


def test_a_return_goes_back_to_the_sender(door: Door) -> None:
    dispute = dispatched(door)
    returned = act(
        door, "ren", dispute, "return", 1, reason="不属劳动争议", suggested_owner="住建局"
    )
    assert (returned.state, returned.returns) == ("returned", 1)
    assert returned.handler_agency_id == door("tang")[1].agency.id


def test_the_centre_does_not_settle_anothers_matter(door: Door) -> None:
    dispute = dispatched(door)
    act(door, "ren", dispute, "sign", 1)
    act(door, "ren", dispute, "mediate", 1, mediator_id=door("ren")[1].id, consent=True)
    with pytest.raises(RefusedError, match="承办单位"):
        act(door, "gao", dispute, "agree", 2, **WRITTEN)


def test_who_refused_is_not_mediated(door: Door) -> None:
    dispute = report(door)
    act(door, "mei", dispute, "accept")
    act(door, "mei", dispute, "note_refusal", reason="被申请人不同意")
    act(door, "mei", dispute, "triage", category="neighborhood", risk="blue", path="people")
    with pytest.raises(RefusedError, match="不得调解"):
        act(door, "mei", dispute, "mediate", mediator_id=door("mei")[1].id, consent=True)


def test_the_second_of_two_people_hears_of_the_first(door: Door) -> None:
    dispute = report(door)
    act(door, "tang", dispute, "accept")
    session, viewer = door("mei")
    with pytest.raises(StaleDisputeError):
        move(session, by=viewer, dispute_id=dispute, action="accept", version=1)


def test_another_county_cannot_touch_the_dispute(door: Door) -> None:
    dispute = report(door)
    with pytest.raises(NotVisibleError):
        act(door, "hu", dispute, "accept")


def test_restricted_disputes_are_for_named_handlers(door: Door) -> None:
    dispute = report(door, flags=("domestic_violence",))
    assert door("mei")[0].get(Dispute, dispute) is not None
    assert door("gao")[0].get(Dispute, dispute) is not None
    assert door("tang")[0].get(Dispute, dispute) is None
    assert door("ming")[0].get(Dispute, dispute) is None


def test_suspension_stops_the_clock_and_resuming_moves_the_deadline(
    door: Door, owner: Session
) -> None:
    dispute = report(door)
    mei = door("mei")[1]
    act(door, "mei", dispute, "accept")
    act(door, "mei", dispute, "triage", category="neighborhood", risk="blue", path="people")
    act(door, "mei", dispute, "mediate", mediator_id=mei.id, consent=True)
    before = owner.scalars(select(Deadline).where(Deadline.rule == "mediation")).one().due_at
    act(
        door,
        "mei",
        dispute,
        "suspend",
        2,
        reason="鉴定",
        evidence="委托书",
        until=date(2026, 3, 20),
    )
    act(door, "mei", dispute, "resume", 12, resumed_on=date(2026, 3, 14))
    owner.expire_all()
    after = owner.scalars(select(Deadline).where(Deadline.rule == "mediation")).one().due_at
    assert (after - before).days == 10


def test_parties_are_sealed_and_their_opening_is_history(
    app: object, door: Door, owner: Session
) -> None:
    dispute = report(door)
    session, viewer = door("mei")
    with app.app_context():  # type: ignore[attr-defined]
        party = add_party(
            session,
            dispute=session.get_one(Dispute, dispute),
            party=NewParty("applicant", "person", "马建国", phone="13800002041"),
        )
        opened = open_party(session, by=viewer, party_id=party.id, reason="核对电话")
        session.commit()
    row = owner.scalars(select(Party)).one()
    assert (row.name_mask, row.phone_mask) == ("马∗∗", "∗∗∗∗2041")
    assert "马建国".encode() not in row.name_enc
    assert (opened.name, opened.phone) == ("马建国", "13800002041")
    assert (
        owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "party_opened")).one().note
        == "核对电话"
    )
