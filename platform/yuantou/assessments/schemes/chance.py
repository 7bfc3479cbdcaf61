"""How much of an order of scores is chance: every county's counts are drawn anew.

Counts of a rate are drawn as Poisson, those of a share as binomial; last year's count of a year-on-
year row is drawn too. Baselines and means stand on many more cases and are held. Only areas whose
points were all judged take part: others have no comparable total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from geo.ranks import flip_probability, indistinguishable_groups, rank_intervals
from yuantou.assessments.judging import alike
from yuantou.assessments.measures import Count
from yuantou.assessments.reckoning import lines
from yuantou.assessments.rows import ZERO, Row
from yuantou.assessments.scheme import Scheme
from yuantou.assessments.scoring import Facts, Withheld, facts_of, points, shown
from yuantou.assessments.sealing import rounded

DRAWS = 400
SMALLEST = 0.01  # of a standard deviation, in points: less cannot be drawn
MOST = 30  # groups beyond this many are counted, not listed

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spread:
    """The scores that were compared, by area, and their standard deviations by chance."""

    areas: Sequence[str]
    scores: np.ndarray[Any, Any]
    errors: np.ndarray[Any, Any]


def spread(scheme: Scheme, inputs: Mapping[str, Document], seed: int) -> Spread:
    """Scores of the areas that are judged whole, and how far chance moves them."""
    found: dict[str, tuple[float, float]] = {}
    for number, (area, one) in enumerate(inputs.items()):
        dice = np.random.default_rng([seed, number])
        drawn = _drawn(scheme, one, dice)
        if drawn is not None:
            found[area] = drawn
    sides = np.array(list(found.values())).reshape(-1, 2)
    return Spread(list(found), sides[:, 0], sides[:, 1])


def _drawn(
    scheme: Scheme, inputs: Document, dice: np.random.Generator
) -> tuple[float, float] | None:
    """Score and standard deviation of one area, None where points are withheld."""
    figures = {each["code"]: each for each in lines(inputs)}
    total, moved = ZERO, np.zeros(DRAWS)
    try:
        for row in scheme.score:
            if row.of_figure and not row.indicative:
                facts = facts_of(row, scheme, inputs, figures[row.code])
                total += points(row, facts)
                moved += _again(row, scheme, facts, figures[row.code], dice)
    except Withheld:
        return None
    return float(total), max(float(moved.std(ddof=1)), SMALLEST)


def _again(
    row: Row, scheme: Scheme, facts: Facts, figure: Document, dice: np.random.Generator
) -> np.ndarray[Any, Any]:
    """The points of a row in every draw."""
    own, words = figure["own"], figure["definition"]
    rate = words["kind"] == "rate"
    events, whole = own["numerator"], own["denominator"]
    chance = min(events / whole, 1.0)  # what was supplied may lie above its whole
    drawn = dice.poisson(events, DRAWS) if rate else dice.binomial(whole, chance, DRAWS)
    places = scheme.rate_places if rate else scheme.share_places
    last = _last_drawn(row, facts, own, words, dice)
    within = _within(row, facts, figure, drawn)
    given: dict[tuple[int, Decimal | None], float] = {}
    for count, before in zip(drawn.tolist(), last, strict=True):
        if (count, before) not in given:
            value = Decimal(rounded(Decimal(count) * words["per"] / whole, places) or 0)
            changed = Facts(value, facts.baseline, within[count], before, facts.mean)
            given[count, before] = _points(row, changed)
    return np.array([given[pair] for pair in zip(drawn.tolist(), last, strict=True)])


def _within(
    row: Row, facts: Facts, figure: Document, drawn: np.ndarray[Any, Any]
) -> dict[int, bool]:
    """Whether each count that was drawn could come from the own baseline, by the same test."""
    counts, base = np.unique(drawn), figure["baseline"]
    if not row.noise or not base:
        return dict.fromkeys(counts.tolist(), facts.within)
    before = Count(base["numerator"], base["denominator"])
    found = alike(figure["definition"]["kind"], counts, figure["own"]["denominator"], before)
    return dict(zip(counts.tolist(), found, strict=True))


def _last_drawn(
    row: Row, facts: Facts, own: Document, words: Document, dice: np.random.Generator
) -> list[Decimal | None]:
    if row.method != "yoy_linear" or facts.last_year is None:
        return [facts.last_year] * DRAWS
    unit = Decimal(words["per"]) / own["denominator"]
    counts = dice.poisson(float(facts.last_year / unit), DRAWS).tolist()
    return [Decimal(count) * unit for count in counts]


def _points(row: Row, facts: Facts) -> float:
    try:
        return float(points(row, facts))
    except Withheld:
        return float(row.weight)


def judged(found: Spread, scheme: Scheme, seed: int) -> dict[str, Any]:
    """How often the order would flip, and the groups that cannot be told apart, as text."""
    if len(found.areas) < 2:
        return {"compared": len(found.areas), "pairs": None, "order": None, "groups": []}
    flips = flip_probability(found.scores, found.errors, seed=seed)
    pairs = flips.pair[np.triu_indices(len(found.areas), 1)]
    groups = indistinguishable_groups(found.scores, found.errors, seed=seed)
    return {
        "compared": len(found.areas),
        "draws": DRAWS,
        "pairs": rounded(float(pairs.mean()) * 100, 0),
        "order": rounded(flips.order * 100, 0),
        "count": len(groups),
        "groups": [sorted(found.areas[int(each)] for each in group) for group in groups[:MOST]],
        "errors": {
            area: shown(Decimal(str(error)), scheme)
            for area, error in zip(found.areas, found.errors.tolist(), strict=True)
        },
    }


def with_ranks(
    scheme: Scheme, inputs: dict[str, dict[str, Any]], seed: int
) -> dict[str, dict[str, Any]]:
    """The inputs of a run, with frozen intervals of ranks where the office turned ranking on."""
    if not scheme.ranking:
        return inputs
    found = ranked(spread(scheme, inputs, seed), seed)
    return {
        area: {**one, "ranks": {**found[area], "seed": seed} if area in found else None}
        for area, one in inputs.items()
    }


def ranked(found: Spread, seed: int) -> dict[str, dict[str, int]]:
    """The simultaneous intervals of ranks by area; never a bare rank."""
    if len(found.areas) < 2:
        return {}
    limits = rank_intervals(found.scores, found.errors, seed=seed)
    return {
        area: {"lower": int(limits.lower[n]), "upper": int(limits.upper[n]), "of": len(found.areas)}
        for n, area in enumerate(found.areas)
    }
