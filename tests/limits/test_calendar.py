"""The administrator's working calendar: a change moves what is open, and says so."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tests.coordination.matters import report
from tests.limits.stories import Stage
from yuantou.calendar.clock import ZONE
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.limits.changing import NothingChangedError, set_days, take_back
from yuantou.limits.models import CalendarChange, Deadline
from yuantou.limits.verification import differences

FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=ZONE)
MONDAY = date(2026, 3, 9)
PAGE = "/limits/calendar?year=2026"


def test_a_day_off_moves_the_open_deadlines_and_their_history_says_so(
    stage: Stage, owner: Session
) -> None:
    dispute = report(stage.door, now=FRIDAY)
    session, an = stage("an")
    assert set_days(session, by=an, days=[MONDAY], worked=False, source="暴雪停工") == 1
    row = owner.query(Deadline).one()
    matter = owner.get_one(Dispute, dispute)
    assert row.due_at.date() == date(2026, 3, 10)
    assert matter.next_due_at == row.due_at
    told = owner.query(DisputeEvent).filter_by(event="deadlines_moved").one()
    assert (told.note, told.facts["rule"]) == ("暴雪停工", "accept")


def test_taking_it_back_moves_them_back(stage: Stage, owner: Session) -> None:
    report(stage.door, now=FRIDAY)
    session, an = stage("an")
    set_days(session, by=an, days=[MONDAY], worked=False, source="暴雪停工")
    assert take_back(session, by=an, day=MONDAY, source="照常上班") == 1
    assert owner.query(Deadline).one().due_at.date() == MONDAY
    kept = [row.worked for row in owner.query(CalendarChange).order_by(CalendarChange.id)]
    assert kept == [False, None]


def test_what_is_over_keeps_the_calendar_it_was_judged_by(stage: Stage, owner: Session) -> None:
    stage.play("accept", start=FRIDAY, step=0.1)
    session, an = stage("an")
    set_days(session, by=an, days=[MONDAY], worked=False, source="暴雪停工")
    accepted = owner.query(Deadline).filter_by(rule="accept").one()
    triage = owner.query(Deadline).filter_by(rule="triage").one()
    assert (accepted.due_at.date(), triage.due_at.date()) == (MONDAY, date(2026, 3, 10))
    assert list(differences(owner, FRIDAY)) != []  # before the change was entered
    assert list(differences(owner, datetime.now(ZONE))) == []


def test_saying_the_same_twice_changes_nothing(stage: Stage) -> None:
    session, an = stage("an")
    set_days(session, by=an, days=[MONDAY], worked=False, source="暴雪停工")
    with pytest.raises(NothingChangedError):
        set_days(session, by=an, days=[MONDAY], worked=False, source="暴雪停工")


def test_only_who_keeps_the_calendar_moves_deadlines(stage: Stage, owner: Session) -> None:
    report(stage.door, now=FRIDAY)
    session, gao = stage("gao")
    with pytest.raises(ProgrammingError, match="keeps the calendar"):
        set_days(session, by=gao, days=[MONDAY], worked=False, source="x")
    session.rollback()
    assert owner.query(Deadline).one().due_at.date() == MONDAY


def test_the_page_shows_holidays_and_make_up_days(
    client_of: Callable[[str], FlaskClient],
) -> None:
    page = client_of("mei").get(PAGE).text
    assert "国庆节调休上班" in page
    assert "保存并重算" not in page


def test_the_administrator_changes_days_by_the_page(
    client_of: Callable[[str], FlaskClient],
) -> None:
    an = client_of("an")
    form = {"first": "2026-03-09", "last": "2026-03-10", "worked": "no", "source": "暴雪停工"}
    assert an.post(PAGE, data=form).status_code == 303
    page = an.get(PAGE).text
    assert "2026年3月10日" in page
    assert "改为放假" in page
    assert an.post("/limits/calendar/2026-03-10", data={"source": "照常"}).status_code == 303
    assert an.get("/limits/calendar/2026-03-10").status_code == 404


def test_a_wrong_entry_stays_and_says_what_is_missing(
    client_of: Callable[[str], FlaskClient],
) -> None:
    form = {"first": "2026-03-09", "last": "2026-03-01", "worked": "no", "source": ""}
    answer = client_of("an").post(PAGE, data=form)
    assert answer.status_code == 422
    assert "不能早于第一天" in answer.text
    assert "请写依据" in answer.text
    assert 'value="2026-03-09"' in answer.text


@pytest.mark.parametrize("login", ["mei", "gao", "sheng", "bao"])
def test_nobody_else_changes_it(client_of: Callable[[str], FlaskClient], login: str) -> None:
    form = {"first": "2026-03-09", "worked": "no", "source": "x"}
    assert client_of(login).post(PAGE, data=form).status_code == 403
