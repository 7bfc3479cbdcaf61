"""The detectors in time: EARS, Farrington and CUSUM over all rows, each with its score and bound.

The score is what `tails.rarity` ranks: minus the logarithm of a p for EARS and Farrington, the
height that the cumulative sum has reached.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from geo.arrays import Booleans, Floats
from geo.surveillance import Ears, cusum, ears, farrington_flexible
from yuantou.alerts.detection.series import ALL, YEAR, Series

GUARD = 4  # latest weeks left out of what is usual
WINDOW = 3
LEAST_COUNTIES = 10  # fewer cannot tell a season that all share
HEIGHTS = tuple(round(0.5 * 1.2**step, 2) for step in range(26))  # a fifth more each, to 48
METHODS: tuple[Ears, ...] = ("C1", "C2", "C3")
BASELINE = 7  # weeks before the one that EARS judges
MOST_YEARS = 5


@dataclass(frozen=True)
class Scored:
    """One detector over the last weeks (rows, weeks): NaN where it did not judge."""

    expected: Floats
    upper: Floats
    score: Floats

    @property
    def judged(self) -> Booleans:
        """Where there is a score."""
        known: Booleans = ~np.isnan(self.score)
        return known


Detector = Callable[[Series, int], Scored]


def by_ears(series: Series, latest: int) -> Scored:
    """EARS C1, C2 and C3: what none of them calls unusual scores 0.

    Of the others the score says how rare such a week is after the seven before it, whatever their
    true mean: EARS' own level supposes normal counts and is far off for small ones.
    """
    found = [ears(series.counts, method) for method in METHODS]
    first, second, _ = found
    alarm = np.any([each.alarm for each in found], axis=0)
    p = after_baseline(series.counts, first.expected * BASELINE)
    score = np.where(alarm, -np.log(np.maximum(p, 1e-300)), 0.0)
    score[np.isnan(first.expected) | np.isnan(series.counts)] = np.nan
    score[(series.counts == 0) & (first.expected == 0)] = -np.inf
    upper = np.fmin(first.upper, second.upper)
    return Scored(first.expected[:, -latest:], upper[:, -latest:], score[:, -latest:])


def after_baseline(counts: Floats, baseline: Floats) -> Floats:
    """Probability of a Poisson week of so many or more, after a baseline of so many in all.

    The mean is not known; with Jeffreys' prior the week is negative binomial.
    """
    some = np.maximum(np.nan_to_num(counts), 1.0)
    tail = special.betainc(some, np.nan_to_num(baseline) + 0.5, 1 / (BASELINE + 1))
    return np.asarray(np.where(counts > 0, tail, 1.0), dtype=np.float64)


def by_farrington(series: Series, latest: int) -> Scored:
    """Each week against the same season of as many years as there are, with a trend from three."""
    years = min(MOST_YEARS, (series.weeks - latest - WINDOW) // YEAR)
    shape = (len(series.counts), latest)
    if years < 1:
        return _nothing(shape)
    found = farrington_flexible(series.counts, years=years, window=WINDOW, latest=latest)
    p = np.maximum(found.p[:, -latest:], 1e-300)
    return Scored(found.expected[:, -latest:], found.upper[:, -latest:], -np.log(p))


def by_cusum(series: Series, latest: int) -> Scored:
    """The highest bound that the sum of what exceeds the usual has reached."""
    usual = usual_counts(series)
    height = np.where(usual > 0, 0.0, np.nan)
    height[np.isnan(series.counts)] = np.nan
    lowest = None
    for bound in HEIGHTS:
        found = cusum(series.counts, usual, h=bound)
        lowest = lowest or found
        height[found.alarm] = bound
    assert lowest is not None  # noqa: S101
    return Scored(usual[:, -latest:], lowest.upper[:, -latest:], height[:, -latest:])


def usual_counts(series: Series) -> Floats:
    """Mean of the year before, without the latest weeks, times the season that all others share."""
    usual = _trailing(series.counts, YEAR, GUARD)
    for type_ in {each for each in series.types if each != ALL} | {ALL}:
        rows = series.rows_of(type_)
        if len(rows) >= LEAST_COUNTIES:
            usual[rows] *= _season(series.counts[rows], usual[rows])
    return usual


def _season(counts: Floats, usual: Floats) -> Floats:
    """What the other counties report these weeks against what is usual of them."""
    seen, due = (np.nan_to_num(cells) for cells in (counts, usual))
    seen = np.where(np.isnan(usual), 0.0, seen)
    others, theirs = seen.sum(axis=0) - seen, due.sum(axis=0) - due
    width = 2 * GUARD + 1
    share = _sums(others, width) / np.maximum(_sums(theirs, width), 1e-9)
    return np.where(_sums(theirs, width) > 0, share, 1.0)


def _sums(cells: Floats, width: int) -> Floats:
    """Sums over the last `width` weeks."""
    total = np.cumsum(cells, axis=1)
    total[:, width:] = total[:, width:] - total[:, :-width]
    return np.asarray(total, dtype=np.float64)


def _trailing(counts: Floats, width: int, guard: int) -> Floats:
    """Mean of `width` weeks that end `guard` weeks before; NaN with fewer than half of them."""
    known = ~np.isnan(counts)
    sums, number = _sums(np.nan_to_num(counts), width), _sums(known.astype(np.float64), width)
    mean = np.full(counts.shape, np.nan)
    enough = number >= width / 2
    mean[enough] = np.maximum(sums[enough], 0.0) / number[enough]
    shifted = np.full(counts.shape, np.nan)
    shifted[:, guard + 1 :] = mean[:, : -guard - 1]
    return shifted


def _nothing(shape: tuple[int, int]) -> Scored:
    blank = np.full(shape, np.nan)
    return Scored(blank, blank.copy(), blank.copy())


DETECTORS: dict[str, Detector] = {
    "D_EARS": by_ears,
    "D_FARRINGTON": by_farrington,
    "D_CUSUM": by_cusum,
}
