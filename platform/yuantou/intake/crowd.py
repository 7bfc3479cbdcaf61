"""How many people make a dispute pressing (示例, W01). Standard library only."""

from collections.abc import Collection

REMIND_AT = 10
LABOR_AT = 5
WORK_INJURY_AT = 3
RED_AT = 30
LABOR = ("migrant_wages", "other_labor")
RANKS = ("blue", "yellow", "red")


def reminds(involved: int, type_: str, flags: Collection[str]) -> bool:
    """Whether the county centre is reminded of this many people."""
    least = LABOR_AT if type_ in LABOR else REMIND_AT
    least = min(least, WORK_INJURY_AT) if "work_injury" in flags else least
    return involved >= least


def risk_of(least: str, involved: int, type_: str, flags: Collection[str]) -> str:
    """The risk that the flags leave open, raised by the number of people."""
    crowd = "blue"
    if reminds(involved, type_, flags):
        crowd = "red" if involved >= RED_AT else "yellow"
    return max(least or "blue", crowd, key=RANKS.index)
