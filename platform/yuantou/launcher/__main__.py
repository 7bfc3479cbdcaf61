"""`make run`, once the packages are there: from an empty folder to a running site."""

import http.client
import os
import sys
from collections.abc import Mapping
from contextlib import closing

from yuantou.database.embedded import EmbeddedServer
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
    web_environment,
)
from yuantou.launcher.words import Complaint, complain, say

ACCOUNTS = VAR / "demo-accounts.txt"
LONGEST_REQUEST = 10.0  # seconds that a request may take to finish after Ctrl-C
PATIENCE = 5.0


def main() -> int:
    """Run until told to stop; return the exit code."""
    os.umask(0o077)
    try:
        return _hold_locks(read_wishes(os.environ))
    except (Complaint, ServerError) as error:
        complain(str(error))
    except PermissionError as error:
        complain(
            f"无权使用 {error.filename}:它可能属于另一个用户（例如曾以 root 运行）。\n"
            f"  {error.filename} is not accessible; does it belong to another user?"
        )
    return 1


def _hold_locks(wishes: Wishes) -> int:
    VAR.mkdir(exist_ok=True)
    lock = take_run_lock(VAR / "run.lock")
    if isinstance(lock, str):
        say(f"已在运行：{lock}", "Already running there.")
        return 0
    write_run_lock(lock, f"{_address(wishes)} (pid {os.getpid()})")
    lifeline = take_lifeline(VAR / "lifeline.lock")
    wait_for_port(wishes.port)
    try:
        with Interruptions() as interruptions:
            return _hold_database(wishes, interruptions)
    finally:
        os.close(lifeline)
        os.close(lock)


def _hold_database(wishes: Wishes, interruptions: Interruptions) -> int:
    given = external_urls(os.environ)
    with database(given) as server:
        urls = embedded_urls(server) if server else given
        if server:
            say(f"数据库在 {server.home}", "The folder of the database.")
        code = _set_up(wishes, urls, interruptions)
        if code or interruptions.count:
            return code
        return _serve(wishes, urls, server, interruptions)


def _set_up(wishes: Wishes, urls: Mapping[str, str], interruptions: Interruptions) -> int:
    demo = ["demo"] if wishes.demo else []
    child = _child("设置 · set-up", ["yuantou.launcher.setup", *demo], urls)
    try:
        while child.exit_code() is None and not interruptions.count:
            interruptions.wait()
        return child.exit_code() or 0
    finally:
        child.stop(interruptions, patience=PATIENCE)


def _serve(
    wishes: Wishes,
    urls: Mapping[str, str],
    server: EmbeddedServer | None,
    interruptions: Interruptions,
) -> int:
    """Run the web server as the application's role alone, the scheduler as the worker too."""
    worker = {name: urls[name] for name in ("DATABASE_URL", "DATABASE_WORKER_URL")}
    web = _child("网站 · web server", ["granian", *_granian(wishes)], web_environment(wishes, urls))
    scheduler = _child("定时任务 · scheduler", ["flask", "--app", "wsgi", "scheduler"], worker)
    try:
        return _watch(wishes, (web, scheduler), server, interruptions)
    finally:
        say("正在停止……", "Stopping…")
        web.stop(interruptions, patience=LONGEST_REQUEST)
        scheduler.stop(interruptions, patience=PATIENCE)


def _watch(
    wishes: Wishes,
    children: tuple[Child, ...],
    server: EmbeddedServer | None,
    interruptions: Interruptions,
) -> int:
    announced = False
    while not interruptions.count:
        interruptions.wait()
        if server and server.revive():
            say("数据库曾意外停止，已重新启动。", "The database had died and was started again.")
        for child in children:
            if child.exit_code() is None:
                continue
            if not child.revive():
                complain(f"{child.name} 一再意外结束，全部停止 · keeps ending, stopping all")
                return 1
            say(f"{child.name} 曾意外结束，已重新启动。", "It had ended and was started again.")
        if not announced and _answers(wishes.port):
            announced = True
            _announce(wishes)
    return 0


def _child(name: str, command: list[str], urls: Mapping[str, str]) -> Child:
    lifeline = {LIFELINE: str(VAR / "lifeline.lock")}
    environment = child_environment(os.environ, urls, lifeline)
    return Child(name, command, environment=environment, folder=ROOT)


def _granian(wishes: Wishes) -> list[str]:
    where = ["--interface", "wsgi", "--host", HOST, "--port", str(wishes.port), "--no-ws"]
    size = ["--workers", str(wishes.workers), "--blocking-threads", "4"]
    ends = ["--workers-kill-timeout", "3", "--respawn-failed-workers", "--log-level", "warning"]
    return [*where, *size, *ends, "yuantou.launcher.web:app"]


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection(HOST, port, timeout=2)) as connection:
        try:
            connection.request("HEAD", "/")
            return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False


def _address(wishes: Wishes) -> str:
    return f"http://{HOST}:{wishes.port}/"


def _announce(wishes: Wishes) -> None:
    say(f"源头已就绪：{_address(wishes)}", "Yuantou is ready there.")
    if wishes.demo and ACCOUNTS.exists():
        say(f"演示账号与密码：{ACCOUNTS}", "Demo accounts and passwords are in that file.")
    say("按 Ctrl-C 停止。", "Press Ctrl-C to stop.")


if __name__ == "__main__":
    sys.exit(main())
