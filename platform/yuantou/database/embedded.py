"""The embedded server: a PostgreSQL of the project's own, shared by all who use it.

It has no TCP port and no password: whoever the operating system says is the owner of the
project may connect, through a socket in a folder that only he can enter. Who uses it and
whether it lives is known by locks, which the kernel gives back whatever happens.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import LiteralString, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from yuantou.database.installation import Installation, ServerError
from yuantou.database.roles import APP, OWNER, WORKER

MAJOR_VERSION = "18"
DATABASE = "yuantou"
SUPERUSER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # what both Linux (107) and macOS can bind
PATIENCE = 60  # seconds that a server may take to recover after a crash
LARGEST_LOG = 10_000_000

SETTINGS = (
    "listen_addresses = ''",
    "unix_socket_permissions = 0700",
    "timezone = 'Asia/Shanghai'",
    "log_timezone = 'Asia/Shanghai'",
    "log_error_verbosity = terse",  # a row that is refused is not copied into the log
    "shared_buffers = '128MB'",
    "work_mem = '16MB'",
    "maintenance_work_mem = '128MB'",
    "max_wal_size = '2GB'",
    "random_page_cost = 1.1",
    "jit = off",
)
RISKY_SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
ADMISSION = f"local all all peer map=yuantou\nlocal replication {SUPERUSER} peer map=yuantou\n"
RIGHTS = {OWNER: "LOGIN CREATEDB", APP: "LOGIN", WORKER: "LOGIN"}


def home_for_project(root: Path) -> Path:
    """Return where the data of the project at `root` live for the user who asks."""
    if os.geteuid() == 0:
        digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
        return Path("/var/lib/yuantou") / digest
    return root.resolve() / "var" / "postgres"


class EmbeddedServer:
    """One user's share in the server at `home`: the first starts it, the last stops it."""

    installation: Installation

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self.durable = durable
        self.data = self.home / "data"
        self.run = self.home / "run"
        self.sockets = _socket_folder(self.home)
        self._use: int | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Count ourselves as a user; start the server unless it runs already."""
        _make_home(self.home)
        with self._gate():
            use = _open_lock(self.home / "users.lock")
            try:
                fcntl.flock(use, fcntl.LOCK_SH)
                self._prepare()
                self._adopt_or_launch()
                self._ensure_database()
            except BaseException:
                os.close(use)
                raise
            self._use = use

    def stop(self) -> None:
        """Leave; whoever finds nobody else left stops the server."""
        if self._use is None:
            return
        use, self._use = self._use, None
        with self._gate():
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                if self._lives():
                    self._control("stop", "-m", "fast")
            finally:
                os.close(use)

    def revive(self) -> bool:
        """Start the server again if it was killed under us; say whether it was."""
        if self._lives():
            return False
        with self._gate():
            self._adopt_or_launch()
        return True

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return SQLAlchemy's address of `database` as seen by `role`."""
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def connect(self, role: str = SUPERUSER, database: str = SUPERUSER) -> psycopg.Connection:
        """Return a plain connection that commits each statement, for administration."""
        return psycopg.connect(
            host=str(self.sockets), user=role, dbname=database, autocommit=True, connect_timeout=10
        )

    def binary(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's programs, such as `pg_dump`."""
        return self.installation.binary(name)

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        gate = _open_lock(self.home / "gate.lock")
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)

    def _prepare(self) -> None:
        self.installation = Installation(self.home)
        self.installation.own(self.run)
        self.installation.own(self.sockets)
        if not self.data.exists():
            self._create_cluster()
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise ServerError(f"{self.data} holds data of PostgreSQL {version}")

    def _create_cluster(self) -> None:
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self.installation.own(fresh)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        admission = ("--auth=reject", "-U", SUPERUSER, "--no-instructions")
        sync = () if self.durable else ("--no-sync",)
        self.installation.execute(
            "initdb", "-D", str(fresh), "-E", "UTF8", *locale, *admission, *sync
        )
        with (fresh / "postgresql.conf").open("a") as settings:
            settings.write("include = 'yuantou.conf'\n")
        fresh.rename(self.data)

    def _adopt_or_launch(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            alive = _open_lock(self.home / "alive.lock")
            try:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._launch(alive)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServerError(f"{self.home}: neither answers nor ends") from None
                time.sleep(0.05)
            finally:
                os.close(alive)

    def _lives(self) -> bool:
        alive = _open_lock(self.home / "alive.lock")
        try:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(alive)
        return False

    def _answers(self) -> bool:
        try:
            with self.connect() as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]) == self.data

    def _launch(self, alive: int) -> None:
        """Start; the server and all its processes hold `alive` for as long as they live."""
        for leftover in (self.data / "postmaster.pid", *self.sockets.glob(f"{SOCKET_NAME}*")):
            leftover.unlink(missing_ok=True)
        self._write_settings()
        log = self.run / "postgres.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        try:
            self._control("start", "-l", str(log), keep=(alive,))
        except ServerError as error:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServerError(f"{error}\n{tail}") from None

    def _control(self, action: str, *arguments: str, keep: tuple[int, ...] = ()) -> None:
        common = ("-D", str(self.data), "-w", "-t", str(PATIENCE))
        self.installation.execute("pg_ctl", action, *common, *arguments, keep=keep)

    def _write_settings(self) -> None:
        sockets = str(self.sockets).replace("'", "''")
        settings = [*SETTINGS, f"unix_socket_directories = '\"{sockets}\"'"]
        settings += () if self.durable else RISKY_SETTINGS
        people = {pwd.getpwuid(uid).pw_name for uid in (os.geteuid(), self.installation.uid)}
        idents = [
            f'yuantou "{one}" {role}' for one in sorted(people) for role in (SUPERUSER, *RIGHTS)
        ]
        for name, lines in (("yuantou.conf", settings), ("pg_ident.conf", idents)):
            (self.data / name).write_text("\n".join(lines) + "\n")
            (self.data / name).chmod(0o644)
        (self.data / "pg_hba.conf").write_text(ADMISSION)

    def _ensure_database(self) -> None:
        """Make the roles and the database, which comes last and so stands for all of them."""
        with self.connect() as connection:
            if _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
                return
            for role, rights in RIGHTS.items():
                if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                    create = sql.SQL("CREATE ROLE {} " + rights)
                    connection.execute(create.format(sql.Identifier(role)))
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _make_home(home: Path) -> None:
    """Make the folder; root's must be passed through by the account of the server."""
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    home.mkdir(parents=True, exist_ok=True)
    for folder in {home, *missing}:
        folder.chmod(0o755 if os.geteuid() == 0 else 0o700)


def _socket_folder(home: Path) -> Path:
    """Return the folder of the socket: in `home`, or a short private one where it cannot be."""
    folder = home / "run"
    length = len(os.fsencode(folder / SOCKET_NAME))
    if length <= LONGEST_SOCKET_PATH and not set(str(folder)) & set(",\"'\\\n"):
        return folder
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    # Not tempfile's folder: whoever comes with another TMPDIR must find the same socket.
    return Path("/tmp") / f"yuantou-{os.geteuid()}-{digest}"  # noqa: S108


def _exists(connection: psycopg.Connection, question: LiteralString, name: str) -> bool:
    return connection.execute(question, [name]).fetchone() is not None


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
