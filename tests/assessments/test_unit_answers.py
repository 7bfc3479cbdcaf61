"""A township and a department object, are restated, and carry what was put down for them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER, report_of
from tests.assessments.runs.conftest import silent
from tests.assessments.schemes.conftest import Force
from tests.assessments.schemes.conftest import in_force as in_force
from tests.cast import DONGJIE, LINGYUAN, NANJIE
from tests.coordination.matters import Door, report
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.objections.models import Objection
from yuantou.assessments.restatements.models import Restatement
from yuantou.assessments.restatements.service import reckon_last
from yuantou.assessments.runs.machine import RunKind, RunState
from yuantou.assessments.runs.models import AssessmentDraft, SealedMember
from yuantou.assessments.runs.packing import unpack
from yuantou.assessments.runs.preparing import open_run, prepare
from yuantou.assessments.runs.publishing import publish
from yuantou.assessments.schemes.models import ScoreEvent
from yuantou.assessments.service import verify
from yuantou.assessments.units import unit_code
from yuantou.calendar.clock import ZONE, now
from yuantou.disputes.models import Dispute, DisputeEvent, Participation

Client = Callable[[str], FlaskClient]
CONCLUDED = datetime(2026, 10, 12, 10, 0, tzinfo=ZONE)
LATER = NOON + timedelta(days=2)
EVENTS = "/assessments/schemes/events"
ROWS = [
    {"code": "I07", "method": "threshold_linear", "weight": "100", "direction": "up",
     "target": "85", "step": "1"},
    {"code": "bonus", "method": "bonus", "name_zh": "创新做法", "weight": "3"},
]  # fmt: skip
SAID = {"indicator": "I07", "subject": "matter", "claim": "no_hit", "reason": "协议后又被撤销",
        "evidence": "卷宗第 12 页"}  # fmt: skip
EVENT = {"happened_on": "2026-10-08", "points": "2", "reason": "首创上门调解",
         "evidence": "示例〔2026〕5号", "area_code": LINGYUAN}  # fmt: skip


@pytest.fixture
def labour(owner: Session) -> Agency:
    """The county's labour bureau."""
    return owner.query(Agency).filter_by(code="lingyuan-labour").one()


@pytest.fixture
def settled(
    app: Flask,
    owner: Session,
    labour: Agency,
    viewer_session: Callable[[str], tuple[Session, Viewer]],
) -> Dispute:
    """A matter of Nanjie that the bureau handled and that was agreed in October."""
    number = report(Door(app, viewer_session))
    words = {"outcome": "agreed_written", "concluded_at": CONCLUDED, "state": "performed",
             "number": "凌矛〔2026〕7号", "handler_agency_id": labour.id}  # fmt: skip
    owner.execute(update(Dispute).where(Dispute.id == number).values(words))
    owner.add(Participation(dispute_id=number, agency_id=labour.id, part="handling", since=NOON))
    owner.commit()
    return owner.get_one(Dispute, number)


@pytest.fixture
def preview(worker: Session, settled: Dispute, in_force: Force) -> Callable[..., AssessmentRun]:
    """`preview("township")`: October by a scheme of that level, with that matter in it."""

    def make(level: str, *more: str) -> AssessmentRun:
        scheme = f"{level}s"
        in_force(scheme, indicators=["I07", *more], headline="I07", score=ROWS)
        worker.rollback()
        made = open_run(
            worker,
            kind=RunKind.MONTHLY,
            start=OCTOBER.replace(day=1),
            end=OCTOBER,
            due_at=NOON,
            scheme_code=scheme,
        )
        prepare(worker, made, now=NOON, progress=silent)
        made.preview_until = datetime(2099, 1, 1, tzinfo=UTC)
        worker.commit()
        return made

    return make


def _own(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)["indicators"][0]["own"]
    return found


@pytest.mark.parametrize(
    ("level", "person", "neighbour"),
    [("township", "tang", "dong"), ("department", "ren", "zhu")],
)
def test_a_unit_objects_to_a_matter_sees_what_follows_and_gets_its_answer(
    owner: Session, worker: Session, preview: Callable[..., AssessmentRun], settled: Dispute,
    labour: Agency, client_of: Client, level: str, person: str, neighbour: str,
) -> None:  # fmt: skip
    run, code = preview(level), NANJIE if level == "township" else unit_code(labour.id)
    draft = client_of(person).get(f"/assessments/runs/{run.id}/drafts/{code}").text
    assert "提出异议" in draft
    assert "可提异议" in client_of(person).get("/notices?tab=todo").text
    address = f"/assessments/objections/new/{run.id}/{code}"
    form = client_of(person).get(address).text
    assert 'value="court"' not in form
    words = {**SAID, "number": settled.number}
    assert client_of(neighbour).post(address, data=words).status_code == 404
    assert client_of("zhou").post(address, data=words).status_code == 404
    tried = client_of(person).post(address, data={**words, "try": "1"})
    assert "如果采纳" in tried.text
    assert client_of(person).post(address, data=words).status_code == 302
    kept = owner.query(Objection).one()
    assert (kept.area_code, kept.matter_id, kept.numerator) == (code, settled.id, -1)
    assert kept.counterfactual["after"]["numerator"] == 0  # type: ignore[index]
    page = f"/assessments/objections/{kept.id}"
    assert client_of(neighbour).get(page).status_code == 404
    answer = {"outcome": "upheld", "remedy": "adjust", "events": "-1", "whole": "0",
              "reason": "协议已撤销"}  # fmt: skip
    assert "已答复" in client_of("sheng").post(page, data=answer, follow_redirects=True).text
    assert "协议已撤销" in client_of(person).get(page).text
    worker.rollback()
    run = worker.get_one(AssessmentRun, run.id)
    run.state = RunState.PREPARING
    prepare(worker, run, now=now(), progress=silent)
    worker.commit()
    after = json.loads(owner.get_one(AssessmentDraft, (run.id, code, 2)).content)
    assert after["indicators"][0]["own"]["numerator"] == 0
    assert [note for note in after["notes"] if note["kind"] == "adjusted"]


@pytest.mark.parametrize("level", ["township", "department"])
def test_the_members_of_a_unit_are_kept_and_make_its_figure(
    owner: Session, preview: Callable[..., AssessmentRun], settled: Dispute, labour: Agency,
    level: str,
) -> None:  # fmt: skip
    run, code = preview(level), NANJIE if level == "township" else unit_code(labour.id)
    rows = owner.query(SealedMember).filter_by(run_id=run.id).all()
    assert [(row.area_code, unpack(row.members)) for row in rows] == [(code, [(settled.id, True)])]
    own = _own(owner.get_one(AssessmentDraft, (run.id, code, 1)).content)
    assert (own["numerator"], own["denominator"]) == (1, 1)


@pytest.mark.parametrize(("level", "person"), [("township", "tang"), ("department", "ren")])
def test_a_unit_sees_what_was_sent_beside_today_and_the_matter_that_moved_it(
    owner: Session, worker: Session, preview: Callable[..., AssessmentRun], settled: Dispute,
    labour: Agency, client_of: Client, level: str, person: str,
) -> None:  # fmt: skip
    run, code = preview(level), NANJIE if level == "township" else unit_code(labour.id)
    publish(worker, run, now=NOON, progress=silent, state=RunState.PREVIEW)
    worker.commit()
    kept = report_of(owner, code)
    ledger = f"/assessments/restatements/{kept.id}"
    assert ledger in client_of(person).get(f"/assessments/reports/{kept.id}").text
    asked = client_of(person).post(f"{ledger}/ask", data={"reason": "协议被撤销"})
    assert asked.status_code == 302
    held = owner.query(DisputeEvent).filter_by(dispute_id=settled.id).limit(1).one()
    words = {c.name: getattr(held, c.name) for c in DisputeEvent.__table__.columns
             if c.name != "id"}  # fmt: skip
    owner.execute(insert(DisputeEvent).values({**words, "at": LATER}))
    owner.execute(update(Dispute).where(Dispute.id == settled.id).values(outcome="failed"))
    owner.commit()
    worker.rollback()
    reckon_last(worker, silent, now=LATER)
    worker.commit()
    owner.expire_all()
    line = (owner.get_one(Restatement, kept.id).lines or [])[0]
    assert (line["same"], line["unexplained"]) == (False, False)
    assert (line["sent"]["numerator"], line["today"]["numerator"]) == (1, 0)  # type: ignore[index]
    page = client_of(person).get(ledger).text
    assert "1 件纠纷的计法变了" in page
    assert str(settled.number) in page
    assert client_of("zhu" if level == "department" else "dong").get(ledger).status_code == 404
    assert verify(owner, kept) == "same"


@pytest.mark.parametrize(
    ("level", "unit", "person"),
    [("township", NANJIE, "tang"), ("department", "lingyuan-labour", "ren")],
)
def test_what_a_unit_is_given_by_two_persons_is_in_its_score(
    owner: Session, worker: Session, preview: Callable[..., AssessmentRun], labour: Agency,
    client_of: Client, second: str, in_force: Force, level: str, unit: str, person: str,
) -> None:  # fmt: skip
    in_force(f"{level}s", indicators=["I07"], headline="I07", score=ROWS)
    code = NANJIE if level == "township" else unit_code(labour.id)
    words = {**EVENT, "row": f"{level}s/bonus"}
    first = client_of("sheng")
    assert "这一项不评这一级" in first.post(EVENTS, data=words).text
    assert "没有这个乡镇代码" in first.post(EVENTS, data={**words, "unit": "nobody"}).text
    assert first.post(EVENTS, data={**words, "unit": unit}).status_code == 302
    event = owner.query(ScoreEvent).one()
    assert event.area_code == code
    client_of(second).post(f"{EVENTS}/{event.id}/approve")
    assert "首创上门调解" in client_of(person).get(EVENTS).text
    assert "首创上门调解" not in client_of("zhu").get(EVENTS).text
    run = preview(level)
    score = json.loads(owner.get_one(AssessmentDraft, (run.id, code, 1)).content)["score"]
    assert (score["bonus"], score["extra"][0]["reason"]) == ("2.00", "首创上门调解")
    assert DONGJIE not in {row.area_code for row in owner.query(AssessmentDraft)}


@pytest.mark.parametrize(("level", "person"), [("township", "tang"), ("department", "ren")])
def test_what_cannot_be_said_of_a_unit_says_why(
    preview: Callable[..., AssessmentRun], labour: Agency, client_of: Client, level: str,
    person: str,
) -> None:  # fmt: skip
    run = preview(level, "D90", "D180", "I16", "R_filed")
    code = NANJIE if level == "township" else unit_code(labour.id)
    draft = client_of(person).get(f"/assessments/runs/{run.id}/drafts/{code}").text
    assert draft.count("报数等于说出谁去起诉了") == 3
    assert draft.count("法院按县区报数，没有分到每个乡镇和部门") == 1
