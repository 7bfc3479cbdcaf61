"""Walls that no reader should have to remember."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click import Context
from flask import Flask

from yuantou.app import CAPABILITIES
from yuantou.calendar.clock import now
from yuantou.database.dues import next_due
from yuantou.database.migrating import WITH_TABLES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "platform" / "yuantou"
LONGEST_FILE = 400
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core"}
# XML namespaces are names, not places; they are never fetched.
OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
TEXT = {".html", ".css", ".js", ".svg", ".webmanifest", ".txt", ".xml"}


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def room(path: Path) -> str:
    """The dotted name of the capability, or of the room in it, that a file belongs to."""
    return ".".join(path.parent.relative_to(PACKAGE).parts)


def test_platform_is_a_source_root_and_not_a_package() -> None:
    assert [path.name for path in (ROOT / "platform").glob("*.py")] == []
    assert [path.name for path in (ROOT / "platform").iterdir() if path.name != "__pycache__"] == [
        "yuantou"
    ]


def test_the_standard_librarys_platform_is_the_one_imported() -> None:
    ask = "import sys; sys.path[:0] = ['platform', '.']; import platform; print(platform.system())"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_file_is_too_long_to_read() -> None:
    paths = sources("platform", "geo", "tests")
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {str(path): n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_drawer_for_everything() -> None:
    named = [path for path in sources("platform", "geo") if path.stem in FORBIDDEN_NAMES]
    named += [path for path in PACKAGE.iterdir() if path.name in FORBIDDEN_NAMES]
    assert named == []


def test_every_capability_with_tables_is_known_to_the_migrations() -> None:
    with_models = {room(path) for path in PACKAGE.rglob("models.py")}
    assert with_models == set(WITH_TABLES)


def test_every_capability_with_pages_or_jobs_is_registered() -> None:
    active = {room(path) for part in ("routes", "cli", "jobs", "receivers")
              for path in PACKAGE.rglob(f"?*/{part}.py")}  # fmt: skip
    assert active <= set(CAPABILITIES)


class _Addresses(HTMLParser):
    """What a page would fetch by itself or hand to a script."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"src", "srcset", "data", "poster", "action"} | (
            {"href"} if tag == "link" else set()
        )
        self.found += [value for name, value in attrs if name in names and value]


@pytest.mark.parametrize("folder", ["templates", "platform/yuantou/static"])
def test_no_page_asks_anybody_outside(folder: str) -> None:
    found: dict[str, list[str]] = {}
    for path in (one for one in (ROOT / folder).rglob("*") if one.suffix in TEXT):
        words = _without_comments(path)
        if path.suffix == ".html":
            parser = _Addresses()
            parser.feed(words)
            words = "\n".join(parser.found)
        if places := OUTSIDE.findall(words):
            found[str(path.relative_to(ROOT))] = places
    assert found == {}


def _without_comments(path: Path) -> str:
    """Comments may name where something comes from, such as a licence."""
    words = path.read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|<!--.*?-->|^\s*//.*?$", "", words, flags=re.DOTALL | re.MULTILINE)


def test_every_job_has_a_chinese_name_a_code_of_its_own_and_comes_due(app: Flask) -> None:
    jobs = app.extensions["jobs"]
    assert jobs
    assert [job.code for job in jobs if not CHINESE.search(job.name_zh)] == []
    assert len({job.code for job in jobs}) == len(jobs)
    assert [job.code for job in jobs if next_due(job, now()) is None] == []


def test_every_command_has_a_chinese_description(app: Flask) -> None:
    context = Context(app.cli)
    commands = [app.cli.get_command(context, name) for name in app.cli.list_commands(context)]
    assert len(commands) > 10
    assert [one for one in commands if not one or not CHINESE.search(one.help or "")] == []
