"""Events planted into the province, so that detectors can be held to a truth that is known."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from yuantou.synth.land import Land
from yuantou.synth.seasons import Floats, type_shares

LEAST = 8


@dataclass(frozen=True)
class Planted:
    """More disputes of a type than usual in some places and days.

    `townships` are flat numbers; `shared` means that all of them have one respondent.
    """

    kind: str
    type: str
    areas: tuple[str, ...]
    townships: tuple[int, ...]
    first: date
    last: date
    factor: float
    extra: int
    shared: bool = False

    def told(self) -> dict[str, Any]:
        """As the truth table says it."""
        row = asdict(self) | {"first": self.first.isoformat(), "last": self.last.isoformat()}
        del row["townships"]
        return row


# kind, type, how many counties side by side, first and last day before today, times the usual
RECIPES = (
    ("lasting_hotspot", "forest_land", 3, 900, 0, 2.5),
    ("lasting_hotspot", "neighborhood", 2, 700, 0, 1.8),
    ("heating_wave", "property_management", 1, 75, 20, 4.0),
    ("rise", "traffic", 4, 120, 0, 1.6),
    ("emerging", "marriage_family", 1, 28, 0, 4.0),
    ("one_employer", "migrant_wages", 1, 40, 8, 8.0),
)


def plant(
    land: Land, weights: Floats, disputes: int, first: date, today: date, generator: Any
) -> list[Planted]:
    """The planted events of a province of `disputes`; `weights` are the counties' shares."""
    taken: set[int] = set()
    made = []
    for kind, code, wide, since, until, factor in RECIPES:
        chosen = _side_by_side(land, wide, taken, generator)
        start, end = max(first, today - timedelta(days=since)), today - timedelta(days=until)
        usual = disputes * type_shares()[code] * float(weights[chosen].sum())
        usual *= ((end - start).days + 1) / ((today - first).days + 1)
        shared = kind == "one_employer"
        flat = _townships(land, chosen)
        if shared:
            flat = flat[: max(1, len(flat) // 8)]
        areas = tuple(land.counties[place].code for place in chosen)
        extra = int(max(LEAST, round(usual * (factor - 1))))
        if extra <= disputes // 20:
            made.append(Planted(kind, code, areas, flat, start, end, factor, extra, shared))
    return made


def _side_by_side(land: Land, wide: int, taken: set[int], generator: Any) -> list[int]:
    """Counties of one city, none of them used before where that is possible."""
    cities = sorted({county.parent for county in land.counties})
    best: list[int] = []
    for city in generator.permutation(np.array(cities)):
        free = [
            place
            for place, county in enumerate(land.counties)
            if county.parent == city and place not in taken
        ]
        if len(free) > len(best):
            best = free[:wide]
        if len(best) == wide:
            break
    chosen = best or list(range(min(wide, len(land.counties))))
    taken.update(chosen)
    return chosen


def _townships(land: Land, counties: list[int]) -> tuple[int, ...]:
    starts = np.concatenate(([0], np.cumsum([len(each) for each in land.townships])))
    return tuple(int(each) for c in counties for each in range(starts[c], starts[c + 1]))
