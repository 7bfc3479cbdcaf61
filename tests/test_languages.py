"""Chinese first, English second: every sentence of the screens has its English."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "config" / "translations" / "en" / "LC_MESSAGES"


def sentences(tmp_path: Path) -> set[str]:
    """Every sentence that code and templates mark for translation."""
    pot = tmp_path / "messages.pot"
    words = ["-F", "config/babel.cfg", "-k", "_l", "-k", "lazy_gettext", "-o", str(pot), "."]
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *words],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with pot.open("rb") as stream:
        return {str(each.id) for each in read_po(stream) if each.id}


def test_every_sentence_has_its_english(tmp_path: Path) -> None:
    with (FOLDER / "messages.po").open("rb") as stream:
        known = {str(each.id) for each in read_po(stream) if each.id and each.string}
    assert sorted(sentences(tmp_path) - known) == []


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with (FOLDER / "messages.po").open("rb") as stream:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(stream, locale="en"))
    compiled.seek(0)
    with (FOLDER / "messages.mo").open("rb") as stream:
        shipped = {each.id: each.string for each in read_mo(stream) if each.id}
    assert shipped == {each.id: each.string for each in read_mo(compiled) if each.id}


@pytest.mark.parametrize("path", ["/disputes/", "/map", "/notices"])
def test_a_person_may_read_in_english(client_of: Callable[[str], FlaskClient], path: str) -> None:
    client = client_of("gao")
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    page = client.get(path).get_data(as_text=True)
    assert '<html lang="en">' in page
    assert "Sign out" in page


def test_chinese_comes_first(client_of: Callable[[str], FlaskClient]) -> None:
    client = client_of("gao")
    page = client.get("/disputes/", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="zh-CN">' in page
