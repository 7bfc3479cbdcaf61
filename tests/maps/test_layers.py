"""Classes of the legend, and hot and cold spots."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from yuantou.maps.clusters import clusters, smoothed
from yuantou.maps.layers import classify

GRID = {
    f"{r}{c}": [
        f"{a}{b}"
        for a in range(max(0, r - 1), min(8, r + 2))
        for b in range(max(0, c - 1), min(8, c + 2))
        if (a, b) != (r, c)
    ]
    for r in range(8)
    for c in range(8)
}


def test_every_known_county_falls_into_one_class_and_the_legend_counts_them() -> None:
    values = {str(i): float(i) for i in range(100)} | {"missing": None}
    classes = classify(values, whole=True)
    assert sum(classes.counts) == 100
    assert "missing" not in classes.of
    assert len(classes.labels) == len(classes.counts) == 6


def test_equal_values_make_one_class() -> None:
    classes = classify({"a": 4.0, "b": 4.0}, whole=False)
    assert (classes.counts, classes.labels) == ((2,), ("全部",))


def test_no_values_make_no_class() -> None:
    assert classify({"a": None}, whole=False).labels == ()


@given(st.dictionaries(st.text(min_size=1), st.floats(0, 1e6), min_size=1))
def test_a_higher_value_never_has_a_lower_class(values: dict[str, float]) -> None:
    of = classify(dict(values), whole=False).of
    ordered = sorted(values, key=lambda code: values[code])
    assert all(of[a] <= of[b] for a, b in itertools.pairwise(ordered))


def test_a_planted_cluster_is_hot_and_a_flat_land_is_quiet() -> None:
    planted = {
        code: 60.0 if code in {"11", "12", "21", "22"} else 20.0 + int(code) % 3 for code in GRID
    }
    found = clusters(planted, GRID)
    assert {"11", "12", "21", "22"} <= {
        code for code, kind in found.items() if kind.startswith("hot")
    }
    assert clusters(dict.fromkeys(GRID, 20.0), GRID) == {}


def test_a_county_without_population_has_no_smoothed_rate() -> None:
    rates = smoothed({"a": (10, 10_000), "b": (20, 10_000), "c": (30, 0)}, 10_000)
    assert set(rates) == {"a", "b"}
    assert 10 < rates["a"] <= rates["b"] < 20 + 1e-9
