"""The smallest rise that would be noticed: simulated from what each place has seen.

A week like those of the past year is drawn, with the weeks before it, and cases are added until a
detector calls it unusual even if nothing else is unusual that night. What suffices in four of five
draws is the answer.
"""

from dataclasses import dataclass

import numpy as np

from geo.arrays import Booleans, Floats, Integers
from geo.surveillance import farrington_flexible
from yuantou.alerts.detection.judging import PAST, old_enough
from yuantou.alerts.detection.scores import (
    BASELINE,
    MOST_YEARS,
    WINDOW,
    after_baseline,
    by_ears,
    by_farrington,
)
from yuantou.alerts.detection.series import YEAR, Series
from yuantou.alerts.detection.tails import strata, tails
from yuantou.alerts.detection.terms import Terms

DRAWS = 200
POWER = 0.8
QUANTILE = 3.0902323  # of the normal distribution, EARS C1
LEAST_SPREAD = 0.5
HIGHEST = 2.0**16
LOW_COUNT = 5  # cases of the last weeks below which Farrington does not judge
LEAST_P = 1e-12


@dataclass(frozen=True)
class Rises:
    """For each row what a week holds, how many more are noticed (NaN: never), and by whom."""

    usual: Floats
    extra: Floats
    detector: tuple[str, ...]


def smallest_rises(series: Series, terms: Terms, tests: int, seed: int) -> Rises:
    """Simulate every row; `tests` is how many are judged in a night."""
    rng = np.random.default_rng(seed)
    year = series.counts[:, -YEAR:]
    known = np.isfinite(year).sum(axis=1)
    usual = np.where(known > 0, np.nansum(year, axis=1) / np.maximum(known, 1), np.nan)
    weeks = _drawn(year, rng)
    p = terms.rate / max(tests, 1)
    found = {
        "D_EARS": _with_ears(series, weeks, p),
        "D_FARRINGTON": _with_farrington(series, weeks, p, old_enough(series, terms)),
    }
    extra = np.array([_enough(needed, weeks, terms.least) for needed in found.values()])
    lowest = np.where(np.isnan(extra), np.inf, extra).argmin(axis=0)
    names = tuple(found)
    blank = np.isnan(extra).all(axis=0)
    return Rises(
        usual,
        extra[lowest, np.arange(extra.shape[1])],
        tuple("" if blank[row] else names[lowest[row]] for row in range(len(blank))),
    )


def _drawn(year: Floats, rng: np.random.Generator) -> Floats:
    """Weeks of each row's own year, (rows, draws, baseline + 1); NaN where it has gaps."""
    place = rng.integers(0, year.shape[1], (len(year), DRAWS, BASELINE + 1))
    return np.asarray(np.take_along_axis(year[:, None, :], place, axis=2), dtype=np.float64)


def _with_ears(series: Series, weeks: Floats, p: float) -> Floats:
    """The highest counts of which EARS C1 is silent, (rows, draws)."""
    scored = by_ears(series, min(PAST["D_EARS"], series.weeks - 1))
    before = weeks[:, :, 1:]
    mean, spread = before.mean(axis=2), before.std(axis=2, ddof=1)
    usual = mean + QUANTILE * np.maximum(spread, LEAST_SPREAD)
    rare = np.full(mean.shape, np.nan)
    stratum = strata(mean)
    for level, tail in tails(scored.score, scored.expected).items():
        here = (stratum == level) & ~np.isnan(mean)
        sums, place = np.unique(np.rint(mean[here] * BASELINE), return_inverse=True)
        rare[here] = _highest_common(sums, tail.score(max(p, LEAST_P)))[place]
    return np.asarray(np.maximum(np.floor(usual), rare), dtype=np.float64)


def _highest_common(baseline: Floats, score: float) -> Floats:
    """The highest counts after each baseline that score less than `score`."""
    if not np.isfinite(score):
        return np.full(len(baseline), np.nan)
    low, high = np.zeros(len(baseline)), np.full(len(baseline), HIGHEST)
    for _ in range(int(np.log2(HIGHEST)) + 1):
        middle = np.floor((low + high) / 2)
        common = -np.log(np.maximum(after_baseline(middle, baseline), 1e-300)) < score
        low, high = np.where(common, middle, low), np.where(common, high, middle)
    return low


def _with_farrington(series: Series, weeks: Floats, p: float, old: Booleans) -> Floats:
    """Counts from which Farrington speaks, for every draw of a row the same."""
    past = PAST["D_FARRINGTON"]
    years = min(MOST_YEARS, (series.weeks - past - WINDOW) // YEAR)
    upper = np.full(len(series.counts), np.nan)
    if years >= 1:
        scored = by_farrington(series, past)
        level = strata(scored.expected[:, -1])
        for stratum, tail in tails(scored.score, scored.expected).items():
            rows = np.flatnonzero((level == stratum) & old)
            upper[rows] = _bounds(series, rows, years, tail.score(max(p, LEAST_P)))
    upper = np.maximum(upper, LOW_COUNT - 1)
    return np.asarray(np.repeat(upper[:, None], weeks.shape[1], axis=1))


def _bounds(series: Series, rows: Integers, years: int, score: float) -> Floats:
    """The highest usual count of the last week at the p of a score."""
    if not np.isfinite(score) or not len(rows):
        return np.full(len(rows), np.nan)
    alpha = float(np.clip(np.exp(-score), LEAST_P, 0.5))
    found = farrington_flexible(
        series.counts[rows], years=years, window=WINDOW, latest=1, alpha=alpha, low_count=(0, 1)
    )
    return np.asarray(found.upper[:, -1], dtype=np.float64)


def _enough(needed: Floats, weeks: Floats, least: int) -> Floats:
    """How many more than the drawn week suffice in four of five draws; NaN where never judged."""
    more = np.maximum(np.floor(needed) + 1, least) - weeks[:, :, 0]
    judged = np.isfinite(more).mean(axis=1) >= POWER
    filled = np.where(np.isfinite(more), np.maximum(more, 1.0), np.inf)
    extra = np.quantile(filled, POWER, axis=1, method="higher")
    return np.where(judged & np.isfinite(extra), extra, np.nan)
