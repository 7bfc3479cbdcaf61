"""Counts that only their owner knows, and the figures that are made of them.

A number stands for an area and month where its owner supplied it. A city or the province without a
number of its own is the sum of what lies directly below, and only where all of that is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from yuantou.indicators.catalogue import components_of
from yuantou.indicators.figures import Figure, Missing, PopulationUsed
from yuantou.indicators.judging import counted, judged, rated
from yuantou.indicators.periods import months
from yuantou.indicators.words import say
from yuantou.territory.models import Area

MOST_NAMED = 5


class Supplied(NamedTuple):
    """One supplied component of an area and month."""

    value: int
    entered_at: datetime


@dataclass(frozen=True)
class SuppliedCounts:
    """What was supplied, by component, area and month, and the areas that it adds up over."""

    held: Mapping[tuple[str, str, date], Supplied]
    areas: Mapping[str, Area]

    def figure(self, blank: Figure, used: PopulationUsed | None) -> Figure:
        """The figure: missing until every month of every component is known."""
        made = blank.definition
        found = {
            (name, month): self.value(name, blank.area_code, month)
            for name in components_of(made)
            for month in months(blank.start, blank.end)
        }
        if any(each is None for each in found.values()):
            return replace(blank, missing=self._missing(blank))
        known = {key: each for key, each in found.items() if each is not None}
        hits = _sum(known, made.numerator) - _sum(known, made.subtract)
        dated = replace(blank, computed_at=max(each.entered_at for each in known.values()))
        if made.kind == "count":
            return counted(dated, hits)
        if made.kind == "rate":
            return rated(dated, hits, used)
        return judged(dated, hits, _sum(known, made.denominator))

    def value(self, name: str, area: str, month: date) -> Supplied | None:
        """The area's own number, else the sum of all below it; None where one is not known."""
        own = self.held.get((name, area, month))
        if own is not None:
            return own
        below = [self.value(name, each, month) for each in self._below.get(area, ())]
        parts = [each for each in below if each is not None]
        if not below or len(parts) < len(below):
            return None
        return Supplied(sum(each.value for each in parts), max(each.entered_at for each in parts))

    def lacking(self, name: str, area: str, month: date) -> list[str]:
        """Names of the areas without a number; the area itself where none lies below."""
        if self.value(name, area, month) is not None:
            return []
        below = self._below.get(area, ())
        if not below:
            return [self.areas[area].name]
        return [place for each in below for place in self.lacking(name, each, month)]

    def _missing(self, blank: Figure) -> Missing:
        made = blank.definition
        wanted = [
            (name, month)
            for name in components_of(made)
            for month in months(blank.start, blank.end)
            if self.value(name, blank.area_code, month) is None
        ]
        what = "、".join(dict.fromkeys(say(name) for name, _month in wanted))
        told = say("supplied", owner=say(f"owner_{made.owner}"), what=what)
        places = dict.fromkeys(
            place for name, month in wanted for place in self.lacking(name, blank.area_code, month)
        )
        if blank.level == "county" or not places:
            return Missing("supplied", told)
        named = "、".join(list(places)[:MOST_NAMED])
        return Missing("supplied", told + say("supplied_by", n=len(places), which=named))

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """The counties of each city, the cities of the province."""
        found: dict[str, list[str]] = {}
        for area in self.areas.values():
            if area.level in ("county", "city") and area.parent_code:
                found.setdefault(area.parent_code, []).append(area.code)
        return found


def _sum(known: Mapping[tuple[str, date], Supplied], names: Sequence[str]) -> int:
    return sum(each.value for (name, _month), each in known.items() if name in names)
