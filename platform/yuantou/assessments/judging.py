"""Whether a figure differs from its baseline: one exact test at 5 %, for rates and for shares.

Reports sealed before (`about` without `tested`) were judged by whether two intervals meet, which
claims less than it could; they are still made again as they were.
"""

from typing import Any

import numpy as np

from geo.differences import compare_rates, compare_shares
from yuantou.assessments.measures import Count, Scale, interval
from yuantou.indicators.standing.comparing import ALIKE, LEVEL, UNKNOWN, Finding, compare

WITHIN, OFF, UNJUDGED = "within", "off", "unknown"


def verdict(
    own: Count | None,
    before: Count | None,
    scale: Scale,
    *,
    tested: bool,
    past: Finding | None = None,
) -> str:
    """within, off or unknown; `past` is what the test says, where it was asked for."""
    if own is None or before is None:
        return UNJUDGED
    if not tested:
        return _by_intervals(own, before, scale)
    found = past or compare(scale.kind, own.pair, before.pair)
    return {UNKNOWN: UNJUDGED, ALIKE: WITHIN}.get(found.code, OFF)


def _by_intervals(own: Count, before: Count, scale: Scale) -> str:
    mine, theirs = interval(own, scale), interval(before, scale)
    return OFF if mine.low > theirs.high or mine.high < theirs.low else WITHIN


def alike(kind: str, events: np.ndarray[Any, Any], whole: int, before: Count) -> list[bool]:
    """The same test of many counts of one whole against one baseline."""
    ones = np.ones(len(events))
    if kind == "rate":
        found = compare_rates(
            events, ones * whole, ones * before.events, ones * before.whole, level=LEVEL
        )
        equal, low, high = 1.0, found.lower, found.upper
    else:
        gap = compare_shares(
            events, ones * whole, ones * before.events, ones * before.whole, level=LEVEL
        )
        equal, low, high = 0.0, gap.lower, gap.upper
    return [bool(a <= equal <= b) for a, b in zip(low, high, strict=True)]
