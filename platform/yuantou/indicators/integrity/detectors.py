"""The detectors: units held against all items of units of their kind; arrays in, findings out.

Items carry the id of their unit and a stratum (kind of unit × what else makes items comparable).
A finding is a question, never a verdict. Units with too few items are not judged; what is too
weak to ask about has p 1, so that it stays among the tests that the false discovery rate counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from geo.arrays import Booleans, Floats, Integers
from geo.permutations import draw
from yuantou.indicators.integrity.permuting import STAGES, Tail, upper_tail


@dataclass(frozen=True)
class Least:
    """From when on a unit is judged and a result is worth a question."""

    items: int = 10
    hits: int = 5
    units: int = 5
    ratio: float = 2.0


@dataclass(frozen=True)
class Finding:
    """One unit in one test: `hits` seen, `expected` by its peers' ways, `marked` the items' places.

    `ratio` is the odds of a hit against that of the peers for shares, else seen over expected.
    """

    unit: int
    items: int
    hits: int
    expected: float
    ratio: float
    p: float
    draws: int
    marked: tuple[int, ...]


def shares(
    unit: Integers,
    stratum: Integers,
    hit: Booleans,
    *,
    seed: Sequence[int],
    least: Least = Least(),
    stages: Sequence[int] = STAGES,
) -> list[Finding]:
    """Whether a unit's share of hits is larger than its peers' at the same mix of strata."""
    strata, own = np.unique(stratum, return_inverse=True)
    size = np.bincount(own, minlength=len(strata))
    good = np.bincount(own[hit], minlength=len(strata))
    found = []
    for code, places in _units(unit, stratum, least):
        held = np.bincount(own[places], minlength=len(strata))
        some = np.flatnonzero(held)
        seen = int(hit[places].sum())
        chance = float((held * good / np.maximum(size, 1)).sum())
        ratio = _odds(seen, chance, len(places))
        tail = Tail(1.0, chance, 0)
        if seen >= least.hits and ratio >= least.ratio:
            tail = upper_tail(
                seen,
                partial(_dealt, good[some], size[some], held[some]),
                size=len(some),
                seed=[*seed, code],
                stages=stages,
            )
        marked = tuple(places[hit[places]].tolist())
        found.append(Finding(code, len(places), seen, chance, ratio, tail.p, tail.draws, marked))
    return found


def pairs(
    unit: Integers,
    stratum: Integers,
    label: Integers,
    *,
    seed: Sequence[int],
    least: Least = Least(),
    stages: Sequence[int] = STAGES,
) -> list[Finding]:
    """Whether a unit's items carry the same label (a near-identical text) oftener in pairs.

    Pairs are counted within a stratum; `hits` and `expected` count pairs.
    """
    pools = {int(code): np.flatnonzero(stratum == code) for code in np.unique(stratum)}
    found = []
    for code, places in _units(unit, stratum, least):
        held = [
            (pools[int(s)], int((stratum[places] == s).sum())) for s in np.unique(stratum[places])
        ]
        some = [(label[pool], number) for pool, number in held if number > 1]
        seen = sum(
            int(_pairs(label[places[stratum[places] == s]][None, :])[0])
            for s in np.unique(stratum[places])
        )
        marked = _twins(places, stratum, label)
        chance = sum(number * (number - 1) / 2 * _alike(pool) for pool, number in some)
        ratio = seen / chance if chance else (np.inf if seen else 0.0)
        tail = Tail(1.0, chance, 0)
        if len(marked) >= least.hits and ratio >= least.ratio:
            tail = upper_tail(
                seen,
                partial(_drawn_pairs, some),
                size=len(places),
                seed=[*seed, code],
                stages=stages,
            )
        found.append(
            Finding(code, len(places), seen, chance, float(ratio), tail.p, tail.draws, marked)
        )
    return found


def crowds(
    unit: Integers,
    stratum: Integers,
    moment: Floats,
    *,
    window: float,
    seed: Sequence[int],
    least: Least = Least(),
    stages: Sequence[int] = STAGES,
) -> list[Finding]:
    """Whether more of a unit's items fall within one `window` than of as many items of its peers.

    `moment` is when each was captured, in the unit of `window`; peers are of the same stratum.
    """
    found = []
    for code, places in _units(unit, stratum, least):
        pool = moment[stratum == stratum[places[0]]]
        own = np.sort(moment[places])
        seen = int(_most(own[None, :], window)[0])
        first = int(np.argmax(_within(own, window)))
        marked = places[np.argsort(moment[places], kind="stable")][first : first + seen]
        tail, chance = Tail(1.0, 0.0, 0), 0.0
        if seen >= least.hits:
            tail = upper_tail(
                seen,
                partial(_drawn_crowds, pool, len(places), window),
                size=len(places),
                seed=[*seed, code],
                stages=stages,
            )
            chance = tail.expected
        ratio = seen / chance if chance else 0.0
        p = tail.p if ratio >= least.ratio else 1.0
        found.append(
            Finding(code, len(places), seen, chance, ratio, p, tail.draws, tuple(marked.tolist()))
        )
    return found


def _units(unit: Integers, stratum: Integers, least: Least) -> Iterator[tuple[int, Integers]]:
    """Each unit that is judged with the places of its items: enough of them, and enough peers."""
    order = np.argsort(unit, kind="stable")
    codes, starts = np.unique(unit[order], return_index=True)
    peers = {int(s): len(np.unique(unit[stratum == s])) for s in np.unique(stratum)}
    for code, places in zip(codes.tolist(), np.split(order, starts[1:]), strict=True):
        shared = np.array([peers[int(s)] > least.units for s in stratum[places]], dtype=bool)
        judged = np.asarray(places[shared], dtype=np.int64)
        if len(judged) >= least.items:
            yield code, judged


def _odds(seen: int, chance: float, items: int) -> float:
    """Odds of a hit over those expected; half an item is added to each, so that it is finite."""
    return float((seen + 0.5) / (items - seen + 0.5) / ((chance + 0.5) / (items - chance + 0.5)))


def _dealt(
    good: Integers, size: Integers, held: Integers, rng: np.random.Generator, times: int
) -> Floats:
    drawn = rng.hypergeometric(good, size - good, held, (times, len(held)))
    return np.asarray(drawn.sum(axis=1), dtype=float)


def _drawn_pairs(
    some: Sequence[tuple[Integers, int]], rng: np.random.Generator, times: int
) -> Floats:
    total = np.zeros(times)
    for pool, number in some:
        total += _pairs(pool[draw(rng, len(pool), number, times)])
    return total


def _drawn_crowds(
    pool: Floats, number: int, window: float, rng: np.random.Generator, times: int
) -> Floats:
    drawn = np.sort(pool[draw(rng, len(pool), number, times)], axis=1)
    return np.asarray(_most(drawn, window), dtype=float)


def _pairs(labels: Integers) -> Floats:
    """How many pairs of each row carry one label."""
    ordered = np.sort(labels, axis=1)
    place = np.broadcast_to(np.arange(ordered.shape[1]), ordered.shape)
    new = np.ones(ordered.shape, dtype=bool)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    start = np.maximum.accumulate(np.where(new, place, 0), axis=1)
    return np.asarray((place - start).sum(axis=1), dtype=float)


def _alike(pool: Integers) -> float:
    """How likely two items of a pool carry one label."""
    number = np.unique(pool, return_counts=True)[1].astype(float)
    return float((number * (number - 1)).sum() / (len(pool) * (len(pool) - 1.0)))


def _twins(places: Integers, stratum: Integers, label: Integers) -> tuple[int, ...]:
    """Places of the items whose label another item of the unit and stratum carries too."""
    key = np.stack([stratum[places], label[places]])
    _, own, number = np.unique(key, axis=1, return_inverse=True, return_counts=True)
    return tuple(places[number[own.reshape(-1)] > 1].tolist())


def _within(ordered: Floats, window: float) -> Integers:
    end = np.searchsorted(ordered, ordered + window * (1 + 1e-9), side="right")
    return np.asarray(end - np.arange(len(ordered)), dtype=np.int64)


def _most(ordered: Floats, window: float) -> Integers:
    """Largest number of each ascending row within `window`."""
    rows, items = ordered.shape
    base = float(ordered.min())
    apart = float(ordered.max()) - base + 2 * window
    flat = (ordered - base + apart * np.arange(rows)[:, None]).ravel()
    end = np.searchsorted(flat, flat + window * (1 + 1e-9), side="right")
    return np.asarray((end - np.arange(rows * items)).reshape(rows, items).max(axis=1))
