"""An invented province of weekly counts, with or without something planted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from geo.arrays import Floats
from yuantou.alerts.detection.backtest import Event
from yuantou.alerts.detection.series import ALL, Place, Series, Tally, assemble

LAST = date(2026, 11, 22)
WEEKS = 5 * 52 + 3 + 27
NEAREST = 5


@dataclass(frozen=True)
class Invented:
    """Series and who touches whom."""

    series: Series
    neighbours: Mapping[str, Sequence[str]]


def province(
    seed: int, *, counties: int = 30, types: int = 8, weeks: int = WEEKS, mean: float = 2.0,
    spread: float = 0.0,
) -> Invented:  # fmt: skip
    """Counts around means that differ by county and type, with a season for each type.

    `spread` is the variance of a gamma factor on each week's mean: 0 is Poisson.
    """
    rng = np.random.default_rng(seed)
    points = rng.uniform((120, 40), (124, 44), (counties, 2))
    codes = [f"{number:04}" for number in range(counties)]
    places = {
        code: Place(code, f"/{code}/", "county", code, float(x), float(y))
        for code, (x, y) in zip(codes, points, strict=True)
    }
    season = np.arange(weeks)[None, :] * 2 * np.pi / 52 + rng.uniform(0, 6, (types, 1))
    usual = mean * rng.lognormal(0, 0.5, (counties, 1, 1)) * rng.lognormal(0, 0.7, (1, types, 1))
    usual = usual * np.exp(0.3 * np.sin(season))[None]
    if spread:
        usual = usual * rng.gamma(1 / spread, spread, usual.shape)
    drawn = rng.poisson(usual)
    kinds = [f"type{number}" for number in range(types)]
    tallies = [
        _tally(code, kind, cells)
        for code, by_type in zip(codes, drawn, strict=True)
        for kind, cells in zip((*kinds, ALL), (*by_type, by_type.sum(axis=0)), strict=True)
    ]
    return Invented(assemble(places, kinds, tallies, LAST, weeks), _near(codes, points))


def rise(
    found: Invented, type_: str, codes: Sequence[str], first: int, last: int, factor: float,
    seed: int = 0,
) -> tuple[Invented, Event]:  # fmt: skip
    """Plant `factor` times the usual in the weeks from `first` back to `last` back."""
    rng, counts = np.random.default_rng(seed), found.series.counts.copy()
    span = slice(counts.shape[1] - 1 - first, counts.shape[1] - last)
    for code in codes:
        rows = [
            row
            for row, place in enumerate(found.series.places)
            if place.code == code and found.series.types[row] in (type_, ALL)
        ]
        usual = _usual(found.series, code, type_)
        more = rng.poisson(usual * (factor - 1), span.stop - span.start)
        counts[rows, span] += more
    event = Event(
        "planted", type_, tuple(codes),
        found.series.week(span.start)[0], found.series.week(span.stop - 1)[1],
    )  # fmt: skip
    return replace(found, series=replace(found.series, counts=counts)), event


def _usual(series: Series, code: str, type_: str) -> float:
    row = next(
        row
        for row, place in enumerate(series.places)
        if place.code == code and series.types[row] == type_
    )
    return float(np.nanmean(series.counts[row]))


def _tally(code: str, kind: str, cells: Floats) -> Tally:
    held = np.flatnonzero(cells)
    return Tally(code, kind, (len(cells) - 1 - held).tolist(), cells[held].tolist())


def _near(codes: Sequence[str], points: Floats) -> dict[str, list[str]]:
    apart = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    order = np.argsort(apart, axis=1)[:, 1 : NEAREST + 1]
    return {code: [codes[other] for other in near] for code, near in zip(codes, order, strict=True)}
