"""The columns of the registers: read from config/registers.toml with errors that name the row."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from yuantou.disputes.codes import read as read_codes

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "registers.toml"


@dataclass(frozen=True, slots=True)
class MonthlyColumn:
    """A column of the monthly sheet; `values` are the codes that it counts."""

    title: str
    measure: str
    group: str = ""
    values: tuple[str, ...] = ()
    subtotal: bool = False

    @property
    def heading(self) -> str:
        """The title, after its group where it has one."""
        return f"{self.group}·{self.title}" if self.group else self.title


@dataclass(frozen=True, slots=True)
class ItemColumn:
    """A data item; `longest` is the number of characters that it may hold, 0 for no limit."""

    title: str
    measure: str
    longest: int = 0
    must: bool = False


@dataclass(frozen=True, slots=True)
class BodyRule:
    """Which mediating body an agency of `kinds` is, where its name holds one of `named`."""

    code: str
    kinds: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def fits(self, kind: str, name: str) -> bool:
        """Whether an agency is such a body; a rule without kinds fits every one."""
        known = not self.kinds or kind in self.kinds
        return known and (not self.named or any(part in name for part in self.named))


@dataclass(frozen=True, slots=True)
class Registers:
    """Both registers with their mapping tables."""

    title: str
    monthly: tuple[MonthlyColumn, ...]
    bodies: tuple[BodyRule, ...]
    items: tuple[ItemColumn, ...]
    scale: Mapping[str, int]
    manner: Mapping[str, str]

    def body_of(self, kind: str, name: str) -> str:
        """The code of the mediating body that an agency is."""
        return next(rule.code for rule in self.bodies if rule.fits(kind, name))

    def scale_of(self, involved: int) -> str:
        """The code of the scale for that many people."""
        return max((n, code) for code, n in self.scale.items() if n <= involved)[1]


class RegistersFault(ValueError):
    """A register that cannot be used; the message says where and what."""


Row = TypeVar("Row", MonthlyColumn, ItemColumn, BodyRule)


@cache
def read(path: Path = SHIPPED) -> Registers:
    """The registers of a file, read once per path; a faulty file raises RegistersFault."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        monthly, items = document["monthly"], document["items"]
        found = Registers(
            title=monthly["title"],
            monthly=_rows(monthly, "column", MonthlyColumn),
            bodies=_rows(monthly, "body", BodyRule),
            items=_rows(items, "column", ItemColumn),
            scale=items["scale"],
            manner=items["manner"],
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as fault:
        raise RegistersFault(f"{path}: {fault}") from fault
    _refuse_gaps(path, found)
    return found


def _rows(table: Mapping[str, Any], name: str, kind: type[Row]) -> tuple[Row, ...]:
    return tuple(kind(**_frozen(row)) for row in table[name])


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in row.items()}


def _refuse_gaps(path: Path, found: Registers) -> None:
    """Every type and source is counted once, so that the parts add up to the whole."""
    codes = read_codes()
    for measure, known in (("type", codes.types), ("source", codes.sources)):
        columns = [each for each in found.monthly if each.measure == measure and not each.subtotal]
        tally = Counter(value for each in columns for value in each.values)
        odd = [code for code in {*known, *tally} if tally[code] != 1 or code not in known]
        if odd:
            raise RegistersFault(f"{path}: {measure} not counted once: {', '.join(sorted(odd))}")
    if not found.bodies or found.bodies[-1].kinds:
        raise RegistersFault(f"{path}: the last body must fit every agency")
