"""A figure against its own past: natural limits of its months, and the same months before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.control import Chart, natural_limits, xmr

FEWEST = 6  # fewer months give no limits


@dataclass(frozen=True, slots=True)
class Natural:
    """Natural limits of a run of months with the positions that lie beyond them, and of runs."""

    low: float
    mean: float
    high: float
    beyond: tuple[int, ...]
    runs: tuple[int, ...]


def natural_range(values: Sequence[float | None]) -> tuple[float, float, float] | None:
    """The limits of `natural` alone: low, mean, high."""
    if (series := _series(values)) is None:
        return None
    low, mean, high = natural_limits(series)
    return (max(low, 0.0), mean, high) if np.isfinite(low) else None


def _series(values: Sequence[float | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """The months as numbers; None where too few are known."""
    series = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return series if np.isfinite(series).sum() >= FEWEST else None


def natural(values: Sequence[float | None]) -> Natural | None:
    """The XmR limits of a run of months, never below 0; None for too few known months."""
    if (series := _series(values)) is None:
        return None
    chart: Chart = xmr(series)
    if not np.isfinite(chart.lower[0]):
        return None
    width = float(chart.upper[0] - chart.centre[0])
    moves = width > 1e-9 * abs(float(chart.centre[0]))  # else only rounding lies outside
    return Natural(
        max(float(chart.lower[0]), 0.0),
        float(chart.centre[0]),
        float(chart.upper[0]),
        tuple(np.flatnonzero(chart.beyond).tolist()) if moves else (),
        tuple(np.flatnonzero(chart.run).tolist()) if moves else (),
    )
