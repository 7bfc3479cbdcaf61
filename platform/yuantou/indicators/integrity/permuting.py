"""P values of single units by permutation, drawn further only where they are small.

Shuffling the units' names over all items gives a unit as many items as it has, drawn from all
without replacement; so each unit is judged by such draws alone. Every stage draws anew: whoever
is not rare at one stage keeps its p value, and P(p ≤ a) ≤ a holds at every a.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from geo.arrays import Floats

STAGES = (999, 9_999, 99_999, 999_999)
FEW = 9  # so many draws or fewer as extreme: the p value is too coarse, draw on
CELLS = 2_000_000

Draw = Callable[[np.random.Generator, int], Floats]


@dataclass(frozen=True)
class Tail:
    """How rare the real statistic is among `draws` permutations, and their mean."""

    p: float
    expected: float
    draws: int


def upper_tail(
    real: float, draw: Draw, *, size: int, seed: Sequence[int], stages: Sequence[int] = STAGES
) -> Tail:
    """p = (k + 1) / (n + 1) of a statistic at least as large.

    `draw(rng, times)` gives that many permuted statistics; `size` is how many cells one of them
    takes, so that few are held at once. `seed` and stage make the draws repeatable. Source:
    Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9: 39.
    """
    slack = 1e-9 * max(1.0, abs(real))
    tail = Tail(1.0, 0.0, 0)
    for stage, draws in enumerate(stages):
        rng = np.random.default_rng([*seed, stage])
        reached, total = 0, 0.0
        block = max(1, CELLS // max(1, size))
        for start in range(0, draws, block):
            drawn = draw(rng, min(block, draws - start))
            reached += int((drawn >= real - slack).sum())
            total += float(drawn.sum())
        tail = Tail((reached + 1) / (draws + 1), total / draws, draws)
        if reached > FEW:
            break
    return tail
