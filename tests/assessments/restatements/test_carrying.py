"""What was granted before is carried into a new edition, unless an approver drops it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON
from tests.assessments.runs.conftest import LATER
from tests.assessments.runs.conftest import go_on as go_on
from tests.cast import LINGYUAN
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.objections.models import Objection
from yuantou.assessments.runs.models import AssessmentDraft

Client = Callable[[str], FlaskClient]


@pytest.fixture
def granted(owner: Session, lingyuan: AssessmentReport) -> list[int]:
    """Two adjustments that the office granted in the run of the report: ten cases, one case."""
    made = [
        Objection(
            run_id=lingyuan.run_id,
            revision=1,
            area_code=LINGYUAN,
            area_path=lingyuan.area_path,
            indicator="R_filed",
            subject="figure",
            numerator=-cases,
            denominator=0,
            reason="重复立案",
            evidence="来函",
            counterfactual={},
            raised_by=1,
            agency_id=1,
            raised_at=NOON,
            due_at=NOON,
            decision="upheld",
            remedy="adjust",
            granted_numerator=-cases,
            granted_denominator=0,
            decided_by=2,
            decided_at=NOON,
            decision_reason=f"来函属实，减{cases}件",
        )
        for cases in (10, 1)
    ]
    owner.add_all(made)
    owner.commit()
    return [one.id for one in made]


def _draft(owner: Session) -> dict[str, Any]:
    owner.expire_all()
    run = owner.query(AssessmentRun).filter_by(edition=2).one()
    draft = owner.get_one(AssessmentDraft, (run.id, LINGYUAN, run.revision))
    found: dict[str, Any] = json.loads(draft.inputs)
    return found


def _reissue(client: FlaskClient, report: AssessmentReport, kept: list[int]) -> int:
    words = {"reason": "法院更正", "kept": [str(each) for each in kept]}
    return client.post(f"/assessments/restatements/{report.id}/reissue", data=words).status_code


def test_the_approver_is_warned_and_what_he_keeps_is_carried(
    owner: Session, client_of: Client, lingyuan: AssessmentReport, granted: list[int],
    go_on: Callable[..., None],
) -> None:  # fmt: skip
    page = client_of("sheng").get(f"/assessments/restatements/{lingyuan.id}").text
    assert "发出的报告里有经异议采纳的调整" in page
    assert page.count('name="kept"') == 2
    assert 'name="kept"' not in client_of("zhou").get(page_of(lingyuan)).text
    assert _reissue(client_of("sheng"), lingyuan, granted[:1]) == 302
    go_on(LATER)
    assert [one["objection"] for one in _draft(owner)["adjustments"]] == granted[:1]


def page_of(report: AssessmentReport) -> str:
    return f"/assessments/restatements/{report.id}"


def test_another_choice_is_made_on_the_run_and_prepared_anew(
    owner: Session, client_of: Client, lingyuan: AssessmentReport, granted: list[int],
    go_on: Callable[..., None],
) -> None:  # fmt: skip
    _reissue(client_of("sheng"), lingyuan, [])
    go_on(LATER)
    before = _draft(owner)
    assert before["adjustments"] == []
    run = owner.query(AssessmentRun).filter_by(edition=2).one()
    address = f"/assessments/runs/{run.id}/carried"
    words = {"revision": str(run.revision), "kept": [str(each) for each in granted]}
    assert client_of("zhou").post(address, data=words).status_code == 403
    stale = {**words, "revision": "9"}
    page = client_of("sheng").post(address, data=stale, follow_redirects=True).text
    assert "请刷新后再看" in page
    client_of("sheng").post(address, data=words)
    go_on(LATER)
    after = _draft(owner)
    assert [one["objection"] for one in after["adjustments"]] == granted
    events = [each["figures"]["R_filed"]["own"]["events"] for each in (before, after)]
    assert events[1] == events[0] - 11
    assert "沿用以前的调整 2 项" in client_of("sheng").get(f"/assessments/runs/{run.id}").text
