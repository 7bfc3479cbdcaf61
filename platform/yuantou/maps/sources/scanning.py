"""Whether a source has more matters of late than its own year and the season let expect.

Kulldorff's prospective scan over windows that end now (geo.scan): a source's matters are expected
to spread over the weeks as all other matters of its type do. False discoveries are bounded over all
sources of a night (Benjamini–Hochberg). The window is the most striking one, so its ratio is
somewhat high; its p pays for the looking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo.false_discovery import benjamini_hochberg
from yuantou import heavy
from yuantou.maps.sources.kinds import Terms

RUNS_PER_YEAR = 365.0
FEW = 10  # fewer replications beyond say little of the tail: Gumbel's does (Abrams et al. 2010)
LEAST_P = 1e-12
HALF = 0.5


@dataclass(frozen=True)
class Finding:
    """What the scan found of one source; `start` is the first week of the window.

    `state` is rising, steady, or few where there are too few matters to judge.
    """

    state: str
    start: int | None = None
    observed: int = 0
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    llr: float | None = None
    p: float | None = None
    q: float | None = None


def usual(weeks: Sequence[int], share: Sequence[float]) -> list[float]:
    """Expected matters by week: as many in all, spread as the other matters of the type are."""
    total = float(np.sum(share))
    if not total:
        return [0.0] * len(weeks)
    return [float(each) * sum(weeks) / total for each in share]


def others(every: Sequence[float], own: Sequence[int], begun: Sequence[float]) -> list[float]:
    """What all but the source itself had by week: its own rise must not look usual.

    Half a matter more in every week since the first one of `begun` (Jeffreys), so that a source
    with few others beside it is compared with even weeks, not with nothing.
    """
    first = next((week for week, count in enumerate(begun) if count), len(begun))
    return [
        max(count - mine, 0.0) + HALF if week >= first else 0.0
        for week, (count, mine) in enumerate(zip(every, own, strict=True))
    ]


def scan(
    counts: Mapping[int, Sequence[int]], shares: Mapping[int, Sequence[float]], terms: Terms
) -> dict[int, Finding]:
    """Findings by source; `shares` are the weekly counts of the other matters of its type."""
    raw = {key: _one(weeks, shares[key], terms) for key, weeks in counts.items()}
    judged = [key for key, each in raw.items() if each.p is not None]
    if not judged:
        return raw
    adjusted = benjamini_hochberg([raw[key].p for key in judged])
    for key, q in zip(judged, map(float, adjusted), strict=True):
        state = "rising" if q <= terms.false_discovery_rate else "steady"
        raw[key] = Finding(**{**vars(raw[key]), "q": q, "state": state})
    return raw


def _one(weeks: Sequence[int], share: Sequence[float], terms: Terms) -> Finding:
    due = np.maximum(np.array(share, dtype=float), 0.0)
    cases = np.array(weeks, dtype=float)
    if cases.sum() < terms.least or not due.any():
        return Finding("few")
    due = np.where((due == 0) & (cases > 0), cases, due)
    found = heavy.scan.space_time_scan(
        cases[None, :],
        due[None, :],
        np.zeros((1, 2)),
        min(terms.longest_weeks, len(weeks)),
        max_population=1.0,
        replications=terms.replications,
        seed=terms.seed,
        runs_per_year=RUNS_PER_YEAR,
        clusters=1,
    )
    if not found:
        return Finding("steady", p=1.0)
    best = found[0]
    low, high = heavy.rates.poisson_interval([best.observed], [best.expected], per=1)
    rank = best.p * (terms.replications + 1) >= FEW
    return Finding(
        "steady",
        start=best.start,
        observed=round(best.observed),
        expected=best.expected,
        low=float(low[0]),
        high=float(high[0]),
        llr=best.llr,
        p=best.p if rank or np.isnan(best.p_gumbel) else max(best.p_gumbel, LEAST_P),
    )
