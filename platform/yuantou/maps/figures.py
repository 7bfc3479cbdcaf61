"""A view of the counties as it may be shown: values, spots and classes, small cells concealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from yuantou.access.scope import Scope
from yuantou.indicators.disclosure import COMPLEMENT, conceal, shown
from yuantou.maps import clusters, queries, readings, veils
from yuantou.maps.layers import Classes, classify
from yuantou.maps.measures import PER, Measure
from yuantou.maps.models import MapDrawing
from yuantou.maps.readings import Reading, Readings
from yuantou.maps.views import View
from yuantou.territory.models import Area

SPOTS = ("hot-99", "hot-95", "cold-95", "cold-99")


@dataclass(frozen=True)
class Shown:
    """One county as it may be shown.

    `count` is None where out of sight, missing or hidden, and `written` says so ('<3', '—').
    `smooth` is the smoothed value where that is what colours the map.
    """

    area: Area
    in_sight: bool
    reading: Reading
    hidden: bool = False
    value: float | None = None
    written: str = COMPLEMENT
    cluster: str = ""

    @property
    def count(self) -> int | None:
        """Events of the figure."""
        return self.reading.events

    @property
    def persons(self) -> int | None:
        """The population that was used."""
        return self.reading.population.persons if self.reading.population else None

    @property
    def year(self) -> int | None:
        """The year of that population."""
        return self.reading.population.year if self.reading.population else None


@dataclass(frozen=True)
class Picture:
    """All counties of one view, with the classes of the legend."""

    measure: Measure
    view: View
    counties: Sequence[Shown]
    classes: Classes
    age: datetime | None
    warnings: Sequence[str] = ()
    years: Sequence[int] = ()
    judged: bool = True
    spots: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_sight(self) -> list[Shown]:
        """The counties that the viewer may read, by code."""
        return [each for each in self.counties if each.in_sight]

    @property
    def by_code(self) -> dict[str, Shown]:
        """All counties by code."""
        return {each.area.code: each for each in self.counties}

    @property
    def clusters(self) -> dict[str, int]:
        """How many counties in sight are of each kind of spot."""
        kinds = [each.cluster for each in self.in_sight]
        return {kind: kinds.count(kind) for kind in SPOTS if kind in kinds}

    @property
    def missing(self) -> int:
        """Counties in sight without a value to show."""
        return sum(each.value is None for each in self.in_sight)


def picture(
    session: Session, scope: Scope, drawing: MapDrawing, measure: Measure, view: View
) -> Picture:
    """Read, judge and conceal."""
    areas = queries.counties(session)
    sight = [area for area in areas if scope.sums.lo <= area.path < scope.sums.hi]
    whole = len(sight) == len(areas)
    read = readings.read(session, sight, measure, view.type, view.period, whole=whole)
    factor = measure.definition.screen[0] if measure.definition else PER
    rates = clusters.smoothed(read.everywhere, factor)
    spots = clusters.clusters(rates, drawing.neighbours)
    hidden = _veiled(session, read, measure, sight, view)
    smooth = rates if view.smooth and measure.smooths else None
    counties = [_shown(area, read, hidden, spots, smooth, measure) for area in areas]
    values = {each.area.code: each.value for each in counties}
    classes = classify(values, whole=measure.whole, bounds=view.bounds)
    judged = bool(read.everywhere)
    return Picture(measure, view, counties, classes, read.age, read.warnings, read.years, judged,
                   spots)  # fmt: skip


def _veiled(
    session: Session, read: Readings, measure: Measure, sight: Sequence[Area], view: View
) -> set[str]:
    """Who may not open the matters gets the cells of one table; others the sums beside them."""
    held = veils.counties(session, sight, measure, view.period) if view.fixed and sight else None
    if held is None:
        return hidden_areas(read.of, measure, sight)
    type_ = view.type if measure.typed else ""
    span = veils.span_of(measure, view.period)
    return {area.code for area in sight if held.hides(area.code, type_, *span)}


def hidden_areas(of: Mapping[str, Reading], measure: Measure, sight: Sequence[Area]) -> set[str]:
    """Areas whose figure must not be shown: small, or given away by a sum beside them."""
    groups = list(_groups(sight).items())
    counts = {code: each.events if each.begun else 0 for code, each in of.items()}
    found = _hidden(counts, groups)
    if measure.definition is not None and measure.definition.kind == "share":
        found |= _hidden({code: each.base for code, each in of.items()}, groups)
    return found


def _groups(sight: Sequence[Area]) -> dict[str, list[str]]:
    """The totals that stand beside the areas: each parent's, and the whole."""
    groups: dict[str, list[str]] = {}
    for area in sight:
        groups.setdefault(f"of {area.parent_code}", []).append(area.code)
    return groups | {"all": [area.code for area in sight]}


def _hidden(
    counts: Mapping[str, int | None], groups: Sequence[tuple[str, Sequence[str]]]
) -> set[str]:
    totals = {
        name: None
        if any(counts.get(code) is None for code in codes)
        else sum(counts[code] or 0 for code in codes)
        for name, codes in groups
    }
    return conceal({**counts, **totals}, groups) & set(counts)


def _shown(
    area: Area,
    read: Readings,
    hidden: set[str],
    spots: Mapping[str, str],
    smooth: Mapping[str, float] | None,
    measure: Measure,
) -> Shown:
    reading = read.of.get(area.code)
    if reading is None:
        return Shown(area, False, Reading())
    veiled, written = area.code in hidden, shown(reading.events, area.code in hidden)
    spot = spots.get(area.code, "")
    if veiled:
        bare = Reading(missing=reading.missing, population=reading.population)
        return Shown(area, True, bare, True, None, written, spot)
    value = reading.value if smooth is None or reading.value is None else smooth.get(area.code)
    if value is not None:
        value = round(value, measure.places)
    return Shown(area, True, reading, False, value, written, spot)


def as_compared(first: Picture, second_view: View) -> View:
    """The second map on the first one's classes where both show the same figure."""
    same = first.view.compare == "period" and not second_view.bounds
    return replace(second_view, bounds=first.classes.bounds) if same else second_view
