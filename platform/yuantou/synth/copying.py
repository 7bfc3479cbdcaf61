"""Rows by COPY: columns of words become one text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

NULL = r"\N"
Columns = Mapping[str, Sequence[str]]


def text_of(columns: Columns) -> bytes:
    """The text of COPY; every word must be free of tabs, newlines and backslashes of its own."""
    return "".join(
        f"{line}\n" for line in map("\t".join, zip(*columns.values(), strict=True))
    ).encode()


def raw(value: bytes | None) -> str:
    """Bytes as COPY reads them."""
    return NULL if value is None else "\\\\x" + value.hex()


def copy(
    connection: psycopg.Connection[Any], table: str, names: Iterable[str], text: bytes
) -> None:
    """Write rows into `table`."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        stream.write(text)


def copy_columns(connection: psycopg.Connection[Any], table: str, columns: Columns) -> None:
    """Write whole columns into `table`."""
    copy(connection, table, columns, text_of(columns))


def reserve(connection: psycopg.Connection[Any], table: str, count: int) -> int:
    """Take `count` numbers of the table's own series; returns the first."""
    return _take(connection, f"pg_get_serial_sequence('{table}', 'id')::regclass", count)


def reserve_disputes(connection: psycopg.Connection[Any], count: int) -> int:
    """Take `count` dispute numbers; returns the first."""
    return _take(connection, "'dispute_id_seq'::regclass", count)


def _take(connection: psycopg.Connection[Any], series: str, count: int) -> int:
    row = connection.execute(f"SELECT nextval({series})").fetchone() or (0,)
    first = int(row[0])
    if count > 1:
        connection.execute(f"SELECT setval({series}, %s)", (first + count - 1,))
    return first
