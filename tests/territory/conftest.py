"""The invented territory as a fixture."""

from pathlib import Path

import pytest

from tests.territory.invented import invent


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """A faultless invented territory that the test may spoil."""
    return invent(tmp_path / "虚构省")
