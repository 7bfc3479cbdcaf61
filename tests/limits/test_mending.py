"""`limits verify --mend`: what differs from its history is written anew, and said."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.limits.stories import Stage, later
from yuantou.audit.models import AuditEvent
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.limits.cli import limits
from yuantou.limits.mending import mend
from yuantou.limits.models import Deadline
from yuantou.limits.verification import differences


def spoil(owner: Session, dispute: int) -> None:
    """One end too late, one deadline lost, one that nothing began."""
    row = owner.query(Deadline).filter_by(dispute_id=dispute, rule="mediation").one()
    extra = {name: getattr(row, name) for name in ("due_at", "pauses", "extensions")}
    place = {name: getattr(row, name) for name in ("county_code", "area_path", "agency_id")}
    row.due_at = later(70)
    owner.query(Deadline).filter_by(dispute_id=dispute, rule="finish").delete()
    stray = Deadline(dispute_id=dispute, rule="follow_up", rule_version=1, **extra, **place)
    stray.started_at, stray.promised_on, stray.met_at, stray.lapsed_at = later(1), None, None, None
    owner.add(stray)
    owner.get_one(Dispute, dispute).next_due_rule = "follow_up"
    owner.commit()


def test_mended_they_are_what_the_history_says(stage: Stage, owner: Session) -> None:
    whole, broken = stage.play("accept triage mediate"), stage.play("accept triage mediate")
    spoil(owner, broken)
    found = mend(owner, later(4))
    assert {each.rule for each in found} == {"mediation", "finish", "follow_up", ""}
    assert {each.dispute_id for each in found} == {broken}
    assert list(differences(owner, later(4))) == []
    told = owner.query(DisputeEvent).filter_by(event="deadlines_moved").one()
    assert (told.dispute_id, told.facts["rule"]) == (broken, "mediation")
    row = owner.query(AuditEvent).filter_by(action="limits:mend").one()
    assert row.facts["disputes"] == [broken]
    assert whole not in row.facts["disputes"]


def test_what_agrees_is_left_alone(stage: Stage, owner: Session) -> None:
    stage.play("accept triage mediate suspend")
    assert mend(owner, later(4)) == []
    assert owner.query(AuditEvent).filter_by(action="limits:mend").count() == 0


@pytest.mark.parametrize("again", [0, 1])
def test_the_command_mends_and_then_finds_nothing(
    app: Flask, stage: Stage, owner: Session, again: int
) -> None:
    dispute = stage.play("accept triage mediate")
    spoil(owner, dispute)
    runner = app.test_cli_runner()
    first = runner.invoke(limits, ["verify", "--mend"])
    assert (first.exit_code, "已按经过改正" in first.output) == (0, True)
    assert runner.invoke(limits, ["verify"] + ["--mend"] * again).exit_code == 0
