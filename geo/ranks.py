"""How much a ranking can be believed: rank intervals, ties and flips.

``estimates`` and ``standard_errors`` hold one number a unit, independent and
nearly normal; for counts take ``log_rates``. Rank 1 is the largest estimate,
or the smallest with ``descending=False``. NaN means not known; such a unit has
no rank and takes no part. Simultaneous means: with probability ``level`` all
statements hold together, however many units there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy import special

from geo.arrays import (
    Booleans,
    Floats,
    Integers,
    Numbers,
    above_zero,
    matching,
    refuse,
    share,
    vector,
)

Method: TypeAlias = Literal["stepdown", "single", "holm"]

_METHODS = ("stepdown", "single", "holm")
_CELLS = 32_768


def log_rates(events: Numbers, population: Numbers, per: float = 1.0) -> tuple[Floats, Floats]:
    """Logarithms of Poisson rates and their standard errors, for the functions here.

    Returns (estimates, standard errors): log((events + ½) · per / population)
    and 1 / √(events + ½), defined also without events; NaN where not known or
    the population is 0. Errors as in ``geo.rates.rate_per``.

    Source: Anscombe (1956), Biometrika 43: 461-464, for the ½.
    """
    per = above_zero(per, "per")
    observed, persons = matching(events, population, ("events", "population"))
    persons = np.where((persons > 0) & ~np.isnan(observed), persons, np.nan)
    more = np.where(np.isnan(persons), np.nan, observed + 0.5)
    return np.log(more * per / persons), 1 / np.sqrt(more)


@dataclass(frozen=True)
class RankIntervals:
    """Ranks with simultaneous limits; arrays of n numbers, NaN where not known.

    ``rank``: 1 + how many estimates lie above (ties share the best);
    ``lower`` and ``upper``: best and worst rank that cannot be excluded.
    """

    rank: Floats
    lower: Floats
    upper: Floats


def told_apart(
    estimates: Numbers,
    standard_errors: Numbers,
    level: float = 0.95,
    method: Method = "stepdown",
    draws: int = 3_999,
    seed: int = 0,
) -> Booleans:
    """Which units lie truly above which: n x n, [i, j] true where i above j is claimed.

    One-sided tests of all pairs at once, t = (estimate i - estimate j) /
    √(se i² + se j²); the probability of any false claim is at most 1 - level.
    "single": t beyond the ``level`` quantile of the largest t of all pairs under
    equality, by ``draws`` normal draws; "stepdown": the same, repeated on the
    pairs not yet claimed; "holm": Holm's correction, exact, without draws and
    more cautious. Units that are not known have only False. Raises ValueError
    for infinities, differing lengths, standard errors ≤ 0 (naming positions),
    an unknown ``method``, ``draws`` below 1 / (1 - level), or a ``level`` not
    between 0 and 1.

    Source: Romano and Wolf (2005), Econometrica 73: 1237-1282; Holm (1979).
    """
    given, errors = _units(estimates, standard_errors)
    level = share(level, "level")
    if method not in _METHODS:
        raise ValueError(f"method must be one of {', '.join(_METHODS)}, not {method!r}")
    if method != "holm" and draws * (1 - level) < 1:
        raise ValueError(f"draws must be at least 1 / (1 - level), not {draws}")
    known = np.flatnonzero(~np.isnan(given + errors))
    above = np.zeros((len(given), len(given)), dtype=np.bool_)
    if len(known) > 1:
        own, scale = given[known], errors[known]
        t = (own[:, None] - own) / np.hypot(scale[:, None], scale)
        apart = (
            _holm(t, level) if method == "holm" else _drawn(t, scale, level, method, draws, seed)
        )
        above[np.ix_(known, known)] = apart
    return above


def rank_intervals(
    estimates: Numbers,
    standard_errors: Numbers,
    level: float = 0.95,
    method: Method = "stepdown",
    descending: bool = True,
    draws: int = 3_999,
    seed: int = 0,
) -> RankIntervals:
    """Ranks with limits that hold for all units together.

    A unit's best rank is 1 + how many are claimed to lie above it, its worst n
    less how many below (see ``told_apart``, also for errors); with probability
    ``level`` all true ranks lie within their limits.

    Source: Mogstad, Romano, Shaikh and Wilhelm (2024), Review of Economic
    Studies 91: 476-518.

    >>> found = rank_intervals([9.0, 1.0, 1.1], [0.5, 0.5, 0.5])
    >>> found.rank.tolist(), found.lower.tolist(), found.upper.tolist()
    ([1.0, 3.0, 2.0], [1.0, 2.0, 2.0], [1.0, 3.0, 3.0])
    """
    given, errors = _units(estimates, standard_errors)
    given = given if descending else -given
    above = told_apart(given, errors, level, method, draws, seed)
    known = ~np.isnan(given + errors)
    own = np.where(known, given, np.nan)
    rank = 1.0 + (own[None, :] > own[:, None]).sum(axis=1)
    lower = 1.0 + above.sum(axis=0)
    upper = float(known.sum()) - above.sum(axis=1)
    return RankIntervals(*(np.where(known, column, np.nan) for column in (rank, lower, upper)))


def indistinguishable_groups(
    estimates: Numbers,
    standard_errors: Numbers,
    level: float = 0.95,
    method: Method = "stepdown",
    descending: bool = True,
    draws: int = 3_999,
    seed: int = 0,
) -> list[Integers]:
    """Groups of units that cannot be told apart, in place of ranks.

    Two units share a group exactly when ``told_apart`` claims no difference
    between them (a compact letter display), so groups overlap. Each group is
    an array of row numbers, leading estimate first, and the groups are ordered
    by their leading, then by their last unit; a unit that is not known is in
    none. Errors as in ``told_apart``.

    Source: Piepho (2004), Journal of Computational and Graphical Statistics
    13: 456-466.
    """
    given, errors = _units(estimates, standard_errors)
    given = given if descending else -given
    above = told_apart(given, errors, level, method, draws, seed)
    order = np.argsort(-given, kind="stable")
    order = order[~np.isnan((given + errors)[order])].astype(np.int64)
    apart = (above | above.T)[np.ix_(order, order)]
    groups = [np.flatnonzero(row) for row in _cliques(apart)]
    groups.sort(key=lambda group: (group[0], group[-1], group.tolist()))
    return [order[group] for group in groups]


@dataclass(frozen=True)
class Flips:
    """How often the order would differ in another draw of the same chance.

    ``order``: probability that the order of all units differs anywhere;
    ``leader``: that another unit is first; ``rank``: for each unit, that its
    rank differs; ``pair``: n x n, that i and j change places (exact; the
    others by simulation).
    """

    order: float
    leader: float
    rank: Floats
    pair: Floats


def flip_probability(
    estimates: Numbers, standard_errors: Numbers, draws: int = 9_999, seed: int = 0
) -> Flips:
    """How often the order of the units would change by chance alone.

    Estimates are drawn anew, normal around the given ones with the given
    standard errors, ``draws`` times. Units as far apart as now would change
    places with probability Φ(-|difference| / √(se i² + se j²)), one half where
    they tie. NaN with no unit; nothing flips with one. Errors as in
    ``told_apart``, or for ``draws`` below 1.
    """
    given, errors = _units(estimates, standard_errors)
    if draws < 1:
        raise ValueError(f"draws must be at least 1, not {draws}")
    known = np.flatnonzero(~np.isnan(given + errors))
    own, scale = given[known], errors[known]
    n = len(given)
    rank, pair = np.full(n, np.nan), np.full((n, n), np.nan)
    if not len(known):
        return Flips(np.nan, np.nan, rank, pair)
    chance = special.ndtr(-np.abs(own[:, None] - own) / np.hypot(scale[:, None], scale))
    np.fill_diagonal(chance, 0.0)
    pair[np.ix_(known, known)] = chance
    noise = np.random.default_rng(seed).standard_normal((draws, len(known))) * scale
    moved = _places(own + noise) != _places(own[None])
    rank[known] = moved.mean(axis=0)
    leader = float(moved[:, int(np.argmax(own))].mean())
    return Flips(float(moved.any(axis=1).mean()), leader, rank, pair)


def _places(values: Floats) -> Integers:
    order = np.argsort(-values, axis=1, kind="stable")
    places: Integers = np.argsort(order, axis=1, kind="stable").astype(np.int64)
    return places


def _units(estimates: Numbers, standard_errors: Numbers) -> tuple[Floats, Floats]:
    given = vector(estimates, "estimates")
    errors = vector(standard_errors, "standard_errors")
    if given.shape != errors.shape:
        raise ValueError(f"{len(given)} estimates but {len(errors)} standard errors")
    refuse(errors <= 0, "standard_errors not above 0")
    return given, errors


def _drawn(
    t: Floats, scale: Floats, level: float, method: Method, draws: int, seed: int
) -> Booleans:
    noise = np.random.default_rng(seed).standard_normal((draws, len(scale))) * scale
    by_unit = np.ascontiguousarray(noise.T)
    inverse = 1 / np.hypot(scale[:, None], scale)
    others = ~np.eye(len(scale), dtype=np.bool_)
    open_pairs = others.copy()
    while True:
        bound = _critical(by_unit, inverse, open_pairs, level)
        claimed = open_pairs & (t > bound)
        open_pairs &= ~claimed
        if method == "single" or not claimed.any() or not open_pairs.any():
            above: Booleans = others & ~open_pairs
            return above


def _critical(noise: Floats, inverse: Floats, pairs: Booleans, level: float) -> float:
    """Quantile of the largest standardised difference of the given pairs, rounded up.

    ``noise`` is units x draws, worked off in blocks that stay in the cache.
    """
    draws = noise.shape[1]
    width = max(1, _CELLS // len(noise))
    starts = range(0, draws, width)
    blocks = [_block(noise[:, start : start + width], inverse, pairs) for start in starts]
    place = min(draws, int(np.ceil(level * (draws + 1) - 1e-9))) - 1
    return float(np.partition(np.concatenate(blocks), place)[place])


def _block(noise: Floats, inverse: Floats, pairs: Booleans) -> Floats:
    largest = np.full(noise.shape[1], -np.inf)
    for unit, others in enumerate(pairs):
        if others.any():
            gap = (noise[unit] - noise[others]) * inverse[unit, others, None]
            np.maximum(largest, gap.max(axis=0), out=largest)
    return largest


def _holm(t: Floats, level: float) -> Booleans:
    """Holm's steps over the ordered pairs; the smaller p of each pair is claimed first."""
    pairs = np.flatnonzero(~np.eye(len(t), dtype=np.bool_))
    p = special.ndtr(-t.ravel()[pairs])
    order = np.argsort(p, kind="stable")
    kept = p[order] <= (1 - level) / np.arange(len(pairs), 0, -1)
    claims = pairs[order[: int(np.argmin(kept)) if not kept.all() else len(kept)]]
    above = np.zeros(t.size, dtype=np.bool_)
    above[claims] = True
    return above.reshape(t.shape)


def _cliques(apart: Booleans) -> Booleans:
    """All largest sets without a pair told apart, one a row; by inserting and absorbing."""
    sets = np.ones((1, len(apart)), dtype=np.bool_)
    for unit, others in enumerate(apart):
        split = sets[:, unit] & (sets & others).any(axis=1)
        if split.any():
            without, alone = sets[split].copy(), sets[split] & ~others
            without[:, unit] = False
            sets = _largest(np.concatenate([sets[~split], without, alone]))
    return sets if len(apart) else sets[:0]


def _largest(sets: Booleans) -> Booleans:
    """Those that lie in no other; of equal ones the first."""
    members = sets.astype(np.float32)
    within = members @ (1 - members).T == 0
    spare = within & ~within.T | np.tril(within, -1)
    kept: Booleans = sets[~spare.any(axis=1)]
    return kept
