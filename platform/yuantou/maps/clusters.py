"""Hot and cold spots of the disputes registered per 10,000 persons, false discoveries bounded."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array

from yuantou import heavy

PERMUTATIONS = 999
SEED = 20220727


def smoothed(counts: Mapping[str, int], persons: Mapping[str, int]) -> dict[str, float]:
    """Marshall's empirical Bayes rate per 10,000 persons, for areas with a population."""
    codes = [code for code in counts if persons.get(code)]
    if not codes:
        return {}
    rates = heavy.rates.empirical_bayes(
        np.array([counts[code] for code in codes], dtype=float),
        np.array([persons[code] for code in codes], dtype=float),
        per=10_000,
    )
    return dict(zip(codes, map(float, rates), strict=True))


def clusters(rates: Mapping[str, float], neighbours: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """hot-99, hot-95, cold-95 or cold-99 where Gi* stays significant after Benjamini–Hochberg."""
    codes = [code for code in neighbours if code in rates]
    if len(codes) < 3:
        return {}
    place = {code: i for i, code in enumerate(codes)}
    pairs = [(place[a], place[b]) for a in codes for b in neighbours[a] if b in place]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    weights = csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(codes), len(codes)))
    found = heavy.hotspots.gi_star(
        np.array([rates[code] for code in codes]), weights, permutations=PERMUTATIONS, seed=SEED
    )
    return {
        code: f"{'hot' if z > 0 else 'cold'}-{99 if p < 0.01 else 95}"
        for code, z, p in zip(codes, found["z"], found["p_adjusted"], strict=True)
        if p < 0.05
    }
