"""How a sample is drawn: a simple random sample in each stratum, repeatable by anyone.

Within a stratum the matters are put in the order of SHA-256("seed:id") and the first are taken:
with the seed and the list, any computer draws the same. Standard library only.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

METHOD = "sha256-rank-1"
Frame = Sequence[Sequence[int]]  # (matter, stratum) for the whole population


def frame_digest(frame: Frame) -> str:
    """SHA-256 of the population: one line "matter:stratum" each, in rising order."""
    lines = "\n".join(f"{matter}:{stratum}" for matter, stratum in sorted(map(tuple, frame)))
    return hashlib.sha256(lines.encode()).hexdigest()


def draw(frame: Frame, total: int, seed: str) -> list[tuple[int, int]]:
    """`total` matters with their strata, allocated in proportion, at least one of each stratum."""
    members: dict[int, list[int]] = {}
    for matter, stratum in frame:
        members.setdefault(stratum, []).append(matter)
    shares = allocate({stratum: len(held) for stratum, held in members.items()}, total)
    return [
        (matter, stratum)
        for stratum, number in sorted(shares.items())
        for matter in ranked(members[stratum], seed)[:number]
    ]


def ranked(matters: Iterable[int], seed: str) -> list[int]:
    """The matters in the order that the seed gives them."""
    return sorted(matters, key=lambda matter: _rank(matter, seed))


def allocate(sizes: Mapping[int, int], total: int) -> dict[int, int]:
    """How many of each stratum: at least one, the rest by largest remainder, never more than all.

    `total` is raised to one per stratum where it is smaller, and lowered to the population.
    """
    held = {stratum: size for stratum, size in sizes.items() if size > 0}
    left = min(max(total, len(held)), sum(held.values()))
    shares: dict[int, int] = {}
    while held:
        small = [s for s, size in held.items() if left * size < sum(held.values())]
        if not small:
            return shares | _by_remainder(held, left)
        for stratum in small:
            shares[stratum] = 1
            left -= 1
            del held[stratum]
    return shares


def _by_remainder(sizes: Mapping[int, int], total: int) -> dict[int, int]:
    whole = sum(sizes.values())
    shares = {stratum: total * size // whole for stratum, size in sizes.items()}
    order = sorted(sizes, key=lambda stratum: (-(total * sizes[stratum] % whole), stratum))
    return dict(Counter(shares) + Counter(order[: total - sum(shares.values())]))


def _rank(matter: int, seed: str) -> str:
    return hashlib.sha256(f"{seed}:{matter}".encode()).hexdigest()
