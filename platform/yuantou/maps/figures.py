"""Values of one layer for the viewer's counties, concealed by the one disclosure rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from yuantou.access.scope import Scope
from yuantou.indicators.disclosure import conceal, shown
from yuantou.maps import clusters, queries
from yuantou.maps.layers import Classes, Layer, classify
from yuantou.maps.models import MapDrawing
from yuantou.maps.queries import Period
from yuantou.territory.models import Area

PER = 10_000


@dataclass(frozen=True)
class Shown:
    """One county as it may be shown: `written` is its count in words, '<3' or '—' if hidden.

    `count` and `value` are None where missing, hidden or out of sight.
    """

    area: Area
    in_sight: bool
    count: int | None
    value: float | None
    written: str
    persons: int | None
    year: int | None
    cluster: str = ""


@dataclass(frozen=True)
class Picture:
    """All counties of one layer, type and period, with the classes of the legend."""

    layer: Layer
    type: str
    period: Period
    counties: Sequence[Shown]
    classes: Classes
    clusters: Mapping[str, int] = field(default_factory=dict)


def picture(
    session: Session, scope: Scope, drawing: MapDrawing, layer: Layer, type_: str, period: Period
) -> Picture:
    """Read, judge and conceal."""
    areas = queries.counties(session)
    sight = [a for a in areas if scope.sums.lo <= a.path < scope.sums.hi]
    source = queries.still_open if layer is Layer.OPEN else queries.reported
    counts = {a.code: 0 for a in sight} | _seen(source(session, period, type_), sight)
    people = queries.persons(session)
    everywhere = queries.reported_everywhere(session, period, type_)
    rates = clusters.smoothed(
        {a.code: everywhere.get(a.code, 0) for a in areas},
        {code: number for code, (number, _) in people.items()},
    )
    spots = clusters.clusters(rates, drawing.neighbours)
    hidden = _hidden(counts, _groups(sight))
    counties = [_shown(a, counts, hidden, people, rates, layer, spots) for a in areas]
    values = {each.area.code: each.value for each in counties}
    whole = layer in (Layer.REPORTED, Layer.OPEN)
    in_sight = {a.code for a in sight}
    kinds: dict[str, int] = {}
    for code, spot in spots.items():
        if code in in_sight:
            kinds[spot] = kinds.get(spot, 0) + 1
    return Picture(layer, type_, period, counties, classify(values, whole=whole), kinds)


def townships(session: Session, county: Area, period: Period, type_: str) -> list[tuple[str, str]]:
    """Counts of the townships of `county` as they may be written, most first."""
    places = queries.townships(session, county.code)
    seen = queries.reported(session, period, type_, "township", county.path)
    counts = {area.code: seen.get(area.code, 0) for area in places}
    hidden = _hidden(counts, {"all": list(counts)})
    places = sorted(places, key=lambda area: -1 if area.code in hidden else counts[area.code])
    return [(a.name, shown(counts[a.code], a.code in hidden)) for a in reversed(places)]


def _seen(counts: Mapping[str, int], sight: Sequence[Area]) -> dict[str, int]:
    codes = {area.code for area in sight}
    return {code: count for code, count in counts.items() if code in codes}


def _groups(sight: Sequence[Area]) -> dict[str, list[str]]:
    """The totals that stand beside the counties: each city's, and the whole."""
    groups: dict[str, list[str]] = {}
    for area in sight:
        groups.setdefault(str(area.parent_code), []).append(area.code)
    return groups | {"all": [area.code for area in sight]}


def _hidden(counts: Mapping[str, int], groups: Mapping[str, Sequence[str]]) -> set[str]:
    totals = {name: sum(counts[code] for code in codes) for name, codes in groups.items()}
    return conceal({**counts, **totals}, list(groups.items()))


def _shown(
    area: Area,
    counts: Mapping[str, int],
    hidden: set[str],
    people: Mapping[str, tuple[int, int]],
    rates: Mapping[str, float],
    layer: Layer,
    spots: Mapping[str, str],
) -> Shown:
    number, year = people.get(area.code, (None, None))
    in_sight, veiled = area.code in counts, area.code in hidden
    written = shown(counts.get(area.code), veiled)
    count = counts[area.code] if in_sight and not veiled else None
    value: float | None = None
    if count is not None:
        value = float(count)
        if layer is Layer.RATE:
            value = count / number * PER if number else None
        elif layer in (Layer.SMOOTHED, Layer.CLUSTERS):
            value = rates.get(area.code)
    spot = spots.get(area.code, "") if in_sight else ""
    return Shown(area, in_sight, count, value, written, number, year, spot)
