"""The townships of an area: kept figures as they may be written, placed where that is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from yuantou.indicators.disclosure import shown
from yuantou.maps import queries, readings, veils
from yuantou.maps.figures import hidden_areas
from yuantou.maps.layers import Classes, classify
from yuantou.maps.measures import Measure
from yuantou.maps.reach.queries import invented, positions
from yuantou.maps.readings import Reading
from yuantou.maps.views import View
from yuantou.territory.models import Area


@dataclass(frozen=True)
class Township:
    """One township; of a hidden figure only what `written` says."""

    area: Area
    position: tuple[float, float] | None
    reading: Reading
    written: str
    hidden: bool
    value: float | None


@dataclass(frozen=True)
class Townships:
    """The townships below one area, by code, and the classes of their symbols."""

    rows: Sequence[Township]
    classes: Classes
    age: datetime | None
    invented: bool = False

    @property
    def placed(self) -> list[Township]:
        """Those that can be drawn."""
        return [each for each in self.rows if each.position is not None]


def townships(session: Session, under: Area, measure: Measure, view: View) -> Townships:
    """Read and conceal; the county's sum stands beside its townships."""
    areas = queries.townships(session, under.path)
    read = readings.of_townships(session, areas, under.path, measure, view)
    hidden = hidden_areas(read.of, measure, areas)
    if view.fixed:
        hidden |= veils.hidden_townships(session, areas, measure, view.type, view.period)
    known = positions(session, under.path)
    rows = [
        _township(area, known.get(area.code), read.of[area.code], area.code in hidden, measure)
        for area in areas
    ]
    values = {each.area.code: each.value for each in rows}
    classes = classify(values, whole=measure.whole)
    return Townships(rows, classes, read.age, invented(session, under.path))


def _township(
    area: Area,
    position: tuple[float, float] | None,
    reading: Reading,
    hidden: bool,
    measure: Measure,
) -> Township:
    value = None if hidden or reading.value is None else round(reading.value, measure.places)
    kept = Reading(missing=reading.missing) if hidden else reading
    return Township(area, position, kept, shown(reading.events, hidden), hidden, value)
