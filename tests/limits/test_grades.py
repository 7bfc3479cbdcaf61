"""A grade found later, and other hands: which clock goes on, which begins anew."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.limits.stories import MARCH, Stage, later
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.limits.models import Deadline
from yuantou.limits.service import follow
from yuantou.limits.verification import differences


def tell(stage: Stage, dispute: int, event: str, days: float, **facts: Any) -> None:
    """An event that does not move the matter, with its deadlines."""
    session, viewer = stage("mei")
    row = session.get_one(Dispute, dispute, populate_existing=True)
    row.risk = facts.get("risk", row.risk)
    noted = note_event(session, dispute=row, event=event, by=viewer, facts=facts, at=later(days))
    session.flush()
    follow(session, row, noted)
    session.commit()


def lines(owner: Session, *rules: str) -> list[tuple[str, bool, float]]:
    """Rule, whether it runs, and how many days after the report it began."""
    owner.expire_all()
    rows = owner.query(Deadline).filter(Deadline.rule.in_(rules)).order_by(Deadline.id)
    return [
        (row.rule, row.met_at is None and row.lapsed_at is None,
         round((row.started_at - MARCH) / timedelta(days=1), 2))
        for row in rows
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("complexity", "rule", "days"),
    [("simple", "finish_simple", 7), ("complex", "finish_complex", 60), ("ordinary", "finish", 30)],
)
def test_the_difficulty_found_at_triage_counts_from_acceptance(
    stage: Stage, owner: Session, complexity: str, rule: str, days: int
) -> None:
    stage.play("accept triage", complexity=complexity)
    row = owner.query(Deadline).filter(Deadline.rule.like("finish%")).one()
    assert (row.rule, row.started_at) == (rule, later(1.2))
    assert row.due_at.date() == later(1.2 + days).date()
    assert list(differences(owner, later(3))) == []


def test_a_matter_that_turns_red_gets_its_hours_from_then(stage: Stage, owner: Session) -> None:
    dispute = stage.play("accept triage dispatch", risk="blue")
    tell(stage, dispute, "corrected", 4, risk="red", category="neighborhood")
    assert lines(owner, "sign", "sign_red") == [("sign", False, 3.6), ("sign_red", True, 4)]
    red = owner.query(Deadline).filter_by(rule="sign_red").one()
    assert red.due_at == later(4) + timedelta(hours=2)
    assert owner.get_one(Dispute, dispute).next_due_rule == "sign_red"
    assert list(differences(owner, later(5))) == []


def test_a_matter_that_is_red_no_longer_gets_the_usual_time(stage: Stage, owner: Session) -> None:
    dispute = stage.play("accept triage dispatch", risk="red")
    tell(stage, dispute, "corrected", 3.65, risk="blue", category="neighborhood")
    assert lines(owner, "sign", "sign_red") == [("sign", True, 3.6)]
    assert list(differences(owner, later(5))) == []


def test_a_medical_dispute_is_mediated_by_its_own_limit_from_the_start(
    stage: Stage, owner: Session
) -> None:
    dispute = stage.play("accept triage mediate")
    session, _mei = stage("mei")
    session.get_one(Dispute, dispute, populate_existing=True).type = "medical"
    tell(stage, dispute, "corrected", 5, risk="yellow", category="medical")
    assert lines(owner, "mediation", "mediation_medical") == [("mediation_medical", True, 3.6)]
    assert list(differences(owner, later(6))) == []


def test_other_hands_have_a_fresh_clock_of_their_own(stage: Stage, owner: Session) -> None:
    dispute = stage.play("accept")
    tell(stage, dispute, "transferred", 2)
    assert lines(owner, "triage", "triage_yellow") == [("triage", False, 1.2), ("triage", True, 2)]
    assert lines(owner, "finish") == [("finish", True, 1.2)]
    assert list(differences(owner, later(3))) == []
