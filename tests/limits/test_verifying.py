"""Recomputed from the history alone, every deadline is the live one."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.coordination.matters import report
from tests.limits.stories import MARCH, Stage, later
from yuantou.limits.models import Deadline
from yuantou.limits.verification import differences


@pytest.mark.parametrize(
    "way",
    [
        "accept triage mediate agree begin_performance perform plan_follow_up close reopen triage",
        "accept triage mediate suspend resume agree",
        "accept triage mediate suspend terminate advise_path",
        "accept triage dispatch return triage dispatch sign handle reply",
        "accept triage dispatch recall dispatch sign",
        "accept triage dispatch sign mediate escalate dispatch sign mediate fail",
    ],
)
def test_every_way_recomputed_gives_the_live_deadlines(
    stage: Stage, owner: Session, way: str
) -> None:
    stage.play(way)
    assert list(differences(owner, later(90))) == []


def test_a_row_that_was_changed_by_hand_is_named(stage: Stage, owner: Session) -> None:
    dispute = stage.play("accept triage mediate")
    row = owner.query(Deadline).filter_by(dispute_id=dispute, rule="mediation").one()
    row.due_at = later(70)
    owner.flush()
    found = list(differences(owner, later(1)))
    assert [(each.dispute_id, each.rule) for each in found] == [(dispute, "mediation")]


def test_a_lost_deadline_is_named_and_so_is_the_next_one(stage: Stage, owner: Session) -> None:
    dispute = report(stage.door, now=MARCH)
    owner.query(Deadline).delete()
    owner.flush()
    found = list(differences(owner, later(1), only=dispute))
    assert [(each.rule, each.live) for each in found] == [("accept", "—")]


def test_a_second_term_of_dispatch_takes_the_place_of_the_first(
    stage: Stage, owner: Session
) -> None:
    stage.play("accept triage dispatch sign mediate escalate dispatch")
    rows = owner.query(Deadline).filter_by(rule="dispatch_term").order_by(Deadline.id).all()
    assert [row.lapsed_at is None for row in rows] == [False, True]


def test_confirmation_counts_from_the_day_the_agreement_takes_effect(
    stage: Stage, owner: Session
) -> None:
    stage.play("accept triage mediate agree", effective_on=date(2026, 2, 20))
    row = owner.query(Deadline).filter_by(rule="confirmation").one()
    assert row.due_at.date() == date(2026, 3, 22)
