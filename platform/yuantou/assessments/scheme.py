"""The scheme: which indicators, over which baseline, how sealed. Read from TOML or its row."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from yuantou.assessments.rows import ZERO, Row, row, written, wrong_keys

LEVELS = ("county", "department", "township")


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
    level: str = "county"
    year: int = 0
    places: int = 2
    least_cases: int = 0
    least_persons: int = 0
    ranking: bool = False
    preview_workdays: int = 5
    objection_workdays: int = 10
    score: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a scheme that points at what it does not count, or ranks what is not ranked."""
        figures = (each.code for each in self.score if each.of_figure)
        for code in (self.headline, *self.beside, *figures):
            if code not in self.indicators:
                raise ValueError(f"{code} 不在这套方案的指标（indicators）里")
        if self.level not in LEVELS:
            raise ValueError(f"level 只能是 {'、'.join(LEVELS)}，不是 {self.level!r}")
        if self.ranking and (self.level != "county" or not self.score):
            raise ValueError("ranking 只用于计分的县区方案")
        codes = [each.code for each in self.score]
        if len(set(codes)) < len(codes):
            raise ValueError("计分项目里有相同的代码（code）")

    @property
    def of(self) -> Decimal:
        """The points that can be had, without bonuses."""
        return sum((each.weight for each in self.score if each.of_figure), ZERO)


def read(path: Path) -> Scheme:
    """The scheme of a TOML file; a faulty one raises SchemeFault."""
    try:
        return scheme(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as fault:
        raise SchemeFault(f"{path}: {fault}") from fault


def scheme(told: Mapping[str, Any]) -> Scheme:
    """A scheme from a file or from the stored body of its version; ValueError names the key."""
    known = {each.name: each.default for each in fields(Scheme)}
    unknown = sorted(told.keys() - known.keys())
    missing = sorted(n for n, default in known.items() if default is MISSING and n not in told)
    if unknown or missing:
        raise ValueError(wrong_keys(unknown, missing))
    return Scheme(**{key: _typed(key, value) for key, value in told.items()})


def body(made: Scheme) -> dict[str, Any]:
    """The scheme as it is stored, without what is at its default; `scheme` reads it back."""
    return {
        each.name: _plain(value)
        for each in fields(Scheme)
        if (value := getattr(made, each.name)) != each.default
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Row):
        return written(value)
    return value.isoformat() if isinstance(value, date) else value


def _typed(key: str, value: Any) -> Any:
    kind = _kinds()[key]
    if kind is date:
        return _day(value)
    if isinstance(value, list | tuple):
        if kind == tuple[date, ...]:
            return tuple(_day(each) for each in value)
        if kind == tuple[str, ...]:
            return tuple(str(each) for each in value)
        if kind == tuple[Row, ...] and all(isinstance(each, Mapping) for each in value):
            return tuple(row(each) for each in value)
    if kind in (int, str, bool) and type(value) is kind:
        return value
    raise ValueError(f"{key} 的写法不对：{value!r}")


@cache
def _kinds() -> dict[str, Any]:
    return get_type_hints(Scheme)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
