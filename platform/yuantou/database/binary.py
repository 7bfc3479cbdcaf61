"""Reading rows in PostgreSQL's binary form: arrays come several times sooner than as text."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, LiteralString

from sqlalchemy.orm import Session


def read_binary(
    session: Session, question: LiteralString, values: Mapping[str, object]
) -> Sequence[tuple[Any, ...]]:
    """The rows of a question with psycopg's placeholders, in the session's own transaction."""
    session.flush()
    with closing(session.connection().connection.cursor(binary=True)) as cursor:
        cursor.execute(question, values)
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return rows
