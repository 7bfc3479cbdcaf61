"""The budget of warnings: how rare a count must be so that an office is not told too often.

Thresholds are set on each detector's own history, so that over the past weeks it would have
spoken no more often than its part of the budget, in the province and in any one county.
"""

import numpy as np

from geo.arrays import Floats, Integers
from yuantou.alerts.detection.terms import Terms


def thresholds(p: Floats, counties: Integers, terms: Terms, detectors: int) -> Floats:
    """For each row the p up to which a detector may speak; `p` is (rows, past weeks).

    Without a past nothing is held back: the false discovery rate alone decides.
    """
    weeks = int((~np.isnan(p)).any(axis=0).sum())
    if not weeks:
        return np.ones(len(p))
    province = _threshold(p, terms.province_budget / detectors * weeks)
    allowed = np.full(len(p), province)
    for county in np.unique(counties):
        rows = counties == county
        own = _threshold(p[rows], terms.county_budget / detectors * weeks)
        allowed[rows] = min(province, own)
    return allowed


def _threshold(p: Floats, times: float) -> float:
    """The p that was undercut at most so many times; 1 where that never happened."""
    known = np.sort(p[~np.isnan(p)])
    allowed = int(times)
    return float(np.nextafter(known[allowed], 0)) if len(known) > allowed else 1.0
