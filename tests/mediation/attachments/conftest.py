"""A folder of files of each test's own, and the cast behind its doors."""

from pathlib import Path

import pytest

from tests.coordination.conftest import door
from yuantou.mediation.attachments.store import Store

__all__ = ["door"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Where the files of this test lie."""
    monkeypatch.setenv("YUANTOU_FILES", str(tmp_path / "own"))
    return Store(tmp_path / "own")
