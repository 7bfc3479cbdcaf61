"""A merger and its way back: whatever stood before stands again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, report
from tests.coordination.test_acts import do, now
from tests.mediation.papers.files import made
from tests.mediation.stories import events_of
from yuantou.disputes.models import Dispute, Participation
from yuantou.disputes.parties import NewParty
from yuantou.limits.models import Deadline

ClientOf = Callable[[str], FlaskClient]
WANG = NewParty(side="applicant", kind="person", name="王五")
LEFT = ("state", "handler_agency_id", "next_due_rule", "outcome", "closed_at", "master_id", "risk")


def merged(door: Door, client_of: ClientOf, owner: Session, *steps: str) -> tuple[int, int, Any]:
    """Two matters, the second merged into the first after `steps`; what it was like before."""
    first, second = report(door, title="先报的"), report(door, title="后报的", parties=(WANG,))
    act(door, "mei", first, "accept")
    for step in steps:
        facts = {"category": "neighborhood", "risk": "yellow", "path": "own_mediation"}
        act(door, "mei", second, step, **(facts if step == "triage" else {}))
    before = now(owner, second)
    kept = {name: getattr(before, name) for name in LEFT}
    do(client_of("mei"), second, "merge", master_number="1", reason="同一堵墙")
    return first, second, kept


@pytest.mark.parametrize("steps", [(), ("accept",), ("accept", "triage")])
def test_taking_out_restores_everything(
    door: Door, client_of: ClientOf, owner: Session, steps: tuple[str, ...]
) -> None:
    first, second, before = merged(door, client_of, owner, *steps)
    assert now(owner, second).state == "merged"
    assert do(client_of("mei"), second, "unmerge", reason="两堵墙").status_code == 303
    after = now(owner, second)
    assert {name: getattr(after, name) for name in LEFT} == before
    assert owner.query(Participation).filter_by(dispute_id=second, until=None).count() == 1
    assert events_of(owner, first)[-2:] == ["merged_into", "taken_out"]


def test_its_limits_run_on_without_the_time_between(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    _first, second, _before = merged(door, client_of, owner, "accept")
    rows = owner.query(Deadline).filter_by(dispute_id=second, rule="triage")
    assert rows.one().met_at is not None
    do(client_of("mei"), second, "unmerge", reason="两堵墙")
    owner.rollback()
    again = rows.one()
    assert (again.met_at, again.lapsed_at, len(again.pauses)) == (None, None, 1)


def test_each_page_leads_to_the_other(door: Door, client_of: ClientOf, owner: Session) -> None:
    first, second, _before = merged(door, client_of, owner)
    mei = client_of("mei")
    assert f'href="/matters/{second}"' in mei.get(f"/matters/{first}").text
    assert "解除并案" in mei.get(f"/matters/{second}").text
    assert client_of("hu").get(f"/matters/{second}/do/unmerge").status_code == 404
    assert client_of("ren").get(f"/matters/{second}/do/unmerge").status_code == 404


def test_a_matter_is_reopened_for_ninety_days(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = report(door)
    told = {"reason": "已调走", "path_options": ["litigation"]}
    act(door, "mei", dispute, "accept")
    act(door, "mei", dispute, "terminate", **told)
    act(door, "mei", dispute, "advise_path", **told)
    act(door, "mei", dispute, "plan_follow_up", planned_on="2026-11-30")
    made(door("mei")[0], dispute, "path_notice")
    act(door, "mei", dispute, "close", found="平静")
    closed = now(owner, dispute).closed_at
    assert closed is not None
    assert client_of("mei").get(f"/matters/{dispute}/do/reopen").status_code == 200
    owner.get_one(Dispute, dispute).closed_at = closed - timedelta(days=91)
    owner.commit()
    answer = client_of("mei").get(f"/matters/{dispute}/do/reopen")
    assert answer.status_code == 409
    assert "重启的期限已于" in answer.text
    assert "/intake" in answer.text


def test_nothing_lies_ahead_of_what_went_into_another(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    first, second, _before = merged(door, client_of, owner)
    mei = client_of("mei")
    assert 'class="ahead"' in mei.get(f"/matters/{first}").text
    assert 'class="ahead"' not in mei.get(f"/matters/{second}").text
