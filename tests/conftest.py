"""A real PostgreSQL for every test that asks, with a small land and a small cast."""

import os
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, make_transient, sessionmaker

from tests.cast import settle
from tests.standing import Standing
from yuantou.access.sign_in import limiter
from yuantou.access.viewer import Viewer, enter
from yuantou.accounts.models import Account
from yuantou.app import create_app
from yuantou.database.connections import Connections
from yuantou.database.embedded import SUPERUSER, EmbeddedServer
from yuantou.database.migrating import upgrade
from yuantou.database.roles import APP, OWNER, WORKER
from yuantou.database.session import make_engine, make_sessions

settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")

TEMPLATE = "template_yuantou"


@pytest.fixture(scope="session", autouse=True)
def _secrets(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keys and a folder of files of the tests' own; nothing is written into the project."""
    os.environ.setdefault("YUANTOU_FILES", str(tmp_path_factory.mktemp("files")))
    key = "A" * 43 + "="
    os.environ.setdefault("YUANTOU_SECRET_KEY", key)
    os.environ.setdefault("YUANTOU_MASTER_KEYS", f"1:{key}")
    os.environ.setdefault("YUANTOU_INDEX_KEY", key)


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """An embedded server in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="yt-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)  # as root, the server runs under an account of its own
        with EmbeddedServer(Path(folder) / "pg", durable=False) as running:
            yield running


@pytest.fixture(scope="session")
def template(server: EmbeddedServer) -> str:
    """A migrated database with the cast, copied for each test."""
    _administer(server, f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
    url = server.url(OWNER, TEMPLATE)
    upgrade(url)
    engine = create_engine(url)
    with Session(engine) as session:
        settle(session)
        session.commit()
    engine.dispose()
    return TEMPLATE


@dataclass(frozen=True)
class Database:
    """URLs of one test's database, and sessions as each role."""

    connections: Connections

    engines: dict[str, Engine] = field(default_factory=dict)

    def sessions(self, role: str = "app") -> sessionmaker[Session]:
        """Session factory as 'app', 'worker' or 'owner'."""
        if role not in self.engines:
            self.engines[role] = make_engine(getattr(self.connections, role))
        return make_sessions(self.engines[role])


@pytest.fixture(scope="session")
def spare() -> defaultdict[str, list[Standing]]:
    """Copies that the next test may have, by the template they are of."""
    return defaultdict(list)


@pytest.fixture
def database(
    server: EmbeddedServer, template: str, spare: defaultdict[str, list[Standing]]
) -> Iterator[Database]:
    """A database that nobody else uses meanwhile, as the template is."""
    standing = spare[template].pop() if spare[template] else _another(server, template)
    name = standing.name
    made = Database(
        Connections(server.url(APP, name), server.url(WORKER, name), server.url(OWNER, name))
    )
    yield made
    for engine in made.engines.values():
        engine.dispose()
    if standing.restore():
        spare[template].append(standing)
    else:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)", SUPERUSER)


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """The applications on the copies in use: building one takes as long as several tests."""
    return {}


@pytest.fixture
def app(database: Database, applications: dict[str, Flask]) -> Iterator[Flask]:
    """The application on this test's database; what a test puts into it goes with the test."""
    address = database.connections.app
    if address not in applications:
        applications[address] = create_app(database.connections, testing=True)
        applications[address].config["WTF_CSRF_ENABLED"] = False
    made = applications[address]
    limiter.reset()
    kept = [(each, dict(each)) for each in (made.config, made.extensions, made.view_functions)]
    yield made
    for each, before in kept:
        each.clear()
        each.update(before)
    made.extensions["engine"].dispose()


@pytest.fixture
def owner(database: Database) -> Iterator[Session]:
    """A session as the owner, whom row-level security does not bind: for looking, not for doing."""
    engine = make_engine(database.connections.owner)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def viewer_session(database: Database) -> Iterator[Callable[[str], tuple[Session, Viewer]]]:
    """`viewer_session("mei")` gives a session as app in her scope, and the viewer."""
    engine = make_engine(database.connections.app)
    opened: list[Session] = []

    def open_for(login: str) -> tuple[Session, Viewer]:
        session = make_sessions(engine)()
        opened.append(session)
        account = session.query(Account).filter_by(login=login).one()
        return session, enter(session, account)

    yield open_for
    for session in opened:
        session.close()
    engine.dispose()


@pytest.fixture
def client_of(app: Flask) -> Callable[[str], FlaskClient]:
    """`client_of("mei")` gives a signed-in test client of that person."""

    def sign_in(login: str) -> FlaskClient:
        with app.extensions["sessions"]() as session:
            account = session.query(Account).filter_by(login=login).one()
            identity = f"{account.id}.{account.session_epoch}"
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = identity, True
        return client

    return sign_in


@pytest.fixture
def second(owner: Session) -> str:
    """A second person of the province's office, for what two must agree on."""
    account = owner.query(Account).filter_by(login="sheng").one()
    owner.expunge(account)
    make_transient(account)
    account.id, account.login = None, "sheng2"  # type: ignore[assignment]
    account.display_name = "盛二"
    owner.add(account)
    owner.commit()
    return "sheng2"


def _another(server: EmbeddedServer, template: str) -> Standing:
    name = f"t_{uuid.uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return Standing(server, name)


def _administer(server: EmbeddedServer, statement: str, role: str = OWNER) -> None:
    engine = create_engine(server.url(role), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _reachable(folder: Path) -> Path:
    """The server runs as another user when the tests run as root: let him pass through."""
    folder.chmod(0o711)
    return folder
