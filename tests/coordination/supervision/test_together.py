"""Several people press at once, on connections of their own; nothing is lost or done twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.coordination.closed import closed, later, period
from tests.coordination.matters import Door, dispatched
from yuantou.calendar import clock
from yuantou.coordination.sampling import service as sampling
from yuantou.coordination.sampling.models import SampleRound, SampleTask
from yuantou.coordination.supervision import service
from yuantou.coordination.supervision.models import Supervision, SupervisionLetter
from yuantou.disputes.errors import RefusedError

ORDER: dict[str, Any] = {
    "reason": "超期未办",
    "demands": "查明并答复",
    "time_limit": clock.today() + timedelta(days=5),
}


def test_two_orders_at_once_are_one(door: Door, owner: Session) -> None:
    dispute, start = dispatched(door), Barrier(2)
    doors = [door("gao"), door("gao")]

    def press(place: int) -> str:
        session, viewer = doors[place]
        start.wait()
        try:
            service.supervise(session, by=viewer, dispute_id=dispute, **ORDER)
        except RefusedError as refused:
            session.rollback()
            return refused.refusal.code
        return "done"

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(press, range(2))) == ["done", "wrong_state"]
    assert owner.scalar(select(func.count()).select_from(SupervisionLetter)) == 1


def test_the_same_list_urged_by_two_is_urged_once(door: Door, owner: Session) -> None:
    disputes, start = [dispatched(door) for _ in range(3)], Barrier(2)
    doors = [door("gao"), door("gao")]

    def press(place: int) -> int:
        session, viewer = doors[place]
        start.wait()
        asked = disputes if place else disputes[::-1]
        return service.remind(session, by=viewer, dispute_ids=asked, message="请抓紧").done

    with ThreadPoolExecutor(2) as people:
        assert sum(people.map(press, range(2))) == 3
    assert owner.scalar(select(func.count()).select_from(Supervision)) == 3


def test_a_draw_sent_twice_at_once_is_one_round(door: Door, owner: Session) -> None:
    closed(door, owner, number=4)
    doors, start = [door("gao"), door("gao")], Barrier(2)

    def press(place: int) -> int:
        session, viewer = doors[place]
        start.wait()
        made = sampling.draw_round(
            session, by=viewer, submission="s", name="十月", size=2, due_on=later(), **period()
        )
        return made.id

    with ThreadPoolExecutor(2) as people:
        assert len(set(people.map(press, range(2)))) == 1
    assert owner.scalar(select(func.count()).select_from(SampleRound)) == 1
    assert owner.scalar(select(func.count()).select_from(SampleTask)) == 2
