"""What a rule finds: a level and why, in words that the page can say in its reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence and the values in it; codes of facts and types stay codes until it is shown."""

    say: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As it stands in the row of a warning."""
        return {"say": self.say, "with": dict(self.values)}


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that spoke: its version, level, reasons and the numbers behind them.

    `hours` is the limit where the rule sets one of its own.
    """

    rule: str
    version: int
    level: str
    reasons: tuple[Reason, ...]
    facts: Mapping[str, Any]
    hours: int | None = None
