"""Hot and cold spots: Getis-Ord Gi*, Moran's I global and local, false discovery rate.

``values`` hold one number an area, in the row order of ``weights`` (see
``geo.weights``). Areas whose value is NaN are left out, also as neighbours;
an area that is left out, or has no neighbour left, is not judged: its
statistics are NaN. So are all where the values do not vary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from geo.arrays import Floats, Integers, Numbers, numbers, refuse, share
from geo.samples import Sample, ratio
from geo.weights import Weights

Inference: TypeAlias = Literal["normal", "permutation"]

NOT_JUDGED = "not judged"
NOT_SIGNIFICANT = "not significant"
_CELLS = 2_000_000


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
    order = np.argsort(tests, kind="stable")[::-1]
    scaled = tests[order] * (tests.size / np.arange(tests.size, 0, -1))
    result = np.empty_like(tests)
    result[order] = np.minimum.accumulate(np.minimum(scaled, 1.0))
    adjusted[judged] = result
    return adjusted


def gi_star(
    values: Numbers,
    weights: Any,
    permutations: int = 999,
    seed: int = 0,
    level: float = 0.05,
    inference: Inference = "normal",
) -> pd.DataFrame:
    """Getis-Ord Gi* of each area, with binary weights and the area itself included.

    Returns a DataFrame of n rows, with the index of ``values`` if that is a
    Series: ``z``; ``p`` (normal, two-sided); ``p_sim``
    (folded pseudo p of ``permutations`` conditional permutations, one-sided as
    in esda and GeoDa, NaN with 0 permutations); ``p_adjusted``
    (Benjamini-Hochberg of ``p``, or of the doubled ``p_sim`` with
    ``inference="permutation"``); ``significant`` (``p_adjusted`` at most
    ``level``; False where not judged); ``cluster`` ("hot", "cold",
    "not significant" or "not judged"). Raises ValueError for values or weights
    of the wrong shape or kind.

    Source: Ord and Getis (1995), Geographical Analysis 27: 286-306.
    """
    sample = Sample.of(values, weights)
    _check(permutations, level, inference)
    x, n, held = sample.values, sample.n, sample.degrees + 1.0
    spread = np.sqrt(held * (n - held) / max(n - 1, 1)) * sample.deviation
    z = ratio(x + sample.sums - held * sample.mean, spread, sample.degrees > 0)
    p_sim = np.where(np.isnan(z), np.nan, sample.permuted(permutations, seed))
    columns = {"z": z, "p": _two_sided(z), "p_sim": p_sim}
    return _judged(sample, columns, np.where(z > 0, "hot", "cold"), level, inference)


def local_moran(
    values: Numbers,
    weights: Any,
    permutations: int = 999,
    seed: int = 0,
    level: float = 0.05,
    inference: Inference = "permutation",
) -> pd.DataFrame:
    """Local Moran's I of each area, weights row-standardised.

    Returns a DataFrame as ``gi_star`` does: ``I`` = (n - 1) · zᵢ · mean of the
    neighbours' z / Σz²; its ``expected`` value and ``z`` under conditional
    randomisation (the area keeps its value); ``p``, ``p_sim``, ``p_adjusted``
    and ``significant`` as in ``gi_star``; ``cluster`` ("high-high", "low-low",
    "high-low", "low-high", "not significant" or "not judged"). Below the false
    discovery rate call an area interesting, not significant. Errors as in
    ``gi_star``.

    Source: Anselin (1995), Geographical Analysis 27: 93-115; moments after
    Sokal, Oden and Thomson (1998), ibid. 30: 331-354.
    """
    sample = Sample.of(values, weights)
    _check(permutations, level, inference)
    own, lag, n = sample.values - sample.mean, sample.lag - sample.mean, sample.n
    squares = float((own**2).sum()) if sample.varies else np.nan
    expected_lag, lag_deviation = _conditional_lag(own, sample.degrees, squares)
    scale = (n - 1) * own / squares
    columns = {
        "I": scale * lag,
        "expected": np.where(sample.degrees > 0, scale * expected_lag, np.nan),
        "z": ratio((lag - expected_lag) * np.sign(own), lag_deviation, own != 0),
    }
    columns["p"] = _two_sided(columns["z"])
    p_sim = sample.permuted(permutations, seed)
    columns["p_sim"] = np.where(lag_deviation > 0, p_sim, np.nan)
    return _judged(sample, columns, _quadrants(own, lag), level, inference)


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
    _check(permutations)
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


def _check(permutations: int, level: float = 0.05, inference: Inference = "normal") -> None:
    share(level, "level")
    if inference not in ("normal", "permutation"):
        raise ValueError(f'inference must be "normal" or "permutation", not {inference!r}')
    if permutations < (1 if inference == "permutation" else 0):
        raise ValueError(f"permutations must not be {permutations} with {inference} inference")


def _judged(
    sample: Sample,
    columns: dict[str, Floats],
    kinds: NDArray[np.str_],
    level: float,
    inference: Inference,
) -> pd.DataFrame:
    """Adjust for the false discovery rate, label, and put back into all rows."""
    p = columns["p"] if inference == "normal" else np.minimum(1.0, 2 * columns["p_sim"])
    adjusted = benjamini_hochberg(p)
    columns = {name: sample.spread(column) for name, column in columns.items()}
    columns["p_adjusted"] = sample.spread(adjusted)
    significant = columns["p_adjusted"] <= level
    cluster = np.full(len(significant), NOT_JUDGED, dtype=object)
    cluster[~np.isnan(columns["p_adjusted"])] = NOT_SIGNIFICANT
    cluster[significant] = kinds[adjusted <= level]
    columns_of_all = {**columns, "significant": significant, "cluster": cluster}
    return pd.DataFrame(columns_of_all, index=sample.index)


def _quadrants(own: Floats, lag: Floats) -> NDArray[np.str_]:
    first, second = np.where(own > 0, "high-", "low-"), np.where(lag > 0, "high", "low")
    return np.char.add(first, second)


def _two_sided(z: Floats) -> Floats:
    p: Floats = 2 * special.ndtr(-np.abs(z))
    return p


def _conditional_lag(own: Floats, degrees: Integers, squares: float) -> tuple[Floats, Floats]:
    """Mean and deviation of the mean of ``degrees`` others drawn without replacement."""
    others = len(own) - 1
    mean = -own / max(others, 1)
    variance = (squares - own**2) / max(others, 1) - mean**2
    variance[variance < 1e-12 * squares] = 0.0
    share_left = (others - degrees) / max(others - 1, 1)
    deviation = np.sqrt(ratio(variance * share_left, degrees.astype(np.float64)))
    return mean, deviation


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
    if permutations == 0:
        return np.nan
    rng = np.random.default_rng(seed)
    block = max(1, _CELLS // sample.n)
    below = (1.0 / sample.degrees)[:, None]
    slack = 1e-12 * abs(statistic)
    high = low = 0
    for start in range(0, permutations, block):
        dealt = np.tile(own, (min(block, permutations - start), 1))
        dealt = rng.permuted(dealt, axis=1).T
        drawn = (dealt * (sample.weights @ dealt) * below).sum(axis=0) / (own @ own)
        high += int((drawn >= statistic - slack).sum())
        low += int((drawn <= statistic + slack).sum())
    return (min(high, low) + 1) / (permutations + 1)
