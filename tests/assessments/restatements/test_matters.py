"""A figure made of matters: one of them objected to, and one changed without a trace."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER, report_of
from tests.assessments.runs.conftest import silent
from tests.cast import LINGYUAN
from tests.coordination.matters import Door, report
from yuantou.access.viewer import Viewer
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.objections.models import Objection
from yuantou.assessments.restatements import reckoning
from yuantou.assessments.restatements.models import Restatement
from yuantou.assessments.restatements.service import reckon_last
from yuantou.assessments.runs.machine import RunState
from yuantou.assessments.runs.models import SealedMember
from yuantou.assessments.runs.preparing import prepare
from yuantou.assessments.runs.publishing import publish
from yuantou.assessments.service import open_monthly
from yuantou.calendar.clock import ZONE
from yuantou.disputes.models import Dispute, DisputeEvent

CONCLUDED = datetime(2026, 10, 12, 10, 0, tzinfo=ZONE)
LATER = NOON + timedelta(days=2)


@pytest.fixture
def settled(
    app: Flask, owner: Session, viewer_session: Callable[[str], tuple[Session, Viewer]]
) -> Dispute:
    """A matter of Lingyuan that was agreed in October."""
    number = report(Door(app, viewer_session))
    words = {"outcome": "agreed_written", "concluded_at": CONCLUDED, "state": "performed",
             "number": "凌矛〔2026〕7号"}  # fmt: skip
    owner.execute(update(Dispute).where(Dispute.id == number).values(words))
    owner.commit()
    return owner.get_one(Dispute, number)


@pytest.fixture
def preview(worker: Session, settled: Dispute) -> AssessmentRun:
    """October with that matter in it."""
    made = open_monthly(worker, period_end=OCTOBER, due_at=NOON)
    prepare(worker, made, now=NOON, progress=silent)
    made.preview_until = datetime(2099, 1, 1, tzinfo=UTC)
    worker.commit()
    return made


def _ledger(owner: Session, worker: Session) -> dict[str, object]:
    worker.rollback()
    reckon_last(worker, silent, now=LATER)
    worker.commit()
    owner.expire_all()
    lines = owner.get_one(Restatement, report_of(owner, LINGYUAN).id).lines or []
    return next(line for line in lines if line["code"] == "I07")


def _sealed(worker: Session, run: AssessmentRun) -> None:
    publish(worker, run, now=NOON, progress=silent, state=RunState.PREVIEW)
    worker.commit()


def test_the_coordinator_objects_to_one_matter(
    owner: Session,
    preview: AssessmentRun,
    settled: Dispute,
    client_of: Callable[[str], FlaskClient],
) -> None:
    words = {"indicator": "I07", "subject": "matter", "number": settled.number, "claim": "no_hit",
             "reason": "协议后又被撤销", "evidence": "卷宗第 12 页"}  # fmt: skip
    address = f"/assessments/objections/new/{preview.id}/{LINGYUAN}"
    wrong = client_of("gao").post(address, data={**words, "claim": "add"})
    assert "已经计在这个数里" in wrong.text
    assert client_of("gao").post(address, data=words).status_code == 302
    kept = owner.query(Objection).one()
    assert (kept.matter_id, kept.numerator, kept.denominator) == (settled.id, -1, 0)
    assert kept.counterfactual["after"]["numerator"] == 0  # type: ignore[index]


def test_a_noted_change_is_named(
    owner: Session, worker: Session, preview: AssessmentRun, settled: Dispute
) -> None:
    _sealed(worker, preview)
    held = owner.query(DisputeEvent).filter_by(dispute_id=settled.id).first()
    assert held is not None
    words = {c.name: getattr(held, c.name) for c in DisputeEvent.__table__.columns
             if c.name != "id"}  # fmt: skip
    owner.execute(insert(DisputeEvent).values({**words, "at": LATER}))
    owner.execute(update(Dispute).where(Dispute.id == settled.id).values(outcome="failed"))
    owner.commit()
    line = _ledger(owner, worker)
    assert (line["same"], line["unexplained"]) == (False, False)
    rows = line["moved"]["rows"]  # type: ignore[index]
    assert [(one["id"], one["was"], one["now"]) for one in rows] == [(settled.id, "hit", "counted")]


def test_a_matter_changed_behind_the_programs_back_is_found(
    owner: Session, worker: Session, preview: AssessmentRun, settled: Dispute
) -> None:
    _sealed(worker, preview)
    owner.execute(update(DisputeEvent).values(at=CONCLUDED))
    owner.execute(update(Dispute).where(Dispute.id == settled.id).values(outcome="failed"))
    owner.commit()
    line = _ledger(owner, worker)
    assert (line["same"], line["unexplained"]) == (False, True)


def test_a_change_without_a_record_is_found_among_more_than_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reckoning, "MOST_NAMED", 1)
    changed = {1: ("hit", "counted"), 2: ("hit", "out"), 3: ("out", "hit")}
    told = reckoning._told(changed, {1: NOON, 2: NOON})
    assert (told["number"], told["unnoted"]) == (3, 1)
    assert [one["id"] for one in told["rows"]] == [3]


def test_a_list_of_matters_that_was_written_over_is_found(
    app: Flask, owner: Session, worker: Session, preview: AssessmentRun
) -> None:
    _sealed(worker, preview)
    assert app.test_cli_runner().invoke(args=["assessments", "verify"]).exit_code == 0
    owner.execute(update(SealedMember).values(members=b"other"))
    owner.commit()
    done = app.test_cli_runner().invoke(args=["assessments", "verify"])
    assert (done.exit_code, "逐件名单 members" in done.output) == (1, True)
