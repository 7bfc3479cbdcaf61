"""What a map offers to a statistic: the areas whose value is known, and their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.arrays import Booleans, Floats, Integers, Numbers, vector
from geo.permutations import neighbour_sum_p
from geo.weights import Weights, checked


def ratio(above: Floats, below: Floats, where: Booleans | bool = True) -> Floats:
    """Quotient; NaN where ``below`` is 0 or not known, or ``where`` is False."""
    quotient = np.full(above.shape, np.nan)
    np.divide(above, below, out=quotient, where=(below > 0) & where)
    return quotient


@dataclass(frozen=True)
class Sample:
    """The areas that are known: their values, weights and rows in the input."""

    values: Floats
    weights: Weights
    known: Booleans
    index: pd.Index | None = None

    @classmethod
    def of(cls, values: Numbers, weights: Any) -> Sample:
        """Check values and weights, and drop the areas whose value is NaN."""
        given = vector(values, "values")
        matrix = checked(weights, len(given))
        known = ~np.isnan(given)
        index = values.index if isinstance(values, pd.Series) else None
        if not known.all():
            given, matrix = given[known], matrix[known][:, known]
        return cls(given, matrix, known, index)

    def connected(self) -> Sample:
        """Leave out areas without neighbours, until each has one."""
        keep = self.degrees > 0
        if keep.all():
            return self
        known = self.known.copy()
        known[np.flatnonzero(known)[~keep]] = False
        return Sample(self.values[keep], self.weights[keep][:, keep], known).connected()

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def mean(self) -> float:
        return float(self.values.mean()) if self.n else np.nan

    @property
    def varies(self) -> bool:
        """Whether the values differ by more than rounding."""
        return self.n > 1 and bool(np.ptp(self.values) > 1e-12 * np.abs(self.values).max())

    @property
    def deviation(self) -> float:
        """Population standard deviation; NaN where nothing varies."""
        return float(self.values.std()) if self.varies else np.nan

    @property
    def degrees(self) -> Integers:
        """Number of known neighbours."""
        degrees: Integers = np.diff(self.weights.indptr).astype(np.int64)
        return degrees

    @property
    def sums(self) -> Floats:
        """Sum over the neighbours."""
        sums: Floats = self.weights @ self.values
        return sums

    @property
    def lag(self) -> Floats:
        """Mean over the neighbours; NaN without any."""
        return ratio(self.sums, self.degrees.astype(np.float64))

    def permuted(self, permutations: int, seed: int) -> Floats:
        """Folded pseudo p of the neighbour sums; NaN where nothing varies."""
        if not self.varies or permutations == 0:
            return np.full(self.n, np.nan)
        own = self.values - self.mean
        return neighbour_sum_p(own, self.weights @ own, self.degrees, permutations, seed)

    def spread(self, column: Floats) -> Floats:
        """Put a column of the known areas back into all rows of the input."""
        full = np.full(len(self.known), np.nan)
        full[self.known] = column
        return full
