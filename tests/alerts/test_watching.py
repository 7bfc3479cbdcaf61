"""A matter is judged in the transaction in which it is logged or moves."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event as happening
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.alerts.conftest import Raise
from tests.cast import DONGJIE
from tests.conftest import Database
from tests.coordination.matters import Door, act, report
from yuantou.agencies.models import Agency
from yuantou.alerts.models import Alert, AlertEvent
from yuantou.calendar import clock
from yuantou.coordination.corrections.service import Stated, correct
from yuantou.disputes.models import Dispute
from yuantou.notices.models import Notice


def alerts(owner: Session, matter: int) -> list[Alert]:
    owner.expire_all()
    return owner.query(Alert).filter_by(dispute_id=matter).order_by(Alert.rule).all()


def test_an_ordinary_matter_raises_nothing(door: Door, owner: Session) -> None:
    assert alerts(owner, report(door, involved=4)) == []


def test_many_people_are_warned_of_as_it_is_logged(door: Door, owner: Session) -> None:
    matter = report(door, involved=12, now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    (alert,) = alerts(owner, matter)
    assert (alert.rule, alert.level, alert.rule_version) == ("W01", "yellow", 1)
    assert owner.get_one(Agency, alert.owner_agency_id).code == "nanjie-centre"
    assert alert.due_at == datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    assert alert.reasons == [
        {
            "say": "涉及 %(involved)s 人，达到 %(least)s 人的门槛。",
            "with": {"involved": 12, "least": 10},
        }
    ]
    told = owner.query(Notice).filter_by(link=f"/warnings/{alert.id}").one()
    assert (told.kind, told.dispute_id, told.agency_id) == (
        "alert_yellow", matter, alert.owner_agency_id,
    )  # fmt: skip


def test_a_red_line_goes_to_the_county_in_two_hours(door: Door, owner: Session) -> None:
    (alert,) = alerts(owner, report(door, flags=("armed",)))
    assert (alert.rule, alert.level) == ("W05", "red")
    assert alert.due_at - alert.raised_at == timedelta(hours=2)


def test_several_rules_say_each_their_own(door: Door, owner: Session) -> None:
    found = alerts(owner, report(door, involved=35, flags=("gathering",)))
    assert [(one.rule, one.level) for one in found] == [("W01", "red"), ("W05", "red")]


def test_what_the_type_turns_out_to_be_counts(door: Door, owner: Session) -> None:
    matter = report(door, involved=6)
    act(door, "mei", matter, "accept")
    assert alerts(owner, matter) == []
    act(door, "mei", matter, "triage", category="migrant_wages", risk="yellow", path="mediation")
    assert [one.rule for one in alerts(owner, matter)] == ["W01"]


def test_moving_on_does_not_say_it_again(door: Door, owner: Session) -> None:
    matter = report(door, involved=12)
    act(door, "mei", matter, "accept")
    act(door, "mei", matter, "triage", category="neighborhood", risk="yellow", path="mediation")
    (alert,) = alerts(owner, matter)
    assert owner.query(AlertEvent).filter_by(warning_id=alert.id).count() == 1


def test_a_relapse_is_warned_of(door: Door, owner: Session) -> None:
    matter = report(door)
    owner.execute(
        text("UPDATE dispute SET state = 'closed', closed_at = :at, number = 'x' WHERE id = :id"),
        {"id": matter, "at": clock.now()},
    )
    owner.commit()
    act(door, "mei", matter, "reopen", relapse="双方又起争执，要求重新调解")
    (alert,) = alerts(owner, matter)
    assert (alert.rule, alert.level, alert.facts["relapsed"]) == ("W06", "yellow", True)


def test_another_county_sees_no_warning_of_it(door: Door, owner: Session) -> None:
    matter = report(door, involved=12)
    for login, seen in (("mei", 1), ("tang", 1), ("gao", 1), ("hu", 0), ("kai", 0), ("dong", 0)):
        session, _viewer = door(login)
        assert session.query(Alert).filter_by(dispute_id=matter).count() == seen, login


def test_a_restricted_matters_warning_is_for_who_may_see_the_matter(
    door: Door, owner: Session
) -> None:
    matter = report(door, flags=("domestic_violence",))
    assert [one.rule for one in alerts(owner, matter)] == ["W05"]
    for login, seen in (("mei", 1), ("gao", 1), ("ming", 0), ("tang", 0), ("qi", 0)):
        session, _viewer = door(login)
        assert session.query(Alert).filter_by(dispute_id=matter).count() == seen, login
        assert session.query(AlertEvent).count() == seen, login


def test_a_warning_of_a_place_is_the_areas(door: Door, warn: Raise) -> None:
    warn()
    for login, seen in (("gao", 1), ("qi", 1), ("sheng", 1), ("mei", 0), ("tang", 0), ("hu", 0)):
        session, _viewer = door(login)
        assert session.query(Alert).count() == seen, login


def test_nobody_raises_one_on_a_matter_out_of_sight(door: Door, warn: Raise) -> None:
    matter = report(door)
    session, _viewer = door("hu")
    forged = text(
        "INSERT INTO warning (version, rule, rule_version, level, raised_level, area_code,"
        " area_path, dispute_id, key, reasons, facts, raised_at, due_at, state,"
        " downgrade_reason, outcome_note)"
        " SELECT 1, 'W01', 1, 'red', 'red', code, path, :matter, 'x', '[]', '{}', now(), now(),"
        " 'open', '', '' FROM area WHERE code = '211382'"
    )
    with pytest.raises(Exception, match="row-level security"):
        session.execute(forged, {"matter": matter})


def test_logging_an_ordinary_matter_asks_nothing_of_warnings(
    door: Door, database: Database
) -> None:
    session, _viewer = door("mei")
    asked: list[str] = []
    happening.listen(
        session.get_bind(), "before_cursor_execute", lambda *said: asked.append(str(said[2]))
    )
    report(door, involved=2)
    assert asked
    assert not [one for one in asked if "warning" in one]


def test_a_warning_goes_where_its_matter_goes(door: Door, owner: Session) -> None:
    matter = report(door, involved=12)
    session, viewer = door("gao")
    dispute = session.get_one(Dispute, matter)
    stated = Stated(
        **{
            name: getattr(dispute, name)
            for name in Stated.__dataclass_fields__
            if name not in ("area_code", "flags")
        },
        area_code=DONGJIE,
        flags=(),
    )
    with door.app.app_context():
        correct(session, by=viewer, dispute_id=matter, stated=stated, reason="登记错了街道")
    (alert,) = alerts(owner, matter)
    assert (alert.area_code, alert.state) == (DONGJIE, "open")
    assert owner.get_one(Agency, alert.owner_agency_id).code == "dongjie-centre"
    assert [row.event for row in owner.query(AlertEvent).order_by(AlertEvent.id)] == [
        "raised", "moved",
    ]  # fmt: skip
