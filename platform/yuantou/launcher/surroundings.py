"""What the launcher finds around it: the project's folder, the port, the database."""

import os
import socket
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from yuantou.database.embedded import EmbeddedServer, home_for_project
from yuantou.database.roles import APP, OWNER, WORKER
from yuantou.launcher.words import Complaint

ROOT = Path(__file__).resolve().parents[3]
VAR = ROOT / "var"
HOST = "127.0.0.1"
URLS = ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_OWNER_URL")
PATIENCE = 5.0


@dataclass(frozen=True)
class Wishes:
    """What whoever typed `make run` asked for."""

    port: int
    demo: bool
    workers: int


def read_wishes(environment: Mapping[str, str]) -> Wishes:
    """Read PORT, DEMO and WEB_WORKERS; Complaint when one is not what it should be."""
    return Wishes(
        port=_number(environment, "PORT", 8000, 1, 65535),
        demo=bool(_number(environment, "DEMO", 1, 0, 1)),
        workers=_number(environment, "WEB_WORKERS", 2, 1, 64),
    )


def external_urls(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses of a named server, none for the embedded one; Complaint on a part."""
    given = {name: environment[name] for name in URLS if environment.get(name)}
    missing = [name for name in URLS if name not in given]
    if given and missing:
        names = " ".join(missing)
        raise Complaint(
            f"已设置 {' '.join(given)},还需设置 {names}:三个数据库角色各一个地址"
            "(应用、后台任务、表的所有者),见 docs/operations.md。\n"
            f"  {names} must be set too: one address for each of the three database roles."
        )
    return given


def database(given: Mapping[str, str]) -> AbstractContextManager[EmbeddedServer | None]:
    """Return the embedded server to hold while running, or nothing to hold."""
    return nullcontext() if given else EmbeddedServer(home_for_project(ROOT))


def embedded_urls(server: EmbeddedServer) -> dict[str, str]:
    """Return the three addresses of the embedded server."""
    return {name: server.url(role) for name, role in zip(URLS, (APP, WORKER, OWNER), strict=True)}


def web_environment(wishes: Wishes, urls: Mapping[str, str]) -> dict[str, str]:
    """Return what the web server is told: its own address, and how many workers share a limit."""
    return {"DATABASE_URL": urls["DATABASE_URL"], "WEB_WORKERS": str(wishes.workers)}


def wait_for_port(port: int) -> None:
    """Wait a little for a port that an earlier run is about to give back."""
    deadline = time.monotonic() + PATIENCE
    while not _is_free(port):
        if time.monotonic() > deadline:
            raise Complaint(
                f"端口 {port} 被其他程序占用。请关闭它，或换一个端口：make run PORT={port + 1}\n"
                f"  Port {port} is taken by another program. Close it, or choose another port: "
                f"make run PORT={port + 1}"
            )
        time.sleep(0.1)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except PermissionError:
            raise Complaint(
                f"无权使用端口 {port},请选 1024 以上的端口：make run PORT=8000\n"
                f"  Port {port} is not allowed to you; choose one above 1024: make run PORT=8000"
            ) from None
        except OSError:
            return False
    return True


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise Complaint(
            f"{name}={text} 无效，应为 {least} 到 {most} 的整数。\n"
            f"  {name} must be a whole number from {least} to {most}."
        )
    return int(text)


def child_environment(environment: Mapping[str, str], *more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a child: ours without any database address, and `more`."""
    plain = {name: value for name, value in environment.items() if name not in URLS}
    path = os.pathsep.join((str(ROOT / "platform"), str(ROOT)))
    merged = {**plain, "PYTHONPATH": path, "PYTHONUTF8": "1"}
    for part in more:
        merged.update(part)
    return merged
