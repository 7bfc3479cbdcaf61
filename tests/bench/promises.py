"""What the detectors promise, measured: quiet on clean data, awake on planted rises."""

import numpy as np

from geo.rates import wilson_interval
from geo.scan import space_time_scan
from geo.surveillance import cusum, ears, farrington_flexible
from tests.bench.nightwatch import season, weekly

SETS, REPLICATIONS, WEEKLY = 200, 199, 300


def promises() -> None:
    """Print shares with their 95 % intervals."""
    clean, planted = (_scanned(rise) for rise in (1.0, 2.0))
    quiet = sum(p <= 0.05 for p, _ in clean)
    _tell("clean sets scanned with p ≤ 5 %", quiet, SETS, "promised 5 %")
    awake = sum(p <= 0.05 and met for p, met in planted)
    _tell("planted doubling, 4 of 100 counties, found", awake, SETS)
    _alarms()


def _scanned(rise: float) -> list[tuple[float, bool]]:
    """p of the first cluster, and whether it holds half of the planted counties."""
    rng, found = np.random.default_rng(5), []
    places, people = rng.uniform(0, 1e5, (100, 2)), rng.lognormal(0, 0.5, 100)
    planted = np.argsort(np.hypot(*(places - places[0]).T))[:4]
    usual = np.repeat(people[:, None] / people.sum() * WEEKLY, 26, axis=1)
    truth = usual.copy()
    truth[planted, -4:] *= rise
    for seed in range(SETS):
        cases = rng.poisson(truth).astype(np.float64)
        first = space_time_scan(
            cases, usual, places, 8, replications=REPLICATIONS, seed=seed, clusters=1
        )
        found += [(one.p, len(set(one.members) & set(planted.tolist())) > 1) for one in first]
    return found


def _alarms() -> None:
    """Alarms in the latest of four weeks of 4,000 series: no rise, one by half, and double."""
    for rise in (1.0, 1.5, 2.0):
        series = weekly(4_000)
        rng = np.random.default_rng(6)
        series[:, -4:] += rng.poisson(season()[-4:] * (rise - 1), (4_000, 4))
        for name, found in (
            ("EARS C2", ears(series, "C2")),
            ("CUSUM of the known mean", cusum(series, np.tile(season(), (4_000, 1)))),
            ("Farrington, 1 %", farrington_flexible(series, latest=1)),
        ):
            _tell(f"{name}: alarms at {rise} times", int(found.alarm[:, -1].sum()), 4_000)


def _tell(name: str, hits: int, number: int, note: str = "") -> None:
    low, high = wilson_interval([hits], [number])
    share = 100 * hits / number
    words = f"{name:<46}{share:>8.2f} %  ({100 * low[0]:.2f}–{100 * high[0]:.2f}, n={number})"
    print(f"{words}  {note}".rstrip(), flush=True)


if __name__ == "__main__":
    promises()
