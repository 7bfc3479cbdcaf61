"""Screens, reminders and figures have one clock: the published examples, lived through."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from tests.cast import LIMITS
from tests.conftest import Database
from tests.coordination.matters import report
from tests.limits.stories import Stage
from yuantou.calendar.clock import ZONE, local
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event, working_calendar
from yuantou.disputes.standing import history, matter_of
from yuantou.indicators.catalogue import read
from yuantou.indicators.compiler import entries
from yuantou.limits.changing import put_in_force, set_days
from yuantou.limits.cli import limits
from yuantou.limits.extending import extend, extension_refusal, tracked_refusal
from yuantou.limits.jobs import ClockDiffers, verify_all
from yuantou.limits.models import Deadline
from yuantou.limits.queries import calendars, clock_of
from yuantou.limits.rules import Leave
from yuantou.limits.service import follow
from yuantou.limits.terms import finish_day
from yuantou.limits.verification import differences, rebuild

RECEIVED = datetime(2026, 11, 2, 10, 0, tzinfo=ZONE)
FRIDAY_EVENING = datetime(2026, 3, 6, 17, 30, tzinfo=ZONE)


def entrusted(stage: Stage, procedure: str) -> int:
    """A court's papers are signed for."""
    dispute = stage.play("accept triage mediate", start=RECEIVED - timedelta(days=4), step=1)
    tell(stage, dispute, "entrustment_received", RECEIVED, procedure=procedure)
    return dispute


def tell(stage: Stage, dispute: int, event: str, at: datetime, **facts: str) -> None:
    """Note an event of a track and let the deadlines follow it."""
    session, mei = stage("mei")
    row = session.get_one(Dispute, dispute, populate_existing=True)
    noted = note_event(session, dispute=row, event=event, by=mei, facts=facts, at=at)
    session.flush()
    follow(session, row, noted)
    session.commit()


def due_day(owner: Session, rule: str) -> date:
    """The last day of a rule's one deadline."""
    owner.expire_all()
    return local(owner.query(Deadline).filter_by(rule=rule).one().due_at).date()


def test_entrusted_mediation_ordinary_and_extended_by_both(stage: Stage, owner: Session) -> None:
    dispute = entrusted(stage, "ordinary")
    assert due_day(owner, "entrusted") == date(2026, 11, 17)
    session, mei = stage("mei")
    row = session.query(Deadline).filter_by(dispute_id=dispute, rule="entrusted").one()
    rule, at = clock_of(session).book.rule(row.rule, row.rule_version), RECEIVED + timedelta(days=9)
    assert extension_refusal(row, rule, Leave.CONSENT, at, 31) is not None
    matter = session.get_one(Dispute, dispute)
    asked = {"dispute": matter, "row": row, "leave": Leave.CONSENT, "amount": 30, "at": at}
    extend(session, by=mei, note="双方同意", **asked)  # type: ignore[arg-type]
    session.commit()
    assert due_day(owner, "entrusted") == date(2026, 12, 17)
    assert list(differences(owner, at)) == []


def test_entrusted_mediation_in_simplified_procedure(stage: Stage, owner: Session) -> None:
    entrusted(stage, "simplified")
    assert due_day(owner, "entrusted_simplified") == date(2026, 11, 9)


def test_confirmation_is_asked_for_until_the_thirtieth_day(stage: Stage, owner: Session) -> None:
    start = datetime(2026, 10, 30, 9, 0, tzinfo=ZONE)
    stage.play("accept triage mediate agree", start=start, effective_on=date(2026, 11, 1))
    assert due_day(owner, "confirmation") == date(2026, 12, 1)


def test_a_red_matter_of_friday_evening_is_signed_the_same_evening(
    stage: Stage, owner: Session
) -> None:
    dispute = stage.play("accept triage", start=FRIDAY_EVENING - timedelta(days=3), risk="red")
    stage.do("gao", dispute, "dispatch", FRIDAY_EVENING)
    row = owner.query(Deadline).filter_by(rule="sign_red").one()
    assert local(row.due_at) == FRIDAY_EVENING + timedelta(hours=2)


def test_rest_stops_every_clock_but_its_own(stage: Stage, owner: Session) -> None:
    stage.play("accept triage dispatch sign mediate suspend")
    standing = {row.rule for row in owner.query(Deadline) if row.pauses}
    assert {"finish", "mediation", "dispatch_term"} <= standing
    assert owner.query(Dispute).one().next_due_rule == "suspension"


def test_figures_count_what_the_history_says(stage: Stage, owner: Session) -> None:
    """I09 and I10 against deadlines recomputed from the histories alone."""
    stage.play("accept triage mediate agree")
    stage.play("accept triage mediate suspend resume fail", step=9)
    report(stage.door, now=RECEIVED - timedelta(days=90))
    known = {each.code: each for each in read(LIMITS.with_name("indicators.toml"))}
    for definition in (known["I09"], known["I10"]):
        found = owner.execute(entries(definition, RECEIVED)).all()
        told = sorted((row.dispute_id, row.day, row.hit) for row in found if row.why is None)
        assert told == sorted(recounted(owner, definition.rules))
        assert told


def recounted(owner: Session, rules: tuple[str, ...]) -> list[tuple[int, date, bool]]:
    """The same entries out of the events."""
    found = []
    for dispute in owner.query(Dispute):
        events, book = history(owner, dispute.id), clock_of(owner).book
        for row in rebuild(dispute, events, book, calendars(owner), RECEIVED):
            if row.rule in rules and row.due_at <= RECEIVED and row.lapsed_at is None:
                met = row.met_at is not None and row.met_at <= row.due_at
                found.append((dispute.id, local(row.due_at).date(), met))
    return found


def test_the_command_names_what_differs(stage: Stage, owner: Session) -> None:
    runner = stage.door.app.test_cli_runner()
    dispute = stage.play("accept triage mediate")
    assert runner.invoke(limits, ["verify"]).exit_code == 0
    owner.execute(
        text("UPDATE deadline SET due_at = due_at + interval '1 day' WHERE met_at IS NULL")
    )
    owner.commit()
    told = runner.invoke(limits, ["verify", "--dispute", str(dispute)])
    assert told.exit_code == 1
    assert f"{dispute}\tmediation\t" in told.output


def test_a_page_reads_limits_and_calendar_once(stage: Stage) -> None:
    session, _mei = stage("mei")
    asked: list[str] = []
    connection = session.connection()

    @event.listens_for(connection, "before_cursor_execute")
    def note(*given: object) -> None:
        asked.append(str(given[2]))

    clock_of(session)
    working_calendar(session)
    clock_of(session)
    assert len(asked) == 1


def test_the_job_of_the_week_fails_where_something_differs(
    stage: Stage, database: Database, owner: Session
) -> None:
    stage.play("accept triage mediate")
    with database.sessions("worker")() as session:
        verify_all(session, RECEIVED, lambda _done, _all: None)
    owner.execute(text("UPDATE deadline SET met_at = NULL WHERE rule = 'accept'"))
    owner.commit()
    with database.sessions("worker")() as session, pytest.raises(ClockDiffers, match="1 disputes"):
        verify_all(session, RECEIVED, lambda _done, _all: None)


def test_sending_back_is_shut_when_the_clock_of_the_limits_says_so(
    stage: Stage, owner: Session
) -> None:
    """A day off moves the right to return with every other limit."""
    friday = datetime(2026, 3, 6, 9, 0, tzinfo=ZONE)
    dispute = stage.play("accept triage dispatch", start=friday - timedelta(days=3), step=1)
    session, an = stage("an")
    days = [date(2026, 3, 9), date(2026, 3, 10)]
    set_days(session, by=an, days=days, worked=False, source="暴雪停工")
    done = stage.do("ren", dispute, "return", datetime(2026, 3, 12, 9, 0, tzinfo=ZONE))
    assert done.state == "returned"


def test_a_courts_track_extends_its_own_limit_by_what_is_left(stage: Stage, owner: Session) -> None:
    dispute = entrusted(stage, "ordinary")
    later = RECEIVED + timedelta(days=9)
    assert tracked_refusal(owner, dispute, "entrusted", later) is None
    tell(stage, dispute, "entrustment_extended", later, consents="both")
    assert due_day(owner, "entrusted") == date(2026, 12, 17)
    late = tracked_refusal(owner, dispute, "entrusted", RECEIVED + timedelta(days=50))
    assert late is not None
    assert (late.code, late.ground) == ("extension_late", "time")
    assert list(differences(owner, later)) == []


def test_the_doors_of_a_matter_close_when_its_clock_says_so(stage: Stage, owner: Session) -> None:
    """An office's own number moves the door and the deadline alike."""
    session, an = stage("an")
    for code, amount in (("confirmation", 20), ("reopening", 10), ("rest", 5)):
        put_in_force(
            session,
            by=an,
            code=code,
            changes={"amount": amount},
            valid_from=RECEIVED.date() - timedelta(days=40),
            reason="试行",
            now=RECEIVED - timedelta(days=40),
        )
    agreed = stage.play("accept triage mediate agree", start=RECEIVED - timedelta(days=4))
    resting = stage.play("accept triage mediate", start=RECEIVED - timedelta(days=4))
    at = RECEIVED + timedelta(days=1)
    seen = [
        matter_of(owner.get_one(Dispute, key), history(owner, key), working_calendar(owner), at)
        for key in (agreed, resting)
    ]
    due = owner.query(Deadline).filter_by(rule="confirmation").one().due_at
    assert seen[0].confirmation_until == local(due).date()
    assert seen[0].agreement_effective_on == local(due).date() - timedelta(days=20)
    assert seen[1].rest_until == at.date() + timedelta(days=5)
    finish = owner.query(Deadline).filter_by(dispute_id=resting, rule="finish").one()
    assert finish_day(owner, resting, at) == local(finish.due_at).date()
