"""The library alone: quiet, small, and its examples true."""

import doctest
import subprocess
import sys

import pytest

import geo.datums
import geo.funnel
import geo.ranks
import geo.rates
import geo.survival

STRANGERS = ("flask", "sqlalchemy", "folium", "esda", "libpysal", "yuantou")


@pytest.mark.parametrize("module", [geo.rates, geo.datums, geo.funnel, geo.ranks, geo.survival])
def test_examples_in_docstrings_are_true(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


def test_it_brings_no_stranger_along() -> None:
    script = (
        "import sys, geo.hotspots, geo.places, geo.rates, geo.topology, geo.weights;"
        "import geo.control, geo.delay, geo.differences, geo.funnel, geo.ranks, geo.survival;"
        "import geo.addresses, geo.cells, geo.scan, geo.surveillance;"
        f"print([name for name in {STRANGERS} if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
    assert answer.stderr == ""


def test_rates_and_tests_need_no_geometry() -> None:
    script = (
        "import sys, geo.control, geo.delay, geo.differences, geo.funnel, geo.ranks, geo.rates;"
        "import geo.interruption, geo.survival;"
        "print([name for name in ('shapely', 'pyproj', 'pandas') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
