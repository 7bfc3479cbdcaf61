"""A matter's timeline tells that it was warned of, who saw to it, and how that ended."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.alerts.conftest import RAISED, Raise
from tests.cast import NANJIE
from tests.coordination.matters import Door, act, report
from yuantou.alerts.handling import acknowledge, close
from yuantou.alerts.models import Alert
from yuantou.disputes.models import DisputeEvent

Clients = Callable[[str], FlaskClient]


def told(owner: Session, matter: int) -> list[str]:
    rows = owner.query(DisputeEvent).filter_by(dispute_id=matter).order_by(DisputeEvent.id)
    return [row.event for row in rows if row.event.startswith("warning_")]


def handled(door: Door, matter: int) -> None:
    session, viewer = door("gao")
    alert = session.query(Alert).filter_by(dispute_id=matter).one()
    at = RAISED + timedelta(hours=1)
    acknowledge(session, by=viewer, alert_id=alert.id, now=at)
    close(session, by=viewer, alert_id=alert.id, outcome="real", words="属实", now=at)


def test_raised_acknowledged_closed_stand_in_the_timeline(
    door: Door, owner: Session, client_of: Clients
) -> None:
    matter = report(door, involved=12, now=RAISED)
    handled(door, matter)
    assert told(owner, matter) == ["warning_raised", "warning_acknowledged", "warning_closed"]
    shown = client_of("gao").get(f"/matters/{matter}").get_data(as_text=True)
    for words in ("发出预警", "确认预警", "预警办结", "涉及人数多", "黄色预警", "属实"):
        assert words in shown


def test_only_codes_are_kept_and_what_raised_it_was_nobody(door: Door, owner: Session) -> None:
    matter = report(door, involved=12, now=RAISED)
    row = owner.query(DisputeEvent).filter_by(dispute_id=matter, event="warning_raised").one()
    assert row.facts == {"warning": row.facts["warning"], "rule": "W01", "level": "yellow"}
    assert (row.actor_id, row.note, row.to_state) == (None, "", None)


def test_what_ends_with_the_matter_is_told_too(door: Door, owner: Session, warn: Raise) -> None:
    matter = report(door)
    warn(rule="W08", dispute_id=matter, area=NANJIE, key="W08:1")
    act(door, "mei", matter, "decline", path_options=["litigation"], reason="不属于受理范围")
    assert told(owner, matter) == ["warning_raised", "warning_settled"]


def test_the_warning_of_a_place_leaves_the_matter_alone(
    door: Door, owner: Session, warn: Raise
) -> None:
    matter = report(door)
    warn()
    assert told(owner, matter) == []
