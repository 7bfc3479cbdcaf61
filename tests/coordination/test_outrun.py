"""Somebody was faster between the reading of a page and its sending: noticed, never a failure."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests.coordination.closed import closed, later, period
from tests.coordination.matters import Door, act, agency_of, dispatched, report
from tests.coordination.review.test_review import GOOD, files, opened
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account, Deputy
from yuantou.agencies.models import Agency
from yuantou.calendar import clock
from yuantou.coordination.batches.models import Batch
from yuantou.coordination.batches.service import make as make_batch
from yuantou.coordination.review import service as review
from yuantou.coordination.review.models import ReviewFile
from yuantou.coordination.supervision import service as supervision
from yuantou.disputes.errors import RefusedError, StaleDisputeError
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import lock

ClientOf = Callable[[str], FlaskClient]
ORDER = {"reason": "超期未办", "demands": "查明并答复"}


def test_the_row_that_waited_for_its_lock_is_read_anew(door: Door) -> None:
    dispute = report(door)
    session, _mei = door("mei")
    older = session.get_one(Dispute, dispute)
    assert older.state == "reported"
    act(door, "mei", dispute, "accept")
    assert lock(session, dispute).state == "accepted"


def test_a_form_with_an_older_version_is_told_so(door: Door) -> None:
    dispute = report(door)
    session, _mei = door("mei")
    version = session.get_one(Dispute, dispute).version
    act(door, "mei", dispute, "accept")
    with pytest.raises(StaleDisputeError):
        lock(session, dispute, version)


def test_what_slips_through_is_a_page_that_says_somebody_was_faster(app: Flask) -> None:
    def outrun() -> str:
        raise StaleDataError("somebody was faster")

    app.view_functions["access.language"] = outrun
    answer = app.test_client().get("/language")
    assert answer.status_code == 409
    assert "别人刚刚改过" in answer.text


def test_a_review_that_was_handed_in_meanwhile_stays_as_it_is(door: Door, owner: Session) -> None:
    closed(door, owner, number=1)
    opened(door)
    file = files(owner)[0].id
    reviewer, hand_in = owner.get_one(ReviewFile, file).reviewer_id, review.judge
    login = owner.scalars(select(Account.login).where(Account.id == reviewer)).one()
    late, viewer = door(login)
    assert late.get_one(ReviewFile, file).submitted_at is None
    early, same = door(login)
    hand_in(early, by=same, file_id=file, findings=GOOD, opinion="先")
    with pytest.raises(RefusedError):
        hand_in(late, by=viewer, file_id=file, findings=GOOD, opinion="后")


def test_who_clears_an_order_of_another_office_still_sees_the_matter(
    door: Door, owner: Session
) -> None:
    dispute = dispatched(door)
    owner.execute(update(Dispute).values(pressing=True))
    owner.commit()
    facts: dict[str, Any] = ORDER | {"time_limit": clock.today() + timedelta(days=5)}
    session, qi = door("qi")
    supervision.supervise(session, by=qi, dispute_id=dispute, **facts)
    above, sheng = door("sheng")
    cleared = supervision.clear(
        above, by=sheng, dispute_id=dispute, cleared_on=clock.today(), evidence="属实"
    )
    assert not cleared.pressing
    assert above.scalar(select(Dispute.id).where(Dispute.id == dispute)) == dispute


def test_a_deputy_asked_for_twice_is_one(client_of: ClientOf, owner: Session) -> None:
    ids = {one.login: one.id for one in owner.query(Account)}
    asked = {
        "deputy_id": ids["ming"],
        "first_day": str(clock.today()),
        "last_day": str(clock.today()),
        "reason": "休假",
    }
    for _time in range(2):
        client_of("guan").post(f"/accounts/{ids['mei']}/deputies", data=asked)
    assert owner.query(Deputy).count() == 1


@pytest.mark.parametrize(
    ("login", "page"),
    [("qi", "/sampling/new"), ("qi", "/review/new"), ("kang", "/courts/entrust")],
)
@pytest.mark.parametrize("mark", ["a" * 100_000, "\x00", "<script>", "\u202e"])
def test_a_mark_that_no_form_drew_is_drawn_anew(
    client_of: ClientOf, door: Door, owner: Session, login: str, page: str, mark: str
) -> None:
    closed(door, owner, number=1)
    court = owner.query(Agency).filter_by(code="nanjie-committee").one().id
    asked = {
        **{name: str(day) for name, day in period().items()},
        "submission": mark,
        "name": "十月",
        "size": "1",
        "per_area": "1",
        "seed": "",
        "due_on": str(later()),
        "court_case": "（2026）辽1382民初1号",
        "receiver": str(court),
        "type": "neighborhood",
        "place": "前山村",
        "summary": "院墙滴水",
        "materials": "起诉状",
        "filed_on": str(clock.today()),
        "applicant_name": "张三",
        "respondent_name": "李四",
        "procedure": "ordinary",
        "applicant_kind": "person",
        "respondent_kind": "person",
    }
    assert client_of(login).post(page, data=asked).status_code == 303


def test_a_batch_sent_twice_at_once_is_one(door: Door, owner: Session) -> None:
    dispute, ren, both = report(door), agency_of(door, "ren"), Barrier(2)
    facts = {"handler_agency_id": ren, "deadline": "2026-12-01"}

    def send(opened: tuple[Session, Viewer]) -> int:
        session, gao = opened
        both.wait()
        return make_batch(
            session, by=gao, kind="dispatch", submission="one", ids=[dispute], facts=facts
        )

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(send, [door("gao"), door("gao")])
    assert first == second
    assert owner.query(Batch).count() == 1
