"""One copy of the template that tests use in turn: what a test wrote is undone afterwards.

Copying a database costs a second of the disk, undoing a test's few rows some hundredths. A table
was touched where its number of rows or its newest row differs from the template's; such a table is
emptied, vacuumed and filled again, so that every test meets the same rows, in the same order, with
the same numbers to come. A test that changed the shape itself leaves a copy to be thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from yuantou.database.embedded import EmbeddedServer

OURS = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
TABLES = f"""
    SELECT c.oid::regclass::text, pg_relation_size(c.oid) > 0
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND {OURS}"""
SEQUENCES = """
    SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value),
        last_value IS NOT NULL
    FROM pg_sequences"""
CATALOGUES = (
    "pg_attribute",
    "pg_attrdef",
    "pg_class",
    "pg_constraint",
    "pg_index",
    "pg_policy",
    "pg_proc",
    "pg_trigger",
    "pg_type",
)
SETTINGS = """
    SELECT count(*), coalesce(max(s.xmin::text::bigint), 0)
    FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
    WHERE d.datname = current_database()"""
DISMISS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = %s"""

Marks = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Kept:
    """What the template holds: the shape, the rows of each table, the numbers to come."""

    shape: Marks
    rows: Mapping[str, bytes]
    sequences: Mapping[str, tuple[int, bool]]


class Standing:
    """A database that is put back as it was after each test."""

    def __init__(self, server: EmbeddedServer, name: str) -> None:
        self.name = name
        self._server = server
        with server.connect(database=name) as connection:
            self._marks = _marks(connection)
            self._kept = Kept(
                _count(connection, CATALOGUES) | _settings(connection),
                {table: _copied(connection, table) for table in self._marks},
                _sequences(connection),
            )

    def restore(self) -> bool:
        """Undo what was written; False when the copy is of no more use: shut, or another shape."""
        try:
            connection = self._server.connect(database=self.name)
        except psycopg.OperationalError:
            return False
        with connection:
            connection.execute(DISMISS, ("client backend",))
            if _count(connection, CATALOGUES) | _settings(connection) != self._kept.shape:
                return False
            self._undo(connection, _marks(connection))
        return True

    def _undo(self, connection: psycopg.Connection, marks: Marks) -> None:
        touched = [
            table
            for table in marks.keys() | self._marks.keys()
            if marks.get(table, (0, 0)) != self._marks.get(table, (0, 0))
        ]
        if touched:
            connection.execute("SET session_replication_role = replica")  # no triggers, no keys
            with connection.transaction():
                for table in touched:
                    connection.execute(sql.SQL("DELETE FROM {}").format(_name(table)))
            connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(map(_name, touched))))
            for table in touched:
                if table in self._kept.rows:
                    _fill(connection, table, self._kept.rows[table])
            self._marks = _marks(connection)
        _set_back(connection, self._kept.sequences)


def _name(table: str) -> sql.SQL:
    """A name that the server itself has quoted where it must be."""
    return sql.SQL(table)


def _marks(connection: psycopg.Connection) -> Marks:
    """Rows and newest transaction of every table that takes up room and holds a row."""
    rows = connection.execute(TABLES).fetchall()
    return _count(connection, [table for table, used in rows if used])


def _count(connection: psycopg.Connection, tables: tuple[str, ...] | list[str]) -> Marks:
    if not tables:
        return {}
    parts = [
        sql.SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {}").format(
            sql.Literal(table), _name(table)
        )
        for table in tables
    ]
    rows = connection.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall()
    return {table: (number, newest) for table, number, newest in rows if number}


def _settings(connection: psycopg.Connection) -> Marks:
    row = connection.execute(SETTINGS).fetchone()
    return {"settings": (row[0], row[1]) if row else (0, 0)}


def _sequences(connection: psycopg.Connection) -> dict[str, tuple[int, bool]]:
    rows = connection.execute(SEQUENCES).fetchall()
    return {name: (value, called) for name, value, called in rows}


def _set_back(connection: psycopg.Connection, before: Mapping[str, tuple[int, bool]]) -> None:
    for name, value in _sequences(connection).items():
        if value != before[name]:
            connection.execute("SELECT setval(%s, %s, %s)", (name, *before[name]))


def _copied(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor() as cursor:
        order = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(_name(table))
        with cursor.copy(order) as copy:
            return b"".join(bytes(part) for part in copy)


def _fill(connection: psycopg.Connection, table: str, rows: bytes) -> None:
    with connection.cursor() as cursor:
        order = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(_name(table))
        with cursor.copy(order) as copy:
            copy.write(rows)
