"""Processes that a test starts and that do not outlive it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from yuantou.database.connections import ROOT

Started = subprocess.Popen[bytes]


@contextmanager
def processes() -> Iterator[Callable[..., Started]]:
    """Gives `start(command, **options)`, with the project's sources in the way."""
    started: list[Started] = []

    def start(command: list[str], **options: Any) -> Started:
        path = f"{ROOT / 'platform'}{os.pathsep}{ROOT}"
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, **options
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
