"""How long the hashes of a case feed are kept, as config/retention.toml says."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "retention.toml"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Days that hashes are kept after the day of filing; days for files never submitted."""

    days: int
    draft_days: int


@cache
def read(path: Path = SHIPPED) -> Keeping:
    """The table [case_feed]; ValueError where it cannot be used."""
    try:
        row = tomllib.loads(path.read_text(encoding="utf-8"))["case_feed"]
        made = Keeping(int(row["days"]), int(row["draft_days"]))
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{path}: [case_feed]: {fault}") from fault
    if made.days < 1 or made.draft_days < 1:
        raise ValueError(f"{path}: [case_feed]: days are at least 1")
    return made
