"""The commands that a stranger types first, and the packages that they install."""

import os
import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from yuantou.launcher.environment import ensure, fingerprint

ROOT = Path(__file__).resolve().parents[1]
LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
PLACES = [*LOCKS, ROOT / "Makefile", ROOT / ".ci" / "run"]


def pinned(lock: Path) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in lock.read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def sections(lock: Path) -> tuple[str, str]:
    direct, _, rest = lock.read_text().partition("# what these need in turn\n")
    return direct, rest


def test_make_alone_lists_the_commands() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    named = set(re.findall(r"^  make ([a-z]+)", done.stdout, re.MULTILINE))
    assert {"run", "test", "check", "soak", "bench"} <= named


def test_continuous_integration_runs_the_same_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_and_installed_as_pinned(lock: Path) -> None:
    for requirement in pinned(lock):
        assert metadata.version(requirement.name) in requirement.specifier, requirement.name
        assert str(requirement.specifier).startswith("=="), requirement.name


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_runs_on_the_oldest_python(lock: Path) -> None:
    for requirement in pinned(lock):
        pythons = metadata.metadata(requirement.name)["Requires-Python"] or ""
        assert "3.11.0" in SpecifierSet(pythons), requirement.name


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_direct_package_says_what_it_is_for(lock: Path) -> None:
    direct, rest = sections(lock)
    assert rest
    for line in direct.splitlines():
        assert "==" not in line or re.search(r"\S  +# \w+", line), line


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_no_package_index_is_named(place: Path) -> None:
    assert not re.search(r"https?://|index-url|find-links|trusted-host", place.read_text())


def test_an_environment_that_is_as_wanted_is_left_alone(tmp_path: Path) -> None:
    wish = tmp_path / "wish.txt"
    wish.write_text("a==1\n")
    python = tmp_path / "place" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("not a program: running it would fail")
    (tmp_path / "place" / "wish.stamp").write_text(fingerprint([wish]))
    ensure(tmp_path / "place", [wish])
    assert (tmp_path / "place" / "wish.stamp").read_text() == fingerprint([wish])


def test_another_wish_needs_another_installation(tmp_path: Path) -> None:
    wish = tmp_path / "wish.txt"
    wish.write_text("a==1\n")
    before = fingerprint([wish])
    wish.write_text("a==2\n")
    assert fingerprint([wish]) != before
