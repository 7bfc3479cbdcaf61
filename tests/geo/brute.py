"""Slow scans in plain loops, to compare with."""

import math
from collections.abc import Callable, Iterator

import numpy as np

Window = tuple[frozenset[int], int, int]


def plogp(count: float, of: float) -> float:
    """count · ln(count / of), 0 at 0."""
    return count * math.log(count / of) if count > 0 else 0.0


def poisson(c: float, e: float, total: float) -> float:
    """Kulldorff (1997)."""
    if c <= e:
        return 0.0
    return plogp(c, e) + (plogp(total - c, total - e) if total > c else 0.0)


def expectation(c: float, e: float, _total: float) -> float:
    """Neill (2006)."""
    return plogp(c, e) + e - c if c > e else 0.0


def windows(
    points: np.ndarray, population: np.ndarray, share: float, periods: int, longest: int, now: bool
) -> Iterator[Window]:
    """Every circle and every stretch of time; end not included."""
    for centre in range(len(points)):
        apart = np.hypot(*(points - points[centre]).T)
        for radius in apart:
            inside = np.flatnonzero(apart <= radius + 1e-9 * apart.max())
            if population[inside].sum() > share * population.sum() * (1 + 1e-12):
                continue
            for start in range(periods):
                for end in range(start + 1, min(periods, start + longest) + 1):
                    if end == periods or not now:
                        yield frozenset(inside.tolist()), start, end


def best(
    cases: np.ndarray,
    expected: np.ndarray,
    looked_at: list[Window],
    ratio: Callable[[float, float, float], float],
) -> tuple[float, Window]:
    """The most striking of the windows."""
    found = []
    for members, start, end in looked_at:
        rows = sorted(members)
        c, e = cases[rows, start:end].sum(), expected[rows, start:end].sum()
        found.append((ratio(c, e, cases.sum()), (members, start, end)))
    return max(found, key=lambda pair: pair[0])
