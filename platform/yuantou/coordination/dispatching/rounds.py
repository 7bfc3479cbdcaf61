"""How often a matter went to and fro between the same agencies, read from its history."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

Pair = tuple[int, int]


class Happening(Protocol):
    """An event as far as this needs it."""

    @property
    def event(self) -> str:
        """Its name."""

    @property
    def agency_id(self) -> int | None:
        """Whose it was."""

    @property
    def facts(self) -> dict[str, object]:
        """What it kept."""


def rounds(events: Iterable[Happening]) -> Counter[Pair]:
    """Returns, transfers taken and transfers declined, by the two agencies between which they were.

    `events` are oldest first. A return goes to whoever sent the matter out last; a transfer that
    was taken back by its sender never was one.
    """
    found: Counter[Pair] = Counter()
    sender: int | None = None
    for event in events:
        if event.event in ("dispatched", "designated"):
            sender = event.agency_id
        elif event.event == "returned":
            _count(found, event.agency_id, sender)
        elif event.event in ("transferred", "transfer_declined"):
            _count(found, _number(event.facts.get("from_agency_id")), event.agency_id)
    return found


def total(found: Counter[Pair]) -> int:
    """All of them together."""
    return sum(found.values())


def _count(found: Counter[Pair], one: int | None, other: int | None) -> None:
    if one and other and one != other:
        found[min(one, other), max(one, other)] += 1


def _number(value: object) -> int | None:
    return int(str(value)) if value else None
