"""Back-up and restore with PostgreSQL's own programs, as the owner role.

Keys are never part of it: without them the personal data of a back-up cannot be read.
"""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NoReturn

from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine, make_url, text

from yuantou.database.installation import WHEEL, wheel_program
from yuantou.database.migrating import known_revisions

MAGIC = b"PGDMP"
SEAL = b"YUANTOU-SHA256:"
LENGTH = len(SEAL) + 32
FULL = re.compile(r"No space left|ENOSPC|disk quota", re.IGNORECASE)
REPLACE = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
_OTHERS = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
""")
_TABLES = text("""
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'p') ORDER BY c.relname""")
# Tables that are not written durably hold what is read again from the others.
_DUMPED = "--format=custom", "--no-owner", "--no-unlogged-table-data"


class BackupFailed(RuntimeError):
    """Back-up or restore could not be done; its text says why and what to do."""


def back_up(owner_url: str, file: Path) -> int:
    """Write the whole database into `file`, which appears only when complete; return its size."""
    if file.exists():
        raise BackupFailed(f"{file} 已存在，请换一个文件名")
    part = file.with_name(file.name + ".part")
    try:
        with _private(part) as stream:
            _run(_command("pg_dump", owner_url, *_DUMPED), owner_url, stream)
            with part.open("rb") as written:
                seal = hashlib.file_digest(written, "sha256").digest()
            stream.seek(0, os.SEEK_END)
            stream.write(SEAL + seal)
            stream.flush()
            os.fsync(stream.fileno())
        size = part.stat().st_size
        part.rename(file)
    except OSError as error:
        raise BackupFailed(_words(file, error)) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return size


def revision_of(file: Path) -> str:
    """The schema version of a back-up; BackupFailed when it is none, or newer than the program."""
    try:
        with file.open("rb") as stream:
            known = stream.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise BackupFailed(f"读不到 {file}:{os.strerror(error.errno or 0)}") from error
    if not known:
        raise BackupFailed(f"{file} 不是本系统的备份文件")
    if not _is_whole(file):
        raise BackupFailed(f"{file} 不完整或已损坏（与文件末尾的校验值不符），不能恢复")
    arguments = ["--data-only", "--table=alembic_version", "--file=-", str(file)]
    script = _read([_program("pg_restore"), *arguments])
    found = re.search(r"^COPY .*alembic_version.*;\n(\S+)\n", script, re.MULTILINE)
    revision = found.group(1) if found else ""
    if revision not in known_revisions():
        raise BackupFailed(
            f"备份的结构版本({revision or '无'})不为本程序所知：它来自更新的版本，请先升级程序"
        )
    return revision


def require_room(engine: Engine, *, replace: bool) -> None:
    """BackupFailed unless the database is empty, or may be replaced, and nobody else is in it."""
    with engine.connect() as connection:
        if connection.execute(_OTHERS).scalar_one():
            raise BackupFailed("还有程序连着数据库。请先停止网站和定时任务，再恢复")
        if not replace and connection.execute(_TABLES).first():
            raise BackupFailed("数据库不是空的。要用备份替换其中全部数据，请加 --replace")


def restore(owner_url: str, file: Path, *, replace: bool) -> None:
    """Read `file` into the database in one transaction: all of it, or the database is as before.

    psql takes the end of its input for success, so the COMMIT is only sent once pg_restore has
    read the file to its end.
    """
    calm = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    begin = ["--command=BEGIN", *([f"--command={REPLACE}"] if replace else []), "--file=-"]
    with tempfile.TemporaryFile() as complaints:
        source = _start([_program("pg_restore"), "--no-owner", "--file=-", str(file)], owner_url)
        target = _start(
            _command("psql", owner_url, *calm, *begin), owner_url, subprocess.PIPE, complaints
        )
        with source, target, contextlib.suppress(BrokenPipeError):  # psql has said why
            _relay(source, target, file)
        if target.returncode:
            complaints.seek(0)
            _refuse("psql", complaints.read())


def count_rows(engine: Engine) -> dict[str, int]:
    """Rows of each table."""
    with engine.connect() as connection:
        quote = engine.dialect.identifier_preparer.quote
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one()  # noqa: S608
            for name in connection.scalars(_TABLES).all()
        }


def _is_whole(file: Path) -> bool:
    """Whether the checksum at the end fits: pg_restore takes many a cut file for a whole one."""
    left, digest = file.stat().st_size - LENGTH, hashlib.sha256()
    with file.open("rb") as stream:
        while left > 0 and (piece := stream.read(min(left, 1 << 20))):
            digest.update(piece)
            left -= len(piece)
        return stream.read() == SEAL + digest.digest()


def _private(path: Path) -> IO[bytes]:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    return os.fdopen(descriptor, "wb")


def _program(name: str) -> str:
    """The wheel's program, the system's where there is no wheel."""
    found = wheel_program(name) or shutil.which(name)
    if not found:
        raise BackupFailed(f"找不到 {name}:请安装 PostgreSQL 客户端，或安装 Python 包 {WHEEL}")
    return str(found)


def _command(name: str, owner_url: str, *arguments: str) -> list[str]:
    """A program and where it connects; the password goes by the environment, not the list."""
    url = make_url(owner_url)
    named = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    given = {key: str(value) for key, value in {**named, **url.query}.items() if value}
    return [_program(name), f"--dbname={make_conninfo('', **given)}", *arguments]


def _run(command: Sequence[str], owner_url: str, out: IO[bytes]) -> None:
    environment = _environment(owner_url)
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        _refuse(Path(command[0]).name, done.stderr)


def _start(
    command: Sequence[str],
    owner_url: str,
    source: int | None = None,
    words: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=_environment(owner_url),
        stdin=source or subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if source else subprocess.PIPE,
        stderr=words or subprocess.PIPE,
    )


def _relay(source: subprocess.Popen[bytes], target: subprocess.Popen[bytes], file: Path) -> None:
    if not (source.stdout and source.stderr and target.stdin):
        raise ValueError("both need pipes")
    try:
        shutil.copyfileobj(source.stdout, target.stdin, 1 << 20)
        words = source.stderr.read().decode(errors="replace")
        if source.wait():
            raise BackupFailed(f"{file} 不完整，数据库未改动：{_last_line(words)}")
        target.stdin.write(b"COMMIT;\n")
    finally:
        source.kill()
        with contextlib.suppress(BrokenPipeError):
            target.stdin.close()


def _environment(owner_url: str) -> dict[str, str]:
    password = make_url(owner_url).password
    return {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}


def _refuse(program: str, said: bytes) -> NoReturn:
    words = said.decode(errors="replace")
    if FULL.search(words):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    raise BackupFailed(f"{program} 失败：{_last_line(words)}")


def _read(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise BackupFailed(f"备份文件已损坏：{_last_line(done.stderr.decode(errors='replace'))}")
    return done.stdout.decode(errors="replace")


def _words(file: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        free = shutil.disk_usage(file.resolve().parent).free // 1_000_000
        return f"磁盘已满({file.parent} 只剩 {free} MB),备份没有写成；请腾出空间或换一个位置"
    return f"写不了 {file}:{os.strerror(error.errno or 0)}"


def _last_line(words: str) -> str:
    lines = [line for line in words.strip().splitlines() if line]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["(无说明)"])[0][:500]
