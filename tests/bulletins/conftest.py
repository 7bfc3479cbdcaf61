"""Matters and counts as the tests of indicators write them."""

from tests.indicators.conftest import count, counts, matter

__all__ = ["count", "counts", "matter"]
