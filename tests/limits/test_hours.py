"""New working hours from a day on: what runs across it moves, what is over stays."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from sqlalchemy.orm import Session

from tests.calendar.test_hours import SUMMER, WINTER, seasons
from tests.cast import LIMITS
from tests.coordination.matters import report
from tests.limits.stories import Stage
from yuantou.calendar.clock import ZONE, today
from yuantou.calendar.hours import Opening, Season
from yuantou.calendar.workdays import WorkCalendar
from yuantou.disputes.models import DisputeEvent
from yuantou.disputes.service import working_calendar
from yuantou.limits import hours_text
from yuantou.limits.book import BEGINNING, Calendars
from yuantou.limits.catalogue import read_hours
from yuantou.limits.changing import NothingChangedError, put_hours_in_force, put_in_force
from yuantou.limits.models import Deadline, HoursVersion
from yuantou.limits.queries import calendars, clock_of
from yuantou.limits.rules import Unit, WorkingHours
from yuantou.limits.service import load_hours
from yuantou.limits.verification import differences

EARLY = datetime(2026, 3, 1, tzinfo=ZONE)
FRIDAY = datetime(2026, 3, 6, 16, 30, tzinfo=ZONE)
MONDAY = date(2026, 3, 9)
LATE_START = WorkingHours(
    (Season((1, 1), ((time(10), time(12)), (time(14), time(18)))),), "通知", False
)
FORM = {
    "seasons": "5月1日起 8:30-12:00 15:00-18:00\n10月1日起 8:30-12:00 14:00-17:30",
    "source": "县委办通知",
    "confirmed": "y",
    "valid_from": (today() + timedelta(days=1)).isoformat(),
    "reason": "冬夏作息不同",
}


@pytest.fixture
def by_hour(stage: Stage) -> Stage:
    """Acceptance within two working hours."""
    session, an = stage("an")
    changes = {"amount": 2, "unit": Unit.WORKING_HOUR}
    put_in_force(
        session,
        by=an,
        code="accept",
        changes=changes,
        valid_from=EARLY.date(),
        reason="试行",
        now=EARLY,
    )
    return stage


def put(stage: Stage, hours: WorkingHours = LATE_START, since: date = MONDAY) -> int:
    session, an = stage("an")
    return put_hours_in_force(
        session, by=an, hours=hours, valid_from=since, reason="新作息", now=FRIDAY
    )


def test_what_runs_across_the_day_moves_and_its_history_says_so(
    by_hour: Stage, owner: Session
) -> None:
    report(by_hour.door, now=FRIDAY)
    assert owner.query(Deadline).one().due_at == datetime(2026, 3, 9, 9, 30, tzinfo=ZONE)
    assert put(by_hour) == 1
    owner.rollback()
    assert owner.query(Deadline).one().due_at == datetime(2026, 3, 9, 11, 0, tzinfo=ZONE)
    told = owner.query(DisputeEvent).filter_by(event="deadlines_moved").one()
    assert (told.note, told.facts["rule"]) == ("新作息", "accept")
    assert list(differences(owner, datetime.now(ZONE))) == []


def test_what_ends_before_the_day_or_counts_days_stays(stage: Stage, owner: Session) -> None:
    report(stage.door, now=FRIDAY)
    before = owner.query(Deadline).one().due_at
    owner.rollback()
    assert put(stage) == 0
    assert owner.query(Deadline).one().due_at == before


def test_what_begins_later_counts_by_the_new_hours(by_hour: Stage, owner: Session) -> None:
    put(by_hour)
    report(by_hour.door, now=datetime(2026, 3, 9, 11, 0, tzinfo=ZONE))
    assert owner.query(Deadline).one().due_at == datetime(2026, 3, 9, 15, 0, tzinfo=ZONE)
    assert list(differences(owner, datetime.now(ZONE))) == []


def test_both_readers_of_the_calendar_say_the_same_hours(stage: Stage, owner: Session) -> None:
    put(stage)
    alone = working_calendar(owner)
    owner.rollback()
    assert clock_of(owner).calendar == alone
    assert alone.hours.season(MONDAY) == LATE_START.seasons[0]
    assert calendars(owner).at(FRIDAY + timedelta(days=1)) == alone


def test_saying_the_same_twice_changes_nothing(stage: Stage) -> None:
    put(stage)
    with pytest.raises(NothingChangedError):
        put(stage)


def test_loading_again_leaves_the_hours_of_the_office(stage: Stage, owner: Session) -> None:
    put(stage)
    assert load_hours(owner, read_hours(LIMITS)) == 0
    assert owner.query(HoursVersion).count() == 2


def test_the_calendar_known_at_a_moment_has_the_hours_entered_by_then() -> None:
    later = Calendars(
        [(FRIDAY, MONDAY, False)],
        [(BEGINNING, opened(SUMMER, EARLY.date())), (FRIDAY, opened(WINTER))],
    )
    assert later.at(EARLY).hours.season(MONDAY) == SUMMER
    assert later.at(FRIDAY).hours.season(MONDAY) == WINTER
    assert later.at(FRIDAY).hours.season(EARLY.date()) == SUMMER
    assert Calendars([]).at(FRIDAY) == WorkCalendar()


def opened(season: Season, since: date = MONDAY) -> Opening:
    return Opening(since, (season,))


def test_the_administrator_changes_them_by_the_page(
    client_of: Callable[[str], FlaskClient], owner: Session
) -> None:
    an = client_of("an")
    assert "1月1日起 08:30–11:30" in an.get("/limits/hours").text
    assert an.post("/limits/hours", data=FORM).status_code == 303
    page = an.get("/limits").text
    assert "5月1日起 08:30–12:00 15:00–18:00" in page
    assert "县委办通知" in page
    assert an.post("/limits/hours", data=FORM).status_code == 422
    assert owner.query(HoursVersion).count() == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("seasons", "", "请写作息时间"),
        ("seasons", "八点到十二点", "第 1 行：时间请写成"),
        ("seasons", "8:30-12:00\n14:00-18:00", "第 1 行：请先写从几月几日起"),
        ("seasons", "2月30日起 8:30-12:00", "第 1 行：没有这样的日期"),
        ("seasons", "12:00-8:30", "或者前后重叠"),
        ("seasons", "5月1日起 8:30-12:00\n5月1日起 9:00-12:00", "同一天"),
        ("valid_from", today().isoformat(), "最早从明天起"),
        ("valid_from", "9999-12-31", "年份不对"),
        ("reason", "", "请写为什么改"),
    ],
)
def test_a_wrong_entry_is_named(
    client_of: Callable[[str], FlaskClient], field: str, value: str, said: str
) -> None:
    answer = client_of("an").post("/limits/hours", data=FORM | {field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert "县委办通知" in answer.text


def test_everybody_reads_them_and_the_administrator_alone_changes_them(
    client_of: Callable[[str], FlaskClient],
) -> None:
    mei = client_of("mei")
    assert "08:30–11:30 13:00–17:30" in mei.get("/limits").text
    assert mei.get("/limits/hours").status_code == 403
    assert mei.post("/limits/hours", data=FORM).status_code == 403


@given(seasons())
def test_what_the_form_shows_can_be_read_back(found: tuple[Season, ...]) -> None:
    assert hours_text.seasons(hours_text.text(found)) == found


def test_hours_are_read_in_full_width_signs_and_with_words_between() -> None:
    (season,) = hours_text.seasons("全年 上午８：３０～１１：３０，下午13:00至17:30")
    assert season.spans == ((time(8, 30), time(11, 30)), (time(13), time(17, 30)))
