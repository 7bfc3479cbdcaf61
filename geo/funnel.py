"""Funnel plots: which units lie outside what chance, and their common spread, explain.

One number a unit: ``events`` against ``expected``, or ``hits`` out of
``tries``. NaN means not known; a unit that is not known, or of which nothing
is expected, is not judged: its numbers are NaN and its flags False. A funnel
raises questions; it ranks nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from geo.arrays import Booleans, Floats, Numbers, above_zero, counts, matching, numbers, share
from geo.rates import poisson_interval

WARNING, ALARM = 0.95, 0.998
_COUNTED = ("events", "expected")
_TRIED = ("hits", "tries")


def funnel_limits(
    expected: Numbers, target: float = 1.0, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Exact limits of events / expected for units that are on target.

    Returns (lower, upper), each of the shape of ``expected``: with m =
    expected · target, half the chi-square quantiles with 2m and 2m + 2 degrees
    of freedom, over expected; NaN where nothing is expected. Raises ValueError
    for a negative or infinite number (naming its position), ``target`` ≤ 0, or
    a ``level`` not between 0 and 1.

    Source: Spiegelhalter (2005), Statistics in Medicine 24: 1185-1202; limits
    of Garwood (1936).

    >>> [round(float(limit), 4) for limit in funnel_limits(20)]
    [0.6108, 1.5444]
    """
    due = counts(expected, "expected")
    return poisson_interval(due * above_zero(target, "target"), due, per=1.0, level=level)


def funnel_limits_share(
    tries: Numbers, target: float, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Exact limits of hits / tries for units whose chance of a hit is ``target``.

    Returns (lower, upper), each of the shape of ``tries``, between 0 and 1:
    Clopper and Pearson's beta quantiles at tries · target hits; NaN where
    nothing was tried. Raises ValueError as ``funnel_limits`` does, or when
    ``target`` is not between 0 and 1.

    Source: Clopper and Pearson (1934), Biometrika 26: 404-413.
    """
    asked, target = counts(tries, "tries"), share(target, "target")
    tail = (1 - share(level, "level")) / 2
    asked = np.where(asked > 0, asked, np.nan)
    hits, misses = asked * target, asked * (1 - target)
    lower = np.asarray(special.betaincinv(hits, misses + 1, tail), dtype=np.float64)
    upper = np.asarray(special.betainccinv(hits + 1, misses, tail), dtype=np.float64)
    return lower, upper


@dataclass(frozen=True)
class Overdispersion:
    """How far units differ beyond chance.

    ``phi``: mean squared z after winsorising, 1 where only chance is at work;
    ``tau2``: variance between units on the scale of the standard errors, 0 or
    more, NaN without standard errors; ``units``: how many took part.
    """

    phi: float
    tau2: float
    units: int


def overdispersion(
    z: Numbers, winsorise: float = 0.1, standard_errors: Numbers | None = None
) -> Overdispersion:
    """Spread of the units' z beyond chance, outliers drawn in first.

    z below its ``winsorise`` quantile or above the mirrored one are set to it
    (linear quantiles); then φ = Σz² / I over I units, and with weights w = 1 /
    standard error² the between-unit variance by moments is
    τ² = max(0, (Iφ - (I - 1)) / (Σw - Σw² / Σw)), 0 for one unit. NaN are left
    out; with none left both are NaN. Raises ValueError for infinities, differing
    shapes, standard errors ≤ 0, or ``winsorise`` outside 0 … 0.5.

    Source: Spiegelhalter (2005), Quality and Safety in Health Care 14: 347-351.
    """
    if not 0 <= winsorise < 0.5:
        raise ValueError(f"winsorise must lie from 0 to below 0.5, not {winsorise}")
    given = numbers(z, "z").ravel()
    errors = _errors(given, standard_errors)
    known = ~np.isnan(given) & (True if errors is None else ~np.isnan(errors))
    if not known.any():
        return Overdispersion(np.nan, np.nan, 0)
    drawn_in = np.clip(given[known], *np.quantile(given[known], [winsorise, 1 - winsorise]))
    phi, units = float((drawn_in**2).mean()), int(known.sum())
    tau2 = np.nan if errors is None else _between(phi, errors[known])
    return Overdispersion(phi, tau2, units)


def _errors(z: Floats, standard_errors: Numbers | None) -> Floats | None:
    if standard_errors is None:
        return None
    errors = numbers(standard_errors, "standard_errors").ravel()
    if errors.shape != z.shape:
        raise ValueError(f"{z.size} z but {errors.size} standard errors")
    if np.any(errors <= 0):
        raise ValueError("standard_errors must be above 0")
    return errors


def _between(phi: float, errors: Floats) -> float:
    units, weights = errors.size, 1 / errors**2
    room = float(weights.sum() - (weights**2).sum() / weights.sum())
    return max(0.0, (units * phi - (units - 1)) / room) if units > 1 else 0.0


@dataclass(frozen=True)
class Funnel:
    """Every unit's place in a funnel; arrays of the inputs' shape.

    ``value``: events / expected, or hits / tries; ``z``: on the variance-
    stabilised scale; ``p``: exact, two-sided (twice the smaller tail);
    ``beyond_95`` and ``beyond_998``: outside the exact limits. ``adjusted_z``,
    ``adjusted_p`` (normal, two-sided) and the adjusted flags allow for the
    ``spread`` common to all units: claims should rest on these.
    """

    value: Floats
    z: Floats
    p: Floats
    beyond_95: Booleans
    beyond_998: Booleans
    adjusted_z: Floats
    adjusted_p: Floats
    adjusted_beyond_95: Booleans
    adjusted_beyond_998: Booleans
    spread: Overdispersion


def funnel(
    events: Numbers, expected: Numbers, target: float = 1.0, winsorise: float = 0.1
) -> Funnel:
    """Judge each unit's events against its expected number.

    z = 2 (√events - √(expected · target)), whose standard error on the scale
    of √(events / expected) is 1 / (2√expected); the adjusted z has standard
    error √(1 / (4 · expected) + τ²). Shapes and errors as in
    ``geo.rates.rate_per`` and ``overdispersion``.

    Source: Spiegelhalter (2005), as ``funnel_limits`` and ``overdispersion``.
    """
    observed, due = matching(events, expected, _COUNTED)
    due = np.where((due > 0) & ~np.isnan(observed), due, np.nan)
    mean = due * above_zero(target, "target")
    z = 2 * (np.sqrt(observed) - np.sqrt(mean))
    tails = special.gammaincc(observed + 1, mean), _at_least(observed, mean)
    limits = [funnel_limits(due, target, level) for level in (WARNING, ALARM)]
    return _placed(observed / due, z, 0.5 / np.sqrt(due), tails, limits, winsorise)


def funnel_share(
    hits: Numbers, tries: Numbers, target: float | None = None, winsorise: float = 0.1
) -> Funnel:
    """Judge each unit's hits out of its tries.

    ``target`` is the common chance of a hit; None takes that of all units
    together. z = 2√tries (asin √(hits / tries) - asin √target). Shapes and
    errors as in ``geo.rates.wilson_interval`` and ``overdispersion``; also
    raised when all units together have no hit or nothing but hits and no
    target is given.

    Source: as ``funnel``; the scale is Freeman and Tukey's angle.
    """
    found, asked = matching(hits, tries, _TRIED)
    if np.any(found > asked):
        raise ValueError("more hits than tries")
    asked = np.where((asked > 0) & ~np.isnan(found), asked, np.nan)
    if target is None:
        target = float(np.nansum(found * (asked > 0)) / max(np.nansum(asked), 1e-300))
    target = share(target, "target")
    value, error = found / asked, 0.5 / np.sqrt(asked)
    z = (np.arcsin(np.sqrt(value)) - np.arcsin(np.sqrt(target))) / error
    tails = _binomial_tails(found, asked, target)
    limits = [funnel_limits_share(asked, target, level) for level in (WARNING, ALARM)]
    return _placed(value, z, error, tails, limits, winsorise)


def adjusted_limits(
    expected: Numbers, tau2: float, target: float = 1.0, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits of events / expected that allow for the spread between units.

    Returns (lower, upper), of the shape of ``expected``:
    (√target ± z √(1 / (4 · expected) + τ²))², the lower one not below 0; they
    bound the units whose ``adjusted_z`` is within ± z. Raises ValueError as
    ``funnel_limits`` does, or for a negative or unknown ``tau2``.
    """
    due = counts(expected, "expected")
    middle = np.sqrt(above_zero(target, "target"))
    reach = _reach(due, tau2, level)
    return np.maximum(middle - reach, 0.0) ** 2, (middle + reach) ** 2


def adjusted_limits_share(
    tries: Numbers, tau2: float, target: float, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits of hits / tries that allow for the spread between units.

    Returns (lower, upper), of the shape of ``tries``: sin² of asin √target ±
    z √(1 / (4 · tries) + τ²), within 0 … 1. Errors as in ``adjusted_limits``
    and ``funnel_limits_share``.
    """
    asked = counts(tries, "tries")
    middle = np.arcsin(np.sqrt(share(target, "target")))
    reach = _reach(asked, tau2, level)
    lower: Floats = np.sin(np.maximum(middle - reach, 0.0)) ** 2
    return lower, np.sin(np.minimum(middle + reach, np.pi / 2)) ** 2


def _reach(size: Floats, tau2: float, level: float) -> Floats:
    if not (np.isfinite(tau2) and tau2 >= 0):
        raise ValueError(f"tau2 must be 0 or more, not {tau2}")
    size = np.where(size > 0, size, np.nan)
    reach: Floats = _bound(share(level, "level")) * np.sqrt(0.25 / size + tau2)
    return reach


def _bound(level: float) -> float:
    return float(special.ndtri((1 + level) / 2))


def _at_least(observed: Floats, mean: Floats) -> Floats:
    """P(X ≥ observed) for a Poisson X, 1 at 0."""
    tail: Floats = special.gammainc(np.where(observed > 0, observed, 1.0), mean)
    return np.where(observed > 0, tail, 1.0)


def _binomial_tails(found: Floats, asked: Floats, chance: float) -> tuple[Floats, Floats]:
    """P(X ≤ found) and P(X ≥ found), each 1 at its end."""
    least, most = found == 0, found == asked
    below = special.betaincc(found + 1, np.where(most, 1.0, asked - found), chance)
    above = special.betainc(np.where(least, 1.0, found), asked - found + 1, chance)
    return np.where(most, 1.0, below), np.where(least, 1.0, above)


def _placed(
    value: Floats,
    z: Floats,
    error: Floats,
    tails: tuple[Floats, Floats],
    limits: list[tuple[Floats, Floats]],
    winsorise: float,
) -> Funnel:
    spread = overdispersion(z, winsorise, error)
    adjusted = z * error / np.sqrt(error**2 + spread.tau2)
    p = np.where(np.isnan(z), np.nan, np.minimum(1.0, 2 * np.minimum(*tails)))
    outer, outmost = ((value < lower) | (value > upper) for lower, upper in limits)
    far, farthest = (np.abs(adjusted) > _bound(level) for level in (WARNING, ALARM))
    adjusted_p = 2 * special.ndtr(-np.abs(adjusted))
    return Funnel(value, z, p, outer, outmost, adjusted, adjusted_p, far, farthest, spread)
