"""A stranger's statement, whatever it says: of every table that hangs on a matter he reads no row,
and none does he write."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Engine, SmallInteger, Table, create_engine, insert, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.access.matters import MONDAY, RESTRICTED, Door, report
from tests.conftest import Database
from yuantou.access.viewer import Viewer
from yuantou.database.embedded import SUPERUSER, EmbeddedServer
from yuantou.database.session import Model

STRANGERS = ("hu", "kai", "dong", "zhu", "kang", "jian", "zhou", "qi", "an", "bao", "guan")
NUMBERS_ONLY = {"erasure": {"an", "bao"}}  # who asks for an erasure and decides on it: by number
TOLD_TO_ANYBODY = {"notice"}  # one unit may tell another; what it tells of is not shown by it
ELSEWHERE = 987_654  # nobody's account, nobody's agency, no other row
FORBIDDEN = "42501"


def _tables() -> dict[str, Table]:
    known = Model.metadata.tables
    return {name: one for name, one in known.items() if "dispute_id" in one.columns}


def _value(column: Column[Any], seed: int) -> object:
    kind = column.type.python_type if not isinstance(column.type, ARRAY | JSONB) else None
    if isinstance(column.type, SmallInteger):
        return 1
    if isinstance(column.type, ARRAY):
        return []
    if isinstance(column.type, JSONB):
        return {}
    plain: dict[type | None, object] = {
        bool: False,
        int: seed,
        float: 1.0,
        str: f"x{seed}"[: getattr(column.type, "length", None) or 9],
        bytes: b"x%d" % seed,
        date: date(2026, 3, 2),
        datetime: MONDAY,
    }
    return plain.get(kind, seed)


def _row(table: Table, dispute: int, unit: int, account: int, seed: int) -> dict[str, Any]:
    """A row that names the matter; every agency in it is `unit`, every person `account`."""
    made: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "dispute_id":
            made[column.name] = dispute
        elif column.primary_key and column.autoincrement is not False and column.name == "id":
            made[column.name] = seed
        elif not column.nullable:
            people = column.name.endswith(("account_id", "reviewer_id", "writer_id", "_by"))
            here = unit if column.name.endswith("agency_id") else None
            made[column.name] = here or (account if people else _value(column, seed))
    if table.name == "complaint":
        made |= {"writer_id": account, "to_agency_id": unit}
    if table.name == "warning":
        made |= {"level": "red", "state": "open"}
    return made


@pytest.fixture
def unbound(server: EmbeddedServer, database: Database) -> Iterator[Engine]:
    """The superuser, with foreign keys and triggers off: rows as they could ever stand."""
    name = database.connections.owner.rsplit("/", 1)[1].partition("?")[0]
    engine = create_engine(server.url(SUPERUSER, name))
    yield engine
    engine.dispose()


def _fill(engine: Engine, dispute: int) -> None:
    with engine.begin() as all_may:
        all_may.execute(text("SET LOCAL session_replication_role = replica"))
        for table in _tables().values():
            known = text(f"SELECT 1 FROM {table.name} WHERE dispute_id = :id LIMIT 1")
            if all_may.execute(known, {"id": dispute}).first() is None:
                all_may.execute(insert(table).values(_row(table, dispute, *[ELSEWHERE] * 3)))


def _refused(session: Session, statement: Any, values: dict[str, Any]) -> bool:
    """Whether a statement is forbidden, or finds nothing to change; other faults say nothing."""
    try:
        with session.begin_nested():
            done: Any = session.execute(statement, values)
            return bool(done.rowcount == 0)
    except DBAPIError as error:
        return getattr(error.orig, "sqlstate", None) == FORBIDDEN


def _seen(session: Session, dispute: int) -> set[str]:
    found = set()
    for name in _tables():
        asked = text(f"SELECT count(*) FROM {name} WHERE dispute_id = :id")
        try:
            with session.begin_nested():
                found |= {name} if session.scalar(asked, {"id": dispute}) else set()
        except DBAPIError:
            continue
    return found


def _written(session: Session, viewer: Viewer, dispute: int) -> set[str]:
    """What a stranger could add to, change in or take from a matter, at his boldest."""
    found = set()
    for seed, (name, table) in enumerate(_tables().items(), start=500_000):
        row = _row(table, dispute, viewer.agency.id, viewer.id, seed)
        change = text(f"UPDATE {name} SET dispute_id = dispute_id WHERE dispute_id = :id")
        away = text(f"DELETE FROM {name} WHERE dispute_id = :id")
        acts = (("update", change), ("delete", away), ("insert", insert(table).values(row)))
        for word, statement in acts:
            if not _refused(session, statement, {} if word == "insert" else {"id": dispute}):
                found.add(f"{word} {name}")
    return found


@pytest.mark.parametrize("flags", [(), RESTRICTED])
def test_a_stranger_reads_no_row_of_any_table_of_a_matter(
    viewer_session: Door, unbound: Engine, flags: tuple[str, ...]
) -> None:
    dispute = report(viewer_session, flags=flags)
    _fill(unbound, dispute)
    strangers = (*STRANGERS, "ming", "tang") if flags else STRANGERS
    for login in strangers:
        session, _viewer = viewer_session(login)
        allowed = {name for name, who in NUMBERS_ONLY.items() if login in who}
        assert _seen(session, dispute) - allowed == set(), login


@pytest.mark.parametrize("login", ["hu", "kai", "dong", "jian", "qi", "an"])
def test_a_stranger_writes_no_row_of_any_table_of_a_matter(
    viewer_session: Door, unbound: Engine, login: str
) -> None:
    dispute = report(viewer_session)
    _fill(unbound, dispute)
    session, viewer = viewer_session(login)
    session.execute(text("SELECT 1"))
    told = {f"insert {name}" for name in TOLD_TO_ANYBODY}
    assert _written(session, viewer, dispute) - told == set()
