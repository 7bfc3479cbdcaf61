"""Whether a count differs from what was usual: the ratio of two Poisson rates with its interval.

Given both counts together, the later one is binomial; its Clopper–Pearson interval is that of the
ratio (Przyborowski and Wilenski 1940, Biometrika 31; exact, therefore rather too wide).
"""

from dataclasses import dataclass

from scipy.special import betaincinv

LEVEL = 0.95
UP, DOWN, FLAT = "up", "down", "flat"


@dataclass(frozen=True, slots=True)
class Change:
    """The ratio to the usual rate, its interval (`high` None: unbounded), and what it shows."""

    ratio: float | None
    low: float
    high: float | None
    verdict: str


def change(now: int, earlier: int, exposure: float, level: float = LEVEL) -> Change | None:
    """`now` cases in one period against `earlier` cases in `exposure` periods; None: no case.

    ValueError for counts below 0 or an exposure that is not above 0.
    """
    if now < 0 or earlier < 0 or exposure <= 0:
        raise ValueError("counts must not be negative, the exposure must be above 0")
    if now + earlier == 0:
        return None
    tail = (1 - level) / 2
    low = float(betaincinv(now, earlier + 1, tail)) if now else 0.0
    high = float(betaincinv(now + 1, earlier, 1 - tail)) if earlier else 1.0
    ratio = now * exposure / earlier if earlier else None
    bottom, top = low / (1 - low) * exposure, high / (1 - high) * exposure if earlier else None
    return Change(ratio, bottom, top, _verdict(bottom, top))


def _verdict(low: float, high: float | None) -> str:
    if low > 1:
        return UP
    return DOWN if high is not None and high < 1 else FLAT
