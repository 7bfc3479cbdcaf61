"""How rare a score is among those that a detector gave in the past, also beyond the highest one.

Scores are compared with those of series that expect about as many cases. Within the highest share
of them the tail is taken for exponential (a Pareto tail, where the score is a logarithm): so a
score above all that were ever seen still has a probability that a false discovery rate can use.
Past outbreaks make the tail longer, so the result errs on the quiet side.
"""

from dataclasses import dataclass

import numpy as np

from geo.arrays import Floats, Integers

EDGES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
SHARE = 0.02
LEAST_TAIL = 15
LEAST_BEYOND = 3  # scores as high or higher, or one says nothing of the tail
OUTBREAKS = 0.05  # share of the tail that may be past outbreaks: the highest are not fitted
LEAST_SCORES = 300  # fewer in a stratum: all strata together


@dataclass(frozen=True)
class Tail:
    """The past scores of one stratum, ascending, and its exponential tail from `start` on."""

    scores: Floats
    start: float
    weight: float
    scale: float

    def p(self, score: Floats) -> Floats:
        """Probability of a score as high or higher."""
        above = len(self.scores) - np.searchsorted(self.scores, score, side="left")
        ranked = (above + 1.0) / (len(self.scores) + 1.0)
        if self.scale > 0:
            beyond = np.maximum(score - self.start, 0.0)
            tail = self.weight * np.exp(-beyond / self.scale)
            ranked = np.where(score > self.start, tail, ranked)
        return np.asarray(ranked, dtype=np.float64)

    def score(self, p: float) -> float:
        """The lowest score that is as rare as `p`; infinite where none can be."""
        if self.scale > 0 and p < self.weight:
            return self.start + self.scale * float(np.log(self.weight / p))
        above = int(p * (len(self.scores) + 1)) - 1
        return float(self.scores[-above]) if 0 < above <= len(self.scores) else np.inf


def strata(expected: Floats) -> Integers:
    """The stratum of each expected count."""
    return np.asarray(np.searchsorted(EDGES, np.nan_to_num(expected)), dtype=np.int64)


def tail_of(scores: Floats) -> Tail:
    """Fit one stratum; too few scores have no tail, and their ranks alone count."""
    ordered = np.sort(scores)
    high = max(LEAST_TAIL, int(SHARE * len(ordered)))
    if len(ordered) < 2 * high:
        return Tail(ordered, np.inf, 0.0, 0.0)
    beyond = ordered[ordered > ordered[-high - 1]]
    if not len(beyond):
        return Tail(ordered, np.inf, 0.0, 0.0)
    values, times = np.unique(beyond, return_counts=True)
    survive = np.cumsum(times[::-1])[::-1]
    known = survive >= max(LEAST_BEYOND, OUTBREAKS * survive[0])
    known[0] = False
    apart, fallen = values[known] - values[0], np.log(survive[0] / survive[known])
    return Tail(
        ordered,
        float(values[0]),
        float(survive[0] / len(ordered)),
        _scale(apart, fallen, times[known], float(values[0] - ordered[-high - 1])),
    )


def _scale(apart: Floats, fallen: Floats, times: Integers, step: float) -> float:
    """How far the scores reach until a factor e fewer reach it, fitted through the tail's start.

    Scores of small counts come in steps: with one step alone half are taken to reach the next.
    """
    if not len(apart):
        return step / float(np.log(2))
    return float((times * apart**2).sum() / (times * apart * fallen).sum())


def tails(score: Floats, expected: Floats) -> dict[int, Tail]:
    """The tail of each stratum; that of all together where a stratum has few scores.

    A score of minus infinity, for nothing where nothing is usual, teaches nothing.
    """
    stratum, judged = strata(expected), np.isfinite(score)
    pooled = tail_of(score[judged])
    own = {level: score[judged & (stratum == level)] for level in range(len(EDGES) + 1)}
    return {
        level: tail_of(each) if len(each) >= LEAST_SCORES else pooled for level, each in own.items()
    }


def rarity(score: Floats, expected: Floats, past: int) -> Floats:
    """p of each score (rows, weeks) among those of the first `past` weeks; NaN stays NaN."""
    known, stratum = tails(score[:, :past], expected[:, :past]), strata(expected)
    p = np.full(score.shape, np.nan)
    for level, tail in known.items():
        alike = ~np.isnan(score) & (stratum == level)
        p[alike] = tail.p(score[alike])
    return np.asarray(np.minimum(p, 1.0), dtype=np.float64)
