"""Heavy reckoning in a process of its own, whose memory goes when it is done.

The scheduler lives for months; what a night imports and lays out should not stay with it.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yuantou.database.jobs import Progress

GIVEN, FOUND = "given", "found"
LONGEST_ERROR = 4_000

Reckon = Callable[..., Any]


class ReckoningFailed(RuntimeError):
    """The process ended with an error; the message is what it said last."""


def here(work: Callable[..., Any], *given: Any, progress: Progress) -> Any:
    """Call `work` in this process."""
    return work(*given, progress=progress)


def apart(work: Callable[..., Any], *given: Any, progress: Progress) -> Any:
    """Call a function of a module, or a partial of one, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="yuantou-") as name:
        folder = Path(name)
        (folder / GIVEN).write_bytes(pickle.dumps((work, given)))
        said: list[str] = []
        command = [sys.executable, "-m", __name__, str(folder)]
        with subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, env=_environment()
        ) as process:
            for line in process.stderr or ():
                done, _, whole = line.strip().partition(" ")
                if done.isdigit() and whole.isdigit():
                    progress(int(done), int(whole))
                else:
                    said.append(line)
        if process.returncode:
            raise ReckoningFailed("".join(said)[-LONGEST_ERROR:])
        return pickle.loads((folder / FOUND).read_bytes())  # noqa: S301  # our own process wrote it


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _tell(done: int, whole: int) -> None:
    print(done, whole, file=sys.stderr, flush=True)


def _main(folder: Path) -> None:
    work, given = pickle.loads((folder / GIVEN).read_bytes())  # noqa: S301  # as above
    (folder / FOUND).write_bytes(pickle.dumps(work(*given, progress=_tell)))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
