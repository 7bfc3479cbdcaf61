"""The indicators as they ship: read from TOML with errors that name file, entry and key."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from yuantou.indicators.rates import COMPONENTS, REGIMES

KINDS = ("rate", "share")
MEASURES = ("courts", "disputes")
DISPUTE_MEASURES = ("performance_due", "mediation_concluded", "settled", "in_time")
DIRECTIONS = ("down", "up", "none")
LEVELS = ("township", "county", "city", "province")
POPULATION = "population"
_LISTS = ("numerator", "denominator", "levels", "regimes", "rules")


class CatalogueFault(ValueError):
    """An entry of the catalogue that cannot be used; the message says where and what."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator in one version: what is counted, over what, where, and in which words."""

    code: str
    version: int
    valid_from: date
    kind: str
    measure: str
    name_zh: str
    name_en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    numerator_zh: str
    denominator_zh: str
    factor: int
    unit_zh: str
    places: int
    direction: str
    levels: tuple[str, ...]
    regimes: tuple[str, ...]
    source: str
    example: bool
    exclusions_zh: str
    plain_zh: str
    screen_factor: int = 0
    screen_unit_zh: str = ""
    bridge: str = ""
    rules: tuple[str, ...] = ()

    @property
    def of_courts(self) -> bool:
        """Whether it is made of the courts' counts."""
        return self.measure == "courts"

    @property
    def screen(self) -> tuple[int, str]:
        """Factor and unit that screens use."""
        return self.screen_factor or self.factor, self.screen_unit_zh or self.unit_zh


def read(path: Path) -> tuple[Definition, ...]:
    """All indicators of the file; a faulty file raises CatalogueFault."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("indicator", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CatalogueFault(f"{path}: {fault}") from fault
    made: dict[str, Definition] = {}
    for number, row in enumerate(rows, start=1):
        try:
            entry = definition(row)
        except ValueError as fault:
            raise CatalogueFault(f"{path}: [[indicator]] {number}: {fault}") from fault
        if entry.code in made:
            raise CatalogueFault(f"{path}: code used twice: {entry.code}")
        made[entry.code] = entry
    _refuse_loose_bridges(path, made)
    return tuple(made.values())


def definition(row: Mapping[str, Any]) -> Definition:
    """A definition from an entry of the file or from the stored body of its version."""
    _refuse_wrong_keys(row)
    values = {**row, **{key: tuple(row.get(key, ())) for key in _LISTS}}
    if isinstance(values["valid_from"], str):
        values["valid_from"] = date.fromisoformat(values["valid_from"])
    made = Definition(**values)
    faults = [fault for fault in _faults(made) if fault]
    if faults:
        raise ValueError(f"{made.code}: {'; '.join(faults)}")
    return made


def body(made: Definition) -> dict[str, Any]:
    """The definition as it is stored; `definition` reads it back."""
    lists = {key: list(getattr(made, key)) for key in _LISTS}
    return {**asdict(made), **lists, "valid_from": made.valid_from.isoformat()}


def _refuse_wrong_keys(row: Mapping[str, Any]) -> None:
    known = {each.name: each for each in fields(Definition)}
    faults = [f"unknown key {key!r}" for key in row.keys() - known.keys()]
    faults += [
        f"missing key {key!r}"
        for key, each in known.items()
        if each.default is MISSING and key not in row
    ]
    faults += [f"{key!r} has the wrong type" for key in row.keys() & known.keys() if _odd(key, row)]
    if faults:
        raise ValueError(f"{row.get('code', 'an entry without code')}: {', '.join(sorted(faults))}")


def _odd(key: str, row: Mapping[str, Any]) -> bool:
    value = row[key]
    if key in _LISTS:
        return not (isinstance(value, list) and all(isinstance(each, str) for each in value))
    if key == "valid_from":
        return not isinstance(value, date | str)
    whole = key in ("version", "factor", "places", "screen_factor")
    return type(value) is not (bool if key == "example" else int if whole else str)


def _faults(made: Definition) -> list[str]:
    parts = COMPONENTS if made.of_courts else DISPUTE_MEASURES
    return [
        _among("kind", (made.kind,), KINDS),
        _among("measure", (made.measure,), MEASURES),
        _among("direction", (made.direction,), DIRECTIONS),
        _among("levels", made.levels, LEVELS),
        _among("regimes", made.regimes, REGIMES),
        _among("numerator", made.numerator, parts),
        _among("denominator", made.denominator, (POPULATION, *parts)),
        "" if made.factor > 0 and made.version > 0 else "factor and version must be above 0",
        "" if made.numerator and made.denominator and made.levels else "an empty list",
        ""
        if (made.kind == "rate") == (made.denominator == (POPULATION,))
        else "a rate, and nothing else, is over the population",
    ]


def _among(key: str, found: tuple[str, ...], known: tuple[str, ...]) -> str:
    strange = sorted(set(found) - set(known))
    return f"{key}: {', '.join(strange)} is none of {', '.join(known)}" if strange else ""


def _refuse_loose_bridges(path: Path, made: Mapping[str, Definition]) -> None:
    if not made:
        raise CatalogueFault(f"{path}: no [[indicator]]")
    for each in made.values():
        if each.bridge and each.bridge not in made:
            raise CatalogueFault(f"{path}: {each.code}: bridge names no indicator: {each.bridge!r}")
