"""`config load`: what ships in config/ becomes versioned rows, once for every change.

Capabilities above add themselves to LOADERS when the application imports their receivers.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from yuantou.indicators import catalogue
from yuantou.indicators.definitions import load_definitions
from yuantou.limits.catalogue import read as read_limits
from yuantou.limits.catalogue import read_hours
from yuantou.limits.service import load_hours, load_limits

Loader = Callable[[Session, Path, date], tuple[Any, int]]


def load_indicators(session: Session, config: Path, on: date) -> tuple[Any, int]:
    """Step: the definitions of config/indicators.toml."""
    return "指标", load_definitions(session, catalogue.read(config / "indicators.toml"))


def load_time_limits(session: Session, config: Path, on: date) -> tuple[Any, int]:
    """Step: limits and first hours of config/limits.toml; changed limits hold from `on`."""
    path = config / "limits.toml"
    made = load_hours(session, read_hours(path)) + load_limits(session, read_limits(path), on)
    return "时限", made


LOADERS: list[Loader] = [load_time_limits, load_indicators]


def load_config(session: Session, config: Path, on: date) -> dict[str, int]:
    """Step: run every loader; returns new versions by what they are of."""
    return {str(name): changed for name, changed in (load(session, config, on) for load in LOADERS)}
