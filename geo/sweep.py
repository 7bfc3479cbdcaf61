"""The sweep of a scan: the most striking window of every zone, and of every replication.

Counts are cumulated in time and summed circle by circle, so that a window is
one subtraction. Replications lie side by side in one array of small integers.
Because each ratio grows with the count, a window needs its logarithm only where
the count reaches what the replications' lowest record so far demands; among
windows of one length with one expected count, only the highest count matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Floats, Integers
from geo.likelihoods import Likelihood, ceilings, ratios
from geo.zones import Zones

_BLOCK = 400_000
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Frame:
    """Which windows of time are looked at: up to ``longest`` of ``periods``, ending when."""

    periods: int
    longest: int
    prospective: bool

    def spans(self, length: int) -> tuple[Integers, Integers]:
        """First period of each window of one length, and the one after its last."""
        first = self.periods - length if self.prospective else 0
        starts = np.arange(first, self.periods - length + 1)
        return starts, starts + length


@dataclass(frozen=True)
class Records:
    """Of every zone (n, k) the highest ratio, and the window that has it; -1 without a window."""

    ratio: Floats
    start: Integers
    end: Integers


def best_windows(
    likelihood: Likelihood, cases: Floats, expected: Floats, zones: Zones, frame: Frame
) -> Records:
    """The most striking window of each zone; ``cases`` and ``expected`` are (n, periods)."""
    sought, usual = (_cumulated(cells) for cells in (cases, expected))
    shape = zones.order.shape
    records = Records(np.zeros(shape), np.full(shape, -1), np.full(shape, -1))
    for centre in np.flatnonzero(zones.sizes):
        members = zones.order[centre, : zones.sizes[centre]]
        seen, due = (np.cumsum(cells[members], axis=0) for cells in (sought, usual))
        for length in range(1, frame.longest + 1):
            starts, ends = frame.spans(length)
            found = ratios(
                likelihood, seen[:, ends] - seen[:, starts], due[:, ends] - due[:, starts]
            )
            _keep(records, zones, int(centre), found, starts, length)
    return records


def _keep(
    records: Records, zones: Zones, centre: int, found: Floats, starts: Integers, length: int
) -> None:
    column = found.argmax(axis=1)
    highest = found[np.arange(len(found)), column]
    now = records.ratio[centre, : len(found)]
    better = zones.looked_at[centre, : len(found)] & (highest > now * (1 + 1e-12))
    where = np.flatnonzero(better)
    records.ratio[centre, where] = highest[where]
    records.start[centre, where] = starts[column[where]]
    records.end[centre, where] = starts[column[where]] + length


def highest_ratios(
    likelihood: Likelihood, drawn: NDArray[Any], expected: Floats, zones: Zones, frame: Frame
) -> Floats:
    """The highest ratio of each replication; ``drawn`` is (n, periods, replications), whole."""
    sweep = _Sweep(likelihood, _cumulated(drawn), _cumulated(expected), frame)
    centres = np.flatnonzero(zones.sizes)
    spread = np.argsort((np.arange(len(centres)) * _GOLDEN) % 1.0)
    for number, centre in enumerate(centres[spread]):
        if number & (number - 1) == 0:
            sweep.demand()
        size = zones.sizes[centre]
        sweep.add(zones.order[centre, :size], np.flatnonzero(zones.looked_at[centre, :size]))
    return sweep.best


class _Sweep:
    """Replications under way: their records so far, and what these demand of a window."""

    def __init__(
        self, likelihood: Likelihood, counts: NDArray[Any], expected: Floats, frame: Frame
    ) -> None:
        self.likelihood, self.frame = likelihood, frame
        self.steady = _is_steady(expected)
        self.best = np.zeros(counts.shape[2])
        self.counts, self.expected = counts, expected
        if frame.prospective:
            self.counts, self.expected = (
                _recent(cells, frame.longest) for cells in (counts, expected)
            )
        self.highest = int(self.counts[:, -1].sum(axis=0, dtype=np.int64).max(initial=0))

    def demand(self) -> None:
        """Ask of the windows to come what reaches the lowest record."""
        self.floor = ceilings(self.likelihood, float(self.best.min()), self.highest)

    def add(self, members: Integers, ends: Integers) -> None:
        """Sweep the nested circles of one centre; ``ends`` are the places where one is whole."""
        if self.frame.prospective:
            self._add_recent(members, ends)
        else:
            self._add_all(members, ends)

    def _add_recent(self, members: Integers, ends: Integers) -> None:
        step = max(1, _BLOCK // self.counts[0].size)
        due = np.cumsum(self.expected[members], axis=0)
        before = np.zeros_like(self.counts[0])
        for first in range(0, len(members), step):
            part = self.counts[members[first : first + step]]
            part[0] += before
            np.cumsum(part, axis=0, out=part)
            before = part[-1]
            whole = ends[(ends >= first) & (ends < first + step)]
            if whole.size:
                self._judge(part[whole - first].reshape(-1, len(self.best)), due[whole].ravel())

    def _add_all(self, members: Integers, ends: Integers) -> None:
        due = np.cumsum(self.expected[members], axis=0)
        whole = set(ends.tolist())
        running = np.zeros_like(self.counts[0])
        window = np.empty_like(running[1:])
        for place, member in enumerate(members):
            running += self.counts[member]
            if place in whole:
                self._judge_windows(running, due[place], window)

    def _judge_windows(self, running: NDArray[Any], due: Floats, window: NDArray[Any]) -> None:
        for length in range(1, self.frame.longest + 1):
            part = window[: len(window) + 1 - length]
            np.subtract(running[length:], running[:-length], out=part)
            usual = due[length:] - due[:-length]
            if self.steady:
                part, usual = part.max(axis=0, keepdims=True), usual[:1]
            self._judge(part, usual)

    def _judge(self, counts: NDArray[Any], expected: Floats) -> None:
        """Raise the records by windows (w, replications) with their expected cases (w,)."""
        asked = np.searchsorted(self.floor, expected).astype(counts.dtype)[:, None]
        reached = (counts - asked).max(axis=0) >= 0 if len(counts) > 1 else counts[0] >= asked[0]
        columns = np.flatnonzero(reached)
        if not columns.size:
            return
        some = counts[:, columns]
        row, column = np.nonzero(some >= asked)
        found = ratios(self.likelihood, some[row, column].astype(np.float64), expected[row])
        np.maximum.at(self.best, columns[column], found)


def _cumulated(cells: NDArray[Any]) -> NDArray[Any]:
    """Sums over time along axis 1, with 0 before the first period."""
    shape = (cells.shape[0], cells.shape[1] + 1, *cells.shape[2:])
    sums = np.zeros(shape, dtype=cells.dtype)
    np.cumsum(cells, axis=1, out=sums[:, 1:])
    return sums


def _recent(sums: NDArray[Any], longest: int) -> NDArray[Any]:
    """Sums over the last 1 … ``longest`` periods."""
    recent: NDArray[Any] = sums[:, -1:] - sums[:, -longest - 1 : -1][:, ::-1]
    return recent


def _is_steady(sums: Floats) -> bool:
    """Whether every area expects the same in each period."""
    each = np.diff(sums, axis=1)
    return bool((np.ptp(each, axis=1) <= 1e-9 * each.mean(axis=1)).all())
