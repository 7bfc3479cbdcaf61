"""A small invented province on the tests' land, made once for all tests that only look."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from yuantou.calendar.clock import ZONE
from yuantou.crypto.keyring import KeyRing
from yuantou.database.embedded import EmbeddedServer
from yuantou.database.roles import OWNER
from yuantou.database.session import make_engine
from yuantou.synth.service import Made, Order, create_demo

KEYS = KeyRing({1: b"m" * 32}, b"i" * 32)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=ZONE)
ORDER = Order(900, 3, 1, NOW)


@dataclass(frozen=True)
class Invented:
    """The engine of the owner, what was made, and the file of accounts."""

    engine: Engine
    made: Made
    accounts: Path


@pytest.fixture(scope="session")
def empty_land(server: EmbeddedServer, template: str) -> Iterator[Callable[[], Engine]]:
    """Gives engines on databases with the land of the cast but without its people."""
    opened: list[Engine] = []
    admin = create_engine(server.url(OWNER), isolation_level="AUTOCOMMIT")

    def make() -> Engine:
        name = f"s_{uuid.uuid4().hex[:12]}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        engine = make_engine(server.url(OWNER, name))
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE account, agency CASCADE"))
        opened.append(engine)
        return engine

    yield make
    for engine in opened:
        engine.dispose()  # the databases go with the server
    admin.dispose()


@pytest.fixture(scope="session")
def invented(
    empty_land: Callable[[], Engine], tmp_path_factory: pytest.TempPathFactory
) -> Invented:
    """Nine hundred disputes of three years."""
    engine, file = empty_land(), tmp_path_factory.mktemp("demo") / "accounts.txt"
    return Invented(engine, create_demo(engine, ORDER, KEYS, file, lambda _: None), file)


@pytest.fixture
def session(invented: Invented) -> Iterator[Session]:
    """A session as the owner on the invented province; nothing that it writes is kept."""
    with Session(invented.engine) as opened:
        yield opened
        opened.rollback()
