"""Surveillance of counts in time: is the latest one unusual for its series.

``counts`` are numbers ≥ 0, series × time (or one series), equally long periods
in order; NaN is a period that is not known. Each function judges a period by
those before it and returns a ``Surveillance`` of arrays in the shape of
``counts``. NaN is what could not be judged; no alarm is given there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special

from geo.arrays import Booleans, Floats, Numbers, above_zero, share
from geo.arrays import counts as checked_counts
from geo.seasonal import predicted, quantile, reference, tail

Ears: TypeAlias = Literal["C1", "C2", "C3"]

_GUARD = 2
_ALPHA: dict[Ears, float] = {"C1": 0.001, "C2": 0.001, "C3": 0.025}
_BLOCK = 100


@dataclass(frozen=True)
class Surveillance:
    """What is usual and what is not, each array in the shape of the counts.

    ``upper`` is the highest usual count, ``expected`` the mean, ``p`` the
    probability of a count as high as observed or higher (NaN where the method
    gives none); all NaN where not judged. ``alarm`` is True where a judged
    count is unusual.
    """

    upper: Floats
    alarm: Booleans
    expected: Floats
    p: Floats


def ears(
    counts: Numbers,
    method: Ears = "C1",
    baseline: int = 7,
    min_sigma: float = 0.5,
    alpha: float | None = None,
) -> Surveillance:
    """Early Aberration Reporting System: mean and deviation of a short baseline.

    C1 compares with the ``baseline`` periods just before, C2 leaves a guard of
    2 periods between; an alarm is a count above mean + z · deviation. C3 sums
    over the period and the two before what exceeds one deviation of C2, and
    gives an alarm where the sum exceeds z; ``upper`` is then the count from
    which it does (0 where the two before suffice). (R's ``earsC`` leaves the period
    itself out of that sum.) z is the quantile 1 - ``alpha`` of the normal
    distribution, by default 0.999 for C1 and C2 and 0.975 for C3; the
    deviation is at least ``min_sigma`` cases. ``p`` is normal, NaN for C3. The
    first periods (7, 9 or 11) and those with a gap in their baseline are not
    judged. Raises ValueError for negative or infinite counts, a baseline below
    3, or an option out of range.

    Source: Fricker, Hegler and Dunfee (2008), Statistics in Medicine 27: 3407-3429.
    """
    if method not in _ALPHA:
        raise ValueError(f'method must be "C1", "C2" or "C3", not {method!r}')
    if baseline < 3:
        raise ValueError(f"baseline must be at least 3 periods, not {baseline}")
    if not min_sigma >= 0:
        raise ValueError(f"min_sigma must not be negative: {min_sigma}")
    z = -float(special.ndtri(share(_ALPHA[method] if alpha is None else alpha, "alpha")))
    series, shape = _series(counts)
    mean, deviation = _recent(series, baseline, 0 if method == "C1" else _GUARD)
    deviation = np.maximum(deviation, min_sigma)
    standard = _standardised(series, mean, deviation)
    upper = mean + z * deviation
    p = special.ndtr(-standard)
    if method == "C3":
        before = _two_before(np.maximum(standard - 1, 0.0))
        upper = np.where(before > z, 0.0, mean + deviation * (1 + z - before))
        p = np.full(upper.shape, np.nan)
    return _judged(series, upper, series > upper, mean, p, shape)


def cusum(
    counts: Numbers,
    expected: Numbers | None = None,
    training: int = 52,
    k: float = 1.04,
    h: float = 2.26,
) -> Surveillance:
    """Cumulative sum of Rossi's transform of Poisson counts, for slow drift.

    With x = (c - 3m + 2·√(c·m)) / (2·√m) for a count c of mean m, the sum
    max(0, sum + x - ``k``) gives an alarm from ``h`` on; ``upper`` is the count
    from which it does. ``expected`` is m: one number for each series, or an array in the
    shape of ``counts``; without it, the mean of the first ``training`` periods,
    which are then not judged. A count that is not known leaves the sum as it
    was. Where m is 0 or unknown nothing is judged. ``p`` is NaN. Raises
    ValueError for negative or infinite numbers, a shape that does not fit, or
    an option out of range.

    Source: Rossi, Lampugnani and Marchi (1999), Statistics in Medicine 18: 2111-2122.
    """
    series, shape = _series(counts)
    k, h = above_zero(k, "k"), above_zero(h, "h")
    mean = _expected(series, shape, expected, training)
    known = ~np.isnan(series) & (mean > 0)
    root = np.sqrt(np.where(known, mean, 1.0))
    seen = np.where(known, series, 0.0)
    moved = (seen - 3 * root**2 + 2 * np.sqrt(seen) * root) / (2 * root) - k
    before = np.zeros(series.shape)
    total = np.zeros(len(series))
    after = np.full(series.shape, np.nan)
    for period in range(series.shape[1]):
        before[:, period] = total
        step = np.maximum(0.0, total + moved[:, period])
        total = np.where(known[:, period], step, total)
        after[:, period] = total
    needed = 4 * root**2 + 2 * root * (h + k - before)
    upper = np.maximum(np.sqrt(np.maximum(needed, 0.0)) - root, 0.0) ** 2
    upper[~known] = np.nan
    return _judged(series, upper, after >= h, mean, np.full(mean.shape, np.nan), shape)


def farrington_flexible(
    counts: Numbers,
    *,
    years: int = 5,
    window: int = 3,
    blocks: int = 10,
    season: int = 52,
    excluded: int = 26,
    alpha: float = 0.01,
    trend: bool = True,
    reweighted_above: float | None = 2.58,
    low_count: tuple[float, int] = (5, 4),
    latest: int | None = None,
) -> Surveillance:
    """The improved Farrington algorithm: each count against its season and trend.

    A quasi-Poisson regression on the past ``years`` (of ``season`` periods), but
    without the latest ``excluded`` periods: a factor of ``blocks`` levels, one
    for ±``window`` periods around the same time of year, and a linear trend,
    dropped where it predicts more than was ever seen or ``years`` < 3. Periods
    whose standardised Anscombe residual exceeds ``reweighted_above`` count by
    its inverse square, so that past outbreaks do not hide new ones. ``upper`` is
    the quantile 1 - ``alpha`` of a negative binomial distribution with the
    predicted mean and dispersion (Poisson for dispersion 1). Judged are
    periods with all that history, the ``latest`` ones or all, and of these
    only where the past ``low_count[1]`` periods, itself included, hold at
    least ``low_count[0]`` cases. Raises ValueError for negative or infinite
    counts, a season too short for its blocks, or an option out of range.

    Source: Noufaily et al. (2013), Statistics in Medicine 32: 1206-1222;
    quantile as "nbPlugin" in Salmon, Schumacher and Höhle (2016), Journal of
    Statistical Software 70(10).
    """
    series, shape = _series(counts)
    share(alpha, "alpha")
    if not (low_count[0] >= 0 and low_count[1] >= 1):
        raise ValueError(f"low_count must be (cases >= 0, periods >= 1), not {low_count}")
    if reweighted_above is not None:
        above_zero(reweighted_above, "reweighted_above")
    design, before = reference(years, window, blocks, season, excluded)
    first = int(before.max())
    if latest is not None:
        first = max(first, series.shape[1] - latest)
    row, period = np.nonzero(_enough(series, low_count))
    row, period = row[period >= first], period[period >= first]
    mean, dispersion = np.full(series.shape, np.nan), np.full(series.shape, np.nan)
    for start in range(0, len(row), _BLOCK):
        rows, periods = row[start : start + _BLOCK], period[start : start + _BLOCK]
        past = series[rows[:, None], periods[:, None] - before]
        found = predicted(past, design, trend and years >= 3, reweighted_above)
        mean[rows, periods], dispersion[rows, periods] = found
    upper = quantile(mean, dispersion, alpha)
    p = tail(series, mean, dispersion)
    return _judged(series, upper, series > upper, mean, p, shape)


def _enough(series: Floats, low_count: tuple[float, int]) -> Booleans:
    """Where a period is known and those up to it hold enough cases."""
    cases, periods = low_count
    sums = np.cumsum(np.where(np.isnan(series), 0.0, series), axis=1)
    sums[:, periods:] = sums[:, periods:] - sums[:, :-periods]
    enough: Booleans = (sums >= cases - 1e-9) & ~np.isnan(series)
    return enough


def _series(counts: Numbers) -> tuple[Floats, tuple[int, ...]]:
    series = checked_counts(counts, "counts")
    if series.ndim not in (1, 2):
        raise ValueError(f"counts must be series x time, not of shape {series.shape}")
    return np.atleast_2d(series), series.shape


def _judged(
    series: Floats,
    upper: Floats,
    alarm: Booleans,
    expected: Floats,
    p: Floats,
    shape: tuple[int, ...],
) -> Surveillance:
    judged = ~(np.isnan(upper) | np.isnan(series))
    blank = [np.where(judged, array, np.nan).reshape(shape) for array in (upper, expected, p)]
    return Surveillance(blank[0], (alarm & judged).reshape(shape), blank[1], blank[2])


def _recent(series: Floats, baseline: int, guard: int) -> tuple[Floats, Floats]:
    """Mean and deviation (n - 1) of the baseline before each period."""
    mean, deviation = np.full(series.shape, np.nan), np.full(series.shape, np.nan)
    first = baseline + guard
    if series.shape[1] > first:
        past = sliding_window_view(series[:, : -1 - guard], baseline, axis=1)
        mean[:, first:], deviation[:, first:] = past.mean(axis=2), past.std(axis=2, ddof=1)
    return mean, deviation


def _standardised(series: Floats, mean: Floats, deviation: Floats) -> Floats:
    """Distance from the mean in deviations; without any, none or infinite."""
    apart = series - mean
    endless = np.where(apart > 0, np.inf, np.where(apart < 0, -np.inf, 0.0))
    endless[np.isnan(apart)] = np.nan
    np.divide(apart, deviation, out=endless, where=deviation > 0)
    return endless


def _two_before(excess: Floats) -> Floats:
    before = np.full(excess.shape, np.nan)
    before[:, 2:] = excess[:, 1:-1] + excess[:, :-2]
    return before


def _expected(
    series: Floats, shape: tuple[int, ...], given: Numbers | None, training: int
) -> Floats:
    mean = np.full(series.shape, np.nan)
    if given is None:
        if not 1 <= training < series.shape[1]:
            raise ValueError(f"training must lie between 1 and {series.shape[1] - 1} periods")
        known = ~np.isnan(series[:, :training])
        sums = np.where(known, series[:, :training], 0.0).sum(axis=1)
        mean[:, training:] = (sums / np.maximum(known.sum(axis=1), 1))[:, None]
        return mean
    means = checked_counts(given, "expected")
    if means.shape == shape:
        means = means.reshape(series.shape)
    elif means.shape in ((), (len(series),)):
        means = means.reshape(-1, 1)
    else:
        raise ValueError(f"expected has shape {means.shape}, counts {shape}")
    mean[:] = means
    return mean
