"""Reminders before a deadline and notices after it: once each, to whom they concern."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.coordination.matters import Door, agency_of, report
from yuantou.calendar.clock import ZONE
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.limits.catalogue import read_reminders
from yuantou.limits.models import Deadline
from yuantou.notices.models import Notice
from yuantou.reminders.jobs import LIMITS
from yuantou.reminders.models import ReminderSent
from yuantou.reminders.service import remind

DUE = datetime(2026, 3, 20, 23, 59, 59, tzinfo=ZONE)
DAY = timedelta(days=1)


def matter(door: Door, owner: Session, due: datetime = DUE, **more: object) -> int:
    """A matter with one deadline."""
    number = report(door)
    owner.execute(
        update(Deadline)
        .where(Deadline.dispute_id == number)
        .values({"started_at": DUE - 15 * DAY, "due_at": due, **more})
    )
    owner.commit()
    return number


def morning(database: Database, at: datetime) -> int:
    """Run the job on the morning of a day."""
    with database.sessions("worker")() as session:
        told = remind(
            session,
            reminders=read_reminders(LIMITS),
            now=at.replace(hour=7, minute=40),
            progress=lambda _done, _all: None,
        )
        session.commit()
    return told


def told(owner: Session) -> list[tuple[int, str]]:
    owner.expire_all()
    rows = owner.scalars(select(Notice).where(Notice.topic.in_(("reminder", "supervision"))))
    return [(row.agency_id, row.body) for row in sorted(rows, key=lambda row: row.id)]


def test_three_days_and_one_day_before_the_handler_is_reminded(
    door: Door, database: Database, owner: Session
) -> None:
    matter(door, owner)
    handler = agency_of(door, "mei")
    for days in (5, 4, 3, 2, 1, 0):
        morning(database, DUE - days * DAY)
    assert told(owner) == [(handler, "催办（到期前 3 天）"), (handler, "催办（到期前 1 天）")]


def test_a_day_after_the_handler_and_the_county_centre_are_told(
    door: Door, database: Database, owner: Session
) -> None:
    number = matter(door, owner)
    morning(database, DUE + DAY)
    assert {agency for agency, _ in told(owner)} == {agency_of(door, "mei"), agency_of(door, "gao")}
    notice = owner.scalars(select(Notice).where(Notice.topic == "supervision")).first()
    assert notice is not None
    assert (notice.link, notice.dispute_id) == (f"/matters/{number}", number)
    assert "院墙" not in notice.title + notice.body


def test_running_twice_reminds_once(door: Door, database: Database, owner: Session) -> None:
    matter(door, owner)
    assert [morning(database, DUE - 3 * DAY) for _ in range(3)] == [1, 0, 0]
    assert len(told(owner)) == 1


def test_after_a_standstill_one_reminder_is_enough(
    door: Door, database: Database, owner: Session
) -> None:
    matter(door, owner)
    assert morning(database, DUE - DAY) == 1
    assert [body for _, body in told(owner)] == ["催办（到期前 1 天）"]
    assert morning(database, DUE - DAY) == 0
    passed_over = owner.scalars(select(ReminderSent).where(~ReminderSent.told)).one()
    assert passed_over.code == "remind_3"


def test_what_was_overdue_long_before_is_no_flood(
    door: Door, database: Database, owner: Session
) -> None:
    matter(door, owner)
    assert morning(database, DUE + 30 * DAY) == 0


def test_what_is_met_lapsed_or_at_rest_is_left_alone(
    door: Door, database: Database, owner: Session
) -> None:
    matter(door, owner, met_at=DUE - 5 * DAY)
    matter(door, owner, lapsed_at=DUE - 5 * DAY)
    begun = (DUE - 6 * DAY).isoformat()
    matter(door, owner, pauses=[{"start": begun, "end": None, "reason": "鉴定"}])
    assert morning(database, DUE - DAY) == 0


def test_a_deadline_that_was_extended_is_reminded_of_anew(
    door: Door, database: Database, owner: Session
) -> None:
    number = matter(door, owner)
    morning(database, DUE - DAY)
    later = DUE + 10 * DAY
    owner.execute(update(Deadline).where(Deadline.dispute_id == number).values(due_at=later))
    owner.commit()
    assert morning(database, later - DAY) == 1


def test_a_closed_matter_is_not_reminded_of(door: Door, database: Database, owner: Session) -> None:
    number = matter(door, owner)
    owner.execute(update(Dispute).where(Dispute.id == number).values(state="closed"))
    owner.commit()
    assert morning(database, DUE - DAY) == 0


def test_the_history_says_who_was_reminded_and_when(
    door: Door, database: Database, owner: Session, client_of: Callable[[str], FlaskClient]
) -> None:
    number = matter(door, owner)
    for _ in range(2):
        morning(database, DUE - 3 * DAY)
    event = owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "limit_reminded")).one()
    assert (event.actor_id, event.note) == (
        None,
        "受理应于3月20日办完，已提醒南街街道人民调解委员会",
    )
    page = client_of("gao").get(f"/matters/{number}").text
    assert "到期提醒" in page
    assert "已提醒南街街道人民调解委员会" in page
