"""The levels of a warning and how long it rests: what ships, and what is kept. No database.

config/warnings.toml ships the first version; rulebook.py keeps it and every later one.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parents[3] / "config" / "warnings.toml"
ORDER = ("blue", "yellow", "red")
HANDLER = "handler"
OFFICES = ("township_centre", "county_centre", "city_coordination", "province_coordination")
OWNERS = (HANDLER, *OFFICES)  # who may answer for a warning, the nearest first
LEVELS = "LEVELS"  # the code under which the versions of all this are kept


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
    version: int = 0
    code: str = LEVELS

    @property
    def example(self) -> bool:
        """Whether an office has yet to settle any of it."""
        return any(level.example for level in self.levels.values())


@dataclass(frozen=True, slots=True)
class Former:
    """What is known of the last warning of the same key."""

    level: str
    state: str
    outcome: str | None
    ended_at: datetime
    of_matter: bool


def higher(level: str, than: str) -> bool:
    """Whether one level stands above another."""
    return ORDER.index(level) > ORDER.index(than)


def lower_levels(level: str) -> Sequence[str]:
    """The levels to which a warning can be downgraded, the nearest first."""
    return ORDER[: ORDER.index(level)][::-1]


def rests(
    former: Former, level: str, at: datetime, terms: Terms, news_at: datetime | None = None
) -> bool:
    """Whether a key is quiet.

    A higher level always speaks. What is open is not raised twice. Days of rest count from the
    end: whoever has just dealt with it is given them whole. What was found to be nothing rests
    for good where it is about one matter, until something comes after that end (`news_at`); a
    place rests for a longer while only, so that one judgement cannot silence it for ever.
    """
    if higher(level, former.level):
        return False
    if former.state != "closed":
        return True
    until = quiet_until(former, terms)
    if until is not None:
        return at < until
    nothing_new = news_at is None or news_at <= former.ended_at
    return nothing_new or at < former.ended_at + terms.rest


def quiet_until(former: Former, terms: Terms) -> datetime | None:
    """Until when what has ended is quiet; None: for good, until something comes after its end."""
    if former.outcome != "nothing":
        return former.ended_at + terms.rest
    return None if former.of_matter else former.ended_at + terms.rest_after_nothing


@cache
def read() -> Terms:
    """The shipped file, read once."""
    return read_terms(SHIPPED)


def read_terms(path: Path) -> Terms:
    """Read levels and rest from a file; WarningsMalformed says what is wrong with it."""
    try:
        return terms_of(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as fault:
        raise WarningsMalformed(f"{path}: {fault}") from fault


def terms_of(told: Mapping[str, Any], version: int = 0) -> Terms:
    """Levels and rest out of the file or a stored version; ValueError says what fails."""
    rows = (Level(**{**row, "owners": tuple(row["owners"])}) for row in told["level"])
    levels = {level.code: level for level in rows}
    if set(levels) != set(ORDER):
        raise ValueError("levels are red, yellow and blue")
    for level in levels.values():
        _check(level)
    hours = [levels[code].hours for code in ORDER]
    if hours != sorted(hours, reverse=True):
        raise ValueError("a higher level has no longer limit than a lower one")
    days = (told["rest"]["days"], told["rest"]["days_after_nothing"])
    if any(type(one) is not int or one < 1 for one in days):
        raise ValueError("days of rest are whole numbers above 0")
    rest, after_nothing = (timedelta(days=one) for one in days)
    return Terms(levels, rest, after_nothing, version)


def terms_body(terms: Terms) -> dict[str, Any]:
    """Levels and rest as they are stored; `terms_of` reads them."""
    rows = [asdict(terms.levels[code]) for code in ORDER]
    rest = {"days": terms.rest.days, "days_after_nothing": terms.rest_after_nothing.days}
    told = [{**row, "owners": list(row["owners"])} for row in rows]
    return {"code": LEVELS, "level": told, "rest": rest}


def _check(level: Level) -> None:
    if type(level.hours) is not int or level.hours < 1:
        raise ValueError(f"{level.code}: hours are a whole number above 0")
    if unknown := set(level.owners) - set(OWNERS):
        raise ValueError(f"{level.code}: no such owner {', '.join(sorted(unknown))}")
    if not set(level.owners) & set(OFFICES):
        raise ValueError(f"{level.code}: a warning of a place needs an office that answers for it")
