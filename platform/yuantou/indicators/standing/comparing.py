"""Two counts of one kind: whether they differ by more than chance. Pure; in words elsewhere."""

from dataclasses import dataclass
from functools import lru_cache

from geo.differences import compare_rates, compare_shares

HIGHER, LOWER, ALIKE, UNKNOWN = "higher", "lower", "alike", "unknown"
LEVEL = 0.95

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """`code`: higher, lower, alike (the test cannot tell them apart) or unknown.

    `low` and `high` bound the ratio of two rates, or the difference of two shares.
    """

    code: str
    low: float | None = None
    high: float | None = None


@lru_cache(maxsize=8192)
def compare(kind: str, own: Pair | None, other: Pair | None) -> Finding:
    """Whether (events, whole) lies above or below another; unknown where one is missing."""
    if own is None or other is None or own[1] <= 0 or other[1] <= 0:
        return Finding(UNKNOWN)
    if kind == "rate":
        return _rates(own, other)
    if kind == "share" and own[0] <= own[1] and other[0] <= other[1]:
        return _shares(own, other)
    return Finding(UNKNOWN)


def _rates(own: Pair, other: Pair) -> Finding:
    """The exact test at 5 %: nothing is claimed unless the ratio's limits leave 1 out."""
    found = compare_rates(own[0], own[1], other[0], other[1], level=LEVEL)
    return _said(float(found.lower), float(found.upper), 1.0)


def _shares(own: Pair, other: Pair) -> Finding:
    found = compare_shares(own[0], own[1], other[0], other[1], level=LEVEL)
    return _said(float(found.lower), float(found.upper), 0.0)


def _said(low: float, high: float, equal: float) -> Finding:
    code = HIGHER if low > equal else LOWER if high < equal else ALIKE
    return Finding(code, low, high)
