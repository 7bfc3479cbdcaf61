"""A run that was missed is caught up by the scheduler's own means, and a failure says why."""

from collections.abc import Callable
from datetime import date, datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Database
from yuantou.assessments.jobs import CODE, JOBS
from yuantou.assessments.models import AssessmentRun
from yuantou.calendar.clock import ZONE
from yuantou.database import runs
from yuantou.database.execution import carry_out

MISSED = datetime(2024, 4, 6, 6, 0, tzinfo=ZONE)
BEFORE_ANY_COUNT = datetime(2020, 2, 6, 6, 0, tzinfo=ZONE)


def _carry_out(database: Database, due: datetime) -> bool:
    engine = database.sessions("worker").kw["bind"]
    assert runs.reopen(engine, CODE, due)
    held = runs.claim(engine, JOBS, "test", due)
    assert held is not None
    return carry_out(engine, JOBS[0], held)


def test_a_missed_month_is_assessed_later_and_marked(
    database: Database, owner: Session, client_of: Callable[[str], FlaskClient]
) -> None:
    assert _carry_out(database, MISSED)
    run = owner.query(AssessmentRun).one()
    assert (run.period_end, run.due_at) == (date(2024, 3, 31), MISSED)
    page = client_of("sheng").get("/assessments/runs").text
    assert "2024年4月6日 06:00" in page
    assert "停机后补做" in page
    assert "3 / 3" in page


def test_a_failure_leaves_nothing_behind_and_says_why(
    database: Database, owner: Session, client_of: Callable[[str], FlaskClient]
) -> None:
    assert not _carry_out(database, BEFORE_ANY_COUNT)
    assert owner.query(AssessmentRun).count() == 0
    assert "没有任何县区有可用的指标数字" in client_of("an").get("/assessments/runs").text
