"""Conditional permutations of neighbour sums, many areas at once.

A local statistic under conditional permutation keeps the value of area i and
deals the others at random to its neighbours' places. With equal weights only
the sum over the neighbours matters, so one set of draws serves all areas with
the same number of neighbours: draw d + 1 areas, sum the first d; where area i
itself is among these d, the spare one takes its place. Given i, the d areas so
obtained are a uniform draw from the others, so this stays exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.arrays import Floats, Integers

_CELLS = 2_000_000


def neighbour_sum_p(
    values: Floats, sums: Floats, degrees: Integers, permutations: int, seed: int
) -> Floats:
    """Folded pseudo p of each area's neighbour sum.

    ``values`` and ``sums`` are the n areas' own values and the sums over their
    ``degrees`` neighbours. The result is (k + 1) / (permutations + 1), k the
    draws at least as extreme on the nearer side; a draw equal to the
    observed sum counts on both sides. NaN where an area has no neighbours.
    """
    p = np.full(len(values), np.nan)
    rng = np.random.default_rng(seed)
    slack = 1e-12 * float(np.abs(values).max(initial=0.0))
    for degree in np.unique(degrees[degrees > 0]):
        sites = np.flatnonzero(degrees == degree)
        chosen = draw(rng, len(values), int(degree) + 1, permutations)
        reference = _Reference.of(values, sites, chosen)
        margin = slack * (degree + 1)
        high = reference.reached(sums[sites] - margin)
        low = permutations - reference.reached(sums[sites] + margin)
        p[sites] = (np.minimum(high, low) + 1) / (permutations + 1)
    return p


@dataclass(frozen=True)
class _Reference:
    """Sums of the draws, sorted, and where a site stands in its own draw.

    The last three run over these meetings: the site, the sum with it, and the
    sum with the spare area in its place.
    """

    ordered: Floats
    site: Integers
    total: Floats
    swapped: Floats

    @classmethod
    def of(cls, values: Floats, sites: Integers, chosen: Integers) -> _Reference:
        drawn, spare = values[chosen[:, :-1]], values[chosen[:, -1]]
        total = drawn.sum(axis=1)
        number = np.full(len(values), -1, dtype=np.int64)
        number[sites] = np.arange(len(sites))
        site = number[chosen[:, :-1]].ravel()
        met = np.flatnonzero(site >= 0)
        row = met // drawn.shape[1]
        swapped = total[row] - drawn.ravel()[met] + spare[row]
        return cls(np.sort(total), site[met], total[row], swapped)

    def reached(self, bounds: Floats) -> Floats:
        """Count, for each site, the draws from the others whose sum is at least its bound."""
        count = len(self.ordered) - np.searchsorted(self.ordered, bounds)
        bound = bounds[self.site]
        change = (self.swapped >= bound) * 1.0 - (self.total >= bound)
        corrections = np.bincount(self.site, weights=change, minlength=len(bounds))
        return count.astype(np.float64) + corrections


def draw(rng: np.random.Generator, n: int, size: int, times: int) -> Integers:
    """``times`` uniform draws of ``size`` out of n without replacement, one a row.

    The last column is a uniform choice among the drawn ones.
    """
    if size * size <= n:
        return _by_rejection(rng, n, size, times)
    block = max(1, _CELLS // n)
    blocks = [min(block, times - start) for start in range(0, times, block)]
    return np.concatenate([_by_keys(rng, n, size, rows) for rows in blocks])


def _by_rejection(rng: np.random.Generator, n: int, size: int, times: int) -> Integers:
    chosen = rng.integers(0, n, (times, size))
    while (again := _repeating(chosen)).size:
        chosen[again] = rng.integers(0, n, (len(again), size))
    return chosen


def _repeating(chosen: Integers) -> Integers:
    ordered = np.sort(chosen, axis=1)
    return np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))


def _by_keys(rng: np.random.Generator, n: int, size: int, times: int) -> Integers:
    keys = rng.random((times, n))
    chosen: Integers = np.argpartition(keys, size - 1, axis=1)[:, :size]
    return chosen
