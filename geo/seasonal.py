"""Quasi-Poisson regression on a season factor and a trend, for many series at once.

The regression behind ``geo.surveillance.farrington_flexible``.

The model is ``ln mean = level of the season block + slope · time``, fitted by
iteratively reweighted least squares. Its normal equations are an arrow: blocks
on the diagonal, one row for the slope; so they are solved in closed form for
all series together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from geo.arrays import Booleans, Floats, Integers

_ROUNDS = 60
_CLOSE = 1e-9
_MOST_LOG = 40.0


@dataclass(frozen=True)
class Design:
    """The reference periods (m,): their season block, their time, and what is predicted.

    ``time`` runs from about -1 to 1; ``now`` is the time, ``block_now`` the block
    of the period that is judged.
    """

    block: Integers
    blocks: int
    time: Floats
    now: float
    block_now: int

    @property
    def indicator(self) -> Floats:
        """(m, blocks): 1 where a period belongs to a block."""
        return np.eye(self.blocks)[self.block]


@dataclass(frozen=True)
class Fit:
    """Fits of B series: fitted means and leverages (B, m), the prediction and dispersion (B,)."""

    mean: Floats
    leverage: Floats
    predicted: Floats
    dispersion: Floats
    converged: Booleans


def reference(
    years: int, window: int, blocks: int, season: int, excluded: int
) -> tuple[Design, Integers]:
    """The design of the reference periods, and how many periods before the judged one each is.

    Block 0 holds ±``window`` periods around the same time of each year, the
    others share the rest of the year evenly, the longer ones first. With one
    block the rest of the year is not used. Raises ValueError for a season too
    short for its blocks.
    """
    between = season - 2 * window - 1
    if years < 1 or window < 0 or not 1 <= blocks <= between + 1:
        raise ValueError(
            f"years {years}, window {window} and blocks {blocks} do not fit a season of {season}"
        )
    reach = years * season + window
    if not 0 <= excluded < reach - 2 * window:
        raise ValueError(
            f"excluded must lie between 0 and {reach - 2 * window - 1} periods, not {excluded}"
        )
    others = max(blocks - 1, 1)
    sizes = np.full(others, between // others)
    sizes[: between % others] += 1
    year = np.concatenate([np.zeros(2 * window + 1), np.repeat(np.arange(others) + 1, sizes)])
    block = np.tile(year.astype(np.int64), years + 1)[: reach - excluded]
    before = np.arange(reach, excluded, -1)[block < blocks]
    half = (before[0] - before[-1]) / 2 or 1.0
    middle = (before[0] + before[-1]) / 2
    design = Design(block[block < blocks], blocks, (middle - before) / half, middle / half, 0)
    return design, before


def predicted(
    past: Floats, design: Design, trend: bool, reweighted_above: float | None
) -> tuple[Floats, Floats]:
    """Mean and dispersion (B,) of the judged period, from ``past`` (B, m); NaN without a fit.

    The trend is dropped where it cannot be fitted or predicts more than was
    ever seen.
    """
    known = (~np.isnan(past)).astype(np.float64)
    counts = np.where(known > 0, past, 0.0)
    found = _reweighted(counts, known, design, trend, reweighted_above)
    mean = np.where(found.converged, found.predicted, np.nan)
    dispersion = found.dispersion.copy()
    again = np.flatnonzero(~(mean <= counts.max(axis=1))) if trend else np.zeros(0, np.int64)
    if again.size:
        plain = _reweighted(counts[again], known[again], design, False, reweighted_above)
        mean[again] = np.where(plain.converged, plain.predicted, np.nan)
        dispersion[again] = plain.dispersion
    held = known @ design.indicator
    mean[(held[:, design.block_now] == 0) | (known.sum(axis=1) <= design.blocks + trend)] = np.nan
    return mean, dispersion


def _reweighted(
    counts: Floats, known: Floats, design: Design, trend: bool, threshold: float | None
) -> Fit:
    """A fit, and where there is a threshold one more in which outbreaks weigh less."""
    first = fit(counts, known, design, trend)
    if threshold is None:
        return first
    scale = np.sqrt(first.dispersion[:, None] * (1 - first.leverage))
    residual = 1.5 * (np.cbrt(counts) ** 2 / first.mean ** (1 / 6) - np.sqrt(first.mean)) / scale
    weights = known * np.where(residual > threshold, np.maximum(residual, threshold) ** -2.0, 1.0)
    weights *= (known.sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-300))[:, None]
    return fit(counts, weights, design, trend)


def quantile(mean: Floats, dispersion: Floats, alpha: float) -> Floats:
    """Smallest count that is exceeded with a probability of at most ``alpha``.

    The distribution is negative binomial of that ``mean`` and variance
    mean · ``dispersion``, Poisson where the dispersion is 1.
    """
    known = ~np.isnan(mean)
    centre, scatter = mean[known], dispersion[known]
    low, high = np.full(centre.shape, -1.0), np.ceil(centre)
    while (far := tail(high + 1, centre, scatter) > alpha).any():
        high[far] = 2 * high[far] + 1
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = (tail(middle + 1, centre, scatter) <= alpha) & (middle > low)
        low, high = np.where(enough | (middle == low), low, middle), np.where(enough, middle, high)
    upper = np.full(mean.shape, np.nan)
    upper[known] = high
    return upper


def tail(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Probability of ``counts`` or more; fractional counts are rounded up."""
    above = np.maximum(np.ceil(counts), 1.0)
    scattered = dispersion > 1 + 1e-9
    excess = np.where(scattered, dispersion - 1, 1.0)
    beta = special.betainc(above, mean / excess, excess / (excess + 1))
    p = np.where(scattered, beta, special.gammainc(above, mean))
    return np.where(counts <= 0, np.where(np.isnan(mean), np.nan, 1.0), p)


def fit(counts: Floats, weights: Floats, design: Design, trend: bool) -> Fit:
    """Fit B series of m ``counts`` with prior ``weights`` (B, m); weight 0 leaves a period out."""
    constant = 2 * (weights * (special.xlogy(counts, counts) - counts)).sum(axis=1)
    log_mean = np.log(counts + 0.1)
    deviance = _deviance(counts, weights, log_mean, constant)
    ahead = np.full(len(counts), np.nan)
    open_rows = np.arange(len(counts))
    for _ in range(_ROUNDS):
        y, prior = counts[open_rows], weights[open_rows]
        arrow = _Arrow.of(prior, np.exp(log_mean[open_rows]), design, trend)
        fitted, ahead[open_rows] = arrow.solve(y, log_mean[open_rows])
        log_mean[open_rows] = fitted
        now = _deviance(y, prior, fitted, constant[open_rows])
        moved = np.abs(now - deviance[open_rows]) > _CLOSE * (np.abs(now) + 0.1)
        deviance[open_rows] = now
        open_rows = open_rows[moved]
        if not open_rows.size:
            break
    converged = np.ones(len(counts), dtype=np.bool_)
    converged[open_rows] = False
    mean = np.exp(log_mean)
    free = (weights > 0).sum(axis=1) - design.blocks - trend
    squares = (weights * (counts - mean) ** 2 / mean).sum(axis=1)
    leverage = _Arrow.of(weights, mean, design, trend).leverage()
    dispersion = np.maximum(squares / np.maximum(free, 1), 1.0)
    return Fit(mean, leverage, np.exp(ahead), dispersion, converged)


def _deviance(counts: Floats, weights: Floats, log_mean: Floats, constant: Floats) -> Floats:
    gain: Floats = (weights * (counts * log_mean - np.exp(log_mean))).sum(axis=1)
    return constant - 2 * gain


@dataclass(frozen=True)
class _Arrow:
    """Weighted sums by block, and what is left of time within the blocks."""

    mean: Floats
    weight: Floats
    sums: Floats
    centre: Floats
    apart: Floats
    spread: Floats
    design: Design
    trend: bool

    @classmethod
    def of(cls, prior: Floats, mean: Floats, design: Design, trend: bool) -> _Arrow:
        weight, indicator = prior * mean, design.indicator
        sums = np.maximum(weight @ indicator, 1e-300)
        centre = ((weight * design.time) @ indicator) / sums
        apart = design.time - centre[:, design.block]
        spread = (weight * apart**2).sum(axis=1)
        return cls(mean, weight, sums, centre, apart, spread, design, trend)

    def solve(self, counts: Floats, log_mean: Floats) -> tuple[Floats, Floats]:
        """The next log means, and that of the period to be judged."""
        working = log_mean + counts / self.mean - 1.0
        levels = ((self.weight * working) @ self.design.indicator) / self.sums
        slope = np.zeros(len(counts))
        if self.trend:
            common = (self.weight * self.apart * working).sum(axis=1)
            np.divide(common, self.spread, out=slope, where=self.spread > 0)
        fitted = levels[:, self.design.block] + slope[:, None] * self.apart
        here = self.design.block_now
        ahead = levels[:, here] + slope * (self.design.now - self.centre[:, here])
        return np.clip(fitted, -_MOST_LOG, _MOST_LOG), np.clip(ahead, -_MOST_LOG, _MOST_LOG)

    def leverage(self) -> Floats:
        """Diagonal of the hat matrix, by period."""
        share = 1.0 / self.sums[:, self.design.block]
        if self.trend:
            share = share + self.apart**2 / np.maximum(self.spread, 1e-300)[:, None]
        return np.minimum(self.weight * share, 1 - 1e-9)
