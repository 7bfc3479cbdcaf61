"""How long each class of files is kept, as config/retention.toml says."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "retention.toml"


class RetentionError(ValueError):
    """A file of retention that cannot be used; the message says where and what."""


@dataclass(frozen=True, slots=True)
class FileClass:
    """One class of files: by the states and outcomes it ends with (no outcome: any), and years."""

    code: str
    name_zh: str
    states: tuple[str, ...]
    outcomes: tuple[str, ...]
    years: int
    source: str
    example: bool

    def before(self, today: date) -> date:
        """Files closed before this day are due."""
        try:
            return today.replace(year=today.year - self.years)
        except ValueError:  # 29 February
            return today.replace(year=today.year - self.years, day=28)


@dataclass(frozen=True, slots=True)
class Retention:
    """The classes, and for how many days back-ups are kept."""

    classes: tuple[FileClass, ...]
    backup_days: int


@cache
def read(path: Path = SHIPPED) -> Retention:
    """The file, read once per path; a faulty one raises RetentionError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        classes = tuple(_class(row) for row in document["class"])
        days = int(document["backups"]["days"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as fault:
        raise RetentionError(f"{path}: {fault}") from fault
    if any(each.years < 1 for each in classes) or days < 1:
        raise RetentionError(f"{path}: years and days are at least 1")
    return Retention(classes, days)


def _class(row: dict[str, Any]) -> FileClass:
    lists = {name: tuple(row[name]) for name in ("states", "outcomes")}
    return FileClass(**{**row, **lists})
