"""The ledger of warnings: of how many it is known what they were, and how often they were right.

Pure: tallies in, lines out. A share or a rate comes with its interval or not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from yuantou import heavy

REAL, EXPLAINED, NOTHING = "real", "explained", "nothing"
LEAST_LEADS = 3
MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True)
class Told:
    """One warning as the ledger counts it: what raised it, what it was (None: not known yet).

    One that ended with its matter, `settled`, was judged by nobody and waits for nobody.
    """

    source: str
    outcome: str | None
    until_suit: int | None = None
    until_peak: int | None = None
    settled: bool = False


@dataclass(frozen=True)
class Range:
    """A share or a rate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Lead:
    """Days from the warning to what followed: how many are known, their median."""

    number: int
    days: float


@dataclass(frozen=True)
class Line:
    """One rule or detector in the ledger."""

    source: str
    raised: int
    real: int
    explained: int
    nothing: int
    settled: int
    precision: Range | None
    false_alarms: Range | None
    until_suit: Lead | None
    until_peak: Lead | None

    @property
    def pending(self) -> int:
        """Those of which nobody has said yet what they were."""
        return self.raised - self.real - self.explained - self.nothing - self.settled


def lines(told: Iterable[Told], county_months: float) -> list[Line]:
    """A line for each source, by its code."""
    by_source: dict[str, list[Told]] = {}
    for each in told:
        by_source.setdefault(each.source, []).append(each)
    return [line(source, each, county_months) for source, each in sorted(by_source.items())]


def line(source: str, told: Sequence[Told], county_months: float) -> Line:
    """The line of one source. Right is what was real; a false alarm is what was nothing."""
    real, explained, nothing = (
        sum(each.outcome == outcome for each in told) for outcome in (REAL, EXPLAINED, NOTHING)
    )
    return Line(
        source, len(told), real, explained, nothing, sum(each.settled for each in told),
        share(real, real + explained + nothing),
        rate(nothing, county_months),
        _lead([each.until_suit for each in told]),
        _lead([each.until_peak for each in told]),
    )  # fmt: skip


def share(hits: int, of: int) -> Range | None:
    """A share with Wilson's interval; None of nothing."""
    if not of:
        return None
    low, high = heavy.rates.wilson_interval([hits], [of])
    return Range(hits / of, float(low[0]), float(high[0]))


def rate(events: int, county_months: float) -> Range | None:
    """Events for a county and month, with the exact Poisson interval."""
    if county_months <= 0:
        return None
    low, high = heavy.rates.poisson_interval([events], [county_months], per=1)
    return Range(events / county_months, float(low[0]), float(high[0]))


def _lead(days: Sequence[int | None]) -> Lead | None:
    known = [each for each in days if each is not None]
    return Lead(len(known), float(median(known))) if len(known) >= LEAST_LEADS else None
