"""A folder of files of each test's own, and the cast behind its doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from tests.coordination.conftest import door
from yuantou.mediation.attachments.store import Store

__all__ = ["door"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Where the files of this test lie."""
    monkeypatch.setenv("YUANTOU_FILES", str(tmp_path / "own"))
    return Store(tmp_path / "own")


@pytest.fixture
def words() -> Iterator[None]:
    """Just enough of an application for messages in Chinese, without a database."""
    plain = Flask("plain")
    Babel(plain, default_locale="zh")
    with plain.test_request_context():
        yield
