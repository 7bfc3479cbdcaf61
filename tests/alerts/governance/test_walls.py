"""Whatever a stranger's statement says: he reads nothing of this room and changes nothing in it."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.alerts.governance.stories import analysed, drafted, sent, settled, wages
from tests.alerts.governance.test_meetings import called, task
from tests.conftest import Database
from tests.coordination.conftest import door
from tests.coordination.matters import Door
from tests.research.test_topics import opened
from yuantou.alerts.governance.appraisals.models import AppraisalProject
from yuantou.alerts.governance.appraisals.service import appraise, register, turn
from yuantou.alerts.governance.effects.service import remeasure
from yuantou.calendar import clock
from yuantou.disputes.errors import NotVisibleError, RefusedError

__all__ = ["door"]
TABLES = (
    *("analysis", "analysis_member", "analysis_draft", "meeting", "meeting_agency"),
    *("meeting_task", "recommendation", "effect_measure", "governance_event"),
    *("appraisal_project", "research_topic"),
)


@pytest.fixture
def whole(door: Door, database: Database) -> int:
    """A row in every table, of Lingyuan; the id of a letter that is still a draft."""
    analysis = analysed(door, wages(door, 2))
    settled(door, analysis)
    task(door, called(door, analysis))
    sent(door, analysis)
    opened(door)
    project(door)
    with database.sessions("worker")() as session:
        remeasure(session, clock.now(), lambda _done, _all: None)
        session.commit()
    return drafted(door, None)


def project(door: Door, login: str = "gao") -> int:
    """An entry of the register."""
    session, viewer = door(login)
    with session:
        return register(
            session,
            by=viewer,
            submission=f"p-{login}",
            name="旧城改造",
            kind="project",
            body="住建局",
        ).id


def rows(session: Session) -> dict[str, int]:
    """How many rows of each table are in sight."""
    return {table: session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in TABLES}


def test_there_is_a_row_of_each_and_its_office_reads_it(door: Door, whole: int) -> None:
    assert min(rows(door("gao")[0]).values()) > 0


@pytest.mark.parametrize("login", ["hu", "ke", "kai", "zhu", "dong", "an", "shen"])
def test_a_stranger_reads_nothing(door: Door, whole: int, login: str) -> None:
    assert set(rows(door(login)[0]).values()) == {0}


def test_a_stranger_changes_nothing_and_nobody_deletes(door: Door, whole: int) -> None:
    session, _viewer = door("hu")
    for table in ("analysis", "meeting", "recommendation", "research_topic"):
        done = session.execute(text(f"UPDATE {table} SET title = 'x'"))
        assert done.rowcount == 0  # type: ignore[attr-defined]
    session.rollback()
    for table in TABLES:
        with pytest.raises(DBAPIError, match="permission denied"):
            door("gao")[0].execute(text(f"DELETE FROM {table}"))


def test_the_addressee_cannot_write_what_is_not_his(door: Door, whole: int) -> None:
    session, _viewer = door("ren")
    drafts = text("UPDATE recommendation SET reply = 'x' WHERE id = :id")
    assert session.execute(drafts, {"id": whole}).rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("UPDATE recommendation SET agency_id = addressee_id"))


def test_a_conclusion_that_came_second_is_refused_and_the_same_one_is_not(door: Door) -> None:
    number = project(door, "zhu")
    told: dict[str, Any] = {
        "risk": "high", "decision": "defer", "appraised_on": clock.today(), "measures": "先安置",
    }  # fmt: skip
    session, viewer = door("zhu")
    for _ in range(2):
        noted = appraise(session, by=viewer, project_id=number, **told)
    assert noted.risk == "high"
    with pytest.raises(RefusedError):
        appraise(session, by=viewer, project_id=number, **{**told, "measures": "先公示"})
    session.rollback()
    assert session.get_one(AppraisalProject, number, populate_existing=True).measures == "先安置"


def test_an_appraisal_is_noted_reported_and_put_right(door: Door) -> None:
    number = project(door, "zhu")
    session, viewer = door("zhu")
    noted = appraise(session, by=viewer, project_id=number, risk="high", decision="defer",
                     appraised_on=clock.today(), measures="先安置")  # fmt: skip
    assert (noted.state, noted.risk) == ("appraised", "high")
    reported = turn(session, by=viewer, project_id=number, action="report")
    assert (reported.state, reported.reported_on) == ("closed", clock.today())
    amended = turn(session, by=viewer, project_id=number, action="amend")
    assert (amended.state, amended.reported_on) == ("open", None)
    other, stranger = door("ren")
    with pytest.raises(NotVisibleError), other:
        turn(other, by=stranger, project_id=number, action="drop")
