"""Counties among each other: who lies outside chance and the common spread. Nobody is ranked.

Pure: figures in, places out. A county whose figure is missing stays missing; one whose denominator
is too small is shown but not judged. Claims rest on the flags that allow for the common spread.
"""

import string
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from geo.funnel import Funnel, funnel, funnel_share
from geo.ranks import (
    Method,
    RankIntervals,
    indistinguishable_groups,
    log_rates,
    rank_intervals,
)
from geo.rates import empirical_bayes
from yuantou.indicators.figures import Figure

JUDGED_KINDS = ("rate", "share")
ABOVE, BELOW, WITHIN, CHANCE_ONLY, UNJUDGED = "above", "below", "within", "spread", "unjudged"
_EXACT: Method = "holm"  # no draws: the same page twice says the same

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Minimums:
    """Below these a county is not judged, and fewer counties give no funnel."""

    persons: int
    matters: int
    areas: int

    def of(self, kind: str) -> int:
        """The least denominator of a figure of that kind."""
        return self.persons if kind == "rate" else self.matters


@dataclass(frozen=True, slots=True)
class Place:
    """One county. `verdict`: above, below (`alarm`: beyond 99.8 %), within, spread (beyond chance,
    within the common spread) or unjudged. `like`: how many others it cannot be told from."""

    figure: Figure
    verdict: str
    alarm: bool = False
    smoothed: float | None = None
    like: int | None = None
    rank: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Counties of which no two can be told apart, in their usual order."""

    letter: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The counties of an area by one figure. `target`: all of them together, events over whole;
    `tau2`, `phi`: their common spread; `groups` overlap."""

    kind: str
    target: float
    phi: float
    tau2: float
    judged: int
    places: tuple[Place, ...]
    groups: tuple[Group, ...]

    @property
    def widest(self) -> Group | None:
        """The largest group that cannot be told apart."""
        return max(self.groups, key=lambda group: len(group.places), default=None)

    def having(self, verdict: str) -> list[Place]:
        """The places with a verdict."""
        return [place for place in self.places if place.verdict == verdict]


def stand(
    figures: Sequence[Figure], least: Minimums, *, ranking: bool = False, grouping: bool = True
) -> Standing | None:
    """Every county's place, None where there is nothing to compare or no chance to weigh.

    Without `grouping` nothing is said of which cannot be told apart: most of the work.
    """
    kind = figures[0].definition.kind if figures else ""
    if kind not in JUDGED_KINDS:
        return None
    events, whole = _counts(figures, least.of(kind))
    target = float(np.nansum(events) / max(np.nansum(whole), 1.0))
    if np.isfinite(events).sum() < least.areas or not 0 < target < (1 if kind == "share" else 1e9):
        return None
    found = (
        funnel(events, whole * target) if kind == "rate" else funnel_share(events, whole, target)
    )
    groups = _groups(figures, events, whole, kind) if grouping else ()
    ranks = _ranks(events, whole, kind, figures[0]) if ranking else None
    smoothed = _smoothed(events, whole, kind, target, found)
    places = tuple(
        _place(place, figure, found, smoothed, groups, ranks)
        for place, figure in enumerate(figures)
    )
    return Standing(
        kind, target, found.spread.phi, found.spread.tau2, found.spread.units, places, groups
    )


def _counts(figures: Sequence[Figure], least: int) -> tuple[Floats, Floats]:
    """Events and wholes of those large enough to be judged, NaN for the others."""
    pairs = [
        (figure.numerator, figure.denominator)
        if figure.value is not None
        and figure.numerator is not None
        and (figure.denominator or 0) >= least
        and (figure.definition.kind == "rate" or figure.numerator <= (figure.denominator or 0))
        else (np.nan, np.nan)
        for figure in figures
    ]
    held = np.asarray(pairs, dtype=np.float64).reshape(-1, 2)
    return held[:, 0], held[:, 1]


def _estimates(events: Floats, whole: Floats, kind: str) -> tuple[Floats, Floats]:
    """Nearly normal estimates with standard errors: log rates, or angles of shares."""
    if kind == "rate":
        return log_rates(events, whole)
    angles = np.arcsin(np.sqrt((events + 0.375) / (whole + 0.75)))
    return angles, 0.5 / np.sqrt(whole + 0.5)


def _groups(
    figures: Sequence[Figure], events: Floats, whole: Floats, kind: str
) -> tuple[Group, ...]:
    """Groups by letters, in the order of the counties' codes: a letter is no rank."""
    members = sorted(
        tuple(sorted(group, key=lambda row: figures[row].area_code))
        for group in _alike(events.tobytes(), whole.tobytes(), kind)
    )
    heads = ("", *string.ascii_uppercase)
    letters = ("".join(pair) for pair in product(heads, string.ascii_uppercase))
    return tuple(Group(letter, group) for letter, group in zip(letters, members, strict=False))


@lru_cache(maxsize=256)
def _alike(events: bytes, whole: bytes, kind: str) -> tuple[tuple[int, ...], ...]:
    """The rows of each group. Kept: comparing all pairs is most of a page, and a page that is
    opened again stands on the same counts."""
    counts = np.frombuffer(events), np.frombuffer(whole)
    found = indistinguishable_groups(*_estimates(*counts, kind), method=_EXACT)
    return tuple(tuple(int(row) for row in group) for group in found)


def _ranks(events: Floats, whole: Floats, kind: str, figure: Figure) -> RankIntervals | None:
    """Simultaneous rank limits; courts' own quality is context and is never ranked."""
    if figure.definition.context or figure.level != "county":
        return None
    descending = figure.definition.direction != "down"
    estimates = _estimates(events, whole, kind)
    return rank_intervals(*estimates, method=_EXACT, descending=descending)


def _smoothed(events: Floats, whole: Floats, kind: str, target: float, found: Funnel) -> Floats:
    """Empirical Bayes: rates by Marshall, shares on the angle's scale by the funnel's spread."""
    if kind == "rate":
        return empirical_bayes(events, whole)
    variance = 0.25 / whole
    middle, own = np.arcsin(np.sqrt(target)), np.arcsin(np.sqrt(found.value))
    tau2 = found.spread.tau2
    weight = tau2 / (tau2 + variance)
    drawn: Floats = np.sin(middle + weight * (own - middle)) ** 2
    return drawn


def _place(
    place: int,
    figure: Figure,
    found: Funnel,
    smoothed: Floats,
    groups: Collection[Group],
    ranks: RankIntervals | None,
) -> Place:
    if not np.isfinite(found.z[place]):
        return Place(figure, UNJUDGED)
    like = {one for group in groups if place in group.places for one in group.places}
    return Place(
        figure,
        _verdict(place, found),
        bool(found.adjusted_beyond_998[place]),
        float(smoothed[place]) * figure.definition.factor,
        len(like - {place}) if like else None,
        (int(ranks.lower[place]), int(ranks.upper[place])) if ranks else None,
    )


def _verdict(place: int, found: Funnel) -> str:
    if found.adjusted_beyond_95[place]:
        return ABOVE if found.z[place] > 0 else BELOW
    return CHANCE_ONLY if found.beyond_95[place] else WITHIN
