"""Control charts: whether a unit's own series has changed, or only wavers.

Series are one-dimensional, in order of time, at even steps. NaN is a missing
step: it is not judged, ends a run, and gives no moving range to its
neighbours. A chart says "look here"; it compares a unit with nobody but itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.arrays import Booleans, Floats, Numbers, above_zero, matching, vector

SCALING = 2.66
RANGE_LIMIT = 3.268
_RANGE_TO_SIGMA = 1.128


@dataclass(frozen=True)
class Chart:
    """A chart; arrays of the series' length.

    ``values``: what is drawn; ``centre``, ``lower``, ``upper`` (three sigma)
    and ``sigma`` at each step; flags for each step that belongs to the
    pattern: ``beyond`` a limit, ``run`` on one side of the centre, ``trend``
    steadily rising or falling, ``two_of_three`` beyond two sigma on one side;
    ``signal``: any of them. ``inflation``: Laney's σz, 1 without it.
    """

    values: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    sigma: Floats
    beyond: Booleans
    run: Booleans
    trend: Booleans
    two_of_three: Booleans
    inflation: float = 1.0

    @property
    def signal(self) -> Booleans:
        """Whether any rule speaks at each step."""
        return self.beyond | self.run | self.trend | self.two_of_three


def xmr(values: Numbers, baseline: int | None = None, run: int = 7, trend: int = 6) -> Chart:
    """Individuals chart of a series, by its mean moving range.

    Centre: mean of the first ``baseline`` steps (None: of all); limits:
    centre ± 2.66 · mean |difference of neighbouring steps| of the same steps,
    with sigma a third of that reach. Rules: beyond a limit; ``run`` steps in a
    row strictly on one side of the centre; ``trend`` steps in a row, each
    strictly above (or below) the one before; two of three neighbouring steps
    beyond two sigma on one side. Without two neighbouring known steps the
    limits are NaN and only runs and trends are judged; where the baseline does
    not vary the limits equal the centre. Together the rules are quick to speak:
    of unchanging series of 36 steps some 31 % signal somewhere, 9 % beyond a
    limit. Raises ValueError for infinities, a
    shape that is not one-dimensional, or a ``baseline``, ``run`` or ``trend``
    below 2.

    Source: Shewhart (1931); Wheeler (1993), Understanding Variation; rules of
    NHS England's "Making Data Count" and of Nelson (1984).
    """
    series = vector(values, "values")
    first = _baseline(series, baseline)
    sigma = SCALING * _moving_range(series[first]) / 3
    centre = np.full(series.shape, _mean(series[first]))
    return _chart(series, centre, np.full(series.shape, sigma), (run, trend))


def natural_limits(values: Numbers) -> tuple[float, float, float]:
    """Lower limit, centre and upper limit of ``xmr``, without judging its steps.

    NaN for a series without two neighbouring known steps; errors as in ``xmr``.
    """
    series = vector(values, "values")
    centre, sigma = _mean(series), SCALING * _moving_range(series) / 3
    return centre - 3 * sigma, centre, centre + 3 * sigma


def moving_ranges(values: Numbers) -> tuple[Floats, float]:
    """Moving ranges |x - previous x|, and the upper limit 3.268 · their mean.

    The ranges have the series' length; NaN at the first step and beside missing
    ones. Errors as in ``xmr``.
    """
    series = vector(values, "values")
    ranges = np.concatenate([np.full(min(1, len(series)), np.nan), np.abs(np.diff(series))])
    return ranges, RANGE_LIMIT * _mean(ranges)


def p_chart(
    hits: Numbers,
    tries: Numbers,
    laney: bool = True,
    baseline: int | None = None,
    run: int = 7,
    trend: int = 6,
) -> Chart:
    """Chart of the shares hits / tries.

    Centre p = Σhits / Σtries of the baseline; sigma √(p (1 - p) / tries), with
    ``laney`` times σz = mean moving range of the z of the baseline / 1.128,
    which allows for what differs between steps beyond chance, as it does with
    many tries. Limits are cut to 0 … 1; steps without tries are missing. Errors
    and rules as in ``xmr`` and ``geo.rates.wilson_interval``.

    Source: Laney (2002), Quality Engineering 14: 531-537.
    """
    found, asked = matching(hits, tries, ("hits", "tries"))
    if np.any(found > asked):
        raise ValueError("more hits than tries")
    return _attributes(found, asked, True, laney, baseline, (run, trend))


def u_chart(
    events: Numbers,
    population: Numbers,
    laney: bool = True,
    baseline: int | None = None,
    run: int = 7,
    trend: int = 6,
    per: float = 1.0,
) -> Chart:
    """Chart of the rates of events for every ``per`` of population.

    As ``p_chart``, with sigma √(u / population); the lower limit is cut to 0.
    """
    per = above_zero(per, "per")
    observed, persons = matching(events, population, ("events", "population"))
    return _attributes(observed, persons / per, False, laney, baseline, (run, trend))


def _attributes(
    events: Floats,
    size: Floats,
    is_share: bool,
    laney: bool,
    baseline: int | None,
    rules: tuple[int, int],
) -> Chart:
    events = vector(events, "events")
    known = (size > 0) & ~np.isnan(events)
    events, size = np.where(known, events, np.nan), np.where(known, size, np.nan)
    first = _baseline(events, baseline)
    total = np.nansum(size[first])
    mean = float(np.nansum(events[first]) / total) if total > 0 else np.nan
    sigma = np.sqrt(mean * (1 - mean if is_share else 1.0) / size)
    values = events / size
    inflation = _laney(values[first], mean, sigma[first]) if laney else 1.0
    centre = np.where(known, mean, np.nan)
    bounds = (0.0, 1.0 if is_share else np.inf)
    return _chart(values, centre, sigma * inflation, rules, bounds, inflation)


def _laney(values: Floats, mean: float, sigma: Floats) -> float:
    z = np.divide(values - mean, sigma, out=np.full(values.shape, np.nan), where=sigma > 0)
    spread = _moving_range(z) / _RANGE_TO_SIGMA
    return spread if np.isfinite(spread) else 1.0


def _chart(
    values: Floats,
    centre: Floats,
    sigma: Floats,
    rules: tuple[int, int],
    bounds: tuple[float, float] = (-np.inf, np.inf),
    inflation: float = 1.0,
) -> Chart:
    run, trend = (_at_least_two(rule, name) for rule, name in zip(rules, _RULES, strict=True))
    lower, upper = np.clip(centre - 3 * sigma, *bounds), np.clip(centre + 3 * sigma, *bounds)
    slack = 1e-9 * (np.abs(centre) + sigma)
    return Chart(
        values,
        centre,
        lower,
        upper,
        sigma,
        (values < lower - slack) | (values > upper + slack),
        _either(values, centre, run),
        _rising(values, trend) | _rising(-values, trend),
        _pairs(values > centre + 2 * sigma + slack) | _pairs(values < centre - 2 * sigma - slack),
        inflation,
    )


_RULES = ("run", "trend")


def _at_least_two(count: int, name: str) -> int:
    if count < 2:
        raise ValueError(f"{name} must be at least 2, not {count}")
    return count


def _baseline(series: Floats, baseline: int | None) -> slice:
    if baseline is None:
        return slice(len(series))
    return slice(_at_least_two(baseline, "baseline"))


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan


def _moving_range(series: Floats) -> float:
    return _mean(np.abs(np.diff(series)))


def _either(values: Floats, centre: Floats, run: int) -> Booleans:
    return _in_a_row(values > centre, run) | _in_a_row(values < centre, run)


def _rising(values: Floats, steps: int) -> Booleans:
    """Steps that belong to ``steps`` or more in a row, each above the one before."""
    climbs = _in_a_row(np.diff(values) > 0, steps - 1)
    flags = np.zeros(len(values), dtype=np.bool_)
    flags[1:] |= climbs
    flags[:-1] |= climbs
    return flags


def _in_a_row(holds: Booleans, count: int) -> Booleans:
    """Where ``holds`` is true for ``count`` or more steps in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    long = ends - starts >= count
    change = np.zeros(len(holds) + 1, dtype=np.int64)
    np.add.at(change, starts[long], 1)
    np.add.at(change, ends[long], -1)
    flags: Booleans = np.cumsum(change)[:-1] > 0
    return flags


def _pairs(far: Booleans) -> Booleans:
    """Steps beyond two sigma with another one at most two steps away."""
    near = np.zeros(len(far), dtype=np.bool_)
    for gap in (1, 2):
        both = far[gap:] & far[:-gap]
        near[gap:] |= both
        near[: len(both)] |= both
    return near
