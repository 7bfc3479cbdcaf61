"""Benjamini-Hochberg."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.hotspots import benjamini_hochberg

probabilities = arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1))


def test_the_example_of_benjamini_and_hochberg() -> None:
    # Their 1995 paper, section 3.2: 15 p values, 4 rejected at q = 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
         0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]  # fmt: skip
    adjusted = benjamini_hochberg(p)
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
