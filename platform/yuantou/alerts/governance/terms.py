"""What config/governance.toml says: letters, limits, baselines, measurements. No database."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "governance.toml"


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of recommendation: which kinds of agency write it, and how long a reply may take."""

    kind: str
    name_zh: str
    issuers: tuple[str, ...]
    mark: str
    reply_months: int
    basis_zh: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """Months that are compared, and those that they are compared with."""

    recent_months: int
    earlier_months: int


@dataclass(frozen=True, slots=True)
class Measuring:
    """How an effect is measured; all but `horizons` and `period_days` count periods or matters."""

    horizons: tuple[int, ...]
    period_days: int
    periods_before: int
    least_before: int
    least_counted: int
    season_from: int


@dataclass(frozen=True, slots=True)
class Terms:
    """All of it."""

    letters: Mapping[str, Letter]
    again_days: int
    days_before: tuple[int, ...]
    days_after: tuple[int, ...]
    usual_days: int
    baseline: Baseline
    effects: Measuring

    def of_issuer(self, kind: str) -> Letter | None:
        """The kind of letter that an agency of `kind` writes."""
        found = (one for one in self.letters.values() if kind in one.issuers)
        return next(found, None)


@cache
def read(file: Path = SHIPPED) -> Terms:
    """Read the file once; KeyError and TypeError name what is missing."""
    told: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    letters = (Letter(**{**one, "issuers": tuple(one["issuers"])}) for one in told["letter"])
    effects = told["effects"]
    return Terms(
        letters={one.kind: one for one in letters},
        again_days=told["asked_again"]["days"],
        days_before=tuple(told["reminders"]["days_before"]),
        days_after=tuple(told["reminders"]["days_after"]),
        usual_days=told["task"]["usual_days"],
        baseline=Baseline(**told["baseline"]),
        effects=Measuring(**{**effects, "horizons": tuple(effects["horizons"])}),
    )
