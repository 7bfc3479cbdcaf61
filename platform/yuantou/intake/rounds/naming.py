"""Units as people paste them, and villages as they stand in places. Standard library only."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LONGEST_NAME = 40
MOST_UNITS = 600
_VILLAGE = re.compile(r"^[\u4e00-\u9fff·]{1,12}?(?:村|社区|嘎查)")
_CUT = re.compile(r"[\t,，;；]+|\s{2,}")


@dataclass(frozen=True)
class PlaceName:
    """A village or community and the township (by code) in which it lies."""

    name: str
    area_code: str


@dataclass
class Pasted:
    """What a list of villages came to; faults by line."""

    units: list[PlaceName] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    twice: int = 0


def village_of(place: str) -> str | None:
    """The village or community that a place begins with: 前山村三组 → 前山村."""
    found = _VILLAGE.match(place.strip())
    return found[0] if found else None


def read_places(text: str, townships: Mapping[str, str]) -> Pasted:
    """One village a line; with several townships each line names its own before or after it.

    `townships` gives names by code; a fault is 'nameless', 'long', 'where' or 'many'.
    """
    found, seen = Pasted(), set[PlaceName]()
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in _CUT.split(line.strip()) if part.strip()]
        if not parts:
            continue
        unit = _unit(parts, townships)
        if isinstance(unit, str):
            found.faults.append((number, unit))
        elif unit in seen:
            found.twice += 1
        else:
            seen.add(unit)
            found.units.append(unit)
    if len(found.units) > MOST_UNITS:
        found.faults.append((MOST_UNITS + 1, "many"))
    return found


def _unit(parts: list[str], townships: Mapping[str, str]) -> PlaceName | str:
    named = {part: code for part in parts for code in _codes(part, townships)}
    names = [part for part in parts if part not in named]
    if not names:
        return "nameless"
    if len(names[0]) > LONGEST_NAME:
        return "long"
    codes = list(named.values()) or (list(townships) if len(townships) == 1 else [])
    return PlaceName(names[0], codes[0]) if codes else "where"


def _codes(part: str, townships: Mapping[str, str]) -> Iterable[str]:
    """The township that a part names, in full or without its 镇, 乡 or 街道."""
    for code, name in townships.items():
        if part in (name, code, re.sub(r"(街道|镇|乡|民族乡)$", "", name)):
            return (code,)
    return ()
