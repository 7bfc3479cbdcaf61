"""The detectors in space: the prospective scan over places and weeks, and Gi* of what has grown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from geo.arrays import Booleans, Floats, Integers
from yuantou import heavy
from yuantou.alerts.detection.series import COUNTY, TOWNSHIP, YEAR, Series
from yuantou.alerts.detection.terms import Terms

KILOMETRES = 111.32  # of a degree of latitude
WIDEST = {COUNTY: 0.5, TOWNSHIP: 0.1}  # share of all cases that a circle may hold
LEAST_PLACES = 5
YEARS_BEFORE = 2
RUNS = 365.0  # nights of a year

Neighbours = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Cluster:
    """A cluster of one type: the row with the greatest excess, all rows, its weeks and counts."""

    row: int
    members: tuple[int, ...]
    weeks: int
    observed: float
    expected: float
    p: float


def scanned(
    series: Series, rows: Integers, terms: Terms, old: Booleans, seed: int
) -> Cluster | None:
    """The most likely cluster in `rows` that still goes on; None where the scan cannot judge.

    The permutation model asks for no population: each place and each week are as busy as they are,
    and only what comes together in both is special.
    """
    rows = _placed(series, rows, old)
    cases = np.nan_to_num(series.counts[rows][:, -terms.scan_weeks :])
    if len(rows) < LEAST_PLACES or cases.shape[1] < terms.scan_weeks or not cases.any():
        return None
    bunched = _dispersion(cases)
    found = heavy.scan.space_time_scan(
        cases / bunched, None, planar(series, rows), terms.scan_longest, model="permutation",
        max_population=WIDEST[series.places[rows[0]].level], replications=terms.replications,
        seed=seed, runs_per_year=RUNS, clusters=1,
    )  # fmt: skip
    if not found:
        return Cluster(int(rows[0]), (), 0, 0.0, 0.0, 1.0)
    best = found[0]
    members = rows[list(best.members)]
    usual = cases.mean(axis=1)[list(best.members)] * (best.end - best.start + 1)
    seen = cases[list(best.members), best.start : best.end + 1].sum(axis=1)
    rarest = best.p if np.isnan(best.p_gumbel) else best.p_gumbel
    return Cluster(
        int(members[int(np.argmax(seen - usual))]), tuple(members.tolist()),
        best.end - best.start + 1, float(seen.sum()), best.expected * bunched, float(rarest),
    )  # fmt: skip


def _dispersion(cases: Floats) -> float:
    """How much more the cells vary than Poisson counts around places' and weeks' sums; at least 1.

    Cases are divided by it (quasi-likelihood): counts that come in bunches are less of a proof.
    """
    expected = np.outer(cases.sum(axis=1), cases.sum(axis=0)) / cases.sum()
    free = max((cases.shape[0] - 1) * (cases.shape[1] - 1), 1)
    squares = np.divide(
        (cases - expected) ** 2, expected, out=np.zeros_like(cases), where=expected > 0
    )
    return max(1.0, float(squares.sum() / free))


@dataclass(frozen=True)
class Spots:
    """Gi* of one type: its rows, what the latest weeks held and would usually hold, one-sided p."""

    rows: Integers
    observed: Floats
    expected: Floats
    p: Floats


def spots(
    series: Series, type_: str, neighbours: Neighbours, terms: Terms, old: Booleans
) -> Spots | None:
    """Where a type has grown together with the neighbours; None where it cannot be judged.

    Compared are the latest weeks with the two years before them, at the pace of all places
    together: lasting differences and the season, which all share, are nothing new.
    """
    rows = series.rows_of(type_)
    rows = rows[old[rows]]
    codes = [series.places[row].code for row in rows]
    now = series.cases(series.weeks, terms.recent)[rows]
    before = series.cases(series.weeks - terms.recent, YEARS_BEFORE * YEAR)[rows]
    if len(rows) < LEAST_PLACES or not before.sum() or not now.sum():
        return None
    expected = before * (now.sum() / before.sum())
    risen = 2 * (np.sqrt(now + 3 / 8) - np.sqrt(expected + 3 / 8))
    found = heavy.hotspots.gi_star(risen, _matrix(codes, neighbours), permutations=0)
    two_sided, z = found["p"].to_numpy(), found["z"].to_numpy()
    p = np.where(z > 0, two_sided / 2, 1 - two_sided / 2)
    return Spots(rows, now, expected, np.asarray(p, dtype=np.float64))


def planar(series: Series, rows: Integers) -> Floats:
    """Kilometres east and north, good enough to say which place is nearer."""
    degrees = np.array([(series.places[row].lng, series.places[row].lat) for row in rows], float)
    middle = np.cos(np.radians(degrees[:, 1].mean()))
    return np.asarray(degrees * KILOMETRES * np.array([middle, 1.0]), dtype=np.float64)


def _placed(series: Series, rows: Integers, old: Booleans) -> Integers:
    """Of `rows` those with a position and enough history."""
    known = [row for row in rows if old[row] and series.places[row].lng is not None]
    return np.asarray(known, dtype=np.int64)


def _matrix(codes: Sequence[str], neighbours: Neighbours) -> csr_array:
    place = {code: number for number, code in enumerate(codes)}
    pairs = [
        (place[code], place[other])
        for code in codes
        for other in neighbours.get(code, ())
        if other in place
    ]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    return csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(codes), len(codes)))
