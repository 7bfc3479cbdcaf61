"""False discovery rate: how many of the tests found significant are so by chance."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from geo.arrays import Floats, Numbers, numbers, refuse

Adjustment: TypeAlias = Literal["BH", "BY"]


def benjamini_hochberg(p: Numbers) -> Floats:
    """Adjusted p values: those at most q are the discoveries at false discovery rate q.

    ``p`` has any shape; NaN stay NaN and are no tests. Raises ValueError for
    a p outside 0 … 1, naming its position.

    Source: Benjamini and Hochberg (1995), JRSS B 57: 289-300.
    """
    given = numbers(p, "p")
    refuse((given < 0) | (given > 1), "p outside 0 to 1")
    adjusted = np.full(given.shape, np.nan)
    judged = ~np.isnan(given)
    tests = given[judged]
    order = np.argsort(tests)[::-1]
    scaled = tests[order] * (tests.size / np.arange(tests.size, 0, -1))
    result = np.empty_like(tests)
    result[order] = np.minimum.accumulate(np.minimum(scaled, 1.0))
    adjusted[judged] = result
    return adjusted


def benjamini_yekutieli(p: Numbers) -> Floats:
    """Adjusted p values that hold however the tests depend on each other.

    Those of ``benjamini_hochberg`` times 1 + 1/2 + … + 1/m, at most 1; m
    tests. Otherwise as there.

    Source: Benjamini and Yekutieli (2001), Annals of Statistics 29: 1165-1188.
    """
    adjusted = benjamini_hochberg(p)
    tests = int((~np.isnan(adjusted)).sum())
    harmonic = float((1.0 / np.arange(1, tests + 1)).sum())
    return np.asarray(np.minimum(adjusted * harmonic, 1.0))


def adjusted_p(p: Numbers, adjustment: Adjustment) -> Floats:
    """Adjusted p values by name; ValueError for an unknown one."""
    if adjustment not in ("BH", "BY"):
        raise ValueError(f'adjustment must be "BH" or "BY", not {adjustment!r}')
    return benjamini_hochberg(p) if adjustment == "BH" else benjamini_yekutieli(p)
