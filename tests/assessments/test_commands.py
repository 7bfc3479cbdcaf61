"""`flask assessments run`: by hand what the scheduler does."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from yuantou.assessments.models import AssessmentReport, AssessmentRun


def _run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["assessments", "run", "--at-once", *words])
    return done.exit_code, done.output


def test_a_period_is_assessed_once_and_again_with_force(app: Flask, owner: Session) -> None:
    code, words = _run(app, "--period", "2024-03")
    assert (code, "3 个县区" in words) == (0, True)
    code, words = _run(app, "--period", "2024-03")
    assert (code, "--force" in words) == (1, True)
    assert _run(app, "--period", "2024-03", "--force")[0] == 0
    assert [run.edition for run in owner.query(AssessmentRun)] == [1, 2]
    assert owner.query(AssessmentReport).count() == 6


@pytest.mark.parametrize("period", ["2024-13", "march", "2999-01"])
def test_a_month_that_cannot_be_is_refused(app: Flask, owner: Session, period: str) -> None:
    code, words = _run(app, "--period", period)
    assert code == 2
    assert period in words
    assert owner.query(AssessmentRun).count() == 0


def test_without_a_figure_nothing_is_written(app: Flask, owner: Session) -> None:
    code, words = _run(app, "--period", "2020-02")
    assert code == 1
    assert "没有任何县区" in words
    assert owner.query(AssessmentRun).count() == 0
