"""Lines of the result: a figure, its spread, its goal, and by how much it was missed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Goal:
    """At most, or at least, so much."""

    bound: float
    at_least: bool = False

    def verdict(self, value: float) -> str:
        """`ok`, or the size of the miss."""
        if value >= self.bound if self.at_least else value <= self.bound:
            return "ok"
        ratio = self.bound / value if self.at_least else value / self.bound
        return f"MISSED by {abs(value - self.bound):.4g} ({ratio:.2f}×)"

    def words(self) -> str:
        """The goal as it is printed."""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def tell(name: str, value: float, unit: str, goal: Goal | None = None, note: str = "") -> None:
    """Print one figure."""
    words = f"{name:<34}{value:>12.4g} {unit:<8}"
    if goal:
        words += f" goal {goal.words():<10} {goal.verdict(value)}"
    print(f"{words}  {note}".rstrip(), flush=True)


def tell_times(
    name: str, seconds: Sequence[float], goal: Goal | None = None, note: str = ""
) -> None:
    """Print median, p95 and spread of times in milliseconds; the goal is for p95."""
    times = np.array(seconds) * 1000
    low, middle, high, most = np.percentile(times, (25, 50, 75, 95))
    words = (
        f"{name:<34}{middle:>10.1f} ms  p95 {most:>8.1f}  "
        f"spread {low:.1f}–{high:.1f} (n={len(times)})"
    )
    if goal:
        words += f"  goal p95 {goal.words()} {goal.verdict(float(most))}"
    print(f"{words}  {note}".rstrip(), flush=True)
