"""The one disclosure rule: a count under 3 is not shown, nor anything it could be worked out from.

It serves map, table, file and command line. A count of 0 is shown: it tells of nobody. A sum that
is published with all its parts but one gives that one away, so another part is hidden with it, and
where no part can serve, the sum itself. Who may not open the matters gets fixed periods out of
one table over places, types and months (`veil`), so that two answers do not give a third away.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from geo.arrays import Booleans, Integers

K = TypeVar("K", bound=Hashable)

LEAST = 3
COMPLEMENT = "—"
NEVER = np.iinfo(np.int64).max

Sums = Sequence[tuple[K, Sequence[K]]]


def small(value: int | None, least: int = LEAST) -> bool:
    """Whether a count is under the threshold and above 0."""
    return value is not None and 0 < value < least


def conceal(cells: Mapping[K, int | None], sums: Sums[K] = (), least: int = LEAST) -> set[K]:
    """Keys of the cells that must not be shown.

    `cells` are counts, None where there is none; each of `sums` is the key of a total and the keys
    of its parts. Cells that `sums` name and `cells` lacks count as unpublished. Small cells are
    hidden first; then, sum by sum until nothing changes, the smallest shown cell joins them where
    the hidden ones could be worked out from the shown.
    """
    primary = frozenset(key for key, value in cells.items() if small(value, least))
    hidden = set(primary)
    changed = True
    while changed:
        changed = False
        for whole, parts in sums:
            companion = _companion(cells, whole, parts, hidden, primary, least)
            if companion is not None:
                hidden.add(companion)
                changed = True
    return hidden


def shown(value: int | None, hidden: bool, least: int = LEAST) -> str:
    """How a cell is written: its count, '<3' if small, '—' if hidden with one or unknown."""
    if value is None or (hidden and not small(value, least)):
        return COMPLEMENT
    return f"<{least}" if hidden or small(value, least) else f"{value:,}"


def _companion(
    cells: Mapping[K, int | None],
    whole: K,
    parts: Sequence[K],
    hidden: set[K],
    primary: frozenset[K],
    least: int,
) -> K | None:
    """The cell to hide so that this sum gives nothing away; None where it gives nothing away."""
    if cells.get(whole) is None or any(cells.get(part) is None for part in parts):
        return None
    inside = [key for key in (whole, *parts) if key in hidden]
    if not inside or not _worked_out(cells, whole, inside, primary, least):
        return None
    shown_parts = [part for part in parts if part not in hidden]
    with_counts = [part for part in shown_parts if cells[part]]
    if with_counts:
        return min(with_counts, key=lambda key: (cells[key] or 0, str(key)))
    return whole if whole not in hidden else None


def _worked_out(
    cells: Mapping[K, int | None],
    whole: K,
    inside: Sequence[K],
    primary: frozenset[K],
    least: int,
) -> bool:
    """Whether the hidden cells of a sum follow from the shown ones.

    One alone does. Several small parts do where their sum leaves no choice: all 1, or all at most.
    """
    if len(inside) == 1:
        return True
    if whole in inside or not all(key in primary for key in inside):
        return False
    together = sum(cells[key] or 0 for key in inside)
    return together in (len(inside), len(inside) * (least - 1))


def hierarchy(parents: Mapping[K, K | None], cells: Iterable[K]) -> list[tuple[K, list[K]]]:
    """The sums of a tree: each parent among `cells` with its children among them."""
    found: dict[K, list[K]] = {}
    present = set(cells)
    for key in sorted(present, key=str):
        parent = parents.get(key)
        if parent is not None and parent in present:
            found.setdefault(parent, []).append(key)
    return list(found.items())


@dataclass(frozen=True)
class Group:
    """A sum along one side of a table: where it stands, and where its parts do."""

    whole: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Side:
    """The cells along one side of a table: single ones, then their sums in order of summing."""

    keys: tuple[Hashable, ...]
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Veil:
    """A table with all its sums, and which of its cells must not be shown."""

    sides: tuple[Side, ...]
    counts: Integers
    hidden: Booleans

    def hides(self, *keys: Hashable) -> bool:
        """Whether a cell must not be shown; one that the table does not hold must not."""
        try:
            place = tuple(side.keys.index(key) for side, key in zip(self.sides, keys, strict=True))
        except ValueError:
            return True
        return bool(self.hidden[place])


def veil(singles: Integers, sides: Sequence[Side], least: int = LEAST) -> Veil:
    """Sum a table along its sides, and hide what is small and what would give it away.

    Published are the cells of this table and nothing else: no sum over other months, types or
    places. So whoever takes one answer from another gets cells of it, or several together. Each
    line of each sum is held as `conceal` holds one, until nothing changes.
    """
    counts = singles
    for axis, side in enumerate(sides):
        for group in side.groups:
            whole = counts.take(group.parts, axis).sum(axis, keepdims=True)
            counts = np.concatenate((counts, whole), axis)
    primary = (counts > 0) & (counts < least)
    hidden, before = primary.copy(), -1
    while before != (before := int(hidden.sum())):
        for axis, side in enumerate(sides):
            along = np.moveaxis(counts, axis, 0), np.moveaxis(primary, axis, 0)
            for group in side.groups:
                _hold(group, *along, np.moveaxis(hidden, axis, 0), least)
    return Veil(tuple(sides), counts, hidden)


def _hold(group: Group, counts: Integers, primary: Booleans, hidden: Booleans, least: int) -> None:
    """Hide one more cell in each line of a sum whose hidden cells follow from the shown ones."""
    places, parts = [group.whole, *group.parts], np.asarray(group.parts)
    inside = hidden[places]
    number = inside.sum(0)
    together = np.where(inside, counts[places], 0).sum(0)
    forced = ~inside[0] & ~(inside & ~primary[places]).any(0)
    forced &= (together == number) | (together == number * (least - 1))
    given_away = (number == 1) | ((number > 1) & forced)
    if not given_away.any():
        return
    left = np.where(hidden[parts] | (counts[parts] <= 0), NEVER, counts[parts])
    there = given_away & (left.min(0) < NEVER)
    lines = np.nonzero(there)
    hidden[(parts[left.argmin(0)[lines]], *lines)] = True
    hidden[group.whole] |= given_away & ~there


def fixed_period(first: date, last: date, newest: date) -> tuple[date, date]:
    """The month, the quarter or the calendar year that a free span of months becomes.

    `newest` is the last whole month: a quarter or a year ends with it at the latest, and the
    running month is had alone. A span over a new year becomes the year of its end.
    """
    if first == last:
        return first, last
    last = min(last, newest)
    quarter = last.replace(month=last.month - (last.month - 1) % 3)
    start, end = (quarter, 3) if first >= quarter else (last.replace(month=1), 12)
    return start, min(start.replace(month=start.month + end - 1), newest)
