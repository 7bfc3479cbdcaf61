"""The time in whose hands: right across returns, transfers, joint handling and reopening."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import KAZUO
from tests.coordination.matters import Door, act, agency_of, dispatched
from yuantou.calendar.clock import ZONE
from yuantou.calendar.workdays import WorkCalendar
from yuantou.coordination.queries import holdings, names
from yuantou.coordination.story import hands
from yuantou.disputes.models import Dispute, DisputeEvent, Participation
from yuantou.disputes.standing import history

ClientOf = Callable[[str], FlaskClient]
Do = Callable[..., TestResponse]
MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=ZONE)  # the opening of a week of working days


def spread(owner: Session, dispute: int, days: dict[str, int]) -> None:
    """Put the events of the history, and the hand-overs made with them, on these working days."""
    owner.rollback()
    for event, day in days.items():
        asked = update(DisputeEvent).where(
            DisputeEvent.dispute_id == dispute, DisputeEvent.event == event
        )
        owner.execute(asked.values(at=MONDAY + timedelta(days=day)))
    owner.execute(
        text("UPDATE dispute SET reported_at = :at WHERE id = :id"), {"at": MONDAY, "id": dispute}
    )
    owner.flush()


def shares(owner: Session, dispute: int, end: datetime) -> dict[str, float]:
    """Working days by agency as the page of the matter tells them."""
    found, events = owner.get_one(Dispute, dispute, populate_existing=True), history(owner, dispute)
    parts = hands(
        found, events, holdings(owner, dispute), names(owner, found, events), WorkCalendar(), end
    )
    return {part["label"]: part["value"] for part in parts}


def hold(owner: Session, dispute: int, days: list[int]) -> None:
    """Put the hand-overs, in their order, on these working days."""
    rows = holdings(owner, dispute)
    assert len(rows) == len(days)
    for row, day in zip(rows, days, strict=True):
        asked = update(Participation).where(Participation.id == row.id)
        owner.execute(asked.values(since=MONDAY + timedelta(days=day)))
    owner.expire_all()


def test_each_hand_has_its_days_across_return_and_transfer(
    door: Door, do: Do, owner: Session
) -> None:
    dispute = dispatched(door)
    housing = agency_of(door, "zhu")
    do("gao", dispute, "join", partners=[housing], reason="看图纸")
    act(door, "ren", dispute, "return", reason="不归我们", suggested_owner=housing)
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="在喀左")
    do("hu", dispute, "accept-transfer", area_code=KAZUO)
    spread(owner, dispute, {"reported": 0})
    hold(owner, dispute, [1, 2, 4])  # labour, the sender again, Kazuo
    assert shares(owner, dispute, MONDAY + timedelta(days=7)) == {
        "南街街道人民调解委员会": 1.0,
        "凌源市人力资源和社会保障局": 1.0,
        "凌源市综治中心": 2.0,
        "喀左县综治中心": 1.0,
    }


def test_between_closing_and_reopening_nobody_has_it(door: Door, owner: Session) -> None:
    dispute = dispatched(door)
    owner.add_all(
        DisputeEvent(
            dispute_id=dispute, at=MONDAY + timedelta(days=day), event=event, from_state=before,
            to_state=after, actor_id=None, agency_id=None, note="", facts={},
        )
        for day, event, before, after in (
            (2, "closed", "follow_up", "closed"), (4, "reopened", "closed", "reopened"),
        )
    )  # fmt: skip
    owner.commit()
    spread(owner, dispute, {"reported": 0, "accepted": 0, "triaged": 0, "dispatched": 0})
    hold(owner, dispute, [0])
    found = shares(owner, dispute, MONDAY + timedelta(days=7))
    assert found == {"凌源市人力资源和社会保障局": 3.0}


def test_how_often_it_went_to_and_fro_is_said_and_listed(
    door: Door, client_of: ClientOf, do: Do
) -> None:
    dispute = dispatched(door, title="来回的事")
    act(door, "ren", dispute, "return", reason="不归我们", suggested_owner=agency_of(door, "zhu"))
    assert "来回的事" not in client_of("gao").get("/joint?view=bouncing").text
    do("gao", dispute, "transfer", to_agency_id=agency_of(door, "hu"), reason="在喀左")
    do("hu", dispute, "decline-transfer", reason="不在喀左")
    assert "退回、移送共 2 次" in client_of("gao").get(f"/matters/{dispute}").text
    assert "来回的事" in client_of("gao").get("/joint?view=bouncing").text
    assert "来回的事" not in client_of("hu").get("/joint?view=bouncing").text
