"""Hot and cold spots: Getis-Ord Gi*, Moran's I global and local, false discovery rate.

``values`` hold one number an area, in the row order of ``weights`` (see
``geo.weights``). Areas whose value is NaN are left out, also as neighbours;
an area that is left out, or has no neighbour left, is not judged: its
statistics are NaN. So are all where the values do not vary.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from geo.arrays import Floats, Integers, Numbers, share
from geo.autocorrelation import GeneralG, Moran, general_g, moran, moran_rates
from geo.false_discovery import (
    Adjustment,
    adjusted_p,
    benjamini_hochberg,
    benjamini_yekutieli,
)
from geo.samples import Sample, ratio

__all__ = [
    "GeneralG",
    "Moran",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "general_g",
    "gi",
    "gi_star",
    "local_moran",
    "moran",
    "moran_rates",
]

Inference: TypeAlias = Literal["normal", "permutation"]

NOT_JUDGED = "not judged"
NOT_SIGNIFICANT = "not significant"
_QUADRANTS = np.array(["low-low", "low-high", "high-low", "high-high"])
_UNREMARKABLE = np.array([NOT_JUDGED, NOT_SIGNIFICANT], dtype=object)


def gi_star(
    values: Numbers,
    weights: Any,
    permutations: int = 999,
    seed: int = 0,
    level: float = 0.05,
    inference: Inference = "normal",
    adjustment: Adjustment = "BH",
) -> pd.DataFrame:
    """Getis-Ord Gi* of each area, with binary weights and the area itself included.

    Returns a DataFrame of n rows, with the index of ``values`` if that is a
    Series: ``z``; ``p`` (normal, two-sided); ``p_sim``
    (folded pseudo p of ``permutations`` conditional permutations, one-sided as
    in esda and GeoDa, NaN with 0 permutations); ``p_adjusted``
    (Benjamini-Hochberg, or Benjamini-Yekutieli with ``adjustment="BY"``, of
    ``p``, or of the doubled ``p_sim`` with ``inference="permutation"``);
    ``significant`` (``p_adjusted`` at most ``level``; False where not judged);
    ``cluster`` ("hot", "cold", "not significant" or "not judged"). Raises
    ValueError for values or weights of the wrong shape or kind, or an option
    out of range.

    Source: Ord and Getis (1995), Geographical Analysis 27: 286-306.
    """
    sample = Sample.of(values, weights)
    _check(permutations, level, inference)
    x, n, held = sample.values, sample.n, sample.degrees + 1.0
    spread = np.sqrt(held * (n - held) / max(n - 1, 1)) * sample.deviation
    z = ratio(x + sample.sums - held * sample.mean, spread, sample.degrees > 0)
    p_sim = np.where(np.isnan(z), np.nan, sample.permuted(permutations, seed))
    columns = {"z": z, "p": _two_sided(z), "p_sim": p_sim}
    return _judged(sample, columns, np.where(z > 0, "hot", "cold"), level, inference, adjustment)


def gi(
    values: Numbers,
    weights: Any,
    permutations: int = 999,
    seed: int = 0,
    level: float = 0.05,
    inference: Inference = "normal",
    adjustment: Adjustment = "BH",
) -> pd.DataFrame:
    """Getis-Ord Gi of each area: its neighbours alone, against all others; binary weights.

    For "is it hot around here", where ``gi_star`` asks "is it hot here". The
    area's own value is left out of mean and deviation, too. Arguments, result
    and errors as in ``gi_star``.

    Source: Ord and Getis (1995), Geographical Analysis 27: 286-306.
    """
    sample = Sample.of(values, weights)
    _check(permutations, level, inference)
    own = sample.values - sample.mean
    squares = float((own**2).sum()) if sample.varies else np.nan
    expected, deviation = _conditional_lag(own, sample.degrees, squares)
    z = ratio(sample.lag - sample.mean - expected, deviation, sample.degrees > 0)
    p_sim = np.where(np.isnan(z), np.nan, sample.permuted(permutations, seed))
    columns = {"z": z, "p": _two_sided(z), "p_sim": p_sim}
    return _judged(sample, columns, np.where(z > 0, "hot", "cold"), level, inference, adjustment)


def local_moran(
    values: Numbers,
    weights: Any,
    permutations: int = 999,
    seed: int = 0,
    level: float = 0.05,
    inference: Inference = "permutation",
    adjustment: Adjustment = "BH",
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
    return _judged(sample, columns, _quadrants(own, lag), level, inference, adjustment)


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
    adjustment: Adjustment,
) -> pd.DataFrame:
    """Adjust for the false discovery rate, label, and put back into all rows."""
    p = columns["p"] if inference == "normal" else np.minimum(1.0, 2 * columns["p_sim"])
    adjusted = adjusted_p(p, adjustment)
    columns = {name: sample.spread(column) for name, column in columns.items()}
    columns["p_adjusted"] = sample.spread(adjusted)
    significant = columns["p_adjusted"] <= level
    cluster = _UNREMARKABLE[(~np.isnan(columns["p_adjusted"])).astype(np.int64)]
    cluster[significant] = kinds[adjusted <= level]
    columns_of_all = {**columns, "significant": significant, "cluster": cluster}
    return pd.DataFrame(columns_of_all, index=sample.index)


def _quadrants(own: Floats, lag: Floats) -> NDArray[np.str_]:
    names: NDArray[np.str_] = _QUADRANTS[2 * (own > 0) + (lag > 0)]
    return names


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
