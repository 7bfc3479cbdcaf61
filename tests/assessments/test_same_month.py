"""A month, a quarter and a year end on one day: none is taken for another, nor its summary."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, report_of
from tests.assessments.runs.conftest import silent
from tests.cast import KAZUO, LINGYUAN, PROVINCE
from yuantou.assessments import queries
from yuantou.assessments.delivery import sealing, service
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.delivery.queries import runs_of_year
from yuantou.assessments.models import AssessmentReport, AssessmentRun, SchemeVersion
from yuantou.assessments.runs.machine import RunKind, RunState
from yuantou.assessments.runs.preparing import open_run, prepare
from yuantou.assessments.runs.publishing import publish
from yuantou.assessments.sealing import Comparison
from yuantou.indicators.catalogue import body
from yuantou.indicators.definitions import versions
from yuantou.indicators.models import DefinitionVersion
from yuantou.notices.models import Notice
from yuantou.territory.models import Area

Seal = Callable[..., AssessmentRun]
SEPTEMBER = date(2026, 9, 30)


@pytest.fixture
def seal(worker: Session) -> Seal:
    """`seal(kind, first, last)` gives a sealed run of counties."""

    def make(kind: RunKind, first: date, last: date, scheme: str = "example") -> AssessmentRun:
        at = NOON
        made = open_run(worker, kind=kind, start=first, end=last, due_at=at, scheme_code=scheme)
        prepare(worker, made, now=at, progress=silent)
        publish(worker, made, now=at, progress=silent, state=RunState.PREVIEW)
        worker.commit()
        return made

    return make


def test_every_summary_is_of_its_own_kind(owner: Session, worker: Session, seal: Seal) -> None:
    month = seal(RunKind.MONTHLY, date(2025, 1, 1), date(2025, 12, 31))
    year = seal(RunKind.YEARLY, date(2025, 1, 1), date(2025, 12, 31))
    for run in (month, year):
        reports = owner.query(AssessmentReport).filter_by(run_id=run.id)
        kept = owner.query(AssessmentSummary).filter_by(run_id=run.id, area_code=PROVINCE).one()
        named = {one["seal"] for one in json.loads(kept.content)["counties"]}
        assert named == {one.seal for one in reports}
    assert {found for _kept, found in sealing.verified(worker)} == {Comparison.SAME}


def test_who_signed_the_quarter_still_owes_the_month(
    owner: Session, worker: Session, seal: Seal
) -> None:
    month = seal(RunKind.MONTHLY, date(2026, 1, 1), SEPTEMBER)
    seal(RunKind.QUARTERLY, date(2026, 7, 1), SEPTEMBER)
    owed = owner.query(AssessmentReport).filter_by(run_id=month.id, area_code=LINGYUAN).one()
    assert owed.sign_by is not None
    service.remind(worker, now=owed.sign_by - timedelta(hours=8))
    worker.commit()
    told = owner.query(Notice).filter_by(kind="assessment_due", report_id=owed.id)
    assert told.count() == 1


def test_another_scheme_makes_no_newer_edition(owner: Session, seal: Seal) -> None:
    owner.execute(update(SchemeVersion).values(approved_at=NOON))
    owner.commit()
    first = seal(RunKind.AD_HOC, date(2026, 7, 1), SEPTEMBER)
    seal(RunKind.AD_HOC, date(2026, 7, 1), SEPTEMBER, "points")
    kept = owner.query(AssessmentReport).filter_by(run_id=first.id, area_code=LINGYUAN).one()
    assert queries.newer_edition(owner, kept) is None


def test_a_quarter_is_compared_with_a_quarter(owner: Session, seal: Seal) -> None:
    seal(RunKind.QUARTERLY, date(2026, 4, 1), date(2026, 6, 30))
    seal(RunKind.MONTHLY, date(2026, 1, 1), date(2026, 8, 31))
    seal(RunKind.QUARTERLY, date(2026, 7, 1), SEPTEMBER)
    previous = json.loads(report_of(owner, LINGYUAN).content)["annex"]["previous"]
    assert previous["period_end"] == "2026-06-30"


def test_the_yearly_draft_draws_on_what_began_in_january(worker: Session, seal: Seal) -> None:
    month = seal(RunKind.MONTHLY, date(2026, 1, 1), SEPTEMBER)
    seal(RunKind.QUARTERLY, date(2026, 7, 1), SEPTEMBER)
    seal(RunKind.AD_HOC, date(2026, 9, 1), date(2026, 10, 31))
    assert [run.id for run in runs_of_year(worker, 2026, "example")] == [month.id]
    assert service.congress_file(worker, 2026)[1] == month.id


@pytest.mark.parametrize("year", [0, 2019, 99999])
def test_a_year_without_figures_has_no_draft(
    client_of: Callable[[str], FlaskClient], year: int
) -> None:
    page = client_of("sheng").post(f"/assessments/delivery/congress/{year}", follow_redirects=True)
    assert "还没有封存的全省汇总" in page.text


def test_a_baseline_ends_where_another_version_began(
    owner: Session, worker: Session, seal: Seal
) -> None:
    first = versions(owner)["I07"][-1]
    since = date(2026, 5, 1)
    later = replace(first, version=2, valid_from=since, numerator=("concluded",))
    owner.add(
        DefinitionVersion(
            code="I07",
            version=2,
            valid_from=since,
            body=body(later),
            reason="",
            proposed_at=NOON,
            approved_at=NOON,
        )
    )
    owner.commit()
    seal(RunKind.MONTHLY, date(2026, 1, 1), SEPTEMBER)
    content = json.loads(report_of(owner, LINGYUAN).content)
    found = {one["code"]: one for one in content["indicators"]}
    assert (found["I07"]["baseline"], found["I07"]["verdict"]) == (None, "unknown")
    assert found["I06"]["baseline"] is not None
    assert "v1、2026-05" in json.dumps(content["notes"], ensure_ascii=False)


def test_a_county_that_was_merged_away_gets_no_report_and_keeps_its_old_one(
    owner: Session, seal: Seal, client_of: Callable[[str], FlaskClient]
) -> None:
    spring = seal(RunKind.MONTHLY, date(2026, 1, 1), date(2026, 5, 31))
    owner.execute(update(Area).where(Area.code == KAZUO).values(valid_to=date(2026, 7, 1)))
    owner.commit()
    autumn = seal(RunKind.MONTHLY, date(2026, 1, 1), SEPTEMBER)
    sealed = {(one.run_id, one.area_code) for one in owner.query(AssessmentReport)}
    assert (spring.id, KAZUO) in sealed
    assert (autumn.id, KAZUO) not in sealed
    listed = client_of("sheng").get
    assert KAZUO in listed(f"/assessments?run={spring.id}").text.split("<table")[1]
    assert KAZUO not in listed(f"/assessments?run={autumn.id}").text.split("<table")[1]


def test_a_period_may_end_on_the_last_of_february(owner: Session, seal: Seal) -> None:
    run = seal(RunKind.MONTHLY, date(2024, 1, 1), date(2024, 2, 29))
    kept = owner.query(AssessmentReport).filter_by(run_id=run.id, area_code=LINGYUAN).one()
    progress = json.loads(kept.content)["progress"]
    assert (progress["days"], progress["of"]) == (60, 366)
