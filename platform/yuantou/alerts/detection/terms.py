"""How the counts are judged: config/detectors.toml, as read-only values with their version."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from yuantou.database.connections import ROOT

FILE = ROOT / "config" / "detectors.toml"


@dataclass(frozen=True)
class Terms:
    """One version of the detectors' settings; the file says what each means."""

    version: int
    rate: float
    least: int
    years: int
    township_cases: int
    county_budget: float
    province_budget: float
    scan_weeks: int
    scan_longest: int
    replications: int
    scan_share: float
    recent: int
    missing_expected: float
    grace_days: int
    backtest_weeks: int
    backtest_step: int


@cache
def terms() -> Terms:
    """The terms in force."""
    with FILE.open("rb") as stream:
        return _terms(tomllib.load(stream))


def _terms(told: dict[str, Any]) -> Terms:
    judging, scan, past = told["judging"], told["scan"], told["backtest"]
    return Terms(
        version=told["version"],
        rate=judging["false_discovery_rate"],
        least=judging["least_cases"],
        years=judging["years_of_history"],
        township_cases=judging["township_cases"],
        county_budget=told["budget"]["county"],
        province_budget=told["budget"]["province"],
        scan_weeks=scan["weeks"],
        scan_longest=scan["longest"],
        replications=scan["replications"],
        scan_share=scan["share"],
        recent=told["spots"]["recent"],
        missing_expected=told["missing"]["expected"],
        grace_days=told["missing"]["grace_days"],
        backtest_weeks=past["weeks"],
        backtest_step=past["step"],
    )
