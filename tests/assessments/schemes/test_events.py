"""Bonus, malus and veto: with evidence, by two persons, found again however many there are."""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER, report_of
from tests.assessments.schemes.conftest import Force
from tests.cast import KAZUO, LINGYUAN
from yuantou.accounts.models import Account
from yuantou.assessments.schemes.models import ScoreEvent
from yuantou.assessments.service import assess
from yuantou.audit.models import AuditEvent

Client = Callable[[str], FlaskClient]
BASE = "/assessments/schemes"

EVENT = {
    "row": "points/bonus",
    "area_code": LINGYUAN,
    "happened_on": "2026-05-01",
    "points": "2",
    "reason": "示例做法",
    "evidence": "示例〔2026〕3号",
}


def account(owner: Session, login: str) -> int:
    return owner.query(Account).filter_by(login=login).one().id


def _score(report: Any) -> Any:
    return json.loads(report.content).get("score")


def test_a_bonus_counts_once_a_second_person_approved_it(
    client_of: Client, owner: Session, worker: Session, in_force: Force, second: str
) -> None:
    in_force("points")
    first = client_of("sheng")
    assert first.post(f"{BASE}/events", data=EVENT).status_code == 302
    event = owner.query(ScoreEvent).one()
    first.post(f"{BASE}/events/{event.id}/approve")
    assert "提请的人不能自己批准" in first.get(f"{BASE}/events").text
    client_of(second).post(f"{BASE}/events/{event.id}/approve")
    assess(worker, period_end=OCTOBER, due_at=NOON, now=NOON, scheme_code="points")
    worker.commit()
    report = report_of(owner, LINGYUAN)
    assert (_score(report)["bonus"], _score(report)["points"]) == ("2.00", "94.00")
    assert json.loads(report.inputs)["merits"][0]["evidence"] == "示例〔2026〕3号"
    assert _score(report_of(owner, KAZUO))["bonus"] == "0.00"
    assert "示例〔2026〕3号" in client_of("zhou").get(f"{BASE}/events").text
    assert "示例〔2026〕3号" not in client_of("ke").get(f"{BASE}/events").text


def test_evidence_may_be_a_file_that_is_judged_sealed_and_opened_with_a_trace(
    client_of: Client, owner: Session, in_force: Force
) -> None:
    in_force("points")
    words = {**EVENT, "evidence": ""}
    first = client_of("sheng")
    bad = first.post(f"{BASE}/events", data={**words, "file": (io.BytesIO(b"MZ\x00"), "a.pdf")})
    assert bad.status_code == 422
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    good = first.post(f"{BASE}/events", data={**words, "file": (io.BytesIO(pdf), "a.pdf")})
    assert good.status_code == 302
    event = owner.query(ScoreEvent).one()
    assert event.file is not None
    assert pdf not in event.file
    assert "附件，SM3 " in event.evidence
    assert client_of("zhou").post(f"{BASE}/events/{event.id}/file").data == pdf
    assert client_of("ke").post(f"{BASE}/events/{event.id}/file").status_code == 404
    assert owner.query(AuditEvent).filter_by(action="merit:open").count() == 1


def test_a_long_list_of_events_ends_nowhere_in_silence_and_what_waits_comes_first(
    client_of: Client, owner: Session, in_force: Force, second: str
) -> None:
    in_force("points")
    first = client_of("sheng")
    first.post(f"{BASE}/events", data={**EVENT, "evidence": "最早的一条"})
    one = owner.query(ScoreEvent).one()
    words = {c.name: getattr(one, c.name) for c in ScoreEvent.__table__.columns if c.name != "id"}
    done = {"approved_at": NOON, "approved_by": account(owner, second), "evidence": "已批准"}
    owner.execute(insert(ScoreEvent), [{**words, **done} for _number in range(60)])
    owner.commit()
    page = first.get(f"{BASE}/events").text
    assert "最早的一条" in page
    assert "共 61 条" in page
    assert page.count("已批准") + first.get(f"{BASE}/events?page=2").text.count("已批准") == 60


@pytest.mark.parametrize(
    "changed",
    [{"points": "9"}, {"points": ""}, {"points": "-1"}, {"row": "points/I07"}, {"evidence": ""}],
)
def test_an_event_that_does_not_fit_is_refused(
    client_of: Client, owner: Session, in_force: Force, changed: dict[str, str]
) -> None:
    in_force("points")
    answer = client_of("sheng").post(f"{BASE}/events", data={**EVENT, **changed})
    assert answer.status_code == 422
    assert EVENT["reason"] in answer.text
    assert owner.query(ScoreEvent).count() == 0


def test_the_database_refuses_one_person_twice(owner: Session) -> None:
    row: dict[str, Any] = {
        "scheme": "points",
        "row_code": "bonus",
        "area_code": LINGYUAN,
        "area_path": "/21/",
    }
    row |= {"happened_on": date(2026, 5, 1), "points": 1, "reason": "x", "evidence": "y"}
    row |= {"proposed_by": 7, "proposed_at": NOON, "approved_by": 7, "approved_at": NOON}
    with pytest.raises(IntegrityError, match="two_persons"):
        owner.execute(insert(ScoreEvent).values(**row, demo=False))
