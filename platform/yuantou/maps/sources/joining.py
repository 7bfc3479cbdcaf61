"""Which organisations are one: parties that share a key, directly or through others."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Shared:
    """One organisation: its keys, and of each of its matters the party that it is there."""

    keys: set[bytes] = field(default_factory=set)
    parties: dict[int, int] = field(default_factory=dict)


def join(rows: Iterable[tuple[int, int, bytes]]) -> list[Shared]:
    """Organisations from (dispute, party, key); the order of rows does not matter."""
    parents: dict[bytes, bytes] = {}
    first: dict[int, bytes] = {}
    told = sorted(rows)
    for _dispute, party, key in told:
        parents.setdefault(key, key)
        _unite(parents, first.setdefault(party, key), key)
    found: dict[bytes, Shared] = {}
    for dispute, party, key in told:
        shared = found.setdefault(_root(parents, key), Shared())
        shared.keys.add(key)
        shared.parties.setdefault(dispute, party)
    return list(found.values())


def _root(parents: dict[bytes, bytes], key: bytes) -> bytes:
    while parents[key] != key:
        parents[key] = parents[parents[key]]
        key = parents[key]
    return key


def _unite(parents: dict[bytes, bytes], one: bytes, other: bytes) -> None:
    low, high = sorted((_root(parents, one), _root(parents, other)))
    parents[high] = low
