"""The code lists a dispute is described with: types, sources, risks, paths, flags and the like.

They ship in config/codes.toml, are read once, and never change while the program runs.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

SHIPPED = Path(__file__).resolve().parents[3] / "config" / "codes.toml"


@dataclass(frozen=True, slots=True)
class DisputeType:
    """One of the 18 types; `gb31000` are the codes it may take in GB/T 31000, the usual first."""

    code: str
    name_zh: str
    short_zh: str
    name_en: str
    gb31000: tuple[str, ...]
    common: bool


@dataclass(frozen=True, slots=True)
class CaseSource:
    """Where a dispute came from; `statistics` is its kind in the monthly statistics."""

    code: str
    name_zh: str
    name_en: str
    statistics: str
    example: bool


@dataclass(frozen=True, slots=True)
class RiskLevel:
    """A grade of a dispute, its sign, who acts on it and within how many hours (0: no bound)."""

    code: str
    name_zh: str
    name_en: str
    mark: str
    level_zh: str
    hours: int


@dataclass(frozen=True, slots=True)
class Complexity:
    """How hard a dispute is; the limit for settling it follows."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Scale:
    """How many are drawn in, with the code of GB/T 31000."""

    code: str
    name_zh: str
    name_en: str
    gb31000: str


@dataclass(frozen=True, slots=True)
class PathOption:
    """Another way than mediation, who walks it, and the law behind it."""

    code: str
    name_zh: str
    name_en: str
    body_zh: str
    law_zh: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A fact of the matter, and what follows from it."""

    code: str
    name_zh: str
    name_en: str
    restricted: bool = False
    bars_mediation: bool = False
    crime: bool = False
    mandatory_report: bool = False
    red_line: bool = False
    aggravating: bool = False


@dataclass(frozen=True, slots=True)
class Codes:
    """All lists, each by code in the order of the file."""

    types: Mapping[str, DisputeType]
    sources: Mapping[str, CaseSource]
    risks: Mapping[str, RiskLevel]
    complexities: Mapping[str, Complexity]
    scales: Mapping[str, Scale]
    paths: Mapping[str, PathOption]
    flags: Mapping[str, Flag]
    gb31000: Mapping[str, str]

    def common_types(self) -> list[DisputeType]:
        """The types that the phone shows first."""
        return [each for each in self.types.values() if each.common]

    def restricts(self, flags: Iterable[str]) -> bool:
        """Whether a matter with these flags is for named handlers only."""
        return any(self.flags[code].restricted for code in flags)

    def bars_mediation(self, flags: Iterable[str]) -> bool:
        """Whether nobody is to be reconciled with the one said to have used violence."""
        return any(self.flags[code].bars_mediation for code in flags)

    def suggests_crime(self, flags: Iterable[str]) -> bool:
        """Whether the matter is to be reported to the police."""
        return any(self.flags[code].crime for code in flags)

    def owes_report(self, flags: Iterable[str]) -> bool:
        """Whether the law demands a report: violence at home, or harm to a child."""
        named = tuple(flags)
        demanded = any(self.flags[code].mandatory_report for code in named)
        return demanded or ("minor" in named and self.suggests_crime(named))

    def least_risk(self, flags: Iterable[str]) -> str:
        """The lowest risk level these flags leave open."""
        flagged = [self.flags[code] for code in flags]
        if any(flag.red_line for flag in flagged):
            return "red"
        return "yellow" if any(flag.aggravating for flag in flagged) else "blue"


class CodesError(ValueError):
    """A code list that cannot be used; the message says where and what."""


Row = TypeVar("Row", DisputeType, CaseSource, RiskLevel, Complexity, Scale, PathOption, Flag)


@cache
def read(path: Path = SHIPPED) -> Codes:
    """The lists of a file, read once per path; a faulty file raises CodesError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CodesError(f"{path}: {fault}") from fault
    try:
        return _codes(document)
    except (TypeError, ValueError) as fault:
        raise CodesError(f"{path}: {fault}") from fault


def _codes(document: Mapping[str, Any]) -> Codes:
    codes = Codes(
        types=_list(document, "dispute_type", DisputeType),
        sources=_list(document, "case_source", CaseSource),
        risks=_list(document, "risk_level", RiskLevel),
        complexities=_list(document, "complexity", Complexity),
        scales=_list(document, "scale", Scale),
        paths=_list(document, "path", PathOption),
        flags=_list(document, "flag", Flag),
        gb31000=dict(document.get("gb31000", {})),
    )
    for each in codes.types.values():
        unknown = [code for code in each.gb31000 if code not in codes.gb31000]
        if unknown or not each.gb31000:
            raise ValueError(f"dispute_type {each.code}: unknown gb31000 {unknown}")
    return codes


def _list(document: Mapping[str, Any], table: str, kind: type[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for number, row in enumerate(document.get(table, []), start=1):
        made = _row(f"[[{table}]] {number}", row, kind)
        if made.code in found:
            raise ValueError(f"[[{table}]] {number}: code used twice: {made.code}")
        found[made.code] = made
    if not found:
        raise ValueError(f"no [[{table}]]")
    return found


def _row(where: str, row: Mapping[str, Any], kind: type[Row]) -> Row:
    unknown = row.keys() - {each.name for each in fields(kind)}
    if unknown:
        raise ValueError(f"{where}: unknown key {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    try:
        return kind(**values)
    except TypeError as fault:
        raise ValueError(f"{where}: {fault}") from fault
