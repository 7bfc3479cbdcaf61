"""False discovery rate, of independent tests and of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.hotspots import benjamini_hochberg, benjamini_yekutieli, gi_star
from geo.weights import contiguity
from tests.geo.land import row_of, squares

probabilities = arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1))


# Benjamini and Hochberg (1995), section 3.2: 15 p values, 4 rejected at q = 0.05.
PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
         0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]  # fmt: skip


def test_the_example_of_benjamini_and_hochberg() -> None:
    adjusted = benjamini_hochberg(PAPER)
    assert (adjusted <= 0.05).sum() == 4
    # R: p.adjust(p, "BH")[1:5]
    assert adjusted[:5] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625, 0.0603])


def test_missing_tests_are_no_tests() -> None:
    assert benjamini_hochberg([0.01, np.nan, 0.04]) == pytest.approx(
        [0.02, np.nan, 0.04], nan_ok=True
    )
    assert benjamini_hochberg([]).tolist() == []


def test_what_is_no_probability_is_named() -> None:
    with pytest.raises(ValueError, match="p outside 0 to 1 at position 1"):
        benjamini_hochberg([0.5, 1.5])


@given(probabilities)
def test_adjusting_keeps_the_order_and_never_lowers(p: np.ndarray) -> None:
    adjusted = benjamini_hochberg(p)
    assert (adjusted >= p).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()


def test_the_same_for_tests_that_depend_on_each_other() -> None:
    # R: p.adjust(p, "BY")[1:6]
    assert benjamini_yekutieli(PAPER)[:6] == pytest.approx(
        [0.004977343, 0.009954687, 0.03152318, 0.1182119, 0.2000892, 0.2118926], rel=1e-6
    )
    assert benjamini_yekutieli([0.5, np.nan]) == pytest.approx([0.5, np.nan], nan_ok=True)
    assert benjamini_yekutieli([]).tolist() == []


def test_a_map_can_be_judged_by_either() -> None:
    values = np.random.default_rng(1).normal(size=64)
    values[[0, 1, 8, 9]] += 3
    weights = contiguity(squares(8, 8))
    usual, strict = (gi_star(values, weights, 0, adjustment=each) for each in ("BH", "BY"))
    assert (strict["p_adjusted"] >= usual["p_adjusted"]).all()
    assert strict["significant"].sum() <= usual["significant"].sum()
    with pytest.raises(ValueError, match='adjustment must be "BH" or "BY"'):
        gi_star([1.0, 2, 3], row_of(3), adjustment="bonferroni")  # type: ignore[arg-type]
