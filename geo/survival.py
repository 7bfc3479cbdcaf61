"""Durable success: how long something lasts, when many have not been watched to the end.

``time`` is how long each case was watched, in any one unit (days, here);
``event`` is true where it ended then (a suit, a return) and false where it
was only not watched further. Watched up to t means at risk at t: an event at
t comes before an end of watching at t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from geo.arrays import Booleans, Floats, Integers, Numbers, refuse, share, vector


@dataclass(frozen=True)
class Survival:
    """Kaplan and Meier's curve.

    Steps, one for each distinct time of an event: ``times``, ``at_risk``,
    ``events``. Asked-for points, one for each of ``at``: ``survival``,
    ``standard_error``, ``lower``, ``upper`` and how many were still
    ``watched`` then; NaN beyond the longest watched time, unless all have ended.
    """

    times: Floats
    at_risk: Integers
    events: Integers
    at: Floats
    survival: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    watched: Integers


def kaplan_meier(
    time: Numbers,
    event: Numbers | Sequence[bool],
    at: Numbers = (90.0, 180.0),
    level: float = 0.95,
) -> Survival:
    """Share that lasts beyond each of ``at``, with those not watched so far.

    ``time`` and ``event`` are n numbers ≥ 0 and n truth values; ``at`` are
    times in the same unit. S(t) = Π (1 - d / n) over the times of events up to
    t; Greenwood's standard error S √Σ d / (n (n - d)); limits on the log-log
    scale, S^exp(± z · se / (S |log S|)). Where nothing has ended the lower limit
    is the exact binomial one of the number at risk, (α/2)^(1/n), and the upper
    one 1; where all have ended they are 0 and the last upper limit before. No
    case at all gives NaN. Raises ValueError for negative, infinite or unknown
    times, events that are not 0 or 1 (naming positions), differing lengths or
    a ``level`` not between 0 and 1.

    Source: Kaplan and Meier (1958), JASA 53: 457-481; Greenwood (1926);
    Kalbfleisch and Prentice (1980) for the limits.

    >>> curve = kaplan_meier([30, 100, 200, 200], [1, 0, 0, 0], at=[90])
    >>> round(float(curve.survival[0]), 2)
    0.75
    """
    level = share(level, "level")
    watched_for, ended = _cases(time, event)
    points = vector(at, "at")
    times, at_risk, events = _steps(watched_for, ended)
    survival, error, lower, upper = _curve(at_risk, events, len(watched_for), level)
    step = np.searchsorted(times, points, side="right")
    watched = _still(watched_for, points)
    last = watched_for.max() if len(watched_for) else -np.inf
    seen = (points <= last) | (survival[step] == 0)
    lower_at = np.where(survival[step] == 1, _none_ended(watched, level), lower[step])
    columns = np.array([survival[step], error[step], lower_at, upper[step]])
    known = np.where(seen, columns, np.nan)
    return Survival(times, at_risk, events, points, known[0], known[1], known[2], known[3], watched)


@dataclass(frozen=True)
class LogRank:
    """Log-rank test: ``chi2`` with ``freedom`` degrees, its ``p``, and by group
    (sorted) the ``observed`` and ``expected`` events. NaN where nothing can be compared.
    """

    chi2: float
    freedom: int
    p: float
    groups: NDArray[np.generic]
    observed: Floats
    expected: Floats


def log_rank(
    time: Numbers, event: Numbers | Sequence[bool], group: Sequence[object] | NDArray[np.generic]
) -> LogRank:
    """Whether two or more groups last equally long.

    ``group`` holds one label a case. Observed less expected events by group,
    with the hypergeometric covariance at each time of an event; chi2 is their
    quadratic form. With one group, or no event while two are watched, chi2 and
    p are NaN. Raises ValueError as ``kaplan_meier``.

    Source: Mantel (1966), Cancer Chemotherapy Reports 50: 163-170.
    """
    watched_for, ended = _cases(time, event)
    labels = np.asarray(group)
    if labels.shape != watched_for.shape:
        raise ValueError(f"{len(watched_for)} times but groups of shape {labels.shape}")
    groups, own = np.unique(labels, return_inverse=True)
    times, at_risk, events = _steps(watched_for, ended)
    risk = np.array([_still(watched_for[own == g], times) for g in range(len(groups))])
    risk = risk.reshape(len(groups), len(times)).astype(np.float64)
    observed = np.bincount(own[ended], minlength=len(groups)).astype(np.float64)
    part = risk / at_risk
    expected = (part * events).sum(axis=1)
    spare = (at_risk - events) / np.maximum(at_risk - 1, 1) * events
    covariance = np.diag((part * spare).sum(axis=1)) - (part * spare) @ part.T
    return _tested(observed - expected, covariance, groups, observed, expected)


def _tested(
    excess: Floats,
    covariance: Floats,
    groups: NDArray[np.generic],
    observed: Floats,
    expected: Floats,
) -> LogRank:
    freedom = int(np.linalg.matrix_rank(covariance, hermitian=True)) if len(groups) else 0
    if freedom == 0:
        return LogRank(np.nan, 0, np.nan, groups, observed, expected)
    chi2 = float(excess @ np.linalg.pinv(covariance, hermitian=True) @ excess)
    p = float(special.chdtrc(freedom, chi2))
    return LogRank(chi2, freedom, p, groups, observed, expected)


def _cases(time: Numbers, event: Numbers | Sequence[bool]) -> tuple[Floats, Booleans]:
    watched_for, ended = vector(time, "time"), vector(event, "event")
    if watched_for.shape != ended.shape:
        raise ValueError(f"{len(watched_for)} times but {len(ended)} events")
    refuse(np.isnan(watched_for), "time unknown")
    refuse(watched_for < 0, "time negative")
    refuse((ended != 0) & (ended != 1), "event neither true nor false")
    return watched_for, ended == 1


def _still(watched_for: Floats, points: Floats) -> Integers:
    """How many are watched at least until each point."""
    below = np.searchsorted(np.sort(watched_for), points, side="left")
    return (len(watched_for) - below).astype(np.int64)


def _steps(watched_for: Floats, ended: Booleans) -> tuple[Floats, Integers, Integers]:
    times, events = np.unique(watched_for[ended], return_counts=True)
    return times, _still(watched_for, times), events.astype(np.int64)


def _curve(
    at_risk: Integers, events: Integers, cases: int, level: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Survival, standard error and limits before the first step and after each."""
    left = at_risk - events
    start = 1.0 if cases else np.nan
    survival = start * np.concatenate([[1.0], np.cumprod(left / at_risk)])
    terms = np.divide(events, at_risk * left, out=np.zeros(len(left)), where=left > 0)
    greenwood = np.concatenate([[0.0], np.cumsum(terms)])
    within = (survival > 0) & (survival < 1)
    log = np.log(np.where(within, survival, 0.5))
    reach = float(special.ndtri((1 + level) / 2)) * np.sqrt(greenwood) / -log
    lower = np.where(within, np.exp(log * np.exp(reach)), survival)
    upper = np.where(within, np.exp(log * np.exp(-reach)), survival)
    if len(left) and left[-1] == 0:
        upper[-1] = upper[-2] if len(left) > 1 else _all_ended(int(events[-1]), level)
    return survival, survival * np.sqrt(greenwood), lower, upper


def _none_ended(at_risk: Integers, level: float) -> Floats:
    lower: Floats = ((1 - level) / 2) ** (1 / np.maximum(at_risk, 1))
    return lower


def _all_ended(cases: int, level: float) -> float:
    return float(1 - ((1 - level) / 2) ** (1 / cases))
