"""Matters and a worker, as the tests of figures have them."""

from tests.indicators.conftest import matter, worker

__all__ = ["matter", "worker"]
