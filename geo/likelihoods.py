"""Log-likelihood ratios of a scan: how much more likely the cases are if a window is special.

With c cases observed in a window of E expected, and C cases in all:

* Poisson (Kulldorff 1997): ``c·ln(c/E) + (C - c)·ln((C - c)/(C - E))``;
* Bernoulli (Kulldorff 1997): that of the cases plus that of the H persons who are
  no case, of whom d are in the window and D would be,
  ``d·ln(d/D) + (H - d)·ln((H - d)/(H - D))``;
* expectation-based (Neill 2006): ``c·ln(c/E) + E - c``.

Each is 0 where c ≤ E, grows with c and shrinks with E beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import xlogy

from geo.arrays import Floats

_ROUNDS = 18


class Likelihood(Protocol):
    """A ratio that grows with the observed and falls with the expected cases."""

    def ratio(self, observed: Floats, expected: Floats) -> Floats:
        """Log-likelihood ratio where ``observed`` > ``expected`` > 0."""
        ...


@dataclass(frozen=True)
class Poisson:
    """Kulldorff's ratio, given ``total`` cases."""

    total: float

    def ratio(self, observed: Floats, expected: Floats) -> Floats:
        """As ``Likelihood`` says."""
        outside = np.maximum(self.total - observed, 0.0)
        usual = np.maximum(self.total - expected, 1e-300)
        return _term(observed, expected) + _term(outside, usual)


@dataclass(frozen=True)
class Bernoulli:
    """Kulldorff's ratio for ``total`` cases among ``persons``."""

    total: float
    persons: float

    def ratio(self, observed: Floats, expected: Floats) -> Floats:
        """As ``Likelihood`` says."""
        healthy = self.persons - self.total
        inside = np.maximum(expected * (self.persons / self.total) - observed, 0.0)
        usual = expected * (healthy / self.total)
        cases = Poisson(self.total).ratio(observed, expected)
        if healthy <= 0:
            return np.zeros_like(cases)
        return cases + Poisson(healthy).ratio(inside, usual)


@dataclass(frozen=True)
class Expectation:
    """Neill's ratio: the expected cases are known."""

    def ratio(self, observed: Floats, expected: Floats) -> Floats:
        """As ``Likelihood`` says."""
        return _term(observed, expected) + expected - observed


def _term(observed: Floats, expected: Floats) -> Floats:
    return np.asarray(xlogy(observed, observed / expected), dtype=np.float64)


def ratios(likelihood: Likelihood, observed: Floats, expected: Floats) -> Floats:
    """Ratio of every window, 0 where not more than expected."""
    high = observed > expected
    found = np.zeros(high.shape)
    found[high] = np.maximum(likelihood.ratio(observed[high], expected[high]), 0.0)
    return found


def ceilings(likelihood: Likelihood, level: float, highest: int) -> Floats:
    """For c = 0 … ``highest`` how much may be expected for c to reach ``level``, or a little more.

    Ascending, so that ``np.searchsorted(ceilings, expected)`` is a count below
    which no window reaches the level. The bracket's upper end is taken, so
    that none is missed.
    """
    count = np.arange(highest + 1.0)
    below = np.nextafter(count, -1)
    if level > 0 and highest:
        count = count[1:]
        low, high = -1 - level / count, np.zeros(highest)
        for _ in range(_ROUNDS):
            middle = (low + high) / 2
            enough = likelihood.ratio(count, count * np.exp(middle)) >= level
            low, high = np.where(enough, middle, low), np.where(enough, high, middle)
        below[1:] = np.minimum(count * np.exp(high) * (1 + 1e-9), below[1:])
    return np.maximum.accumulate(below)
