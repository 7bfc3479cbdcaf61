"""Is a map clustered as a whole: Moran's I, of values and of rates, and Getis and Ord's G.

Areas whose value is NaN, or who have no neighbour left, take no part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from geo.arrays import Booleans, Floats, Integers, Numbers, counts, matching, vector
from geo.samples import Sample
from geo.weights import Weights

_CELLS = 2_000_000


@dataclass(frozen=True)
class Moran:
    """Global Moran's I.

    ``z`` and ``p`` (two-sided) are normal under randomisation, with the given
    ``expected`` value and ``variance``; ``p_sim`` is the folded pseudo p of
    the permutations; ``n`` counts the areas that took part.
    """

    I: float  # noqa: E741
    expected: float
    variance: float
    z: float
    p: float
    p_sim: float
    n: int


def moran(values: Numbers, weights: Any, permutations: int = 999, seed: int = 0) -> Moran:
    """Moran's I over all areas, weights row-standardised.

    Areas that are NaN or without neighbours take no part at all. All NaN where
    fewer than four areas are left or the values do not vary. Errors as in
    ``gi_star``.

    Source: Cliff and Ord (1981), Spatial Processes, ch. 2.
    """
    _refuse_negative(permutations)
    sample = Sample.of(values, weights).connected()
    n = sample.n
    if n < 4 or not sample.varies:
        return Moran(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, n)
    own = sample.values - sample.mean
    statistic = float(own @ (sample.lag - sample.mean) / (own @ own))
    expected, variance = _moran_moments(own, sample.weights, sample.degrees)
    z = (statistic - expected) / float(np.sqrt(variance)) if variance > 0 else np.nan
    p = float(2 * special.ndtr(-abs(z)))
    p_sim = _moran_permuted(own, sample, statistic, permutations, seed)
    return Moran(statistic, expected, variance, z, p, p_sim, n)


def moran_rates(
    events: Numbers, population: Numbers, weights: Any, permutations: int = 999, seed: int = 0
) -> Moran:
    """Moran's I of rates, freed of the scatter that small populations bring.

    Each rate is put as its distance from the overall rate in standard deviations
    under a Poisson-gamma model (the empirical Bayes index), so that areas of
    few persons do not make a pattern. ``events`` and ``population`` are (n,);
    population 0 or NaN leaves an area out. Result as ``moran`` gives; go by
    ``p_sim``. Raises ValueError for negative or infinite numbers and differing
    shapes, and as ``moran`` does.

    Source: Assunção and Reis (1999), Statistics in Medicine 18: 2147-2162.
    """
    happened, persons = matching(events, population, ("events", "population"))
    vector(happened, "events")
    known = (persons > 0) & ~np.isnan(happened)
    return moran(_index(happened, persons, known), weights, permutations, seed)


def _index(happened: Floats, persons: Floats, known: Booleans) -> Floats:
    index = np.full(happened.shape, np.nan)
    cases, people = happened[known], persons[known]
    if not cases.any():
        index[known] = 0.0
        return index
    overall = cases.sum() / people.sum()
    rate = cases / people
    scatter = (people * (rate - overall) ** 2).sum() / people.sum()
    variance = scatter - overall / people.mean() + overall / people
    variance = np.where(variance > 0, variance, overall / people)
    index[known] = (rate - overall) / np.sqrt(variance)
    return index


@dataclass(frozen=True)
class GeneralG:
    """Getis and Ord's G: the share of products of values that lie between neighbours.

    ``z`` and ``p`` (two-sided) are normal under randomisation; ``p_sim`` is
    the folded pseudo p of the permutations; ``n`` counts the areas that took
    part. A high G means that high values lie together, a low one that low
    values do.
    """

    G: float
    expected: float
    variance: float
    z: float
    p: float
    p_sim: float
    n: int


def general_g(values: Numbers, weights: Any, permutations: int = 999, seed: int = 0) -> GeneralG:
    """Getis and Ord's general G with binary weights; values are numbers ≥ 0.

    ``values`` (n,) in the row order of ``weights``. All NaN where fewer than
    four areas are left or the values do not vary. Raises ValueError for
    negative values and as ``moran`` does.

    Source: Getis and Ord (1992), Geographical Analysis 24: 189-206.
    """
    _refuse_negative(permutations)
    counts(values, "values")
    sample = Sample.of(values, weights).connected()
    x, n = sample.values, sample.n
    if n < 4 or not sample.varies:
        return GeneralG(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, n)
    pairs = float(x.sum() ** 2 - (x**2).sum())
    statistic = float(x @ sample.sums) / pairs
    expected, variance = _g_moments(x, sample.weights)
    z = (statistic - expected) / float(np.sqrt(variance)) if variance > 0 else np.nan
    p = float(2 * special.ndtr(-abs(z)))
    p_sim = _g_permuted(sample, statistic * pairs, permutations, seed)
    return GeneralG(statistic, expected, variance, z, p, p_sim, n)


def _g_moments(x: Floats, weights: Weights) -> tuple[float, float]:
    """Expected value and variance of G under randomisation."""
    n, total = len(x), float(weights.sum())
    both = weights + weights.T
    s1 = float((both.data**2).sum()) / 2
    s2 = float(((weights.sum(axis=1) + weights.sum(axis=0)) ** 2).sum())
    m1, m2, m3, m4 = (float((x**power).sum()) for power in (1, 2, 3, 4))
    b0 = (n * n - 3 * n + 3) * s1 - n * s2 + 3 * total**2
    b1 = -((n * n - n) * s1 - 2 * n * s2 + 6 * total**2)
    b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * total**2)
    b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * total**2
    b4 = s1 - s2 + total**2
    above = b0 * m2**2 + b1 * m4 + b2 * m1**2 * m2 + b3 * m1 * m3 + b4 * m1**4
    squared = above / ((m1**2 - m2) ** 2 * n * (n - 1) * (n - 2) * (n - 3))
    expected = total / (n * (n - 1))
    return expected, squared - expected**2


def _g_permuted(sample: Sample, between: float, permutations: int, seed: int) -> float:
    def drawn(dealt: Floats) -> Floats:
        sums: Floats = (dealt * (sample.weights @ dealt)).sum(axis=0)
        return sums

    return _folded(sample.values, drawn, between, permutations, seed)


def _refuse_negative(permutations: int) -> None:
    if permutations < 0:
        raise ValueError(f"permutations must not be {permutations}")


def _moran_moments(own: Floats, weights: Weights, degrees: Integers) -> tuple[float, float]:
    """Expected value and variance of I under randomisation."""
    n = len(own)
    standard = weights.multiply(1.0 / degrees[:, None]).tocsr()
    both = standard + standard.T
    s1 = float((both.data**2).sum()) / 2
    s2 = float(((1.0 + standard.sum(axis=0)) ** 2).sum())
    kurtosis = float((own**4).mean() / (own**2).mean() ** 2)
    expected = -1 / (n - 1)
    free = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * n * n)
    bound = kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * n * n)
    variance = (free - bound) / ((n - 1) * (n - 2) * (n - 3) * n * n) - expected**2
    return expected, variance


def _moran_permuted(
    own: Floats, sample: Sample, statistic: float, permutations: int, seed: int
) -> float:
    below, squares = (1.0 / sample.degrees)[:, None], float(own @ own)

    def drawn(dealt: Floats) -> Floats:
        sums: Floats = (dealt * (sample.weights @ dealt) * below).sum(axis=0)
        return sums / squares

    return _folded(own, drawn, statistic, permutations, seed)


def _folded(
    values: Floats,
    statistic_of: Callable[[Floats], Floats],
    statistic: float,
    permutations: int,
    seed: int,
) -> float:
    """Share of permutations at least as extreme on the nearer side, ties on both."""
    if permutations == 0:
        return np.nan
    rng = np.random.default_rng(seed)
    block = max(1, _CELLS // len(values))
    slack = 1e-12 * abs(statistic)
    high = low = 0
    for start in range(0, permutations, block):
        dealt = np.tile(values, (min(block, permutations - start), 1))
        drawn = statistic_of(rng.permuted(dealt, axis=1).T)
        high += int((drawn >= statistic - slack).sum())
        low += int((drawn <= statistic + slack).sum())
    return (min(high, low) + 1) / (permutations + 1)
