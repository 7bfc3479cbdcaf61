"""A run seals every county, tells its government, and never looks done without figures."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER, report_of
from tests.cast import HEPING, KAZUO, LINGYUAN
from yuantou.assessments.jobs import JOBS
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.runs.preparing import NothingToAssess
from yuantou.assessments.service import AlreadyAssessed, assess
from yuantou.audit.models import AuditEvent
from yuantou.calendar.clock import ZONE
from yuantou.notices.models import Notice

DUE = datetime(2026, 11, 6, 6, 0, tzinfo=ZONE)


def _content(report: AssessmentReport) -> Any:
    return json.loads(report.content)


def _of(report: AssessmentReport, code: str) -> Any:
    return next(one for one in json.loads(report.content)["indicators"] if one["code"] == code)


def test_every_county_is_sealed_in_one_run(owner: Session, run: AssessmentRun) -> None:
    assert (run.state, run.done, run.edition) == ("done", 3, 1)
    assert {row.area_code for row in owner.query(AssessmentReport)} == {LINGYUAN, KAZUO, HEPING}


def test_the_rate_is_cases_over_persons(lingyuan: AssessmentReport) -> None:
    own = _of(lingyuan, "R_filed")["own"]
    cases = sum(320 + (month % 3) * 12 for month in range(1, 11)) + 30
    assert own["numerator"] == cases
    assert own["denominator"] == 503_000
    assert own["value"] == f"{cases / 50.3:.1f}"
    assert float(own["low"]) < float(own["value"]) < float(own["high"])


def test_the_baseline_of_a_rate_stops_at_the_break(lingyuan: AssessmentReport) -> None:
    assert _of(lingyuan, "R_filed")["baseline"]["years"] == [2025]
    assert _of(lingyuan, "I07")["baseline"]["years"] == [2023, 2024, 2025]


def test_the_trend_is_cut_in_january_2025(lingyuan: AssessmentReport) -> None:
    trend = _content(lingyuan)["trend"]
    assert trend["months"][trend["breaks"][0]] == "2025-01"
    assert [part["start"] for part in trend["limits"]] == [0, trend["breaks"][0]]
    assert len(trend["months"]) == 36


def test_missing_counts_are_said_and_not_scored(
    owner: Session, worker: Session, without_counts: Callable[[str, date], None]
) -> None:
    without_counts("lingyuan-court", date(2026, 9, 1))
    assess(worker, period_end=OCTOBER, due_at=DUE, now=NOON)
    worker.commit()
    found = _of(report_of(owner, LINGYUAN), "R_filed")
    assert found["own"] is None
    assert found["verdict"] == "unknown"
    notes = _content(report_of(owner, LINGYUAN))["notes"]
    assert {
        "kind": "courts_missing",
        "court": "lingyuan-court 人民法院",
        "months": ["2026-09"],
    } in notes
    assert _of(report_of(owner, LINGYUAN), "I07")["own"] is not None
    assert _of(report_of(owner, KAZUO), "R_filed")["own"] is not None


def test_a_mean_leaves_out_counties_without_figures(
    owner: Session, worker: Session, without_counts: Callable[[str, date], None]
) -> None:
    without_counts("lingyuan-court", date(2026, 9, 1))
    assess(worker, period_end=OCTOBER, due_at=DUE, now=NOON)
    worker.commit()
    found = _of(report_of(owner, KAZUO), "R_filed")
    assert (found["city"]["counties"], found["city"]["of"]) == (1, 2)
    assert found["city"]["value"] == found["own"]["value"]


def test_the_government_finds_it_in_its_inbox(owner: Session, lingyuan: AssessmentReport) -> None:
    notice = owner.query(Notice).filter_by(report_id=lingyuan.id).one()
    assert notice.agency_id == lingyuan.delivered_to
    assert notice.link == f"/assessments/reports/{lingyuan.id}"
    assert f"{lingyuan.sign_by:%Y-%m-%d}" == "2026-11-27"


def test_a_county_without_a_government_account_is_not_delivered(
    owner: Session, run: AssessmentRun
) -> None:
    heping = report_of(owner, HEPING)
    assert (heping.delivered_to, heping.sign_by) == (None, None)


def test_one_run_is_one_audit_row_with_every_seal(
    owner: Session, lingyuan: AssessmentReport
) -> None:
    row = owner.query(AuditEvent).filter_by(action="assessment:seal").one()
    seals: Any = row.facts["seals"]
    assert len(seals) == 3
    assert seals[LINGYUAN] == lingyuan.seal


def test_a_second_run_needs_force_and_makes_a_new_edition(
    worker: Session, run: AssessmentRun
) -> None:
    with pytest.raises(AlreadyAssessed, match="第 1 版"):
        assess(worker, period_end=OCTOBER, due_at=DUE, now=NOON)
    again = assess(worker, period_end=OCTOBER, due_at=DUE, force=True, now=NOON)
    assert again.edition == 2


def test_a_run_without_any_figure_fails(owner: Session, worker: Session) -> None:
    with pytest.raises(NothingToAssess):
        assess(worker, period_end=date(2020, 3, 31), due_at=DUE, now=NOON)


def test_the_job_of_the_sixth_assesses_the_month_before(owner: Session, worker: Session) -> None:
    seen: list[tuple[int, int]] = []
    JOBS[0].run(worker, DUE, lambda done, whole: seen.append((done, whole)))
    worker.commit()
    assert owner.query(AssessmentRun).one().period_end == OCTOBER
    assert seen[-1] == (3, 3)


def test_a_late_job_catches_up_and_leaves_a_period_assessed_by_hand(
    owner: Session, worker: Session, run: AssessmentRun
) -> None:
    JOBS[0].run(worker, DUE, lambda done, whole: None)
    worker.commit()
    assert owner.query(AssessmentRun).count() == 1
    assert JOBS[0].window.days >= 31
