"""Replications of cases under the hypothesis that nothing is special anywhere.

Each function yields arrays (n, periods, replications) of whole numbers, in
blocks. A total that is not whole is rounded up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Floats, Integers

_CELLS = 8_000_000
_SMALL = 30_000


def multinomial(
    rng: np.random.Generator, expected: Floats, replications: int
) -> Iterator[NDArray[Any]]:
    """The total of ``expected`` (n, periods), dealt out in proportion to it."""
    total = int(np.ceil(expected.sum() - 1e-9))
    share = (expected / expected.sum()).ravel()
    for size in _blocks(replications, expected.size):
        yield _side_by_side(rng.multinomial(total, share, size), expected.shape, total)


def hypergeometric(
    rng: np.random.Generator, total: float, persons: Floats, replications: int
) -> Iterator[NDArray[Any]]:
    """``total`` cases among ``persons`` (n, periods), each person at most one."""
    whole, cases = np.rint(persons).astype(np.int64).ravel(), int(np.ceil(total - 1e-9))
    for size in _blocks(replications, persons.size):
        drawn = rng.multivariate_hypergeometric(whole, cases, size, method="marginals")
        yield _side_by_side(drawn, persons.shape, cases)


def independent(
    rng: np.random.Generator, expected: Floats, replications: int
) -> Iterator[NDArray[Any]]:
    """Poisson counts with the means ``expected`` (n, periods)."""
    for size in _blocks(replications, expected.size):
        drawn = rng.poisson(expected.ravel(), (size, expected.size))
        yield _side_by_side(drawn, expected.shape, int(drawn.sum(axis=1).max(initial=0)))


def shuffled(rng: np.random.Generator, cases: Floats, replications: int) -> Iterator[NDArray[Any]]:
    """Cases whose dates are dealt anew: sums by area and by period stay as in ``cases``."""
    n, periods = cases.shape
    by_area, by_period = margins(cases)
    area, period = np.repeat(np.arange(n), by_area), np.repeat(np.arange(periods), by_period)
    for size in _blocks(replications, max(cases.size, len(area))):
        dates = rng.permuted(np.tile(period, (size, 1)), axis=1)
        cell = (np.arange(size)[:, None] * n + area) * periods + dates
        drawn = np.bincount(cell.ravel(), minlength=size * cases.size)
        yield _side_by_side(drawn.reshape(size, -1), cases.shape, len(area))


def margins(cases: Floats) -> tuple[Integers, Integers]:
    """Whole sums by area and by period with one total, as near as can be."""
    total = int(np.ceil(cases.sum() - 1e-9))
    return _apportioned(cases.sum(axis=1), total), _apportioned(cases.sum(axis=0), total)


def _apportioned(parts: Floats, total: int) -> Integers:
    """Whole numbers that sum to ``total``: floors, and one more for the largest remainders."""
    whole = np.floor(parts + 1e-9).astype(np.int64)
    lacking = total - int(whole.sum())
    whole[np.argsort(whole - parts, kind="stable")[:lacking]] += 1
    return whole


def _blocks(replications: int, cells: int) -> list[int]:
    block = max(1, _CELLS // max(cells, 1))
    return [min(block, replications - first) for first in range(0, replications, block)]


def _side_by_side(drawn: NDArray[Any], shape: tuple[int, ...], highest: int) -> NDArray[Any]:
    kind = np.int16 if highest < _SMALL else np.int32
    return np.ascontiguousarray(drawn.astype(kind).T).reshape(*shape, len(drawn))
