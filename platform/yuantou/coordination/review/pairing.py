"""Who reviews which file: never one's own area, never a unit that had the matter in hand.

Standard library only.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClosedFile:
    """A file to review: where it was handled and by whom."""

    dispute_id: int
    area: str
    agencies: frozenset[int]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who may review, of which unit and area."""

    account_id: int
    agency_id: int
    area: str

    def may_review(self, file: ClosedFile) -> bool:
        """Another area's file, in which his unit had no part."""
        return self.area != file.area and self.agency_id not in file.agencies


def pair(
    files: Sequence[ClosedFile], reviewers: Collection[Reviewer], seed: str
) -> list[tuple[ClosedFile, Reviewer]]:
    """A reviewer for each file, evenly laden, by the chance of the seed.

    A file that nobody may review is left out.
    """
    load: Counter[int] = Counter()
    made = []
    for file in sorted(files, key=lambda file: _rank(seed, file.dispute_id)):
        fit = [one for one in reviewers if one.may_review(file)]
        if fit:
            chosen = min(fit, key=lambda one: (load[one.account_id], _lot(seed, one, file)))
            load[chosen.account_id] += 1
            made.append((file, chosen))
    return made


def _lot(seed: str, one: Reviewer, file: ClosedFile) -> str:
    return _rank(f"{seed}:{one.account_id}", file.dispute_id)


def _rank(seed: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
