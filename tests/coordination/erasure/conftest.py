"""The cast behind its doors, as the tests of coordination open them."""

from tests.coordination.conftest import door

__all__ = ["door"]
