"""A back-up is whole or absent; a restore is whole or nothing; keys are never in it."""

import os
import re
import stat
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.conftest import Database
from yuantou.app import create_app
from yuantou.audit.service import record
from yuantou.crypto.keyring import KeyRing
from yuantou.database import backup
from yuantou.database.connections import Connections
from yuantou.database.embedded import EmbeddedServer
from yuantou.database.installation import wheel_program
from yuantou.database.roles import APP, OWNER, WORKER
from yuantou.database.session import make_engine, make_sessions
from yuantou.disputes.models import DisputeKey

Run = Callable[..., Result]


@pytest.fixture
def chained(database: Database) -> None:
    """Some links, so that there is something to verify."""
    with database.sessions("app")() as session:
        for number in range(3):
            record(session, action="test:do", object_type="t", object_id=number, account_id=None)
            session.commit()
    for engine in database.engines.values():
        engine.dispose()


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command of the application on this test's database."""

    def one(*arguments: object, **more: object) -> Result:
        return app.test_cli_runner().invoke(args=[str(one) for one in arguments], **more)

    return one


@pytest.fixture
def empty(server: EmbeddedServer) -> Iterator[Connections]:
    """A new database without anything."""
    name = f"e_{uuid.uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0".encode())
        yield Connections(*(server.url(role, name) for role in (APP, WORKER, OWNER)))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def restore_into(connections: Connections, *arguments: str, **more: str) -> Result:
    made = create_app(connections, testing=True)
    try:
        return made.test_cli_runner().invoke(args=["restore", *arguments], **more)
    finally:
        made.extensions["engine"].dispose()


def count(url: str, table: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return found


@pytest.mark.usefixtures("chained")
def test_a_back_up_restores_into_an_empty_database_and_verifies(
    run: Run, empty: Connections, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "源头 2026.dump"
    saved = run("backup", file)
    assert (saved.exit_code, "不含密钥" in saved.output) == (0, True)
    restored = restore_into(empty, str(file))
    assert (restored.exit_code, "审计链完好：3 行" in restored.output) == (0, True)
    assert count(empty.owner, "area") == count(database.connections.owner, "area") > 0


@pytest.mark.usefixtures("chained")
def test_rights_and_row_level_security_come_back(
    run: Run, empty: Connections, tmp_path: Path
) -> None:
    run("backup", tmp_path / "a.dump")
    assert restore_into(empty, str(tmp_path / "a.dump")).exit_code == 0
    engine = make_engine(empty.app)
    with make_sessions(engine)() as session:
        assert session.scalar(text("SELECT count(*) FROM area")) > 0
        assert session.scalar(text("SELECT count(*) FROM audit_event")) == 0  # not an auditor
        record(session, action="test:do", object_type="t", object_id=1, account_id=None)
        session.commit()
    engine.dispose()


@pytest.mark.usefixtures("chained")
def test_a_restored_database_has_the_same_schema(
    run: Run, empty: Connections, database: Database, tmp_path: Path
) -> None:
    run("backup", tmp_path / "a.dump")
    restore_into(empty, str(tmp_path / "a.dump"))
    assert schema(empty.owner) == schema(database.connections.owner)


def test_a_restore_says_when_the_keys_do_not_fit(
    run: Run, database: Database, empty: Connections, tmp_path: Path
) -> None:
    wrapped, version = KeyRing({1: b"k" * 32}, b"").wrap(b"d" * 32)
    with database.sessions("owner")() as session:
        session.add(DisputeKey(dispute_id=1, wrapped=wrapped, master_version=version))
        session.commit()
    run("backup", tmp_path / "a.dump")
    done = restore_into(empty, str(tmp_path / "a.dump"))
    assert (done.exit_code, "第 1 版主密钥与数据不符" in done.output) == (0, True)


def schema(url: str) -> list[str]:
    program = wheel_program("pg_dump")
    assert program is not None
    address = url.replace("+psycopg", "").replace("%2F", "/")
    command = [str(program), "--schema-only", "--no-owner", f"--dbname={address}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [
        line for line in done.stdout.splitlines() if line and not line.startswith(("--", "\\"))
    ]
    casts = re.compile(r"::(text|character varying)(\[\])?|[()]")  # written anew by each restore
    return [casts.sub("", line) for line in lines]


def test_a_back_up_is_for_its_owner_only(run: Run, tmp_path: Path) -> None:
    run("backup", tmp_path / "a.dump")
    assert stat.S_IMODE((tmp_path / "a.dump").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a.dump"]


def test_nothing_is_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.dump").write_text("mine")
    assert "已存在" in run("backup", tmp_path / "a.dump").output
    assert (tmp_path / "a.dump").read_text() == "mine"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB, where the machine lets us make one."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(tmp_path)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can make a small disk")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_is_said_and_leaves_nothing(run: Run, small_disk: Path) -> None:
    done = run("backup", small_disk / "a.dump")
    assert (done.exit_code, "磁盘已满" in done.output) == (1, True)
    assert os.listdir(small_disk) == []


def test_a_folder_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    done = run("backup", tmp_path / "nowhere" / "a.dump")
    assert (done.exit_code, "nowhere" in done.output) == (1, True)


def test_a_database_with_tables_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    run("backup", tmp_path / "a.dump")
    done = run("restore", tmp_path / "a.dump")
    assert (done.exit_code, "不是空的" in done.output) == (1, True)


@pytest.mark.usefixtures("chained")
def test_replacing_needs_the_name_of_the_database(
    run: Run, database: Database, tmp_path: Path
) -> None:
    run("backup", tmp_path / "a.dump")
    name = database.connections.owner.split("?")[0].rsplit("/", 1)[1]
    change(database, "DELETE FROM population")
    refused = run("restore", tmp_path / "a.dump", "--replace", input="yes\n")
    assert (refused.exit_code, "未改动" in refused.output) == (1, True)
    assert count(database.connections.owner, "population") == 0
    done = run("restore", tmp_path / "a.dump", "--replace", input=f"{name}\n")
    assert (done.exit_code, "审计链完好" in done.output) == (0, True)
    assert count(database.connections.owner, "population") > 0


def test_nothing_is_replaced_under_a_running_site(
    run: Run, database: Database, tmp_path: Path
) -> None:
    run("backup", tmp_path / "a.dump")
    with database.sessions("app")() as session:
        session.execute(text("SELECT 1"))
        done = run("restore", tmp_path / "a.dump", "--replace")
    assert (done.exit_code, "请先停止" in done.output) == (1, True)


def test_a_torn_back_up_leaves_the_database_as_it_was(
    run: Run, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "a.dump"
    run("backup", file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) - 2000])
    name = database.connections.owner.split("?")[0].rsplit("/", 1)[1]
    done = run("restore", file, "--replace", input=f"{name}\n")
    assert (done.exit_code, "不完整或已损坏" in done.output) == (1, True)
    assert count(database.connections.owner, "area") > 0


def test_a_restore_that_fails_half_way_leaves_the_database_as_it_was(
    run: Run, database: Database, tmp_path: Path
) -> None:
    run("backup", tmp_path / "a.dump")
    whole = (tmp_path / "a.dump").read_bytes()
    (tmp_path / "a.dump").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(backup.BackupFailed, match="不完整"):
        backup.restore(database.connections.owner, tmp_path / "a.dump", replace=True)
    assert count(database.connections.owner, "area") > 0


def test_what_the_database_refuses_is_said(run: Run, database: Database, tmp_path: Path) -> None:
    run("backup", tmp_path / "a.dump")
    with pytest.raises(backup.BackupFailed, match="already exists"):
        backup.restore(database.connections.owner, tmp_path / "a.dump", replace=False)


def test_what_is_no_back_up_is_refused(empty: Connections, tmp_path: Path) -> None:
    (tmp_path / "a.dump").write_text("SELECT 1")
    assert "不是本系统的备份" in restore_into(empty, str(tmp_path / "a.dump")).output
    assert "读不到" in restore_into(empty, str(tmp_path / "b.dump")).output


def test_a_back_up_of_a_newer_version_is_refused(
    run: Run, database: Database, empty: Connections, tmp_path: Path
) -> None:
    change(database, "UPDATE alembic_version SET version_num = '9999'")
    run("backup", tmp_path / "a.dump")
    done = restore_into(empty, str(tmp_path / "a.dump"))
    assert (done.exit_code, "请先升级程序" in done.output) == (1, True)


@pytest.mark.usefixtures("chained")
def test_a_tampered_chain_is_found_after_the_restore(
    run: Run, database: Database, empty: Connections, tmp_path: Path
) -> None:
    change(database, "DELETE FROM audit_event WHERE seq = 2")
    run("backup", tmp_path / "a.dump")
    done = restore_into(empty, str(tmp_path / "a.dump"))
    assert (done.exit_code, "第 2 行断裂" in done.output) == (1, True)


def change(database: Database, statement: str) -> None:
    engine = create_engine(database.connections.owner)
    with Session(engine) as session:
        session.execute(text(statement))
        session.commit()
    engine.dispose()


def test_a_password_is_not_in_the_list_of_processes() -> None:
    command = backup._command("psql", "postgresql+psycopg://me:secret@host:5433/db?sslmode=require")
    assert "secret" not in " ".join(command)
    assert "sslmode=require" in " ".join(command)
