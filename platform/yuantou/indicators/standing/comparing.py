"""Two counts of one kind: whether they differ by more than chance. Pure; in words elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from geo.differences import compare_rates, compare_shares

HIGHER, LOWER, ALIKE, UNKNOWN = "higher", "lower", "alike", "unknown"
LEVEL = 0.95

Pair = tuple[int, int]
Asked = tuple[int, Pair, Pair]  # with its place among what was asked


@dataclass(frozen=True, slots=True)
class Finding:
    """`code`: higher, lower, alike (the test cannot tell them apart) or unknown.

    `low` and `high` bound the ratio of two rates, or the difference of two shares.
    """

    code: str
    low: float | None = None
    high: float | None = None


@lru_cache(maxsize=8192)
def compare(kind: str, own: Pair | None, other: Pair | None) -> Finding:
    """Whether (events, whole) lies above or below another; unknown where one is missing."""
    return compare_all([(kind, own, other)])[0]


def compare_all(asked: Sequence[tuple[str, Pair | None, Pair | None]]) -> list[Finding]:
    """The same of many: all rates are tested at once, and all shares."""
    rates: list[Asked] = []
    shares: list[Asked] = []
    for place, (kind, own, other) in enumerate(asked):
        if own is None or other is None or own[1] <= 0 or other[1] <= 0:
            continue
        if kind == "rate":
            rates.append((place, own, other))
        elif kind == "share" and own[0] <= own[1] and other[0] <= other[1]:
            shares.append((place, own, other))
    found = [Finding(UNKNOWN)] * len(asked)
    for place, finding in (*_rates(rates), *_shares(shares)):
        found[place] = finding
    return found


def _rates(held: Sequence[Asked]) -> Iterator[tuple[int, Finding]]:
    """The exact test at 5 %: nothing is claimed unless the ratio's limits leave 1 out."""
    if held:
        tested = compare_rates(*_columns(held))
        for (place, *_pairs), low, high in zip(held, tested.lower, tested.upper, strict=True):
            yield place, _said(float(low), float(high), 1.0)


def _shares(held: Sequence[Asked]) -> Iterator[tuple[int, Finding]]:
    if held:
        tested = compare_shares(*_columns(held))
        for (place, *_pairs), low, high in zip(held, tested.lower, tested.upper, strict=True):
            yield place, _said(float(low), float(high), 0.0)


def _columns(
    held: Sequence[Asked],
) -> tuple[list[int], list[int], list[int], list[int], float]:
    """Events and wholes of the ones, of the others, and the level."""
    return (
        [own[0] for _place, own, _other in held],
        [own[1] for _place, own, _other in held],
        [other[0] for _place, _own, other in held],
        [other[1] for _place, _own, other in held],
        LEVEL,
    )


def _said(low: float, high: float, equal: float) -> Finding:
    code = HIGHER if low > equal else LOWER if high < equal else ALIKE
    return Finding(code, low, high)
