"""What goes on beside the pages: the scheduler, and everything started once more."""

import http.client
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil  # type: ignore[import-untyped]

from tests.bench.house import PATIENCE, House, free_port, peak
from yuantou.launcher.surroundings import HOST, ROOT


def scheduler_memory(here: House, seconds: float) -> float:
    """Largest resident memory of the scheduler while it catches up with what is due, in MB."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "scheduler"]
    with _running(here, command, {}) as running:
        time.sleep(seconds)
        return peak(running.pid)


def second_start(here: House) -> float | None:
    """Seconds from `make run` to the first answer where everything stands; None: one runs here."""
    port, started = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "yuantou.launcher"]
    with _running(here, command, {"PORT": str(port)}) as running:
        while running.poll() is None and time.perf_counter() - started < PATIENCE:
            if _answers(port):
                return time.perf_counter() - started
            time.sleep(0.02)
    return None


@contextmanager
def _running(here: House, command: list[str], more: dict[str, str]) -> Iterator[psutil.Popen]:
    """A child of the house, told to stop as Ctrl-C does."""
    with (here.folder / "living.log").open("ab") as log:
        environment = {**here.environment, **more}
        child = psutil.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            yield child
        finally:
            if child.poll() is None:
                child.send_signal(signal.SIGINT)
            child.wait(PATIENCE)


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        line.request("HEAD", "/")
        return line.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
