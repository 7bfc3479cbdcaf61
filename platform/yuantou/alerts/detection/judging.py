"""One night judged: every county and township by every type and detector, under one rate.

Pure: series in, verdicts out. What reads and writes is in service.py.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from geo.arrays import Booleans, Floats
from geo.false_discovery import benjamini_hochberg
from yuantou.alerts.detection.budget import thresholds
from yuantou.alerts.detection.scores import DETECTORS, Scored
from yuantou.alerts.detection.series import ALL, TOWNSHIP, YEAR, Series
from yuantou.alerts.detection.spatial import Cluster, Neighbours, scanned, spots
from yuantou.alerts.detection.tails import rarity
from yuantou.alerts.detection.terms import Terms

ALARM, QUIET, SKIPPED = "alarm", "quiet", "skipped"
SHORT, GAP, FEW, ALONE = "short_history", "gap", "too_few", "no_neighbours"
EARS, SCAN, SPOTS = "D_EARS", "D_SCAN", "D_GI"
PAST = {"D_EARS": 104, "D_FARRINGTON": 26, "D_CUSUM": 104}  # weeks that a detector is compared with
ANY_HISTORY = (EARS,)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Verdict:
    """What one detector says of one row this night; NaN where it says nothing."""

    detector: str
    row: int
    state: str
    observed: float
    expected: float = np.nan
    upper: float = np.nan
    p: float = np.nan
    q: float = np.nan
    reason: str = ""
    weeks: int = 1
    members: tuple[int, ...] = field(default=())
    allowed: float = 1.0


def judge(
    series: Series, neighbours: Neighbours, terms: Terms, progress: Progress | None = None
) -> list[Verdict]:
    """All verdicts of the last week, the judged ones under one false discovery rate."""
    tell = progress or _silent
    old = old_enough(series, terms)
    given: list[Verdict] = []
    for place, code in enumerate(DETECTORS, start=1):
        given += _in_time(series, code, terms, old)
        tell(place, len(DETECTORS) + 1)
    given += in_space(series, neighbours, terms, old)
    tell(len(DETECTORS) + 1, len(DETECTORS) + 1)
    return decided(given, terms)


def decided(given: Sequence[Verdict], terms: Terms) -> list[Verdict]:
    """Adjust all p together, and call an alarm what holds at the rate, the budget and the least."""
    adjusted = benjamini_hochberg([verdict.p for verdict in given])
    return [
        replace(verdict, q=float(q), state=ALARM if _holds(verdict, float(q), terms) else QUIET)
        if verdict.state != SKIPPED
        else verdict
        for verdict, q in zip(given, adjusted, strict=True)
    ]


def old_enough(series: Series, terms: Terms) -> Booleans:
    """Rows whose county has so many years of history that more than EARS may judge."""
    enough: Booleans = series.weeks - series.first >= terms.years * YEAR
    return enough


def rare(series: Series, code: str, latest: int, past: int) -> tuple[Scored, Floats]:
    """A detector over the latest weeks, and how rare its scores are among the first `past`."""
    scored = DETECTORS[code](series, latest)
    return scored, rarity(scored.score, scored.expected, past)


def _holds(verdict: Verdict, q: float, terms: Terms) -> bool:
    return (
        q <= terms.rate
        and verdict.p <= verdict.allowed
        and verdict.observed >= terms.least
        and verdict.observed > verdict.expected
    )


def _in_time(series: Series, code: str, terms: Terms, old: Booleans) -> Iterator[Verdict]:
    past = min(PAST[code], max(1, series.weeks - 1))
    scored, p = rare(series, code, past + 1, past)
    allowed = thresholds(p[:, :-1], series.counties, terms, len(DETECTORS))
    for row in range(len(series.counts)):
        observed = float(series.counts[row, -1])
        missing = ""
        if code not in ANY_HISTORY and not old[row]:
            missing = SHORT
        elif np.isnan(p[row, -1]):
            missing = GAP if np.isnan(series.counts[row, -1]) or code == EARS else FEW
        if missing:
            yield Verdict(code, row, SKIPPED, observed, reason=missing)
            continue
        yield Verdict(
            code, row, QUIET, observed, float(scored.expected[row, -1]),
            float(scored.upper[row, -1]), float(p[row, -1]), allowed=float(allowed[row]),
        )  # fmt: skip


def in_space(
    series: Series, neighbours: Neighbours, terms: Terms, old: Booleans
) -> Iterator[Verdict]:
    """One test a type for the scan, one a county and type for Gi*."""
    seed = series.last.toordinal()
    townships = scanned(series, series.rows_of(ALL, TOWNSHIP), terms, old, seed)
    if townships is not None:
        yield _of_cluster(townships, terms)
    types = sorted({series.types[row] for row in np.flatnonzero(series.of_counties)})
    for number, type_ in enumerate(types):
        rows = series.rows_of(type_)
        found = scanned(series, rows, terms, old, seed * len(types) + number)
        if found is not None:
            yield _of_cluster(found, terms)
        hot = spots(series, type_, neighbours, terms, old)
        if hot is None or found is None:
            reason = ALONE if old[rows].any() else SHORT
            missing = [code for code, none in ((SCAN, found), (SPOTS, hot)) if none is None]
            for code in missing:
                yield Verdict(code, int(rows[0]), SKIPPED, np.nan, reason=reason)
        if hot is not None:
            for row, seen, due, p in zip(hot.rows, hot.observed, hot.expected, hot.p, strict=True):
                yield Verdict(
                    SPOTS, int(row), QUIET, float(seen), float(due), np.nan, float(p),
                    weeks=terms.recent, allowed=terms.scan_share,
                )  # fmt: skip


def _of_cluster(found: Cluster, terms: Terms) -> Verdict:
    return Verdict(
        SCAN, found.row, QUIET, found.observed, found.expected, np.nan, found.p,
        weeks=found.weeks, members=found.members, allowed=terms.scan_share,
    )  # fmt: skip


def _silent(_done: int, _all: int) -> None:
    """No one asked for progress."""


def by_row(alarms: Sequence[Verdict]) -> Mapping[int, list[Verdict]]:
    """Alarms of each row, the rarest first."""
    found: dict[int, list[Verdict]] = {}
    for verdict in sorted(alarms, key=lambda each: each.p):
        found.setdefault(verdict.row, []).append(verdict)
    return found


def known(value: float) -> float | None:
    """A number as a row keeps it: None for NaN."""
    return None if np.isnan(value) else float(value)
