"""The demo is taken away with what its people did about sources."""

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.alerts.governance.stories import analysed, sent, settled, wages
from tests.alerts.governance.test_meetings import called, task
from tests.conftest import Database
from tests.coordination.conftest import door
from tests.coordination.matters import Door
from yuantou.synth.removal import remove_all

__all__ = ["door"]
KEPT = ("analysis", "analysis_draft", "meeting", "meeting_task", "recommendation")


def test_nothing_of_the_demo_stays(door: Door, owner: Session, database: Database) -> None:
    analysis = analysed(door, wages(door, 2))
    settled(door, analysis)
    task(door, called(door, analysis))
    sent(door, analysis)
    for table in ("agency", "account", "dispute"):
        owner.execute(text(f"UPDATE {table} SET demo = true"))
    owner.commit()
    url = database.sessions("owner").kw["bind"].url.set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        assert remove_all(connection) == 2
        connection.commit()
    assert {owner.scalar(text(f"SELECT count(*) FROM {table}")) for table in KEPT} == {0}
