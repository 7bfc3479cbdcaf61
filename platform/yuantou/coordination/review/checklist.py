"""The checklist of cross-review as it ships; a round keeps its own copy. Standard library only."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "review.toml"
GROUPS = ("papers", "law")
NEEDS = ("must", "if")
VERDICTS = ("ok", "flaw", "none")
Findings = Mapping[str, Mapping[str, str]]


class ChecklistError(ValueError):
    """The checklist cannot be used as it is written."""


@dataclass(frozen=True, slots=True)
class Item:
    """One point: what is looked for, whether every file must have it, and by which rule."""

    code: str
    group: str
    need: str
    name_zh: str
    basis: str

    def __post_init__(self) -> None:
        """Refuse what no reviewer could judge."""
        if self.group not in GROUPS or self.need not in NEEDS:
            raise ChecklistError(f"{self.code}: group {self.group!r}, need {self.need!r}")
        if not self.code.isidentifier() or not self.name_zh:
            raise ChecklistError(f"{self.code!r} needs a name, and letters or _ for its code")


@cache
def read(path: Path = SHIPPED) -> tuple[Item, ...]:
    """The items in their order; ChecklistError where a code comes twice."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["item"]
    items = tuple(Item(**row) for row in rows)
    if len({item.code for item in items}) != len(items):
        raise ChecklistError(f"{path}: a code is used twice")
    return items


def kept(items: Sequence[Item]) -> list[dict[str, str]]:
    """The items as a round keeps them."""
    return [asdict(item) for item in items]


def restored(rows: Sequence[Mapping[str, str]]) -> tuple[Item, ...]:
    """The items of a round."""
    return tuple(Item(**row) for row in rows)


def missing(items: Sequence[Item], findings: Findings) -> list[str]:
    """Codes that are not judged; a point that every file must have is never "not applicable"."""
    found = []
    for item in items:
        verdict = findings.get(item.code, {}).get("verdict", "")
        if verdict not in VERDICTS or (item.need == "must" and verdict == "none"):
            found.append(item.code)
    return found


def unexplained(items: Sequence[Item], findings: Findings) -> list[str]:
    """Codes found at fault without a word why."""
    told = ((item.code, findings.get(item.code, {})) for item in items)
    return [code for code, one in told if one.get("verdict") == "flaw" and not one.get("note")]
