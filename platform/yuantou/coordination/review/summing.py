"""What a round of review found, item by item: counts and shares, no unit and no person ranked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from geo.rates import wilson_interval
from yuantou.coordination.review.checklist import Findings, Item


@dataclass(frozen=True)
class ItemSum:
    """How many files were in order, at fault, or not concerned."""

    item: Item
    ok: int
    flaw: int
    none: int

    @property
    def judged(self) -> int:
        """Files that the item concerned."""
        return self.ok + self.flaw

    @property
    def share(self) -> str:
        """The share in order with its 95 % Wilson interval."""
        if not self.judged:
            return "—"
        low, high = (float(limit) for limit in wilson_interval(self.ok, self.judged))
        return f"{100 * self.ok / self.judged:.1f}%（{100 * low:.1f}%–{100 * high:.1f}%）"


def sums(items: Sequence[Item], files: Sequence[Findings]) -> list[ItemSum]:
    """Each item in the order of the checklist."""
    made = []
    for item in items:
        seen = Counter(findings.get(item.code, {}).get("verdict") for findings in files)
        made.append(ItemSum(item, seen["ok"], seen["flaw"], seen["none"]))
    return made
