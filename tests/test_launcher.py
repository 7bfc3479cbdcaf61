"""`make run`: what it asks for, what it refuses, and that nothing of it is left behind."""

import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from yuantou.launcher.children import REVIVALS, Child, Interruptions
from yuantou.launcher.locks import LIFELINE, take_lifeline, take_run_lock, write_run_lock
from yuantou.launcher.surroundings import (
    HOST,
    URLS,
    Wishes,
    child_environment,
    external_urls,
    read_wishes,
    wait_for_port,
    web_environment,
)
from yuantou.launcher.words import Complaint

ROOT = Path(__file__).resolve().parents[1]
SLEEPER = "import subprocess, sys, time; print(1, flush=True); time.sleep(60)"
FAMILY = """
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "60"])
pathlib.Path("pids").write_text(str(child.pid))
pathlib.Path("pids").rename("family")
time.sleep(60)
"""


def gone(pid: int) -> bool:
    """Nobody, or only the entry that its parent has yet to read."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def eventually(condition: Callable[[], bool], *, seconds: float = 20) -> bool:
    """Ask again until it holds or the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        os.sched_yield()
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two programs: one that obeys, one that does not and has a child."""
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    (tmp_path / "family.py").write_text(FAMILY)
    return tmp_path


@pytest.fixture
def interruptions() -> Iterator[Interruptions]:
    """Signals heard as the launcher hears them."""
    with Interruptions() as heard:
        yield heard


def child(folder: Path, program: str) -> Child:
    path = f"{ROOT / 'platform'}{os.pathsep}{ROOT}{os.pathsep}{folder}"
    environment = {**os.environ, "PYTHONPATH": path, LIFELINE: str(folder / "lifeline.lock")}
    return Child(program, [program], environment=environment, folder=folder)


def test_wishes_have_defaults() -> None:
    assert read_wishes({}) == Wishes(port=8000, demo=True, workers=2)


def test_wishes_come_from_the_environment() -> None:
    wishes = read_wishes({"PORT": "8001", "DEMO": "0", "WEB_WORKERS": "4"})
    assert wishes == Wishes(port=8001, demo=False, workers=4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "８０００"),
        ("DEMO", "yes"),
        ("WEB_WORKERS", "0"),
    ],
)
def test_a_wish_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(Complaint, match=name):
        read_wishes({name: value})


def test_without_database_url_there_is_no_other_server() -> None:
    assert external_urls({}) == {}


def test_a_server_needs_an_address_for_each_role() -> None:
    with pytest.raises(Complaint, match="DATABASE_WORKER_URL DATABASE_OWNER_URL"):
        external_urls({"DATABASE_URL": "postgresql://app@host/yuantou"})


def test_all_addresses_of_a_server_are_taken() -> None:
    given = {name: f"postgresql://{name.lower()}@host/yuantou" for name in URLS}
    assert external_urls(given) == given


def test_a_child_gets_no_address_but_its_own() -> None:
    ours = dict.fromkeys(URLS, "secret")
    assert "DATABASE_OWNER_URL" not in child_environment(ours, {"DATABASE_URL": "app"})


def test_the_web_server_knows_how_many_share_a_limit() -> None:
    told = web_environment(read_wishes({"WEB_WORKERS": ""}), dict.fromkeys(URLS, "app"))
    assert child_environment({"WEB_WORKERS": ""}, told)["WEB_WORKERS"] == "2"
    assert set(told) == {"DATABASE_URL", "WEB_WORKERS"}


def test_a_taken_port_is_said_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yuantou.launcher.surroundings.PATIENCE", 0)
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Complaint, match=f"make run PORT={port + 1}"):
            wait_for_port(port)


def test_a_free_port_is_not_waited_for() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    wait_for_port(port)


def test_a_second_launcher_learns_where_the_first_is(tmp_path: Path) -> None:
    lock = take_run_lock(tmp_path / "run.lock")
    assert isinstance(lock, int)
    write_run_lock(lock, "http://127.0.0.1:8000/ (pid 1)")
    assert take_run_lock(tmp_path / "run.lock") == "http://127.0.0.1:8000/ (pid 1)"
    os.close(lock)
    again = take_run_lock(tmp_path / "run.lock")
    assert isinstance(again, int)
    os.close(again)


def test_a_child_ends_when_its_launcher_dies(folder: Path, interruptions: Interruptions) -> None:
    lifeline = take_lifeline(folder / "lifeline.lock")
    sleeper = child(folder, "sleeper")
    assert sleeper.exit_code() is None
    os.close(lifeline)
    assert eventually(lambda: sleeper.exit_code() == -signal.SIGTERM)
    sleeper.stop(interruptions, patience=0)


def test_a_child_that_died_is_started_again_but_not_for_ever(
    folder: Path, interruptions: Interruptions
) -> None:
    fragile = child(folder, "sleeper")
    before = fragile.pid
    for _ in range(REVIVALS):
        os.kill(fragile.pid, signal.SIGKILL)
        assert eventually(lambda: fragile.exit_code() is not None)
        assert fragile.revive()
    assert fragile.pid != before
    assert not fragile.revive()
    fragile.stop(interruptions, patience=5)


def test_stopping_leaves_nothing_of_a_disobedient_family(
    folder: Path, interruptions: Interruptions
) -> None:
    lifeline = take_lifeline(folder / "lifeline.lock")
    family = child(folder, "family")
    assert eventually((folder / "family").exists)
    family.stop(interruptions, patience=0.1)
    os.close(lifeline)
    assert family.exit_code() == -signal.SIGKILL
    assert eventually(lambda: gone(int((folder / "family").read_text())))


def test_a_second_interruption_does_not_wait(folder: Path, interruptions: Interruptions) -> None:
    lifeline = take_lifeline(folder / "lifeline.lock")
    family = child(folder, "family")
    assert eventually((folder / "family").exists)
    signal.raise_signal(signal.SIGINT)
    impatience = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    impatience.start()
    started = time.monotonic()
    family.stop(interruptions, patience=60)
    os.close(lifeline)
    impatience.join()
    assert time.monotonic() - started < 30


def test_signals_are_counted_and_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interruptions() as heard:
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        heard.wait()
        assert heard.count == 2
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_terminal_that_is_gone_counts_once() -> None:
    ours, theirs = pty.openpty()
    with Interruptions(terminal=theirs) as heard:
        os.close(ours)
        heard.wait()
        heard.wait()
        assert heard.count == 1
    os.close(theirs)


def test_an_impossible_wish_ends_with_words_and_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "yuantou.launcher"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "platform"), "PORT": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PORT=many 无效" in done.stderr
    assert "Traceback" not in done.stderr
