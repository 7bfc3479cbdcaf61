"""What of the assessments waits for whom stands in his inbox, until he has done it."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.assessments.objections.test_objecting import WORDS
from tests.assessments.runs.conftest import preview as preview
from tests.assessments.runs.conftest import window_over as window_over
from tests.cast import LINGYUAN
from yuantou.accounts.models import Account
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.calendar.clock import now
from yuantou.indicators.models import DefinitionVersion

Client = Callable[[str], FlaskClient]
TODO = "/notices?tab=todo"


def test_a_county_sees_until_when_it_may_object(
    owner: Session, client_of: Client, preview: AssessmentRun
) -> None:
    owner.execute(update(AssessmentRun).values(preview_until=now() + timedelta(days=3)))
    owner.commit()
    assert "评估预览稿：有误可提异议" in client_of("zhou").get(TODO).text
    assert "评估预览稿" not in client_of("sheng").get(TODO).text
    owner.execute(update(AssessmentRun).values(preview_until=now() - timedelta(days=1)))
    owner.commit()
    assert "评估预览稿" not in client_of("zhou").get(TODO).text


def test_the_office_has_objections_by_their_limit_then_the_approval(
    owner: Session, client_of: Client, preview: AssessmentRun, second: str,
    window_over: Callable[[], None],
) -> None:  # fmt: skip
    owner.execute(update(AssessmentRun).values(preview_until=now() + timedelta(days=3)))
    owner.commit()
    client_of("zhou").post(f"/assessments/objections/new/{preview.id}/{LINGYUAN}", data=WORDS)
    page = client_of("sheng").get(TODO).text
    assert "答复第 1 号异议" in page
    assert "待批准发布" not in page
    window_over()
    assert "待批准发布" not in client_of("sheng").get(TODO).text
    no = {"outcome": "rejected", "remedy": "adjust", "events": "0", "whole": "0", "reason": "不实"}
    client_of("sheng").post("/assessments/objections/1", data=no)
    assert "答复第 1 号异议" not in client_of("sheng").get(TODO).text
    assert "待批准发布" in client_of("sheng").get(TODO).text
    words = {"revision": "1"}
    client_of("sheng").post(f"/assessments/runs/{preview.id}/approve", data=words)
    assert "待批准发布" not in client_of("sheng").get(TODO).text
    assert "待批准发布" in client_of(second).get(TODO).text


def test_a_report_waits_for_the_signature_of_its_own_county_alone(
    client_of: Client, lingyuan: AssessmentReport
) -> None:
    assert "评估报告待签收" in client_of("zhou").get(TODO).text
    client_of("zhou").post(f"/assessments/reports/{lingyuan.id}/receive")
    assert "评估报告待签收" not in client_of("zhou").get(TODO).text
    assert "评估报告待签收" in client_of("ke").get(TODO).text
    assert "评估报告待签收" not in client_of("gao").get(TODO).text


def test_a_version_waits_for_everybody_who_may_approve_it_but_its_proposer(
    owner: Session, client_of: Client, second: str
) -> None:
    old = owner.query(DefinitionVersion).filter_by(code="I07", version=1).one()
    proposer = client_of("sheng")
    owner.add(
        DefinitionVersion(
            code="I07",
            version=2,
            valid_from=old.valid_from.replace(year=2027),
            body={**old.body, "version": 2, "valid_from": "2027-01-01"},
            reason="文件",
            proposed_by=_id(owner, "sheng"),
            proposed_at=now(),
        )
    )
    owner.commit()
    assert "口径待批准" not in proposer.get(TODO).text
    assert "指标 I07 第 2 版口径待批准" in client_of(second).get(TODO).text
    assert client_of("gao").get(TODO).text.count("口径待批准") == 0


def _id(owner: Session, login: str) -> int:
    return owner.query(Account).filter_by(login=login).one().id
