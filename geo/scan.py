"""Scan statistics: where, and since when, there are more cases than by chance.

A scan looks at circles around every area, of all sizes up to a share of the
population, and in ``space_time_scan`` at each stretch of time as well. The
most striking window is compared with the most striking ones of replications in
which nothing is special, so that looking at many windows is paid for. With it
come the most striking windows elsewhere that share no area with those before.

Sources: Kulldorff (1997), Communications in Statistics: Theory and Methods
26: 1481-1496; Kulldorff (2001), JRSS A 164: 61-72 (prospective); Kulldorff et
al. (2005), PLoS Medicine 2: e59 (permutation); Neill (2006), PhD thesis,
Carnegie Mellon (expectation-based); Abrams et al. (2010), International
Journal of Health Geographics 9: 61 (Gumbel).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo import draws
from geo.arrays import Floats, Numbers, above_zero, counts, refuse
from geo.likelihoods import Bernoulli, Expectation, Likelihood, Poisson
from geo.sweep import Frame, Records, best_windows, highest_ratios
from geo.weights import metric_points
from geo.zones import Zones, circles

SpaceModel: TypeAlias = Literal["poisson", "bernoulli", "expectation"]
SpaceTimeModel: TypeAlias = Literal["poisson", "expectation", "permutation"]

_TIE = 1e-9


@dataclass(frozen=True)
class Cluster:
    """A window with more cases than expected.

    ``members`` are the row numbers of its areas, ascending; ``centre`` is that
    of the circle's centre. ``start`` and ``end`` number its first and last
    period, both included (0 and 0 in a purely spatial scan). ``observed`` and
    ``expected`` count cases; ``llr`` is the log-likelihood ratio. ``p`` is its
    rank among the highest ratios of the replications, ``p_gumbel`` that by a
    Gumbel distribution fitted to them (for values below 1 / replications); both
    NaN without replications. ``recurrence_interval`` is the time in years in
    which one window as striking is to be expected by chance, 1 / (p · runs per
    year); NaN unless prospective.
    """

    members: tuple[int, ...]
    centre: int
    start: int
    end: int
    observed: float
    expected: float
    llr: float
    p: float
    p_gumbel: float
    recurrence_interval: float


def space_scan(
    cases: Numbers,
    population: Numbers,
    coordinates: Any,
    max_population: float = 0.5,
    replications: int = 999,
    seed: int = 0,
    *,
    model: SpaceModel = "poisson",
    expected: Numbers | None = None,
    clusters: int = 10,
) -> list[Cluster]:
    """Circles with more cases than expected, the most likely first.

    ``cases`` and ``population`` are numbers ≥ 0 of n areas; fractional cases are
    kept exact (a replication rounds their total up). ``coordinates`` is an
    (n, 2) array in one planar unit, or a GeoDataFrame or GeoSeries in a
    projected CRS in metres, whose centroids are taken. A circle holds at most the share
    ``max_population`` of ``population``. ``expected`` are expected counts, for
    instance adjusted for covariates (``adjusted_expected``), in place of those
    in proportion to population; the Poisson model scales them to the cases.
    ``model`` "bernoulli" counts persons who can be a case once; "expectation"
    takes ``expected`` for known (Neill). At most ``clusters`` clusters without a
    common area are returned, none if no circle has more than expected.

    Raises ValueError for NaN, infinite or negative numbers, differing lengths,
    cases where nobody lives, more cases than persons ("bernoulli"), a missing
    ``expected`` ("expectation"), degrees, or an option out of range; wrong
    rows are named by position.
    """
    observed, persons = _column(cases, "cases"), _column(population, "population")
    _same_shape(observed, persons, "population")
    due = persons if expected is None else _column(expected, "expected")
    _same_shape(observed, due, "expected")
    if model not in ("poisson", "bernoulli", "expectation"):
        raise ValueError(f'model must be "poisson", "bernoulli" or "expectation", not {model!r}')
    if model == "bernoulli":
        refuse((observed > persons).ravel(), "more cases than population")
    if (expected is None) == (model == "expectation") and model != "poisson":
        raise ValueError(
            "the expectation-based model needs expected counts"
            if model == "expectation"
            else "the Bernoulli model takes no expected counts"
        )
    frame = Frame(1, 1, prospective=False)
    zones = _zones(coordinates, persons.ravel(), max_population)
    search = _Search(model, observed, due, zones, frame)
    return search.clusters(replications, seed, clusters, np.nan)


def space_time_scan(
    cases: Numbers,
    population_or_baseline: Numbers | None,
    coordinates: Any,
    max_duration: int,
    prospective: bool = True,
    *,
    model: SpaceTimeModel = "poisson",
    max_population: float = 0.5,
    population: Numbers | None = None,
    replications: int = 999,
    seed: int = 0,
    runs_per_year: float = 365.0,
    clusters: int = 10,
) -> list[Cluster]:
    """Cylinders with more cases than expected: a circle of areas for a stretch of time.

    ``cases`` is (n, periods), equally long periods in order.
    ``population_or_baseline`` is (n,) or (n, periods): for the model "poisson" the
    population or expected counts adjusted for covariates
    (``adjusted_expected``), scaled to the cases; for "expectation" (Neill)
    counts from a model of the usual, taken as they are; for "permutation"
    None, each cell being expected to hold (cases of its area) · (cases of its
    period) / (all cases). A cylinder is at most ``max_duration`` periods long;
    with ``prospective`` it reaches to the last period, else it may lie
    anywhere. Circles hold at most the share ``max_population`` of
    ``population`` (n,), by default of the baseline, and without one of the
    cases. ``runs_per_year`` says how often a prospective scan is run; other
    arguments, fractional cases and the result as in ``space_scan``.

    Raises ValueError as ``space_scan`` does; positions count the cells row by
    row.
    """
    observed = _table(cases, "cases")
    n, periods = observed.shape
    if model not in ("poisson", "expectation", "permutation"):
        raise ValueError(f'model must be "poisson", "expectation" or "permutation", not {model!r}')
    if max_duration not in range(1, periods + 1):
        raise ValueError(f"max_duration must be a whole number of 1 to {periods}: {max_duration}")
    runs = above_zero(runs_per_year, "runs_per_year")
    due = _baseline(observed, population_or_baseline, model)
    persons = due.sum(axis=1) if population is None else _vector(population, "population", n)
    frame = Frame(periods, int(max_duration), bool(prospective))
    zones = _zones(coordinates, persons, max_population)
    search = _Search(model, observed, due, zones, frame)
    return search.clusters(replications, seed, clusters, runs if prospective else np.nan)


def adjusted_expected(cases: Numbers, population: Numbers) -> Floats:
    """Expected counts by indirect standardisation: each stratum at its own overall rate.

    ``cases`` and ``population`` are (…, strata), for instance areas × types of
    household or areas × periods × sectors; returned is the array without the
    last axis, summing to the number of cases. Raises ValueError for NaN, negative or
    infinite numbers, differing shapes, or cases in a stratum without
    population.
    """
    events, persons = _known(cases, "cases"), _known(population, "population")
    if events.shape != persons.shape or events.ndim < 2:
        raise ValueError(
            f"cases and population must be of one shape (…, strata), not {events.shape} "
            f"and {persons.shape}"
        )
    axes = tuple(range(events.ndim - 1))
    happened, living = events.sum(axis=axes), persons.sum(axis=axes)
    refuse((living == 0) & (happened > 0), "cases in a stratum without population")
    rate = np.divide(happened, living, out=np.zeros_like(happened), where=living > 0)
    expected: Floats = persons @ rate
    return expected


@dataclass(frozen=True)
class _Search:
    """A scan ready to run: cases and what is expected, cell by cell."""

    model: str
    cases: Floats
    due: Floats
    zones: Zones
    frame: Frame

    @property
    def expected(self) -> Floats:
        """Expected cases of each cell, scaled to the cases unless they are known."""
        if self.model == "expectation":
            return self.due
        scaled: Floats = self.due * (self.cases.sum() / self.due.sum())
        return scaled

    @property
    def likelihood(self) -> Likelihood:
        total = float(self.cases.sum())
        if self.model == "expectation":
            return Expectation()
        if self.model == "bernoulli":
            return Bernoulli(total, float(self.due.sum()))
        return Poisson(total)

    def clusters(
        self, replications: int, seed: int, most: int, runs_per_year: float
    ) -> list[Cluster]:
        if replications < 0 or most < 1:
            raise ValueError(f"replications {replications} or clusters {most} out of range")
        refuse(((self.cases > 0) & (self.due == 0)).ravel(), "cases where none can be expected")
        if not self.cases.any():
            return []
        found = best_windows(self.likelihood, self.cases, self.expected, self.zones, self.frame)
        places = _apart(found, self.zones, most)
        chance = self._by_chance(replications, seed) if places else np.zeros(0)
        return [self._cluster(found, place, chance, runs_per_year) for place in places]

    def _by_chance(self, replications: int, seed: int) -> Floats:
        """The highest ratio of each replication."""
        expected, likelihood = self._rounded()
        found = [
            highest_ratios(likelihood, drawn, expected, self.zones, self.frame)
            for drawn in self._drawn(np.random.default_rng(seed), replications)
        ]
        return np.concatenate(found) if found else np.zeros(0)

    def _rounded(self) -> tuple[Floats, Likelihood]:
        """Expected cases and likelihood for a whole number of cases."""
        if self.model == "expectation":
            return self.expected, self.likelihood
        by_area, by_period = draws.margins(self.cases)
        whole = float(by_area.sum())
        if self.model == "permutation":
            return np.outer(by_area, by_period) / whole, Poisson(whole)
        scaled = self.expected * (whole / self.cases.sum())
        if self.model == "bernoulli":
            return scaled, Bernoulli(whole, float(np.rint(self.due).sum()))
        return scaled, Poisson(whole)

    def _drawn(self, rng: np.random.Generator, replications: int) -> Iterator[NDArray[Any]]:
        if self.model == "expectation":
            return draws.independent(rng, self.due, replications)
        if self.model == "permutation":
            return draws.shuffled(rng, self.cases, replications)
        if self.model == "bernoulli":
            return draws.hypergeometric(rng, float(self.cases.sum()), self.due, replications)
        return draws.multinomial(rng, self.expected, replications)

    def _cluster(
        self, found: Records, place: tuple[int, int], chance: Floats, runs_per_year: float
    ) -> Cluster:
        members = self.zones.members(*place)
        start, end = int(found.start[place]), int(found.end[place])
        llr = float(found.ratio[place])
        p = _rank(llr, chance)
        return Cluster(
            members=tuple(members.tolist()),
            centre=place[0],
            start=start,
            end=end - 1,
            observed=float(self.cases[members, start:end].sum()),
            expected=float(self.expected[members, start:end].sum()),
            llr=llr,
            p=p,
            p_gumbel=_gumbel(llr, chance),
            recurrence_interval=1 / (p * runs_per_year),
        )


def _apart(found: Records, zones: Zones, most: int) -> list[tuple[int, int]]:
    """The most striking zones that share no area, the first one first."""
    ratio, places = found.ratio.copy(), list[tuple[int, int]]()
    taken = np.zeros(len(zones.order), dtype=np.bool_)
    while len(places) < most and ratio.max(initial=0) > _TIE:
        centre, last = np.unravel_index(int(ratio.argmax()), ratio.shape)
        places.append((int(centre), int(last)))
        taken[zones.order[centre, : last + 1]] = True
        ratio[np.maximum.accumulate(taken[zones.order], axis=1)] = 0.0
    return places


def _rank(llr: float, chance: Floats) -> float:
    if not chance.size:
        return np.nan
    return float((1 + (chance >= llr * (1 - _TIE)).sum()) / (1 + chance.size))


def _gumbel(llr: float, chance: Floats) -> float:
    """Tail of the Gumbel distribution with the mean and deviation of ``chance``."""
    if chance.size < 2 or np.ptp(chance) == 0:
        return np.nan
    scale = float(chance.std(ddof=1)) * np.sqrt(6) / np.pi
    place = float(chance.mean()) - np.euler_gamma * scale
    return float(-np.expm1(-np.exp(-(llr - place) / scale)))


def _baseline(observed: Floats, given: Numbers | None, model: str) -> Floats:
    if model == "permutation":
        if given is not None:
            raise ValueError("the permutation model takes no population or baseline")
        share = observed.sum(axis=0) / (observed.sum() or 1.0)
        return np.outer(observed.sum(axis=1), share)
    if given is None:
        raise ValueError(f"the {model} model needs a population or baseline")
    due = _known(given, "population or baseline")
    if due.shape == observed.shape[:1]:
        due = np.repeat(due[:, None], observed.shape[1], axis=1)
    _same_shape(observed, due, "population or baseline")
    return due


def _zones(coordinates: Any, population: Floats, max_population: float) -> Zones:
    if not 0 < max_population <= 1:
        raise ValueError(f"max_population must be above 0 and at most 1, not {max_population}")
    if not population.size:
        raise ValueError("no areas")
    points = metric_points(coordinates)
    if len(points) != len(population):
        raise ValueError(f"{len(points)} coordinates for {len(population)} areas")
    return circles(points, population, max_population)


def _known(values: Numbers, name: str) -> Floats:
    array = counts(values, name)
    refuse(np.isnan(array).ravel(), f"{name} not known")
    return array


def _vector(values: Numbers, name: str, n: int | None = None) -> Floats:
    array = _known(values, name)
    if array.ndim != 1 or n not in (None, len(array)):
        raise ValueError(f"{name} must be of shape ({n or 'n'},), not {array.shape}")
    return array


def _column(values: Numbers, name: str) -> Floats:
    return _vector(values, name)[:, None]


def _table(values: Numbers, name: str) -> Floats:
    array = _known(values, name)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} must be of shape (n, periods), not {array.shape}")
    return array


def _same_shape(first: Floats, second: Floats, name: str) -> None:
    if first.shape != second.shape:
        raise ValueError(f"{name} has shape {second.shape}, cases {first.shape}")
