"""What the months of an area's courts give: which are lacking, what the others add up to. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from yuantou.indicators import rates
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.counting import APART, MIXED, is_due
from yuantou.indicators.figures import Figure, Missing
from yuantou.indicators.kept import MonthOfCourts
from yuantou.indicators.words import say
from yuantou.territory.models import Court


def lacks(court: Court, month: date, row: MonthOfCourts | None) -> bool:
    """Whether a court owes the month and has not sent it."""
    return is_due(court, month) if row is None else court.code in row.missing


def unfit(definition: Definition, level: str, regime: str) -> Missing | None:
    """Why an indicator is not said of such an area, or of such months."""
    if level not in definition.levels:
        return Missing("level", say("level"))
    if not definition.regimes:
        return None
    if regime == MIXED:
        return Missing("break", say("across"))
    if regime not in definition.regimes:
        return Missing("regime", say(f"regime_{definition.regimes[0]}"))
    return None


def has_apart(level: str, pooled: bool) -> bool:
    """Whether courts that count to the area itself are added to those of its counties."""
    return level != "county" and not pooled


def sum_of(held: Sequence[MonthOfCourts], names: Sequence[str], prefix: str = "") -> int | None:
    """The sum of some components over months, None where one was not sent."""
    asked = [prefix + name for name in names] if prefix else names
    return rates.total([row.components.get(name) for row in held for name in asked])


def without(
    blank: Figure, held: Sequence[MonthOfCourts], names: Sequence[str], at: datetime, apart: bool
) -> Figure:
    """The figure that misses the components among `names` which were not sent in every month."""
    prefixes = ("", APART) if apart else ("",)
    lacking = "、".join(
        say(name)
        for name in names
        if any(row.components.get(f"{p}{name}") is None for row in held for p in prefixes)
    )
    missing = Missing("component", say("component", what=lacking))
    return blank.told(missing=missing, at=at)


def regime(start: date, end: date) -> str:
    """The filing regime of all months from `start` to `end`: it changed once."""
    first = rates.regime_of(start)
    return first if first == rates.regime_of(end) else MIXED
