"""Two locks in var/: one launcher at a time, and the lifeline of its children.

The kernel gives both back when the launcher ends, however it ends.
"""

import fcntl
import os
import threading
import time
from pathlib import Path

from yuantou.launcher.words import Complaint

LIFELINE = "YUANTOU_LIFELINE"
PATIENCE = 5.0


def take_run_lock(path: Path) -> int | str:
    """Return the held lock, or what the launcher that holds it wrote about itself."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        words = os.pread(descriptor, 1000, 0).decode(errors="replace")
        os.close(descriptor)
        return words
    os.ftruncate(descriptor, 0)
    return descriptor


def write_run_lock(descriptor: int, words: str) -> None:
    """Leave word for a second launcher."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, words.encode(), 0)


def take_lifeline(path: Path) -> int:
    """Return the lifeline once the children of a killed launcher have let go of it."""
    descriptor = _open(path)
    deadline = time.monotonic() + 2 * PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Complaint(
                    "上一次运行留下的进程没有结束，请先结束它们(ps -ef | grep yuantou)。\n"
                    "  Processes of an earlier run have not ended; please end them first."
                ) from None
            time.sleep(0.05)
        else:
            return descriptor


def end_with_launcher(environment: dict[str, str] | None = None) -> None:
    """Make this process end when the launcher does, even if that was killed."""
    path = (environment if environment is not None else dict(os.environ)).get(LIFELINE)
    if path:
        threading.Thread(target=_watch, args=(Path(path),), name="lifeline", daemon=True).start()


def _watch(path: Path) -> None:
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    os.kill(os.getpid(), 15)
    time.sleep(PATIENCE)
    os._exit(1)


def _open(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    return os.open(path, flags, 0o600)
