"""Children of the launcher: started in sessions of their own, so that Ctrl-C is ours to handle."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.2
REVIVALS, REVIVED_WITHIN = 3, 600.0  # a child that ends more often than this is broken


class Interruptions:
    """Signals as news to ask for, instead of exceptions that come between two statements."""

    def __init__(self, terminal: int = 0) -> None:
        self.count = 0
        self._ours, self._theirs = socket.socketpair()
        self._news = select.poll()
        self._news.register(self._ours, select.POLLIN)
        if os.isatty(terminal):
            self._news.register(terminal, 0)  # make keeps a hang-up from us when it leads
        self._before: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> Self:
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for number in (*STOPPING, signal.SIGCHLD):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        self._ours.close()
        self._theirs.close()

    def wait(self) -> None:
        """Return at the next signal or when the terminal is gone, and now and then without."""
        for descriptor, _event in self._news.poll(TICK * 1000):
            if descriptor == self._ours.fileno():
                self._ours.recv(100)
            else:
                self._news.unregister(descriptor)
                self.count += 1

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.count += 1


class Child:
    """A process with its own session; stopping it leaves nothing of that session."""

    def __init__(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self._started: list[float] = []
        self._start = partial(
            subprocess.Popen,
            [sys.executable, "-m", "yuantou.launcher.child", *command],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._process = self._start()

    @property
    def pid(self) -> int:
        """The process id, which is also that of its session."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return how it ended, None while it lives."""
        return self._process.poll()

    def revive(self) -> bool:
        """Start it again after it ended by itself; False when that happened too often of late."""
        since = time.monotonic() - REVIVED_WITHIN
        self._started = [at for at in self._started if at > since]
        if len(self._started) >= REVIVALS:
            return False
        self._end_session()
        self._started.append(time.monotonic())
        self._process = self._start()
        return True

    def stop(self, interruptions: Interruptions, *, patience: float) -> None:
        """Ask it to end, wait unless somebody grows impatient, then end the whole session."""
        told = interruptions.count
        deadline = time.monotonic() + patience
        if self.exit_code() is None:
            self._process.terminate()
        while self.exit_code() is None and time.monotonic() < deadline:
            if interruptions.count > told:
                break
            interruptions.wait()
        self._end_session()

    def _end_session(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
