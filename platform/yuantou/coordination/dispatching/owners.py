"""Whose matter it is: which agencies the duty list names for a matter, in which order, and why."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the duty list with the name of its agency and of its area."""

    agency_id: int
    agency: str
    area: str
    area_path: str
    type: str
    gb31000: str
    basis: str
    valid_from: date
    example: bool


@dataclass(frozen=True, slots=True)
class Owner:
    """An agency that may own the matter. `narrow` is the kind of GB/T 31000 that it owns, ''
    where it owns the whole type; `returned`: it sent this very matter back before."""

    agency_id: int
    agency: str
    area: str
    type: str
    narrow: str
    basis: str
    example: bool
    suggested: bool = False
    returned: bool = False


def rank(
    rows: Iterable[Row],
    *,
    kinds: Collection[str],
    returned: Collection[int] = (),
    suggested: int | None = None,
) -> list[Owner]:
    """Owners, the best first and each agency once.

    The nearest area wins over a wider one; a duty for the whole type, which certainly covers the
    matter, over one for a single kind of it, which may. Whom the last return names comes first,
    whoever has sent the matter back comes last. `kinds` are the codes of GB/T 31000 that the
    matter may be of; a duty for another kind is not its.
    """
    fitting = [row for row in rows if not row.gb31000 or row.gb31000 in kinds]
    fitting.sort(key=lambda row: _order(row, returned, suggested))
    found: dict[int, Owner] = {}
    for row in fitting:
        found.setdefault(row.agency_id, _owner(row, returned, suggested))
    return list(found.values())


def overlap(first: tuple[date, date | None], others: Sequence[tuple[date, date | None]]) -> bool:
    """Whether a span of days meets one of `others`; None is an open end."""
    begin, end = first
    return any(
        (until is None or begin <= until) and (end is None or since <= end)
        for since, until in others
    )


def _order(row: Row, returned: Collection[int], suggested: int | None) -> tuple[object, ...]:
    return (
        row.agency_id in returned,
        row.agency_id != suggested,
        -row.area_path.count("/"),
        bool(row.gb31000),
        row.valid_from,
        row.agency_id,
    )


def _owner(row: Row, returned: Collection[int], suggested: int | None) -> Owner:
    return Owner(
        agency_id=row.agency_id,
        agency=row.agency,
        area=row.area,
        type=row.type,
        narrow=row.gb31000,
        basis=row.basis,
        example=row.example,
        suggested=row.agency_id == suggested,
        returned=row.agency_id in returned,
    )
