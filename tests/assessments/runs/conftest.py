"""A run of October in preview, and steps that go on with it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.runs.jobs import work
from yuantou.assessments.runs.preparing import prepare
from yuantou.assessments.service import open_monthly

LATER = NOON + timedelta(days=30)


def silent(_done: int, _whole: int) -> None:
    """Nobody watches."""


@pytest.fixture
def preview(worker: Session) -> AssessmentRun:
    """October 2026, prepared."""
    made = open_monthly(worker, period_end=OCTOBER, due_at=NOON)
    prepare(worker, made, now=NOON, progress=silent)
    worker.commit()
    return made


@pytest.fixture
def window_over(owner: Session) -> Callable[[], None]:
    """`window_over()` lets the correction window of every run end."""

    def end() -> None:
        owner.execute(update(AssessmentRun).values(preview_until=NOON - timedelta(days=1)))
        owner.commit()

    return end


@pytest.fixture
def go_on(worker: Session) -> Callable[[], None]:
    """`go_on()` lets the worker do what waits."""

    def do(now: datetime = LATER) -> None:
        worker.rollback()
        worker.expire_all()
        work(worker, silent, now=now)
        worker.commit()

    return do
