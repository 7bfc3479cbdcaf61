"""The one disclosure rule: a count under 3 is not shown, nor anything it could be worked out from.

It serves map, table, file and command line. A count of 0 is shown: it tells of nobody. A sum that
is published with all its parts but one gives that one away, so another part is hidden with it, and
where no part can serve, the sum itself.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

LEAST = 3
COMPLEMENT = "—"

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
