"""Whether two units, or one unit and chance, differ: exact tests and permutations.

A p value here is a question to be answered by the unit, not a verdict; with
many units adjust the p values with ``geo.false_discovery.benjamini_hochberg``. NaN
means not known, and what rests on it is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from geo.arrays import (
    Floats,
    Integers,
    Numbers,
    above_zero,
    counts,
    matching,
    refuse,
    share,
    vector,
)
from geo.rates import wilson_interval

Side: TypeAlias = Literal["greater", "less", "both"]

_BISECTIONS = 60


@dataclass(frozen=True)
class RateRatio:
    """First rate over second: ``ratio``, its limits, and the two-sided ``p`` of equality."""

    ratio: Floats
    lower: Floats
    upper: Floats
    p: Floats


def compare_rates(
    events: Numbers,
    population: Numbers,
    other_events: Numbers,
    other_population: Numbers,
    level: float = 0.95,
    mid_p: bool = False,
) -> RateRatio:
    """Exact comparison of two Poisson rates, given the sum of their events.

    All four are of one shape, or single numbers. Given n = events +
    other_events, the events are binomial with chance π = R·P₁ / (R·P₁ + P₂)
    for the rate ratio R; ``p`` is twice the smaller tail at R = 1 (at most 1)
    and the limits are those of π (Clopper-Pearson) turned into R. ``mid_p``
    counts the observed outcome half in both, which is less cautious: on
    average, not at worst, it keeps its level. Without any event p is 1 and the
    limits are 0 and infinite; where a number is not known or a population is 0
    all are NaN. Raises ValueError for negative or infinite numbers, differing
    shapes, or a ``level`` not between 0 and 1.

    Source: Przyborowski and Wilenski (1940), Biometrika 31: 313-323; Berry and
    Armitage (1995) for mid-p.
    """
    tail = (1 - share(level, "level")) / 2
    first, persons = matching(events, population, ("events", "population"))
    second, others = matching(other_events, other_population, ("other_events", "other_population"))
    if first.ndim and second.ndim and first.shape != second.shape:
        raise ValueError(f"events differ in shape: {first.shape} and {second.shape}")
    first, second, persons, others = np.broadcast_arrays(first, second, persons, others)
    known = (persons > 0) & (others > 0) & ~np.isnan(first + second)
    x, y = np.where(known, first, np.nan), np.where(known, second, np.nan)
    size = np.divide(others, persons, out=np.full(x.shape, np.nan), where=known)
    low, high = _binomial_limits(x, y, tail, 0.5 if mid_p else 1.0)
    above, below = _tails(x, y, 1 / (1 + size), 0.5 if mid_p else 1.0)
    p = np.minimum(1.0, 2 * np.minimum(above, below))
    return RateRatio(_odds(x, y) * size, _odds(low) * size, _odds(high) * size, p)


def _odds(part: Floats, rest: Floats | None = None) -> Floats:
    rest = 1 - part if rest is None else rest
    odds = np.divide(part, rest, out=np.full(part.shape, np.inf), where=rest > 0)
    return np.where(np.isnan(part) | ((part == 0) & (rest == 0)), np.nan, odds)


def _tails(x: Floats, y: Floats, chance: Floats, weight: float) -> tuple[Floats, Floats]:
    """P(X ≥ x) and P(X ≤ x) of x + y tries, counting P(X = x) with ``weight``."""
    above = np.where(x > 0, special.betainc(np.where(x > 0, x, 1), y + 1, chance), 1.0)
    below = np.where(y > 0, special.betaincc(x + 1, np.where(y > 0, y, 1), chance), 1.0)
    spare = (1 - weight) * (above + below - 1)
    gone = np.isnan(x)
    return np.where(gone, np.nan, above - spare), np.where(gone, np.nan, below - spare)


def _binomial_limits(x: Floats, y: Floats, tail: float, weight: float) -> tuple[Floats, Floats]:
    """Chances at which x or more, and x or fewer, are just too rare; mid-p by bisection."""
    if weight == 1:
        lower = special.betaincinv(np.where(x > 0, x, 1), y + 1, tail)
        upper = special.betainccinv(x + 1, np.where(y > 0, y, 1), tail)
    else:
        lower, upper = _solve(x, y, tail, weight, 0), _solve(x, y, tail, weight, 1)
    lower, upper = np.where(x == 0, 0.0, lower), np.where(y == 0, 1.0, upper)
    gone = np.isnan(x)
    return np.where(gone, np.nan, lower), np.where(gone, np.nan, upper)


def _solve(x: Floats, y: Floats, tail: float, weight: float, side: int) -> Floats:
    """Bisect the log odds of the chance, since ratios may be extreme."""
    low, high = np.full(x.shape, -60.0), np.full(x.shape, 60.0)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        rare = _tails(x, y, special.expit(middle), weight)[side] < tail
        up = rare if side == 0 else ~rare
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    solved: Floats = special.expit((low + high) / 2)
    return solved


@dataclass(frozen=True)
class ShareDifference:
    """First share less second: ``difference`` between -1 and 1, and its limits."""

    difference: Floats
    lower: Floats
    upper: Floats


def compare_shares(
    hits: Numbers,
    tries: Numbers,
    other_hits: Numbers,
    other_tries: Numbers,
    level: float = 0.95,
) -> ShareDifference:
    """Newcombe's limits of the difference of two shares, from Wilson's of each.

    All four are of one shape, or single numbers. With (l, u) the Wilson limits
    of each share: d - √((p₁ - l₁)² + (u₂ - p₂)²) … d + √((u₁ - p₁)² + (p₂ -
    l₂)²). NaN where nothing was tried. Errors as in ``geo.rates.wilson_interval``.

    Source: Newcombe (1998), Statistics in Medicine 17: 873-890, method 10.
    """
    one, low, high = _wilson(hits, tries, level)
    two, other_low, other_high = _wilson(other_hits, other_tries, level)
    if one.ndim and two.ndim and one.shape != two.shape:
        raise ValueError(f"hits differ in shape: {one.shape} and {two.shape}")
    gap = one - two
    lower = gap - np.hypot(one - low, other_high - two)
    return ShareDifference(gap, lower, gap + np.hypot(high - one, two - other_low))


def _wilson(hits: Numbers, tries: Numbers, level: float) -> tuple[Floats, Floats, Floats]:
    lower, upper = wilson_interval(hits, tries, level)
    found, asked = matching(hits, tries, ("hits", "tries"))
    share_of = np.divide(found, asked, out=np.full(found.shape, np.nan), where=asked > 0)
    return share_of, lower, upper


def permutation_p(
    statistic: Callable[[NDArray[Any]], float],
    labels: Sequence[object] | NDArray[Any],
    permutations: int = 999,
    seed: int = 0,
    side: Side = "greater",
) -> float:
    """How often shuffled labels give a statistic as extreme as the real ones.

    ``statistic`` takes the n labels in some order and returns a number. p =
    (k + 1) / (permutations + 1), k the shuffles at least as large ("greater"),
    at most as large ("less"), or twice the smaller of both, at most 1; ties
    count, up to rounding. NaN where the statistic of the real labels is NaN.
    Raises ValueError for an unknown ``side`` or ``permutations`` below 1.

    Source: Phipson and Smyth (2010), Statistical Applications in Genetics and
    Molecular Biology 9: 39.
    """
    if side not in ("greater", "less", "both"):
        raise ValueError(f'side must be "greater", "less" or "both", not {side!r}')
    _at_least_one(permutations, "permutations")
    own = np.asarray(labels)
    real = float(statistic(own))
    rng = np.random.default_rng(seed)
    drawn = np.array([float(statistic(rng.permutation(own))) for _ in range(permutations)])
    return float(_ranked(np.array([real]), drawn[:, None], side)[0])


def _ranked(real: Floats, drawn: Floats, side: Side) -> Floats:
    """p of each column of ``drawn`` (one row a draw) against ``real``."""
    slack = 1e-12 * np.abs(real)
    high = ((drawn >= real - slack).sum(axis=0) + 1) / (len(drawn) + 1)
    low = ((drawn <= real + slack).sum(axis=0) + 1) / (len(drawn) + 1)
    both = np.minimum(1.0, 2 * np.minimum(high, low))
    p = {"greater": high, "less": low, "both": both}[side]
    return np.where(np.isnan(real), np.nan, p)


def _at_least_one(count: int, name: str) -> None:
    if count < 1:
        raise ValueError(f"{name} must be at least 1, not {count}")


@dataclass(frozen=True)
class Heaping:
    """Events in the last days: ``observed``, ``expected`` by chance, out of ``events``, and p."""

    observed: int
    expected: float
    events: int
    ratio: float
    p: float


def heaping(
    days_left: Numbers,
    window: int,
    span: Numbers | None = None,
    draws: int = 9_999,
    seed: int = 0,
) -> Heaping:
    """Whether events crowd into the last ``window`` days before their deadlines.

    ``days_left``: whole days from each event to its deadline, 0 on the last
    day; those past it (negative) or unknown take no part. ``span``: days each
    event could have fallen on, the last included: one number, one an event, or
    None for the largest ``days_left`` + 1; events earlier than their span take
    no part. By chance each falls on any of its days alike; p = (k + 1) / (draws
    + 1) over ``draws`` drawn sets. Without events expected is 0, ratio and p
    are NaN. Raises ValueError for fractions, infinities, a ``span`` ≤ 0 or of
    another length, or a ``window`` or ``draws`` below 1.
    """
    _at_least_one(window, "window")
    _at_least_one(draws, "draws")
    left, days = _offsets(days_left, span)
    near = np.minimum(window, days) / days
    observed, expected = int((left < window).sum()), float(near.sum())
    if not len(left):
        return Heaping(0, 0.0, 0, np.nan, np.nan)
    chances, alike = np.unique(near, return_counts=True)
    rng = np.random.default_rng(seed)
    drawn = rng.binomial(alike, chances, (draws, len(alike))).sum(axis=1)
    p = (int((drawn >= observed).sum()) + 1) / (draws + 1)
    return Heaping(observed, expected, len(left), observed / expected, p)


def _offsets(days_left: Numbers, span: Numbers | None) -> tuple[Floats, Floats]:
    left = vector(days_left, "days_left")
    refuse(~np.isnan(left) & (left != np.floor(left)), "days_left no whole day")
    widest = left[left >= 0].max() + 1 if np.any(left >= 0) else 1.0
    days = counts(widest if span is None else span, "span")
    if days.ndim and days.shape != left.shape:
        raise ValueError(f"{len(left)} days_left but span of shape {days.shape}")
    days = np.broadcast_to(days, left.shape)
    refuse(days == 0, "span 0")
    kept = (left >= 0) & (left < days)
    return left[kept], days[kept]


@dataclass(frozen=True)
class Bursts:
    """One row a unit, in the order of ``units`` (sorted).

    ``most``: the largest number of events within one window; ``expected``: its
    mean over the shuffles; ``p``: how often the shuffles reach it.
    """

    units: NDArray[Any]
    events: Integers
    most: Integers
    expected: Floats
    p: Floats


def burstiness(
    times: Numbers,
    units: Sequence[object] | NDArray[Any],
    window: float,
    permutations: int = 999,
    seed: int = 0,
) -> Bursts:
    """Whether a unit's events crowd together more than its share of all events would.

    ``times``: when each event was captured, in any one unit (use the capture
    time, so that a late upload of many is no burst); ``units``: one label an
    event; ``window``: length in the unit of ``times``, both ends included. The
    labels are shuffled over all events, which keeps the common rhythm of
    working hours and month ends and each unit's number of events; p = (k + 1)
    / (permutations + 1), k the shuffles with at least as many in one window.
    Events at unknown times take no part. One unit alone has p 1. Raises
    ValueError for differing lengths, infinities, a ``window`` ≤ 0 or
    ``permutations`` below 1.
    """
    when, labels = vector(times, "times"), np.asarray(units)
    if labels.shape != when.shape:
        raise ValueError(f"{len(when)} times but units of shape {labels.shape}")
    window = above_zero(window, "window")
    _at_least_one(permutations, "permutations")
    known = np.flatnonzero(~np.isnan(when))
    known = known[np.argsort(when[known], kind="stable")]
    when, (names, own) = when[known], np.unique(labels[known], return_inverse=True)
    most = _most(when, own, len(names), window)
    rng = np.random.default_rng(seed)
    total, reached = np.zeros(len(names)), np.zeros(len(names))
    for _ in range(permutations):
        drawn = _most(when, rng.permutation(own), len(names), window)
        total, reached = total + drawn, reached + (drawn >= most)
    p = (reached + 1) / (permutations + 1)
    events = np.bincount(own, minlength=len(names)).astype(np.int64)
    return Bursts(names, events, most, total / permutations, p)


def _most(when: Floats, own: NDArray[np.intp], units: int, window: float) -> Integers:
    """Largest number of events of each unit within ``window``; ``when`` ascends."""
    if not len(when):
        return np.zeros(units, dtype=np.int64)
    order = np.argsort(own, kind="stable")
    apart = own[order] * (when[-1] - when[0] + 2 * window) + (when[order] - when[0])
    slack = 1e-9 * window
    within = np.searchsorted(apart, apart + window + slack, side="right") - np.arange(len(when))
    starts = np.searchsorted(own[order], np.arange(units))
    most: Integers = np.maximum.reduceat(within, starts).astype(np.int64)
    return most
