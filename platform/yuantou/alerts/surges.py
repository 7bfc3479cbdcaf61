"""W04: a place has many more matters of one type than it used to have. Its own past is the measure.

Both must hold: more than the mean and some standard deviations of past windows, and a count that
a Poisson law of that mean reaches too rarely. The spread alone is too small where a place rarely
has any; the Poisson law alone speaks too often where counts cluster by nature.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

from yuantou.alerts.findings import Finding, Reason
from yuantou.alerts.rules import Rule
from yuantou.disputes.matter import N_

SMALLEST = 1e-17  # of a sum: a smaller term changes no digit


@dataclass(frozen=True, slots=True)
class Course:
    """A count of the last window of so many days, and those of earlier windows, newest first."""

    days: int
    count: int
    past: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Excess:
    """A window that stands out of its past."""

    days: int
    count: int
    mean: float
    spread: float
    p: float


def poisson_upper(count: int, mean: float) -> float:
    """How likely a Poisson variable of `mean` is `count` or more."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    upward = count > mean  # the shorter sum: its terms fall, and nothing is lost in a difference
    k = count if upward else count - 1
    term = total = exp(k * log(mean) - mean - lgamma(k + 1))
    while term > total * SMALLEST and (upward or k > 0):
        term *= mean / (k + 1) if upward else k / mean
        k += 1 if upward else -1
        total += term
    return min(1.0, total) if upward else max(0.0, 1.0 - total)


def excess(rule: Rule, course: Course) -> Excess | None:
    """The window that stands out, or None; too short a past is not judged."""
    if course.count < rule.number("least") or len(course.past) < rule.number("least_past"):
        return None
    mean = sum(course.past) / len(course.past)
    spread = sqrt(sum((each - mean) ** 2 for each in course.past) / (len(course.past) - 1))
    p = poisson_upper(course.count, mean)
    if course.count <= mean + rule.number("sigmas") * spread or p >= rule.number("p"):
        return None
    return Excess(course.days, course.count, mean, spread, p)


def surge(rule: Rule, courses: Sequence[Course]) -> Finding | None:
    """W04 over its short and its long window; each that stands out is a reason."""
    found = [out for course in courses if (out := excess(rule, course)) is not None]
    if not found:
        return None
    least = found[0]
    facts = {
        "days": least.days,
        "count": least.count,
        "expected": round(least.mean, 3),
        "spread": round(least.spread, 3),
        "p": least.p,
        "windows": [{"days": one.days, "count": one.count, "mean": one.mean} for one in found],
    }
    return Finding(rule.code, rule.version, "yellow", tuple(map(_reason, found)), facts)


def _reason(out: Excess) -> Reason:
    say = N_(
        "近 %(days)s 天登记 %(count)s 件；过去同样长的时间平均 %(mean)s 件（标准差 %(spread)s），"
        "偶然达到这么多的可能约 %(p)s。"
    )
    values = {
        "days": out.days,
        "count": out.count,
        "mean": f"{out.mean:.1f}",
        "spread": f"{out.spread:.1f}",
        "p": "<0.0001" if out.p < 0.0001 else f"{out.p:.4f}",
    }
    return Reason(say, values)
