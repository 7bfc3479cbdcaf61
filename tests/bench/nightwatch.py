"""A night's judging: 100 counties x 20 types by three detectors, and 1,354 townships scanned.

`python -m tests.bench.nightwatch` prints its seconds of CPU, on the clock, and its peak of memory.
"""

import resource
import time

import numpy as np
from numpy.typing import NDArray

from geo.scan import space_time_scan
from geo.surveillance import cusum, ears, farrington_flexible

COUNTIES, TYPES, TOWNSHIPS, DAYS = 100, 20, 1_354, 90
WEEKS = 5 * 52 + 13


def season() -> NDArray[np.float64]:
    """Made-up weekly means, 8 a week with a season."""
    means: NDArray[np.float64] = 8 * np.exp(0.4 * np.sin(np.arange(WEEKS) * 2 * np.pi / 52))
    return means


def weekly(number: int) -> NDArray[np.float64]:
    """Made-up weekly counts around these, number x weeks."""
    return np.random.default_rng(2).poisson(season(), (number, WEEKS)).astype(np.float64)


def night() -> None:
    """What a worker computes, without reading and writing."""
    series, rng = weekly(COUNTIES * TYPES), np.random.default_rng(3)
    ears(series, "C2")
    cusum(series)
    farrington_flexible(series, latest=1)
    places, people = rng.uniform(0, 4e5, (TOWNSHIPS, 2)), rng.lognormal(9, 0.6, TOWNSHIPS)
    usual = people[:, None] / people.mean() / 30
    days = rng.poisson(usual, (TOWNSHIPS, DAYS)).astype(np.float64)
    space_time_scan(days, people, places, 30, max_population=0.1, seed=1)


if __name__ == "__main__":
    started, before = time.perf_counter(), time.process_time()
    night()
    spent, clock = time.process_time() - before, time.perf_counter() - started
    print(spent, clock, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
