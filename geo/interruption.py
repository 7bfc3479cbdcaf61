"""Whether counts changed when something was done: interrupted time series.

``counts`` are numbers of equally long periods in order, NaN where not known; the
periods from position ``start`` on (counted from 0) came after what was done. A
Poisson regression with a straight trend, and a season if asked for, says what
would have been expected without it. A change is no proof of its cause: what else
changed at the same time is in it too, unless ``compared`` takes it out with a
series that was not acted upon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy import special

from geo.arrays import Booleans, Floats, Numbers, above_zero, counts, refuse, share, vector
from geo.rates import poisson_interval

Errors: TypeAlias = Literal["dispersion", "newey-west", "poisson"]

_ROUNDS = 60
_SETTLED = 1e-10
_FLOOR = 1e-10


@dataclass(frozen=True)
class Effect:
    """A ratio of counts with its limits and the two-sided ``p`` of no change (ratio 1)."""

    ratio: float
    lower: float
    upper: float
    p: float


UNKNOWN = Effect(np.nan, np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Interruption:
    """What changed at ``start``.

    ``level`` is the step, ``slope`` the change of the trend from one period to
    the next (UNKNOWN where not fitted), ``whole`` all that is fitted after the
    interruption over what was expected without it. ``expected`` and ``fitted``
    are arrays of one value a period. ``dispersion`` is at least 1; ``lag_one``
    is the correlation of neighbouring residuals.
    """

    level: Effect
    slope: Effect
    whole: Effect
    expected: Floats
    fitted: Floats
    dispersion: float
    lag_one: float


@dataclass(frozen=True)
class _Fit:
    design: Floats
    offset: Floats
    known: Booleans
    beta: Floats
    covariance: Floats
    quantile: float
    degrees: float
    dispersion: float
    lag_one: float


def interrupted(
    counts: Numbers,
    start: int,
    exposure: Numbers | None = None,
    slope: bool = True,
    period: float | None = None,
    harmonics: int = 1,
    errors: Errors = "dispersion",
    lag: int | None = None,
    quantile: Literal["t", "normal"] = "t",
    level: float = 0.95,
) -> Interruption:
    """Segmented Poisson regression of a series that was interrupted at ``start``.

    log E(y_t) = log(exposure_t) + a + b·t + season + c·[t ≥ start] +
    d·(t - start + 1)·[t ≥ start], by maximum likelihood. ``exposure`` (persons,
    days; 1 if None) is a vector > 0. ``slope`` False leaves d out. ``period`` is
    the length of a season in periods, with ``harmonics`` pairs of sine and
    cosine. ``errors``: "dispersion" multiplies the variance by Pearson's χ² over
    its degrees of freedom, at least 1 (quasi-Poisson); "newey-west" holds under
    correlation up to ``lag`` periods (by default 4·(n/100)^(2/9)) and is no
    smaller than the former of c and d; "poisson" takes the counts for Poisson.
    ``quantile`` "t" widens the limits for short series.

    Where nothing was counted after ``start`` no c exists: ``whole`` is then 0
    with the upper limit of a count of 0 over the expected count at its lower
    limit, ``level`` and ``slope`` are UNKNOWN. Raises ValueError for a ``start``
    without periods on both sides, an exposure not above 0, nothing counted
    before, or fewer known periods before or after than the terms fitted from them.

    Source: Wagner et al. (2002), J Clin Pharm Ther 27: 299-309; Bernal, Cummins
    and Gasparrini (2017), Int J Epidemiol 46: 348-355; Newey and West (1987).

    >>> found = interrupted([20] * 12 + [10] * 6, 12, slope=False)
    >>> round(found.level.ratio, 3), round(found.whole.ratio, 3)
    (0.5, 0.5)
    """
    y, offset = _series(counts, exposure)
    since = _after(y, start)
    columns = [np.ones(y.size), np.arange(y.size) / y.size, *_season(y.size, period, harmonics)]
    width = int(np.count_nonzero(~since & ~np.isnan(y)))
    _enough(y, since, len(columns), 2 if slope else 1, width)
    if not np.nansum(y[since]):
        return _vanished(y, since, offset, columns, quantile, level)
    columns += [since.astype(np.float64)]
    if slope:
        columns.append(np.where(since, np.arange(y.size) - start + 1.0, 0.0))
    fit = _fitted(y, offset, np.column_stack(columns), errors, lag, quantile, level)
    place = len(columns) - (2 if slope else 1)
    without = fit.design.copy()
    without[:, place:] = 0
    return Interruption(
        _of(fit, place),
        _of(fit, place + 1) if slope else UNKNOWN,
        _whole(fit, without, since),
        np.exp(offset + without @ fit.beta),
        np.exp(offset + fit.design @ fit.beta),
        fit.dispersion,
        fit.lag_one,
    )


def compared(here: Effect, elsewhere: Effect, level: float = 0.95) -> Effect:
    """The effect here over the one of a comparison series, taken as independent.

    Standard errors of the logarithms are read from the limits of both; the
    result is normal on the log scale. UNKNOWN where either has no finite limits
    above 0. Raises ValueError for a ``level`` not between 0 and 1.
    """
    z = float(special.ndtri(1 - (1 - share(level, "level")) / 2))
    limits = np.array([here.lower, here.upper, elsewhere.lower, elsewhere.upper])
    if not (np.isfinite(limits).all() and (limits > 0).all()):
        return UNKNOWN
    low, high, other_low, other_high = np.log(limits)
    error = float(np.hypot(high - low, other_high - other_low)) / (2 * z)
    estimate = float(np.log(here.ratio / elsewhere.ratio))
    p = float(2 * special.ndtr(-abs(estimate) / error)) if error else np.nan
    return _ratio(estimate, z * error, p)


def _series(values: Numbers, exposure: Numbers | None) -> tuple[Floats, Floats]:
    y = counts(vector(values, "counts"), "counts")
    if exposure is None:
        return y, np.zeros(y.size)
    size = vector(exposure, "exposure")
    if size.shape != y.shape:
        raise ValueError(f"counts and exposure differ in shape: {y.shape} and {size.shape}")
    refuse(~(size > 0), "exposure not above 0")
    return y, np.log(size)


def _after(y: Floats, start: int) -> Booleans:
    if not 0 < start < y.size:
        raise ValueError(f"start must leave periods on both sides of {y.size}, not {start}")
    return np.arange(y.size) >= start


def _season(size: int, period: float | None, harmonics: int) -> list[Floats]:
    if period is None:
        return []
    turn = 2 * np.pi * (np.arange(size) + 1) / above_zero(period, "period")
    waves = (wave(turn * k) for k in range(1, harmonics + 1) for wave in (np.sin, np.cos))
    return [np.asarray(wave, dtype=np.float64) for wave in waves]


def _enough(y: Floats, since: Booleans, before: int, after: int, width: int) -> None:
    known = np.count_nonzero(since & ~np.isnan(y))
    if width <= before or known < after:
        raise ValueError(
            f"not enough known periods: {width} before (more than {before} needed), "
            f"{known} after ({after} needed)"
        )
    if not np.nansum(y[~since]):
        raise ValueError("nothing was counted before start")


def _fitted(
    y: Floats,
    offset: Floats,
    design: Floats,
    errors: Errors,
    lag: int | None,
    quantile: str,
    level: float,
) -> _Fit:
    known = ~np.isnan(y)
    x, seen, shift = design[known], y[known], offset[known]
    beta, mean = _maximum(x, seen, shift)
    degrees = float(seen.size - x.shape[1])
    pearson = (seen - mean) / np.sqrt(mean)
    dispersion = max(1.0, float(pearson @ pearson) / degrees) if degrees > 0 else 1.0
    covariance = _inverse((x.T * mean) @ x) * (1.0 if errors == "poisson" else dispersion)
    if errors == "newey-west":
        covariance = _wider(_newey_west(x, seen, mean, lag), covariance)
    tail = 1 - (1 - share(level, "level")) / 2
    normal = errors == "poisson" or quantile == "normal" or degrees <= 0
    at = float(special.ndtri(tail) if normal else special.stdtrit(degrees, tail))
    freedom = np.inf if normal else degrees
    return _Fit(design, offset, known, beta, covariance, at, freedom, dispersion, _lag_one(pearson))


def _maximum(x: Floats, y: Floats, offset: Floats) -> tuple[Floats, Floats]:
    """Newton's steps, each halved until the likelihood does not fall."""
    beta = np.asarray(np.linalg.lstsq(x, np.log(y + 0.5) - offset)[0], dtype=np.float64)
    reached = -np.inf
    for _round in range(_ROUNDS):
        mean = np.maximum(np.exp(offset + x @ beta), _FLOOR)
        likelihood = float(y @ np.log(mean) - mean.sum())
        if likelihood - reached < _SETTLED * (abs(likelihood) + 1):
            break
        reached = likelihood
        step = _inverse((x.T * mean) @ x) @ (x.T @ (y - mean))
        beta = beta + _shortened(x, y, offset, beta, step, likelihood)
    return beta, np.maximum(np.exp(offset + x @ beta), _FLOOR)


def _shortened(
    x: Floats, y: Floats, offset: Floats, beta: Floats, step: Floats, least: float
) -> Floats:
    for _halving in range(30):
        line = offset + x @ (beta + step)
        with np.errstate(over="ignore"):
            if float(y @ line - np.exp(line).sum()) >= least:
                return step
        step = step / 2
    return step


def _newey_west(x: Floats, y: Floats, mean: Floats, lag: int | None) -> Floats:
    """Bread and meat with Bartlett's weights, times n / (n - terms)."""
    size, terms = x.shape
    furthest = int(4 * (size / 100) ** (2 / 9)) if lag is None else lag
    scores = x * (y - mean)[:, None]
    meat = scores.T @ scores
    for apart in range(1, min(furthest, size - 1) + 1):
        cross = scores[apart:].T @ scores[:-apart]
        meat += (1 - apart / (furthest + 1)) * (cross + cross.T)
    bread = _inverse((x.T * mean) @ x)
    found: Floats = bread @ meat @ bread * size / max(size - terms, 1)
    return found


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _wider(one: Floats, other: Floats) -> Floats:
    """`one`, its errors raised where they are below those of `other`."""
    errors = np.sqrt(np.maximum(np.diag(one), _FLOOR))
    scale = np.maximum(1.0, np.sqrt(np.diag(other)) / errors)
    found: Floats = one * np.outer(scale, scale)
    return found


def _lag_one(residuals: Floats) -> float:
    centred = residuals - residuals.mean()
    spread = float(centred @ centred)
    return float(centred[1:] @ centred[:-1]) / spread if spread > _FLOOR else np.nan


def _of(fit: _Fit, place: int) -> Effect:
    return _effect(fit, float(fit.beta[place]), float(fit.covariance[place, place]))


def _effect(fit: _Fit, estimate: float, variance: float) -> Effect:
    error = float(np.sqrt(max(variance, 0.0)))
    p = np.nan
    if error:
        apart = -abs(estimate) / error
        below = special.ndtr(apart) if np.isinf(fit.degrees) else special.stdtr(fit.degrees, apart)
        p = float(min(1.0, 2 * below))
    return _ratio(estimate, fit.quantile * error, p)


def _ratio(estimate: float, reach: float, p: float) -> Effect:
    ratio, lower, upper = np.exp([estimate, estimate - reach, estimate + reach]).tolist()
    return Effect(ratio, lower, upper, p)


def _whole(fit: _Fit, without: Floats, since: Booleans) -> Effect:
    """Fitted over expected after the interruption, by the delta method on the log scale."""
    after = since & fit.known
    held, lacking = fit.design[after], without[after]
    made = np.exp(fit.offset[after] + held @ fit.beta)
    due = np.exp(fit.offset[after] + lacking @ fit.beta)
    gradient = held.T @ made / made.sum() - lacking.T @ due / due.sum()
    estimate = float(np.log(made.sum() / due.sum()))
    return _effect(fit, estimate, float(gradient @ fit.covariance @ gradient))


def _vanished(
    y: Floats, since: Booleans, offset: Floats, columns: list[Floats], quantile: str, level: float
) -> Interruption:
    design = np.column_stack(columns)
    earlier = np.where(since, np.nan, y)
    fit = _fitted(earlier, offset, design, "dispersion", None, quantile, level)
    expected = np.exp(offset + design @ fit.beta)
    after = since & ~np.isnan(y)
    due = expected[after]
    gradient = design[after].T @ due / due.sum()
    error = float(np.sqrt(gradient @ fit.covariance @ gradient))
    least = due.sum() * np.exp(-fit.quantile * error)
    most = float(poisson_interval(0, 1, per=1, level=level)[1])
    whole = Effect(0.0, 0.0, most / float(least), np.nan)
    return Interruption(UNKNOWN, UNKNOWN, whole, expected, expected, fit.dispersion, fit.lag_one)
