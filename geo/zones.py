"""Circles around each area, the places where a scan looks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.arrays import Booleans, Floats, Integers

_TIE = 1e-9


@dataclass(frozen=True)
class Zones:
    """Nested circles around n centres.

    ``order`` (n, k) names for each centre the areas from near to far, itself
    among the first; ``sizes`` (n,) how many of them a circle may hold. The zone
    of centre i with m + 1 members is ``order[i, : m + 1]``; ``looked_at``
    (n, k) is True where this is a whole circle (no area just as far is left
    out) that no other pair stands for, too.
    """

    order: Integers
    sizes: Integers
    looked_at: Booleans

    def members(self, centre: int, last: int) -> Integers:
        """Row numbers of one zone, ascending."""
        return np.sort(self.order[centre, : last + 1])


def circles(points: Floats, population: Floats, max_population: float) -> Zones:
    """Circles around n points holding at most a share ``max_population`` of ``population``.

    ``points`` is (n, 2), in one planar unit; areas equally far from the centre
    enter together, so that the order of areas does not matter.
    """
    apart = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    order = np.argsort(apart, axis=1, kind="stable")
    apart = np.take_along_axis(apart, order, axis=1)
    held = np.cumsum(population[order], axis=1)
    within = held <= max_population * population.sum() * (1 + 1e-12)
    whole = np.ones_like(within)
    whole[:, :-1] = np.diff(apart, axis=1) > _TIE * apart[:, -1:]
    sizes = within.sum(axis=1)
    most = int(sizes.max(initial=0))
    order, looked_at = order[:, :most], (within & whole)[:, :most]
    return Zones(order, sizes, looked_at & _first_of_its_kind(order, looked_at))


def _first_of_its_kind(order: Integers, candidates: Booleans) -> Booleans:
    """True where no earlier candidate holds the same areas, told by a sum of random names."""
    rng = np.random.default_rng(0)
    names = rng.integers(0, 2**63, order.max(initial=0) + 1, dtype=np.uint64)
    sums = np.cumsum(names[order], axis=1, dtype=np.uint64)
    where = np.flatnonzero(candidates.ravel())
    _, first = np.unique(sums.ravel()[where], return_index=True)
    distinct = np.zeros(order.size, dtype=np.bool_)
    distinct[where[first]] = True
    return distinct.reshape(order.shape)
