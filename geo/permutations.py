"""Conditional permutations of neighbour sums, many areas at once.

A local statistic under conditional permutation keeps the value of area i and
deals the others at random to its neighbours' places. With equal weights only
the sum over the neighbours matters, so one set of draws serves all areas: of a
row of areas drawn in random order, the first d are the neighbours of an area
that has d; where it is itself among these, the next one takes its place. Given
i, the d areas so obtained are a uniform draw from the others, so this stays
exact.
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
    if not degrees.any():
        return p
    drawn = _Drawn.of(values, degrees, permutations, np.random.default_rng(seed))
    margin = 1e-12 * float(np.abs(values).max(initial=0.0)) * (degrees + 1)
    below, tied = drawn.below(sums - margin, sums + margin)
    judged = degrees > 0
    fewer = np.minimum(permutations - below, below + tied)
    p[judged] = ((fewer + 1) / (permutations + 1))[judged]
    return p


@dataclass(frozen=True)
class _Drawn:
    """Sums of the first 1, 2, … areas of each draw, and where an area stands in its own.

    The last three run over these meetings: the area, the sum with it, and the
    sum with the next area in its place.
    """

    degrees: Integers
    ordered: dict[int, Floats]
    area: Integers
    total: Floats
    swapped: Floats

    @classmethod
    def of(
        cls, values: Floats, degrees: Integers, permutations: int, rng: np.random.Generator
    ) -> _Drawn:
        chosen = draw(rng, len(values), int(degrees.max()) + 1, permutations)
        drawn = values[chosen]
        sums = np.cumsum(drawn, axis=1)
        row, place = np.nonzero(np.arange(chosen.shape[1]) < degrees[chosen])
        area = chosen[row, place]
        total = sums[row, degrees[area] - 1]
        swapped = total - drawn[row, place] + drawn[row, degrees[area]]
        present = np.flatnonzero(np.bincount(degrees)[1:]) + 1
        ordered = {int(degree): np.sort(sums[:, degree - 1]) for degree in present}
        return cls(degrees, ordered, area, total, swapped)

    def below(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Count, for each area, the draws from the others below ``low``, and up to ``high``.

        The latter are ties, and rare: they are looked for where the next sum is one.
        """
        below, tied = self._change(low), np.zeros(len(low))
        tied += self._change(high) - below
        for degree, ordered in self.ordered.items():
            areas = np.flatnonzero(self.degrees == degree)
            place = np.searchsorted(ordered, low[areas])
            below[areas] += place
            close = np.flatnonzero(np.append(ordered, np.inf)[place] < high[areas])
            upper = np.searchsorted(ordered, high[areas[close]])
            tied[areas[close]] += upper - place[close]
        return below, tied

    def _change(self, bounds: Floats) -> Floats:
        """What swapping an area out of its own draws changes in the count below its bound."""
        bound = bounds[self.area]
        change = (self.swapped < bound) * 1.0 - (self.total < bound)
        count = np.zeros(len(bounds))
        count += np.bincount(self.area, weights=change, minlength=len(bounds))
        return count


def draw(rng: np.random.Generator, n: int, size: int, times: int) -> Integers:
    """``times`` uniform draws of ``size`` out of n without replacement, one a row.

    Each row is in random order.
    """
    if size * size <= n:
        return _by_rejection(rng, n, size, times)
    block = max(1, _CELLS // n)
    blocks = [min(block, times - start) for start in range(0, times, block)]
    return np.concatenate([_by_swaps(rng, n, size, rows) for rows in blocks])


def _by_rejection(rng: np.random.Generator, n: int, size: int, times: int) -> Integers:
    chosen = rng.integers(0, n, (times, size))
    while (again := _repeating(chosen)).size:
        chosen[again] = rng.integers(0, n, (len(again), size))
    return chosen


def _repeating(chosen: Integers) -> Integers:
    ordered = np.sort(chosen, axis=1)
    return np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))


def _by_swaps(rng: np.random.Generator, n: int, size: int, times: int) -> Integers:
    pool = np.tile(np.arange(n), (times, 1))
    rows = np.arange(times)
    for place in range(size):
        other = rng.integers(place, n, times)
        taken = pool[rows, other]
        pool[rows, other] = pool[:, place]
        pool[:, place] = taken
    return pool[:, :size]
