"""Which texts are nearly the same: one label a family, and nothing of the words is kept.

Shingles of three signs are hashed (MinHash); texts that agree in a band of their signatures are
compared, and nine tenths of equal signs make them one family. Source: Broder (1997), Compression
and Complexity of Sequences, 21-29.
"""

import unicodedata
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Integers

SHINGLE = 3
HASHES, BANDS = 64, 16
ALIKE = 0.9
SHORTEST = 12  # signs; a shorter text is alike by nature
_PRIME = np.uint64((1 << 31) - 1)
Signature = NDArray[np.uint64]


def plain(text: str) -> str:
    """The text without spaces, signs and numbers: what remains when dates and sums are changed."""
    flat = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in flat if sign.isalpha())


def families(texts: Sequence[str]) -> Integers:
    """A label for each text, equal where texts are nearly the same; short ones stand alone."""
    bare = [plain(text) for text in texts]
    known = sorted({text for text in bare if len(text) >= SHORTEST})
    family = _joined([_signature(text) for text in known])
    label = {text: family[place] for place, text in enumerate(known)}
    alone = len(known)
    return np.array([label.get(text, alone + k) for k, text in enumerate(bare)], dtype=np.int64)


def _signature(text: str) -> Signature:
    shingles = {text[k : k + SHINGLE] for k in range(len(text) - SHINGLE + 1)}
    hashed = np.array([crc32(each.encode()) for each in sorted(shingles)], dtype=np.uint64)
    first, second = _multipliers()
    return np.asarray(((hashed[:, None] * first + second) % _PRIME).min(axis=0))


def _multipliers() -> tuple[Signature, Signature]:
    drawn = np.random.default_rng(0).integers(1, int(_PRIME), (2, HASHES), dtype=np.uint64)
    return drawn[0], drawn[1]


def _joined(signatures: Sequence[Signature]) -> list[int]:
    """The first text of each text's family, by place."""
    parent = list(range(len(signatures)))
    width = HASHES // BANDS
    for band in range(BANDS):
        buckets: dict[bytes, int] = {}
        for place, signature in enumerate(signatures):
            key = signature[band * width : (band + 1) * width].tobytes()
            other = buckets.setdefault(key, place)
            if other != place and (signatures[other] == signature).mean() >= ALIKE:
                _join(parent, other, place)
    return [_root(parent, place) for place in range(len(parent))]


def _root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


def _join(parent: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(parent, one), _root(parent, other)))
    parent[second] = first
