"""Hot and cold spots of a figure, false discoveries bounded; and its smoothing."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array

from yuantou import heavy

SEED = 20220727
FEWEST = 3


def smoothed(everywhere: Mapping[str, tuple[float, float]], per: float) -> dict[str, float]:
    """Marshall's empirical Bayes rate of (events, base) for every `per`, where a base is known."""
    codes = [code for code, (events, base) in everywhere.items() if base > 0 <= events]
    if not codes:
        return {}
    rates = heavy.rates.empirical_bayes(
        np.array([everywhere[code][0] for code in codes], dtype=float),
        np.array([everywhere[code][1] for code in codes], dtype=float),
        per=per,
    )
    return dict(zip(codes, map(float, rates), strict=True))


def clusters(rates: Mapping[str, float], neighbours: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """hot-99, hot-95, cold-95 or cold-99 where Gi* stays significant after Benjamini–Hochberg."""
    codes = [code for code in neighbours if code in rates]
    if len(codes) < FEWEST:
        return {}
    place = {code: i for i, code in enumerate(codes)}
    pairs = [(place[a], place[b]) for a in codes for b in neighbours[a] if b in place]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    weights = csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(codes), len(codes)))
    found = heavy.hotspots.gi_star(
        np.array([rates[code] for code in codes]), weights, permutations=0, seed=SEED
    )
    return {
        code: f"{'hot' if z > 0 else 'cold'}-{99 if p < 0.01 else 95}"
        for code, z, p in zip(codes, found["z"], found["p_adjusted"], strict=True)
        if p < 0.05
    }


def neighbourhood(
    code: str, spots: Mapping[str, str], neighbours: Mapping[str, Sequence[str]]
) -> list[str]:
    """The areas of the same spot as `code`: hot ones that touch each other, or cold ones."""
    kind = spots.get(code, "")[:3]
    if not kind:
        return []
    found, waiting = {code}, [code]
    while waiting:
        for other in neighbours.get(waiting.pop(), ()):
            if other not in found and spots.get(other, "").startswith(kind):
                found.add(other)
                waiting.append(other)
    return sorted(found)
