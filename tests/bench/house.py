"""A house of its own for measuring: temporary embedded server, land, demo data, web server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg

from yuantou.crypto.keyring import new_key
from yuantou.crypto.secrets import NAMES
from yuantou.database.connections import Connections
from yuantou.database.embedded import EmbeddedServer
from yuantou.database.roles import APP, OWNER, WORKER
from yuantou.launcher.__main__ import _granian
from yuantou.launcher.surroundings import HOST, ROOT, URLS, Wishes, child_environment

WORKERS = 2
PATIENCE = 60.0


@dataclass(frozen=True)
class House:
    """Where everything is."""

    folder: Path
    server: EmbeddedServer
    environment: Mapping[str, str]

    @property
    def connections(self) -> Connections:
        """Addresses of the three roles."""
        return Connections(*(self.server.url(role) for role in (APP, WORKER, OWNER)))

    @property
    def accounts(self) -> dict[str, str]:
        """Password of each demo account."""
        lines = (self.folder / "accounts.txt").read_text(encoding="utf-8").splitlines()
        return dict(line.split("\t")[:2] for line in lines)

    def flask(self, *arguments: str) -> float:
        """Run a command of the product; returns its seconds."""
        started = time.perf_counter()
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(command, env=dict(self.environment), cwd=ROOT, check=False,
                              capture_output=True, text=True)  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return time.perf_counter() - started

    def build(self, disputes: int) -> float:
        """Land, configuration, base map and demo data; returns the seconds of the last."""
        land = str(self.folder / "land")
        for words in ("database upgrade", f"territory build --to {land}",
                      f"territory load {land}", "config load", "maps draw"):  # fmt: skip
            self.flask(*words.split())
        seconds = self.flask(
            "demo", "create", "--disputes", str(disputes),
            "--accounts", str(self.folder / "accounts.txt"),
            "--truth", str(self.folder / "truth.json"),
        )  # fmt: skip
        with psycopg.connect(self.connections.owner.replace("+psycopg", "")) as owner:
            owner.autocommit = True
            owner.execute("VACUUM")  # what the server does by itself within minutes
        return seconds


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """A house in `folder`, gone afterwards. The server writes durably, as the product does."""
    folder.chmod(0o755)
    secrets = dict(zip(NAMES, (new_key(), f"1:{new_key()}", new_key()), strict=True))
    os.environ.update(secrets)
    with EmbeddedServer(folder / "pg") as server:
        urls = dict(zip(URLS, (server.url(r) for r in (APP, WORKER, OWNER)), strict=True))
        yield House(folder, server, child_environment(os.environ, urls, secrets))


@dataclass
class Site:
    """A running web server."""

    port: int
    process: psutil.Process
    started_in: float

    def processor_seconds(self) -> float:
        """What its processes have spent so far: it says more than time where others compute too."""
        family = [self.process, *self.process.children(recursive=True)]
        return float(sum(sum(one.cpu_times()[:2]) for one in family))

    def peak_memory(self) -> dict[str, float]:
        """Largest resident memory of each of its processes so far, in MB."""
        family = [self.process, *self.process.children(recursive=True)]
        return {f"网站进程 {place}": peak(one.pid) for place, one in enumerate(family)}


@contextmanager
def site(here: House, application: str = "") -> Iterator[Site]:
    """granian with the launcher's own options; `application` replaces the product."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        *_granian(Wishes(port, demo=False, workers=WORKERS)),
    ]
    if application:
        command[-1] = application
    started = time.perf_counter()
    log = (here.folder / "site.log").open("ab")
    running = subprocess.Popen(
        command, env=dict(here.environment), cwd=ROOT, stdout=log, stderr=log
    )
    try:
        _wait(port, running)
        yield Site(port, psutil.Process(running.pid), time.perf_counter() - started)
    finally:
        running.terminate()
        running.wait(PATIENCE)
        log.close()


def server_options(port: int) -> list[str]:
    """The words that the launcher itself gives to granian."""
    return _granian(Wishes(port, demo=False, workers=WORKERS))


def peak(pid: int) -> float:
    """Largest resident memory of a process so far, in MB."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float(psutil.Process(pid).memory_info().rss / 1e6)
    found = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(found.split()[1]) / 1000


def database_peaks(here: House) -> float:
    """Largest resident memory among the database's processes, shared buffers counted in each."""
    pid = int((here.server.data / "postmaster.pid").read_text().split()[0])
    leader = psutil.Process(pid)
    return max(peak(one.pid) for one in (leader, *leader.children(recursive=True)))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int, running: "subprocess.Popen[bytes]") -> None:
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline and running.poll() is None:
        try:
            with socket.create_connection((HOST, port), timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the web server did not start")
