"""The cast behind its doors, as in coordination."""

from tests.coordination.conftest import door

__all__ = ["door"]
