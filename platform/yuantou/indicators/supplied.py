"""Counts that only their owner knows, and the figures that are made of them.

A number stands for an area and month where its owner supplied it. A city or the province without a
number of its own is the sum of what lies directly below, and only where all of that is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from yuantou.indicators.catalogue import components_of
from yuantou.indicators.figures import Figure, Missing, PopulationUsed
from yuantou.indicators.judging import counted, judged, rated
from yuantou.indicators.periods import months, shift
from yuantou.indicators.words import say
from yuantou.territory.models import Area

MOST_NAMED = 5
DECEMBER = 12


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
        made, span = blank.definition, _months(blank)
        if not span:
            return blank.told(missing=Missing("year", say("year")))
        found = {
            (name, month): self.value(name, blank.area_code, month)
            for name in components_of(made)
            for month in span
        }
        if any(each is None for each in found.values()):
            return blank.told(missing=self._missing(blank))
        known = {key: each for key, each in found.items() if each is not None}
        hits = _sum(known, made.numerator) - _sum(known, made.subtract)
        at = max(each.entered_at for each in known.values())
        if made.kind == "count":
            return counted(blank, hits, at)
        if made.kind == "rate":
            return rated(blank, hits, used, at)
        return judged(blank, hits, _sum(known, made.denominator), at)

    def value(self, name: str, area: str, month: date) -> Supplied | None:
        """The area's own number, else the sum of all below it; None where one is not known."""
        if (name, month) not in self._holders:
            return None
        asked = name, area, month
        if asked not in self._values:
            self._values[asked] = self.held.get(asked) or self._summed(*asked)
        return self._values[asked]

    def _summed(self, name: str, area: str, month: date) -> Supplied | None:
        parts: list[Supplied] = []
        for each in self._below.get(area, ()):
            part = self.value(name, each, month)
            if part is not None:
                parts.append(part)
            elif stood(self.areas[each], month):
                return None
        if not parts:
            return None
        return Supplied(sum(each.value for each in parts), max(each.entered_at for each in parts))

    def _lacking(self, held: frozenset[str], area: str, month: date) -> list[str]:
        """Names of the areas without a number in a month, where those of `held` have one."""
        if area in held or not stood(self.areas[area], month):
            return []
        asked = held, area, month
        if asked not in self._gaps:
            below = self._below.get(area, ())
            names = [place for each in below for place in self._lacking(held, each, month)]
            self._gaps[asked] = names if below else [self.areas[area].name]
        return self._gaps[asked]

    @cached_property
    def _holders(self) -> dict[tuple[str, date], frozenset[str]]:
        """The areas with a number of their own, by component and month."""
        found: dict[tuple[str, date], set[str]] = {}
        for name, area, month in self.held:
            found.setdefault((name, month), set()).add(area)
        return {key: frozenset(areas) for key, areas in found.items()}

    @cached_property
    def _values(self) -> dict[tuple[str, str, date], Supplied | None]:
        """The numbers found so far: every figure of a component asks for them again."""
        return {}

    @cached_property
    def _gaps(self) -> dict[tuple[frozenset[str], str, date], list[str]]:
        """What lacks, found so far: most months are held by the same areas."""
        return {}

    def _missing(self, blank: Figure) -> Missing:
        made = blank.definition
        wanted = [
            (name, month)
            for name in components_of(made)
            for month in _months(blank)
            if self.value(name, blank.area_code, month) is None
        ]
        what = "、".join(dict.fromkeys(say(name) for name, _month in wanted))
        told = say("supplied", owner=say(f"owner_{made.owner}"), what=what)
        if blank.level == "county":
            return Missing("supplied", told)
        held = dict.fromkeys((self._holders.get(each, frozenset()), each[1]) for each in wanted)
        places = dict.fromkeys(
            place for each, month in held for place in self._lacking(each, blank.area_code, month)
        )
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


def stood(area: Area, month: date) -> bool:
    """Whether an area stood on any day of a month: what was merged away owes no numbers."""
    return area.valid_from < shift(month, 1) and (area.valid_to is None or area.valid_to > month)


def _months(blank: Figure) -> list[date]:
    """The months that add up; of villages by the year, which its December stands for."""
    span = list(months(blank.start, blank.end))
    if not blank.definition.criteria:
        return span
    return [month for month in span if month.month == DECEMBER]


def _sum(known: Mapping[tuple[str, date], Supplied], names: Sequence[str]) -> int:
    return sum(each.value for (name, _month), each in known.items() if name in names)
