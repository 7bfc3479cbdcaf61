"""Circles around each area, the places where a scan looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Booleans, Floats, Integers

_TIE = 1e-9
_BLOCK = 256


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
    most = max_population * population.sum() * (1 + 1e-12)
    parts = [
        _nested(points[first : first + _BLOCK], points, population, most)
        for first in range(0, len(points), _BLOCK)
    ]
    sizes = np.concatenate([size for _, _, size in parts])
    widest = int(sizes.max(initial=0))
    order = np.concatenate([_widened(order, widest) for order, _, _ in parts])
    looked_at = np.concatenate([_widened(whole, widest) for _, whole, _ in parts])
    looked_at &= np.arange(widest) < sizes[:, None]
    return Zones(order, sizes, looked_at & _first_of_its_kind(order, looked_at))


def _nested(
    centres: Floats, points: Floats, population: Floats, most: float
) -> tuple[Integers, Booleans, Integers]:
    """Areas from near to far for some centres, where a circle is whole, and how many it holds."""
    apart = np.hypot(*(centres[:, None] - points).transpose(2, 0, 1))
    order = np.argsort(apart, axis=1, kind="stable")
    apart = np.take_along_axis(apart, order, axis=1)
    sizes = (np.cumsum(population[order], axis=1) <= most).sum(axis=1)
    whole = np.ones(order.shape, dtype=np.bool_)
    whole[:, :-1] = np.diff(apart, axis=1) > _TIE * apart[:, -1:]
    widest = int(sizes.max(initial=0))
    return order[:, :widest].copy(), whole[:, :widest].copy(), sizes


def _widened(part: NDArray[Any], width: int) -> NDArray[Any]:
    return np.pad(part, ((0, 0), (0, width - part.shape[1])))


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
