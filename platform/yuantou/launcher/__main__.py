"""`make run`, once the packages are there: from an empty folder to a running site."""

import http.client
import os
import sys
from contextlib import suppress

from yuantou.crypto.safe import keep_secrets
from yuantou.database.installation import ServerError
from yuantou.launcher.children import Child, Interruptions
from yuantou.launcher.locks import LIFELINE, take_lifeline, take_run_lock, write_run_lock
from yuantou.launcher.surroundings import (
    HOST,
    ROOT,
    VAR,
    Wishes,
    child_environment,
    database,
    embedded_urls,
    external_urls,
    read_wishes,
    wait_for_port,
)
from yuantou.launcher.words import Complaint, say

ACCOUNTS = VAR / "demo-accounts.txt"
LONGEST_REQUEST = 10.0  # seconds that a request may take to finish after Ctrl-C


def main() -> int:
    """Run until told to stop; return the exit code."""
    os.umask(0o077)
    try:
        return _hold_locks(read_wishes(os.environ))
    except (Complaint, ServerError) as error:
        print(error, file=sys.stderr)
    except PermissionError as error:
        print(
            f"无权写入 {error.filename}:它可能属于另一个用户(例如曾以 root 运行)。\n"
            f"  {error.filename} may not be written; does it belong to another user?",
            file=sys.stderr,
        )
    return 1


def _hold_locks(wishes: Wishes) -> int:
    VAR.mkdir(exist_ok=True)
    lock = take_run_lock(VAR / "run.lock")
    if isinstance(lock, str):
        say(f"已在运行:{lock}", "Already running, see above.")
        return 0
    try:
        address = f"http://{HOST}:{wishes.port}/"
        write_run_lock(lock, f"{address} (pid {os.getpid()})")
        lifeline = take_lifeline(VAR / "lifeline.lock")
        try:
            wait_for_port(wishes.port)
            with Interruptions() as interruptions:
                return _hold_database(wishes, address, interruptions)
        finally:
            os.close(lifeline)
    finally:
        os.close(lock)


def _hold_database(wishes: Wishes, address: str, interruptions: Interruptions) -> int:
    urls = external_urls(os.environ)
    secrets = keep_secrets(os.environ, VAR / "secrets.toml")
    with database(urls) as server:
        if server:
            urls = embedded_urls(server)
            say(f"数据库:{server.home}", "The database's folder.")
        common = {**secrets, LIFELINE: str(VAR / "lifeline.lock")}
        setup = Child(
            "set-up",
            "yuantou.launcher.setup",
            *(["demo"] if wishes.demo else []),
            environment=child_environment(os.environ, common, urls),
            folder=ROOT,
        )
        code = _wait_for(setup, interruptions)
        if code or interruptions.count:
            return code
        return _serve(wishes, address, interruptions, {**common}, urls)


def _wait_for(child: Child, interruptions: Interruptions) -> int:
    try:
        while child.exit_code() is None and not interruptions.count:
            interruptions.wait()
        return child.exit_code() or 0
    finally:
        child.stop(interruptions, patience=5)


def _serve(
    wishes: Wishes,
    address: str,
    interruptions: Interruptions,
    common: dict[str, str],
    urls: dict[str, str],
) -> int:
    app = child_environment(os.environ, common, {"DATABASE_URL": urls["DATABASE_URL"]})
    worker = {**app, "DATABASE_WORKER_URL": urls["DATABASE_WORKER_URL"]}
    web = Child("web", "granian", *_granian(wishes), environment=app, folder=ROOT)
    scheduler = Child(
        "scheduler", "flask", "--app", "wsgi", "scheduler", environment=worker, folder=ROOT
    )
    try:
        announced = False
        while not interruptions.count:
            interruptions.wait()
            for child in (web, scheduler):
                if (code := child.exit_code()) is not None:
                    say(
                        f"{child.name} 意外结束({code}),全部停止。",
                        f"{child.name} ended unexpectedly ({code}); stopping everything.",
                    )
                    return 1
            if not announced and _answers(wishes.port):
                announced = True
                _announce(address, demo=wishes.demo)
        return 0
    finally:
        say("正在停止……", "Stopping…")
        web.stop(interruptions, patience=LONGEST_REQUEST)
        scheduler.stop(interruptions, patience=5)


def _granian(wishes: Wishes) -> list[str]:
    where = ["--interface", "wsgi", "--host", HOST, "--port", str(wishes.port), "--no-ws"]
    size = ["--workers", str(wishes.workers), "--blocking-threads", "8"]
    ends = ["--workers-kill-timeout", "3", "--respawn-failed-workers", "--log-level", "warning"]
    return [*where, *size, *ends, "yuantou.launcher.web:app"]


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    with suppress(OSError, http.client.HTTPException):
        connection.request("HEAD", "/")
        return connection.getresponse().status < 500
    connection.close()
    return False


def _announce(address: str, *, demo: bool) -> None:
    say(f"源头已就绪:{address}", f"Yuantou is ready: {address}")
    if demo and ACCOUNTS.exists():
        say(f"演示账号与密码:{ACCOUNTS}", "Demo accounts and passwords are in that file.")
    say("按 Ctrl-C 停止。", "Press Ctrl-C to stop.")


if __name__ == "__main__":
    sys.exit(main())
