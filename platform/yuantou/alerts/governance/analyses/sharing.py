"""What matters have in common: a pure count of those that were taken. No database."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

TOGETHER = 2  # an organisation that fewer share is nobody's business here


@dataclass(frozen=True, slots=True)
class Taken:
    """A matter as it was taken; `organisations` are parties of that kind, never persons."""

    id: int
    type: str
    area: str
    day: date
    restricted: bool
    involved: int
    amount: float
    organisations: frozenset[str] = frozenset()


def shared(members: Sequence[Taken]) -> dict[str, object]:
    """Counts by type, place, month and organisation; restricted ones have no place and no party."""
    open_ = [one for one in members if not one.restricted]
    organisations = Counter(name for one in open_ for name in one.organisations)
    return {
        "size": len(members),
        "restricted": len(members) - len(open_),
        "types": _ordered(Counter(one.type for one in members)),
        "places": _ordered(Counter(one.area for one in open_)),
        "months": dict(sorted(Counter(f"{one.day:%Y-%m}" for one in members).items())),
        "organisations": _ordered({name: n for name, n in organisations.items() if n >= TOGETHER}),
        "involved": sum(one.involved for one in members),
        "amount": f"{sum(one.amount for one in members):.2f}",
    }


def digest(ids: Iterable[int], frozen: Mapping[str, object]) -> str:
    """SHA-256 of the list and of what was counted, so that a later change would be seen."""
    told = json.dumps([sorted(ids), frozen], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def leading_type(members: Sequence[Taken]) -> str | None:
    """The type of at least half of them."""
    counted = Counter(one.type for one in members).most_common(1)
    return counted[0][0] if counted and 2 * counted[0][1] >= len(members) else None


def _ordered(counted: Mapping[str, int]) -> list[list[object]]:
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [[name, number] for name, number in ordered]
