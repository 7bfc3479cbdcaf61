"""The levels of a warning and how long it rests, as config/warnings.toml says. No database."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parents[3] / "config" / "warnings.toml"
ORDER = ("blue", "yellow", "red")
HANDLER = "handler"


class WarningsMalformed(ValueError):
    """config/warnings.toml cannot be used."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level: within how many hours it is acknowledged, and by which kind of agency."""

    code: str
    name_zh: str
    hours: int
    owners: tuple[str, ...]
    source: str
    example: bool

    def due(self, at: datetime) -> datetime:
        """Until when a warning of this level that is raised at `at` must be acknowledged."""
        return at + timedelta(hours=self.hours)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for warnings of every rule."""

    levels: Mapping[str, Level]
    rest: timedelta
    rest_after_nothing: timedelta


@dataclass(frozen=True, slots=True)
class Former:
    """What is known of the last warning of the same key."""

    level: str
    state: str
    outcome: str | None
    raised_at: datetime
    of_matter: bool


def higher(level: str, than: str) -> bool:
    """Whether one level stands above another."""
    return ORDER.index(level) > ORDER.index(than)


def lower_levels(level: str) -> Sequence[str]:
    """The levels to which a warning can be downgraded, the nearest first."""
    return ORDER[: ORDER.index(level)][::-1]


def rests(former: Former, level: str, at: datetime, terms: Terms) -> bool:
    """Whether a key is quiet.

    A higher level always speaks. What is open is not raised twice. What was found to be nothing
    rests for good where it is about one matter; a place rests for a longer while only, so that it
    cannot be silenced for ever by one judgement.
    """
    if higher(level, former.level):
        return False
    if former.state != "closed":
        return True
    if former.outcome == "nothing":
        return former.of_matter or at < former.raised_at + terms.rest_after_nothing
    return at < former.raised_at + terms.rest


@cache
def read() -> Terms:
    """The shipped file, read once."""
    return read_terms(SHIPPED)


def read_terms(path: Path) -> Terms:
    """Read levels and rest from a file; WarningsMalformed says what is wrong with it."""
    try:
        return _terms(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as fault:
        raise WarningsMalformed(f"{path}: {fault}") from fault


def _terms(document: Mapping[str, Any]) -> Terms:
    levels = {row["code"]: Level(**{**row, "owners": tuple(row["owners"])})
              for row in document["level"]}  # fmt: skip
    if set(levels) != set(ORDER) or any(level.hours < 1 for level in levels.values()):
        raise ValueError("levels are red, yellow and blue, each with hours")
    rest = document["rest"]
    return Terms(levels, timedelta(days=rest["days"]), timedelta(days=rest["days_after_nothing"]))
