"""A night's judging as the worker does it: 100 counties x 20 types and 1,354 townships.

`python -m tests.bench.nightwatch` prints its seconds of CPU, on the clock, and its peak of memory.
Reading the counts and writing the signals come on top.
"""

import resource
import time
from datetime import date

import numpy as np
from numpy.typing import NDArray

from yuantou.alerts.detection.judging import ALARM, SKIPPED, judge
from yuantou.alerts.detection.series import ALL, Place, Series
from yuantou.alerts.detection.terms import terms

COUNTIES, TYPES, TOWNSHIPS = 100, 20, 1_354
WEEKS = 5 * 52 + 3 + 27
LAST = date(2026, 11, 22)


def season() -> NDArray[np.float64]:
    """Made-up weekly means, 8 a week with a season."""
    means: NDArray[np.float64] = 8 * np.exp(0.4 * np.sin(np.arange(WEEKS) * 2 * np.pi / 52))
    return means


def weekly(number: int, seed: int = 2) -> NDArray[np.float64]:
    """Made-up weekly counts around these, number x weeks."""
    drawn = np.random.default_rng(seed).poisson(season(), (number, WEEKS))
    return np.asarray(drawn, dtype=np.float64)


def province() -> tuple[Series, dict[str, list[str]]]:
    """The series of the night: every county by type and in all, every township in all."""
    rng = np.random.default_rng(3)
    points = rng.uniform((119, 39), (125, 43), (COUNTIES + TOWNSHIPS, 2)).tolist()
    codes = [f"{number:03}" for number in range(COUNTIES)]
    counties = [
        Place(code, f"{code}/", "county", code, *point)
        for code, point in zip(codes, points[:COUNTIES], strict=True)
    ]
    townships = [
        Place(f"t{number}", f"{codes[number % COUNTIES]}/t{number}/", "township",
              codes[number % COUNTIES], *point)
        for number, point in enumerate(points[COUNTIES:])
    ]  # fmt: skip
    types = [*(f"type{number}" for number in range(TYPES)), ALL]
    counts = weekly(COUNTIES * len(types) + TOWNSHIPS)
    places = (*(county for county in counties for _ in types), *townships)
    kinds = (*(types * COUNTIES), *([ALL] * TOWNSHIPS))
    near = {code: [codes[(number + step) % COUNTIES] for step in (-1, 1, 10, -10)]
            for number, code in enumerate(codes)}  # fmt: skip
    return Series(places, kinds, counts, LAST), near


def night() -> tuple[int, int]:
    """What a worker computes; how many verdicts, and how many alarms."""
    verdicts = judge(*province(), terms())
    judged = sum(each.state != SKIPPED for each in verdicts)
    return judged, sum(each.state == ALARM for each in verdicts)


if __name__ == "__main__":
    started, before = time.perf_counter(), time.process_time()
    night()
    spent, clock = time.process_time() - before, time.perf_counter() - started
    print(spent, clock, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
