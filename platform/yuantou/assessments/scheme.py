"""The scheme: which indicators, over which baseline, how sealed. Read from TOML or its row."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints


class SchemeFault(ValueError):
    """A scheme that cannot be used; the message says where and what."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme in one version; what each field means stands in config/schemes/example.toml."""

    code: str
    name_zh: str
    note_zh: str
    version: int
    valid_from: date
    headline: str
    beside: tuple[str, ...]
    indicators: tuple[str, ...]
    rate_places: int
    share_places: int
    algorithm: str
    baseline_years: int
    breaks: tuple[date, ...]
    trend_months: int
    population_old_after_years: int
    sign_within_workdays: int
    source_months: int
    source_count: int

    def __post_init__(self) -> None:
        """Refuse a headline that the scheme does not count."""
        for code in (self.headline, *self.beside):
            if code not in self.indicators:
                raise ValueError(f"{code!r} is not among the indicators")


def read(path: Path) -> Scheme:
    """The scheme of a TOML file; a faulty one raises SchemeFault."""
    try:
        return scheme(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as fault:
        raise SchemeFault(f"{path}: {fault}") from fault


def scheme(row: Mapping[str, Any]) -> Scheme:
    """A scheme from a file or from the stored body of its version; ValueError names the key."""
    known = {each.name for each in fields(Scheme)}
    if row.keys() != known:
        unknown, missing = sorted(row.keys() - known), sorted(known - row.keys())
        raise ValueError(f"unknown keys {unknown}, missing keys {missing}")
    return Scheme(**{key: _typed(key, value) for key, value in row.items()})


def body(made: Scheme) -> dict[str, Any]:
    """The scheme as it is stored; `scheme` reads it back."""
    plain = asdict(made)
    plain["valid_from"] = made.valid_from.isoformat()
    plain["breaks"] = [each.isoformat() for each in made.breaks]
    return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}


def _typed(key: str, value: Any) -> Any:
    kind = _kinds()[key]
    if kind is date:
        return _day(value)
    if kind == tuple[date, ...]:
        return tuple(_day(each) for each in value)
    if kind == tuple[str, ...] and isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    if kind in (int, str) and isinstance(value, kind) and not isinstance(value, bool):
        return value
    raise ValueError(f"{key} has the wrong type: {value!r}")


@cache
def _kinds() -> dict[str, Any]:
    return get_type_hints(Scheme)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
