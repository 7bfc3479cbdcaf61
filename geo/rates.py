"""Rates of events by population: crude, with exact limits, and smoothed.

Throughout, ``events`` and ``population`` are numbers ≥ 0 of one shape (or one
of them a single number). NaN means not known; a rate whose events or
population are not known, or whose population is 0, is NaN. Fractional events,
as attribution makes them, are kept as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # its parts that weigh much come at their first use
from scipy import special

from geo.arrays import Booleans, Floats, Numbers, above_zero, matching, share
from geo.matrices import checked

_NAMES = ("events", "population")
_EXPECTED = ("events", "expected")
_LEAST_LOG_RATE = -600.0


def rate_per(events: Numbers, population: Numbers, per: float = 10_000) -> Floats:
    """Crude rate: events for every ``per`` persons.

    Returns an array of the inputs' shape. Raises ValueError for a negative or
    infinite number (naming its position), differing shapes, or ``per`` ≤ 0.

    >>> rate_per([12, 0], [48_000, 0]).tolist()
    [2.5, nan]
    """
    per = above_zero(per, "per")
    observed, persons = matching(events, population, _NAMES)
    return np.divide(observed * per, persons, out=_unknown(observed), where=persons > 0)


def poisson_interval(
    events: Numbers, population: Numbers, per: float = 10_000, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Exact Poisson limits of the rate for every ``per`` persons.

    Returns (lower, upper), each of the inputs' shape: half the chi-square
    quantiles with 2·events and 2·events + 2 degrees of freedom, over the
    population. The lower limit of no events is 0. Raises ValueError as
    ``rate_per`` does, or when ``level`` is not between 0 and 1.

    Source: Garwood (1936), Biometrika 28: 437-442.
    """
    per, level = above_zero(per, "per"), share(level, "level")
    observed, persons = matching(events, population, _NAMES)
    known = np.isfinite(observed) & (persons > 0)
    tail = (1 - level) / 2
    lower, upper = _unknown(observed), _unknown(observed)
    scale = per / persons[known]
    some = observed[known]
    lower[known] = np.where(some > 0, special.gammaincinv(some, tail), 0.0) * scale
    upper[known] = special.gammainccinv(some + 1, tail) * scale
    return lower, upper


def wilson_interval(hits: Numbers, tries: Numbers, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson's score limits of the share ``hits / tries``, between 0 and 1.

    Returns (lower, upper), each of the inputs' shape; NaN where nothing was
    tried or a number is not known. Raises ValueError for a negative number,
    differing shapes, more hits than tries, or a ``level`` not between 0 and 1.

    Source: Wilson (1927), Journal of the American Statistical Association 22:
    209-212.

    >>> [round(float(limit), 4) for limit in wilson_interval(0, 20)]
    [0.0, 0.1611]
    """
    level = share(level, "level")
    found, asked = matching(hits, tries, ("hits", "tries"))
    if np.any(found > asked):
        raise ValueError("more hits than tries")
    known = np.isfinite(found) & (asked > 0)
    z = float(special.ndtri((1 + level) / 2))
    part, each = found[known] / asked[known], asked[known]
    middle = (part + z * z / (2 * each)) / (1 + z * z / each)
    reach = z * np.sqrt(part * (1 - part) / each + (z / (2 * each)) ** 2) / (1 + z * z / each)
    lower, upper = _unknown(found), _unknown(found)
    lower[known], upper[known] = np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)
    return lower, upper


def empirical_bayes(events: Numbers, population: Numbers, per: float = 1.0) -> Floats:
    """Rates drawn towards the common rate, the more the fewer the persons.

    Marshall's global estimator: with m the common rate, s² the between-area
    variance by moments (0 if negative) and r an area's rate, the result is
    m + s² / (s² + m / population) · (r - m), times ``per``. Areas that are not
    known take no part in m and s² and are NaN. Inputs are one-dimensional,
    one number an area; errors as in ``rate_per``.

    Source: Marshall (1991), Applied Statistics 40: 283-294.
    """
    per = above_zero(per, "per")
    observed, persons = matching(events, population, _NAMES)
    smoothed = _unknown(observed)
    known = np.isfinite(observed) & (persons > 0)
    if known.any():
        smoothed[known] = _marshall(observed[known], persons[known]) * per
    return smoothed


def _marshall(observed: Floats, persons: Floats) -> Floats:
    raw = observed / persons
    mean = observed.sum() / persons.sum()
    between = (persons * (raw - mean) ** 2).sum() / persons.sum() - mean / persons.mean()
    between = max(between, 0.0)
    within = mean / persons
    spread = between + within
    trust = np.divide(between, spread, out=np.zeros_like(raw), where=spread > 0)
    smoothed: Floats = mean + trust * (raw - mean)
    return smoothed


def empirical_bayes_local(
    events: Numbers, population: Numbers, weights: Any, per: float = 1.0
) -> Floats:
    """Rates drawn towards the rate of the area and its neighbours together.

    Marshall's local estimator: ``empirical_bayes`` with m, s² and the mean
    population taken over each area and its neighbours. ``weights`` is n x n as
    ``geo.weights`` makes them. Areas that are not known take no part, also as
    neighbours, and are NaN; an area without known neighbours keeps its crude
    rate. Inputs are one-dimensional, one number an area; errors as in
    ``rate_per``, or for weights of the wrong shape or kind.

    Source: Marshall (1991), Applied Statistics 40: 283-294, section 4.
    """
    per = above_zero(per, "per")
    observed, persons = matching(events, population, _NAMES)
    matrix = checked(weights, observed.size)
    smoothed = _unknown(observed)
    known = np.isfinite(observed) & (persons > 0)
    if known.any():
        near = matrix[known][:, known]
        smoothed[known] = _marshall_local(observed[known], persons[known], near) * per
    return smoothed


def _marshall_local(observed: Floats, persons: Floats, near: Any) -> Floats:
    raw = observed / persons

    def around(values: Floats) -> Floats:
        total: Floats = near @ values + values
        return total

    people = around(persons)
    mean = around(observed) / people
    squares = around(persons * raw**2) / people - mean**2
    within = mean * around(np.ones_like(persons)) / people
    between = np.maximum(squares - within, 0.0)
    spread = between + mean / persons
    trust = np.divide(between, spread, out=np.zeros_like(raw), where=spread > 0)
    smoothed: Floats = mean + trust * (raw - mean)
    return smoothed


@dataclass(frozen=True)
class GammaPoisson:
    """Relative risks under a gamma prior fitted to all areas.

    ``relative_risk`` is the posterior mean, of the inputs' shape; the prior is
    gamma with ``shape`` ν and ``rate`` α, its mean ν/α. Where the areas differ
    no more than chance explains, both are infinite and all risks equal ``mean``.
    """

    relative_risk: Floats
    shape: float
    rate: float
    mean: float
    events: Floats
    expected: Floats

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Equal-tailed posterior limits (lower, upper) of each relative risk."""
        tail = (1 - share(level, "level")) / 2
        if np.isinf(self.rate):
            return self.relative_risk.copy(), self.relative_risk.copy()
        shape, rate = self.events + self.shape, self.expected + self.rate
        lower = special.gammaincinv(shape, tail) / rate
        return lower, special.gammainccinv(shape, tail) / rate

    def above(self, target: float) -> Floats:
        """Posterior probability that each relative risk exceeds ``target``."""
        target = above_zero(target, "target")
        if np.isinf(self.rate):
            certain = np.where(self.relative_risk > target, 1.0, 0.0)
            return np.where(np.isnan(self.relative_risk), np.nan, certain)
        tail: Floats = special.gammaincc(
            self.events + self.shape, (self.expected + self.rate) * target
        )
        return tail


def gamma_poisson(events: Numbers, expected: Numbers) -> GammaPoisson:
    """Fit the Poisson-gamma model: events ~ Poisson(expected · risk), risk ~ gamma.

    ``expected`` are the events each area would have at the common rate. The
    prior solves Clayton and Kaldor's moment equations (their eq. 5-6) by root
    search, which needs no starting values; areas with unknown events or with
    nothing expected are NaN and take no part. Raises ValueError for negative
    numbers (naming the position), or when no area is known.

    Source: Clayton and Kaldor (1987), Biometrics 43: 671-681.
    """
    observed, due = matching(events, expected, _EXPECTED)
    known = np.isfinite(observed) & (due > 0)
    if not known.any():
        raise ValueError("no area with known events and an expected number above 0")
    rate, mean = _prior(observed[known], due[known])
    risk = np.full(observed.shape, mean)
    if np.isfinite(rate):
        risk[known] = (observed[known] + rate * mean) / (due[known] + rate)
    shape = mean * rate if np.isfinite(rate) else np.inf
    return GammaPoisson(
        _where(known, risk), shape, rate, mean, _where(known, observed), _where(known, due)
    )


def _prior(observed: Floats, due: Floats) -> tuple[float, float]:
    """Rate and mean of the gamma prior; an infinite rate where nothing differs."""

    def mean_at(rate: float) -> float:
        return float((observed / (due + rate)).sum() / (due / (due + rate)).sum())

    def excess(log_rate: float) -> float:
        rate = float(np.exp(log_rate))
        mean = mean_at(rate)
        squares = (observed - mean * due) ** 2 / (due * (due + rate))
        return rate * float(squares.sum()) / (observed.size - 1) - mean

    overall = float(observed.sum() / due.sum())
    widest = float(np.log(due.max())) + 20.0
    if observed.size < 2 or overall == 0 or excess(widest) <= 0:
        return np.inf, overall
    rate = float(np.exp(scipy.optimize.brentq(excess, _LEAST_LOG_RATE, widest, xtol=1e-13)))
    return rate, mean_at(rate)


def probability_above(events: Numbers, expected: Numbers, target: float = 1.0) -> Floats:
    """Probability that each area's relative risk lies above ``target``.

    The posterior tail of the fitted ``gamma_poisson`` model; give
    ``target_rate / common_rate`` to ask about a rate. Shapes and errors as
    there; NaN where not known.
    """
    return gamma_poisson(events, expected).above(target)


def _unknown(like: Floats) -> Floats:
    return np.full(like.shape, np.nan)


def _where(known: Booleans, values: Floats) -> Floats:
    return np.where(known, values, np.nan)
