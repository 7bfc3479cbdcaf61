"""Values, intervals and natural limits of the figures in a report."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yuantou.indicators import rates
from yuantou.indicators.standing.baseline import natural_range

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Scale:
    """How an indicator is written: rate or share, events for every `per`, decimals."""

    code: str
    kind: str
    per: int
    places: int


@dataclass(frozen=True, slots=True)
class Count:
    """Events among a whole: the persons of a population, or the matters due."""

    events: int
    whole: int

    @property
    def pair(self) -> tuple[int, int]:
        """The two numbers that tests compare."""
        return self.events, self.whole


@dataclass(frozen=True, slots=True)
class Limits:
    """A range with its middle."""

    low: float
    mean: float
    high: float


def value_of(count: Count, scale: Scale) -> float:
    """Events for every `per` of the whole."""
    return count.events / count.whole * scale.per


def interval(count: Count, scale: Scale) -> Limits:
    """95 % limits: exact Poisson for a rate, Wilson for a share."""
    value = value_of(count, scale)
    if scale.kind == "rate":
        low, high = rates.poisson(count.events, count.whole, scale.per)
        return Limits(low, value, high)
    low_share, high_share = _wilson(count)
    return Limits(low_share * scale.per, value, high_share * scale.per)


def _wilson(count: Count) -> tuple[float, float]:
    whole, share = count.whole, min(count.events / count.whole, 1.0)
    bottom = 1 + Z95**2 / whole
    middle = (share + Z95**2 / (2 * whole)) / bottom
    half = Z95 / bottom * math.sqrt(share * (1 - share) / whole + Z95**2 / (4 * whole**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def control_limits(values: Sequence[float | None]) -> Limits | None:
    """Natural limits (XmR) of a run of months, never below 0; None for too few months."""
    found = natural_range(values)
    return Limits(*found) if found else None
