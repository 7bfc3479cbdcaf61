"""Settings of the installation: config/settings.toml, as read-only values."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Settings:
    """The tables of config/settings.toml."""

    tables: dict[str, dict[str, Any]]

    def of(self, table: str, name: str) -> Any:
        """One value; KeyError names what is missing."""
        return self.tables[table][name]


def read_settings(file: Path) -> Settings:
    """Read the settings file."""
    with file.open("rb") as stream:
        return Settings(tomllib.load(stream))
