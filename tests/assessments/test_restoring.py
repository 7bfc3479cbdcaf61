"""A back-up restored on a new machine holds every row of every table, and verifies there."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.database.test_backup import empty as empty
from tests.database.test_backup import restore_into
from yuantou.app import create_app
from yuantou.assessments.models import AssessmentRun
from yuantou.database.connections import Connections

RECORDED = (  # a table of each room that a restore must not lose: found below, not only named
    "assessment_draft",
    "assessment_report",
    "assessment_run",
    "assessment_summary",
    "audit_event",
    "figure_line",
    "run_act",
    "scheme_version",
)


def rows(url: str) -> dict[str, int]:
    """How many rows every table of a database holds."""
    engine = create_engine(url)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        found = {name: _count(connection, name) for name in names}
    engine.dispose()
    return found


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one())


def verify_in(connections: Connections) -> tuple[int, str]:
    made = create_app(connections, testing=True)
    try:
        done = made.test_cli_runner().invoke(args=["assessments", "verify"])
        return done.exit_code, done.output
    finally:
        made.extensions["engine"].dispose()


@pytest.fixture
def restored(
    app: Flask, run: AssessmentRun, database: Database, empty: Connections, tmp_path: Path
) -> Connections:
    """A second database, from the back-up of one with a sealed run."""
    file = str(tmp_path / "a.dump")
    for engine in database.engines.values():
        engine.dispose()
    assert app.test_cli_runner().invoke(args=["backup", file]).exit_code == 0
    assert restore_into(empty, file).exit_code == 0
    return empty


def test_every_row_of_every_table_is_there(restored: Connections, database: Database) -> None:
    before, after = rows(database.connections.owner), rows(restored.owner)
    assert after == before
    assert all(before[name] > 0 for name in RECORDED)


def test_reports_drafts_and_summaries_verify_on_the_new_machine(
    restored: Connections, database: Database
) -> None:
    code, words = verify_in(restored)
    assert (code, words) == verify_in(database.connections)
    assert code == 0
    assert "核验 3 份：同 same 3" in words
    assert "核验汇总 3 份：同 same 3" in words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "UPDATE assessment_summary SET content = content || ' ' WHERE area_code = '210000'",
            "汇总",
        ),
        ("DELETE FROM assessment_summary WHERE area_code = '210000'", "缺失"),
        ("UPDATE assessment_draft SET inputs = inputs || ' ' WHERE area_code = '211382'", "预览稿"),
    ],
)
def test_what_was_changed_behind_the_program_is_found(
    app: Flask, run: AssessmentRun, owner: Session, change: str, said: str
) -> None:
    assert owner.execute(text(change)).rowcount == 1  # type: ignore[attr-defined]
    owner.commit()
    done = app.test_cli_runner().invoke(args=["assessments", "verify"])
    assert done.exit_code == 1
    assert said in done.output
